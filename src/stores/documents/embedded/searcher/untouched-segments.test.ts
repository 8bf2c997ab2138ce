import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { createTables } from "../rows/schema.ts";
import { finish } from "../search/people-fixture.ts";
import { numbersOfUntouched } from "./untouched-segments.ts";

const rows = 60_000;

/** A collection of rows 1, 2, 3 and so on, some of which no id leads to. */
function collection(dead: readonly number[]): DatabaseSync {
  const database = new DatabaseSync(":memory:");
  database.exec(createTables(1));
  const row = database.prepare("INSERT INTO rows_1 VALUES (?, ?, 1, '{}')");
  const id = database.prepare("INSERT INTO ids_1 VALUES (?, ?)");
  database.exec("BEGIN");
  for (let number = 1; number <= rows; number++) {
    row.run(number, `d${number}`);
    if (!dead.includes(number)) id.run(`d${number}`, number);
  }
  database.exec("COMMIT");
  return database;
}

const segment = (from: number, to: number, without: readonly number[] = []): { docNumbers: Uint32Array } => ({
  docNumbers: Uint32Array.from({ length: to - from + 1 }, (_, i) => from + i).filter((n) => !without.includes(n)),
});

function* neverObsolete(): Generator<void, boolean> {
  yield;
  return false;
}
const liveOf = (database: DatabaseSync, ...segments: { docNumbers: Uint32Array }[]) =>
  finish(numbersOfUntouched(database, 1, segments, neverObsolete));

test("stored segments that lost nothing are known by the count and the sum of their numbers, with what came behind them", () => {
  using database = collection([20, 59_990]);
  const live = liveOf(database, segment(1, 30_000, [20]), segment(30_001, 59_000));
  assert.equal(live?.size, rows - 2);
  for (const [number, isLive] of [[1, true], [20, false], [59_989, true], [59_990, false], [rows, true]] as const) // biome-ignore format: one row
    assert.equal(live?.has(number), isLive, String(number));
});

test("they are not taken for untouched where something was removed, or where one document stands for another", () => {
  const stored = segment(1, 59_000, [20]);
  for (const dead of [[20, 21], [20, 58_999], [21], [20, 30, 40], [19, 20]]) {
    // biome-ignore format: one row
    using database = collection(dead);
    assert.equal(liveOf(database, stored), undefined, dead.join());
  }
});

test("without stored documents, with few of them, or when nobody wants it, nothing is known", () => {
  using database = collection([]);
  assert.equal(liveOf(database), undefined);
  assert.equal(liveOf(database, segment(1, 40_000)), undefined);
  function* obsolete(): Generator<void, boolean> {
    yield;
    return true;
  }
  assert.equal(finish(numbersOfUntouched(database, 1, [segment(1, rows)], obsolete)), undefined);
});

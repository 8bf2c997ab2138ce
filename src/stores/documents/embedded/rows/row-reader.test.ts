import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { RowReader } from "./row-reader.ts";
import { createTables, openForReading, openForWriting } from "./schema.ts";

function open(t: TestContext): { reader: RowReader; write: (id: string) => void } {
  const directory = mkdtempSync(join(tmpdir(), "tenon-rows-"));
  const path = join(directory, "data.db");
  const writer = openForWriting(path);
  writer.exec(createTables(1));
  const reader = new RowReader(openForReading(path), { holdsForTurn: true });
  t.after(() => {
    reader.close();
    writer.close();
    rmSync(directory, { recursive: true, force: true });
  });
  let number = 0;
  const write = (id: string): void => {
    number += 1;
    writer.exec(`INSERT INTO rows_1 (number, id, version, source) VALUES (${number}, '${id}', 1, '{}')`);
    writer.exec(`INSERT INTO ids_1 (id, number) VALUES ('${id}', ${number})`);
  };
  return { reader, write };
}

test("the reads of a turn share a snapshot, the next turn has its own", async (t) => {
  const { reader, write } = open(t);
  assert.equal(reader.find(1, "a"), undefined);
  write("a");
  assert.equal(reader.find(1, "a"), undefined);
  assert.deepEqual(reader.exist(1, ["a"]), [false]);
  await nextTurn();
  assert.deepEqual(reader.find(1, "a"), { id: "a", version: 1, source: "{}" });
});

test("after a release, reads of the same turn see what was committed meanwhile", (t) => {
  const { reader, write } = open(t);
  assert.deepEqual(reader.mFind(1, ["a"]), [undefined]);
  write("a");
  reader.release();
  assert.equal(reader.mFind(1, ["a"])[0]?.version, 1);
  assert.equal(reader.byNumber(1, 1)?.id, "a");
});

test("a reader closes in the turn of a read", async (t) => {
  const { reader } = open(t);
  reader.find(1, "a");
  reader.close();
  await nextTurn();
  assert.throws(() => reader.find(1, "a"));
});

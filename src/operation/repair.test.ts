import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { damageCells, damagePages, leafPagesOf, rootPageOf } from "../../testing/operation/damage.ts";
import { book, books, countBooks, filled, memoryOf, open, people } from "../../testing/operation/data-directory.ts";
import { silentLogger, systemClock } from "../kernel/index.ts";
import { createEmbeddedStore, type WriteOperation } from "../stores/documents/index.ts";
import { checkData, compactData } from "./index.ts";

test("a damaged table is found, and a repair saves the documents around the damage and names those it lost", async (t) => {
  const directory = await filled(t, 400);
  const pages = leafPagesOf(directory, "rows_1");
  damagePages(directory, [pages[3] ?? 0, pages[10] ?? 0]);
  const found = checkData(directory);
  assert.equal(found.isSound, false);
  assert.match(found.findings.map(({ place, problem }) => `${place} ${problem}`).join("\n"), /rows_1|lib:books/);
  assert.equal(checkData(directory).isSound, false, "a check changes nothing");

  const { repair } = checkData(directory, { repair: true });
  const [saved, others] = repair?.collections ?? [];
  assert.ok(saved !== undefined && repair?.keptAs !== undefined);
  assert.ok(saved.lost.length >= 20 && saved.lost.length <= 60, `${saved.lost.length} lost`);
  assert.equal(saved.documents + saved.lost.length, 400);
  assert.deepEqual(others, { ...people, documents: 1, lost: [], unreadable: 0, uncertain: 0, isWithoutMapping: false });
  assert.ok(existsSync(join(directory, repair.keptAs, "store.db")));
  assert.equal(checkData(directory).isSound, true);
  const store = await open(t, directory);
  assert.equal(await store.count(books, { match: { title: "book" } }), saved.documents);
  assert.equal(await store.find(books, saved.lost[0] ?? ""), undefined);
  await store.write(books, [{ kind: "create", id: saved.lost[0] ?? "", source: "{}" }]);
});

test("damaged bytes that make numbers out of every range cost the documents of their pages only", async (t) => {
  const directory = await filled(t, 2_000);
  const pages = leafPagesOf(directory, "rows_1");
  const damaged = pages.filter((_, position) => position % Math.floor(pages.length / 6) === 3);
  assert.ok(damaged.length >= 5);
  damagePages(directory, damaged.slice(0, 1));
  damageCells(directory, damaged.slice(1));
  const { repair } = checkData(directory, { repair: true });
  const [saved] = repair?.collections ?? [];
  assert.ok((saved?.documents ?? 0) >= 2_000 - damaged.length * 20, `${saved?.documents} documents saved`);
});

test("a table of ids that cannot be read is made anew from the documents, without the superseded ones", async (t) => {
  const directory = await filled(t, 400);
  {
    using database = new DatabaseSync(join(directory, "store.db"));
    // As a killed server leaves it: an update whose former version was not removed yet.
    database.exec(
      `INSERT INTO rows_1 VALUES (900, 'b5', 2, '{"n":5,"title":"book again"}'); UPDATE ids_1 SET number = 900 WHERE id = 'b5'`,
    );
  }
  damagePages(directory, [rootPageOf(directory, "ids_1")]);
  const { repair } = checkData(directory, { repair: true });
  const [saved] = repair?.collections ?? [];
  assert.equal(saved?.documents, 400);
  assert.ok((saved?.uncertain ?? 0) >= 400);
  assert.equal(repair?.lostAnything, false);
  const store = await open(t, directory);
  assert.equal((await store.find(books, "b5"))?.version, 2);
  assert.equal(await store.count(books, {}), 400);
});

test("what the tables owe each other is checked, though SQLite finds nothing wrong", async (t) => {
  for (const [damage, expected] of [
    ["DELETE FROM rows_1 WHERE number = 7", /leads to a version that is not there: "b6"/],
    ["UPDATE ids_1 SET number = 9 WHERE id = 'b2'", /two ids lead to the same version|version of another document/],
    ["UPDATE rows_1 SET source = '[1]' WHERE number = 3", /a document is not one.*"b2"/],
    ["UPDATE rows_1 SET version = 0 WHERE number = 3", /a document is not one.*"b2"/],
    ["INSERT INTO rows_1 VALUES (99, 'b2', 2, '{}')", /an older version than the latest: "b2"/],
    ["UPDATE collections SET mappings = '{' WHERE id = 1", /its mapping or its settings cannot be used/],
    ["DELETE FROM collections WHERE id = 2", /"ids_2" belongs to no collection/],
    ["UPDATE sqlite_sequence SET seq = 0", /counter of collections is at 0/],
  ] as const) {
    const directory = await filled(t, 20);
    {
      using database = new DatabaseSync(join(directory, "store.db"));
      database.exec(damage);
    }
    const { findings, isSound } = checkData(directory);
    assert.match(findings.map(({ problem }) => problem).join("\n"), expected, damage);
    assert.equal(isSound, false);
    checkData(directory, { repair: true });
    assert.deepEqual(checkData(directory).findings, [], damage);
  }
});

test("a line of the memory storage that cannot be read is found, and a repair keeps all others", async (t) => {
  const directory = await filled(t, 3);
  const journal = join(directory, "memory", "journal-00000001.jsonl");
  const lines = readFileSync(journal, "utf8").trimEnd().split("\n");
  writeFileSync(
    journal,
    `${[...lines.slice(0, 1), '[["set","key1"', '[["nonsense","x"]]', ...lines.slice(1)].join("\n")}\n[["torn`,
  );
  const found = checkData(directory);
  assert.deepEqual(
    found.findings.map(({ place }) => place),
    ["memory/journal-00000001.jsonl:2", "memory/journal-00000001.jsonl:3"],
  );
  const { repair } = checkData(directory, { repair: true });
  assert.equal(repair?.lostParts.length, 2);
  assert.deepEqual(checkData(directory).findings, []);
  assert.deepEqual(memoryOf(directory), ["value 0", "value 19"]);
  assert.equal(await countBooks(t, directory), 3);
});

test("a missing or damaged FORMAT is written anew by a repair", async (t) => {
  const directory = await filled(t, 3);
  for (const spoil of [() => rmSync(join(directory, "FORMAT")), () => writeFileSync(join(directory, "FORMAT"), "?")]) {
    spoil();
    assert.equal(checkData(directory).isSound, false);
    assert.equal(checkData(directory, { repair: true }).repair?.lostAnything, false);
    assert.equal(await countBooks(t, directory), 3);
  }
});

test("stored segments that are damaged are let go by a repair, and searches find everything after it", async (t) => {
  const directory = await filled(t, 3);
  const segmentSizes = { headDocuments: 100, mergedAtOnce: 3, maxDocuments: 5_000 };
  const store = await createEmbeddedStore({ directory, log: silentLogger, clock: systemClock, segmentSizes });
  t.after(() => store.close());
  for (let i = 0; i < 4; i++) {
    await store.write(
      books,
      Array.from({ length: 250 }, (_, n) => book(1_000 + i * 250 + n)),
    );
  }
  const deadline = Date.now() + 20_000;
  while (checkData(directory).segments === 0) {
    assert.ok(Date.now() < deadline, "nothing was stored");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await store.close();
  const sound = checkData(directory);
  assert.equal(sound.isSound, true, JSON.stringify(sound.findings));
  assert.ok(sound.segments > 0);
  const [name = ""] = readdirSync(join(directory, "segments"));
  const path = join(directory, "segments", name);
  const bytes = readFileSync(path);
  bytes[100] = (bytes[100] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  writeFileSync(join(directory, "segments", "stray"), "");

  const found = checkData(directory);
  assert.deepEqual(
    found.findings.map(({ kind, place }) => `${kind} ${place}`),
    [`damage segments/${name}`, "note segments"],
  );
  const { repair } = checkData(directory, { repair: true });
  assert.equal(repair?.lostAnything, false);
  assert.equal(repair?.keptAs, undefined, "the documents were not touched");
  assert.equal(checkData(directory).isSound, true);
  assert.equal(await countBooks(t, directory), 1_003);
});

test("compaction gives back what deleted documents used, and those that are left are the same", async (t) => {
  const directory = await filled(t, 3_000);
  const store = await open(t, directory);
  await store.write(
    books,
    Array.from({ length: 2_900 }, (_, i): WriteOperation => ({ kind: "delete", id: `b${i}` })),
  );
  await store.close();
  const { before, after } = compactData(directory);
  assert.ok(after < before / 2, `${before} bytes became ${after}`);
  assert.equal(await countBooks(t, directory), 100);
  assert.deepEqual(memoryOf(directory), ["value 0", "value 19"]);
  const names = readdirSync(join(directory, "memory")).filter((name) => name.startsWith("snapshot"));
  assert.equal(names.length, 1);
});

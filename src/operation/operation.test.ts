import assert from "node:assert/strict";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { damageCells, damagePages, leafPagesOf, rootPageOf } from "../../testing/operation/damage.ts";
import { silentLogger, systemClock } from "../kernel/index.ts";
import { createEmbeddedStore, type DocumentStore, type WriteOperation } from "../stores/documents/index.ts";
import { createEmbeddedMemoryStore } from "../stores/memory/index.ts";
import { backUp, checkData, compactData, restore } from "./index.ts";

const books = { index: "lib", collection: "books" };
const people = { index: "lib", collection: "people" };

function newFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "tenon-operation-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function open(t: TestContext, directory: string): Promise<DocumentStore> {
  const store = await createEmbeddedStore({ directory, log: silentLogger, clock: systemClock });
  t.after(() => store.close());
  return store;
}

const title = (i: number): string => `book number ${i} ${"of many ".repeat(20)}`;
const book = (i: number): WriteOperation => ({
  kind: "create",
  id: `b${i}`,
  source: JSON.stringify({ n: i, title: title(i) }),
});

/** A data directory with `count` books, one person, and a key in the memory storage; no server is at work. */
async function filled(t: TestContext, count = 300): Promise<string> {
  const directory = join(newFolder(t), "data");
  const store = await open(t, directory);
  const mappings = { properties: { n: { type: "integer" }, title: { type: "text" } } };
  await store.createCollection(books, "public", mappings, {});
  await store.createCollection(people, "public", {}, {});
  await store.write(
    books,
    Array.from({ length: count }, (_, i) => book(i)),
  );
  await store.write(people, [{ kind: "create", id: "ada", source: '{"name":"Ada"}' }]);
  await using memory = createEmbeddedMemoryStore({
    clock: systemClock,
    log: silentLogger,
    directory: join(directory, "memory"),
  });
  for (let i = 0; i < 20; i++) memory.run("set", [`key${i}`, `value ${i}`]);
  await store.close();
  return directory;
}

async function countBooks(t: TestContext, directory: string): Promise<number> {
  const store = await open(t, directory);
  try {
    return await store.count(books, { match: { title: "book" } });
  } finally {
    await store.close();
  }
}

function memoryOf(directory: string): readonly unknown[] {
  const memory = createEmbeddedMemoryStore({
    clock: systemClock,
    log: silentLogger,
    directory: join(directory, "memory"),
  });
  const values = ["key0", "key19"].map((key) => memory.run("get", [key]));
  void memory[Symbol.asyncDispose]();
  return values;
}

test("a backup restored into a new place is the data of its instant, whatever was written since", async (t) => {
  const directory = await filled(t);
  const destination = join(newFolder(t), "backups", "first");
  const store = await open(t, directory);
  const manifest = await backUp({ directory, destination, tenon: "1.2.3" });
  await store.write(books, [book(1_000), { kind: "delete", id: "b1" }]);
  await store.close();

  assert.equal(manifest.tenon, "1.2.3");
  assert.deepEqual(manifest.collections, [
    { ...books, documents: 300 },
    { ...people, documents: 1 },
  ]);
  const names = manifest.files.map(({ path }) => path);
  assert.deepEqual(names, ["FORMAT", "memory/journal-00000001.jsonl", "store.db"]);
  for (const { path, bytes } of manifest.files) assert.equal(statSync(join(destination, path)).size, bytes);
  assert.deepEqual(readdirSync(join(destination, "..")), ["first"]);

  const target = join(newFolder(t), "restored");
  restore({ backup: destination, directory: target, force: false });
  assert.equal(await countBooks(t, target), 300);
  assert.deepEqual(memoryOf(target), ["value 0", "value 19"]);
  assert.equal(checkData(target).isSound, true);
});

test("a backup under writes is of one instant: of two documents that are written together it has both or none", async (t) => {
  const directory = await filled(t, 2_000);
  const store = await open(t, directory);
  let isDone = false;
  const writing = (async () => {
    for (let i = 0; !isDone; i++) {
      const pair = [`{"pair":${i}}`, `{"pair":${i}}`].map(
        (source, side): WriteOperation => ({ kind: "create", id: `p${i}-${side}`, source }),
      );
      await store.write(people, pair);
    }
  })();
  const base = newFolder(t);
  for (const name of ["a", "b", "c"]) {
    const destination = join(base, name);
    await backUp({ directory, destination, tenon: "1" });
    using copy = new DatabaseSync(join(destination, "store.db"), { readOnly: true });
    const ids = copy.prepare("SELECT id FROM ids_2 WHERE id <> 'ada'").all();
    assert.equal(ids.length % 2, 0);
    const halves = new Set(ids.map(({ id }) => String(id).slice(0, -2)));
    assert.equal(halves.size * 2, ids.length);
    assert.ok(name === "a" || ids.length > 0, "something was written meanwhile");
  }
  isDone = true;
  await writing;
});

test("a backup is written over nothing, nor into the data, nor of nothing, and leaves nothing behind then", async (t) => {
  const directory = await filled(t, 3);
  const base = newFolder(t);
  const at = (destination: string, from = directory) => backUp({ directory: from, destination, tenon: "1" });
  await assert.rejects(at(base), /exists already/);
  await assert.rejects(at(join(directory, "backup")), /lies in the data directory itself/);
  await assert.rejects(at(join(base, "b"), newFolder(t)), /There is no data in .*"store\.db" is missing.*--data/);
  damagePages(directory, leafPagesOf(directory, "rows_1"));
  await assert.rejects(at(join(base, "b")), /store\.db" is damaged/);
  assert.deepEqual(readdirSync(base), []);
});

test("a damaged or half backup is refused before anything is touched", async (t) => {
  const directory = await filled(t, 50);
  const backup = join(newFolder(t), "b");
  const target = await filled(t, 3);
  const before = readFileSync(join(target, "store.db"));
  const cases: [string, RegExp, () => void][] = [
    ["a byte is another", /checksum of its file "store\.db" is wrong/, () => damagePages(backup, [2])],
    ["cut short", /has \d+ bytes in place of/, () => truncateSync(join(backup, "store.db"), 8_192)],
    ["a file is missing", /its file "memory.*" is missing/, () => rmSync(join(backup, "memory"), { recursive: true })],
    [
      "no manifest",
      /no manifest\.json: it is no backup, or one that was not finished/,
      () => rmSync(join(backup, "manifest.json")),
    ],
    ["a broken manifest", /manifest\.json" is damaged/, () => truncateSync(join(backup, "manifest.json"), 100)],
    ["a newer layout", /version 99 of the layout/, () => editManifest(backup, { version: 99 })],
    [
      "a newer format",
      /format 99 .*made by Tenon 1\. Install that version/,
      () => editManifest(backup, { format: 99 }),
    ],
    [
      "a path that leads out",
      /manifest\.json" is damaged/,
      () => editManifest(backup, { files: [{ path: "../x", bytes: 1, sha256: "" }] }),
    ],
  ];
  for (const [what, expected, spoil] of cases) {
    rmSync(backup, { recursive: true, force: true });
    await backUp({ directory, destination: backup, tenon: "1" });
    spoil();
    assert.throws(() => restore({ backup, directory: target, force: true }), expected, what);
    assert.deepEqual(readFileSync(join(target, "store.db")), before, what);
  }
  assert.equal(await countBooks(t, target), 3);
});

test("what a killed backup left is no backup, however far it had come", async (t) => {
  const base = newFolder(t);
  const directory = await filled(t, 3);
  let draft = "";
  const options = { directory, destination: join(base, "b"), tenon: "1", onDraft: (path: string) => (draft = path) };
  await backUp(options);
  renameSync(options.destination, draft);
  const target = join(base, "data");
  for (const backup of [draft, `${draft}/`, relative(process.cwd(), draft)])
    assert.throws(() => restore({ backup, directory: target, force: false }), /was left by a backup that did not end/);
  assert.equal(existsSync(target), false);
});

function editManifest(backup: string, changes: object): void {
  const path = join(backup, "manifest.json");
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), ...changes }));
}

test("data that is there is replaced only by force, never under a server, and other files stay", async (t) => {
  const backup = join(newFolder(t), "b");
  await backUp({ directory: await filled(t, 40), destination: backup, tenon: "1" });
  const target = await filled(t, 5);
  writeFileSync(join(target, "note.txt"), "mine");
  assert.throws(() => restore({ backup, directory: target, force: false }), /holds data already.*--force/);
  const store = await open(t, target);
  assert.throws(() => restore({ backup, directory: target, force: true }), /in use by another process/);
  assert.throws(() => compactData(target), /in use by another process/);
  assert.throws(() => checkData(target, { repair: true }), /in use by another process/);
  const running = checkData(target);
  assert.deepEqual([running.isRunning, running.isSound], [true, true]);
  await store.close();
  restore({ backup, directory: target, force: true });
  assert.equal(await countBooks(t, target), 40);
  assert.equal(readFileSync(join(target, "note.txt"), "utf8"), "mine");
});

test("a backup is never changed where it lies: not compacted, not restored over itself", async (t) => {
  const backup = join(newFolder(t), "b");
  await backUp({ directory: await filled(t, 5), destination: backup, tenon: "1" });
  assert.throws(() => compactData(backup), /is a backup.*Restore it/);
  assert.throws(() => restore({ backup, directory: backup, force: true }), /is the backup itself/);
  assert.equal(checkData(backup).isSound, true);
  const target = join(newFolder(t), "data");
  restore({ backup, directory: target, force: false });
  assert.ok(compactData(target).after > 0);
});

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

import assert from "node:assert/strict";
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { damagePages, leafPagesOf } from "../../testing/operation/damage.ts";
import {
  book,
  books,
  countBooks,
  filled,
  memoryOf,
  newFolder,
  open,
  people,
} from "../../testing/operation/data-directory.ts";
import type { WriteOperation } from "../stores/documents/index.ts";
import { backUp, checkData, compactData, restore } from "./index.ts";

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

import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { FileUpkeep } from "./file-upkeep.ts";
import { openForWriting } from "./schema.ts";

const maxLog = 1024 * 1024;

function start(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "tenon-upkeep-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "store.db");
  const database = openForWriting(path);
  t.after(() => database.close());
  database.exec(
    "CREATE TABLE filler (n INTEGER PRIMARY KEY, text TEXT); PRAGMA synchronous = OFF; PRAGMA journal_size_limit = 1048576",
  );
  const insert = database.prepare("INSERT INTO filler (text) VALUES (?)");
  const write = (count: number): void => {
    database.exec("BEGIN");
    for (let i = 0; i < count; i++) insert.run("x".repeat(1_000));
    database.exec("COMMIT");
  };
  return { database, path, write, logBytes: () => statSync(`${path}-wal`).size };
}

/** A thread whose reads of about five milliseconds overlap: there is no moment without one. */
async function startReaders(t: TestContext, path: string): Promise<void> {
  const code = `
    const { DatabaseSync } = require("node:sqlite");
    const { workerData, parentPort } = require("node:worker_threads");
    const readers = [0, 1].map(() => new DatabaseSync(workerData, { readOnly: true, timeout: 5000 }));
    const begin = (reader) => reader.exec("BEGIN; SELECT count(*) FROM sqlite_schema");
    let turn = 0;
    begin(readers[0]);
    setInterval(() => {
      begin(readers[1 - turn]);
      readers[turn].exec("COMMIT");
      turn = 1 - turn;
    }, 5);
    parentPort.postMessage("reading");
  `;
  const thread = new Worker(code, { eval: true, workerData: path });
  t.after(() => thread.terminate());
  await once(thread, "message");
}

test("the log stays small though there is always somebody who reads", async (t) => {
  const { database, path, write, logBytes } = start(t);
  await startReaders(t, path);
  const upkeep = new FileUpkeep(database, path, maxLog);
  let greatest = 0;
  for (const isKept of [false, true]) {
    greatest = 0;
    for (let i = 0; i < 80; i++) {
      write(100);
      if (isKept) upkeep.boundLog();
      if (i >= 20) greatest = Math.max(greatest, logBytes());
      await setTimeout(2);
    }
    if (!isKept)
      assert.ok(greatest > 5 * maxLog, `without upkeep it has ${greatest} bytes: the readers hold up nothing`);
  }
  assert.ok(greatest < 2 * maxLog, `the log reached ${greatest} bytes`);
});

test("what was deleted is given back to the disk, a few pages at a time, and some of it is kept", (t) => {
  const { database, path, write } = start(t);
  for (let i = 0; i < 40; i++) write(1_000);
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  const before = statSync(path).size;
  const upkeep = new FileUpkeep(database, path);
  assert.equal(upkeep.shrink(), false, "nothing is free");
  database.exec("DELETE FROM filler WHERE n % 10 <> 0");
  let slices = 0;
  while (upkeep.shrink()) slices++;
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  const after = statSync(path).size;
  assert.ok(slices > 5, `${slices} slices`);
  assert.ok(after < before / 2, `${before} bytes became ${after}`);
  const { free } = database.prepare("SELECT freelist_count AS free FROM pragma_freelist_count").get() ?? {};
  assert.ok(Number(free) > 500 && Number(free) <= 1_024, `${free} free pages are kept`);
  assert.equal(database.prepare("SELECT count(*) AS count FROM filler").get()?.count, 4_000);
  assert.equal(database.prepare("PRAGMA integrity_check").get()?.integrity_check, "ok");
});

import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { silentLogger, systemClock } from "../../../../kernel/index.ts";
import type { DocumentStore } from "../../index.ts";
import { createEmbeddedStore } from "../index.ts";
import { formatVersion } from "./format.ts";

function temporaryDirectory(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "tenon-directory-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

const open = (directory: string): Promise<DocumentStore> =>
  createEmbeddedStore({ directory, log: silentLogger, clock: systemClock });

test("a data directory serves one store at a time, and says who is in the way", async (t) => {
  const directory = temporaryDirectory(t);
  const first = await open(directory);
  await assert.rejects(open(directory), /in use by another process.*lock\.db/);
  assert.deepEqual(await first.describe(), []);
  await first.close();
  await (await open(directory)).close();
});

test("a missing data directory is made, with its format", async (t) => {
  const directory = join(temporaryDirectory(t), "a", "b");
  await (await open(directory)).close();
  assert.equal(readFileSync(join(directory, "FORMAT"), "utf8"), `${formatVersion}\n`);
});

test("a directory of a newer format is refused with its number, a damaged FORMAT as such", async (t) => {
  const directory = temporaryDirectory(t);
  writeFileSync(join(directory, "FORMAT"), `${formatVersion + 1}\n`);
  await assert.rejects(
    open(directory),
    new RegExp(`FORMAT.* has format ${formatVersion + 1}, written by a newer version`),
  );
  writeFileSync(join(directory, "FORMAT"), "nonsense");
  await assert.rejects(open(directory), /FORMAT" is damaged/);
  writeFileSync(join(directory, "FORMAT"), String(formatVersion));
  await (await open(directory)).close();
});

test("a damaged database is refused with its name, and the lock is free again", async (t) => {
  const directory = temporaryDirectory(t);
  await (await open(directory)).close();
  writeFileSync(join(directory, "store.db"), "this is not a database".repeat(500));
  await assert.rejects(open(directory), /store\.db" is damaged.*backup/);
  await assert.rejects(open(directory), /store\.db" is damaged/);
});

test("a database without its FORMAT is refused", async (t) => {
  const directory = temporaryDirectory(t);
  await (await open(directory)).close();
  rmSync(join(directory, "FORMAT"));
  await assert.rejects(open(directory), /FORMAT" is missing/);
});

test("search indexes without the database of their documents are refused, and left where they are", async (t) => {
  const directory = temporaryDirectory(t);
  await (await open(directory)).close();
  rmSync(join(directory, "store.db"));
  const segment = join(directory, "segments", "1.a.segment");
  writeFileSync(segment, "of documents that are gone");
  await assert.rejects(open(directory), /store\.db" is missing.*Restore a backup/);
  assert.ok(existsSync(segment));
  rmSync(segment);
  await (await open(directory)).close();
});

test("a directory that cannot be written is refused with the reason", async (t) => {
  const directory = temporaryDirectory(t);
  writeFileSync(join(directory, "file"), "");
  await assert.rejects(open(join(directory, "file", "data")), /Cannot write to .*(ENOTDIR|EEXIST)/);
  if (process.getuid?.() === 0) return; // may write everywhere
  chmodSync(directory, 0o500);
  t.after(() => chmodSync(directory, 0o700));
  await assert.rejects(open(directory), /Cannot open .*lock\.db/);
});

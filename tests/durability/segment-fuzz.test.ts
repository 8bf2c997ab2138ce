/** Stored segments that are damaged, exchanged, or put together wrongly with checksums that are right. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { answersOf } from "./churn/searches.ts";
import { fuzzSegments, open, prepare, target } from "./damage/damaged-segments.ts";

test("no damage to stored segments changes an answer: the index is built anew from the rows", async (t) => {
  await fuzzSegments(t, Date.now() % 1_000_000, 1);
});

test("files of two segments in each other's place are noticed", async (t) => {
  const { directory, expected } = await prepare(t);
  const folder = join(directory, "segments");
  const [a = "", b = ""] = readdirSync(folder);
  const before = readFileSync(join(folder, a));
  writeFileSync(join(folder, a), readFileSync(join(folder, b)));
  writeFileSync(join(folder, b), before);
  const { store, lines } = await open(directory);
  assert.deepEqual(await answersOf(store, target), expected);
  assert.match(lines.join("\n"), /documents\.segments\.damaged.*another segment/);
  await store.close();
});

test("with memory for hardly a field of the stored segments every search still answers right", async (t) => {
  const { directory, expected } = await prepare(t);
  const { store, lines, work } = await open(directory, { maxFieldBytes: 1 });
  assert.deepEqual(await answersOf(store, target), expected);
  assert.deepEqual(lines, []);
  const opened = work.find(({ kind }) => kind === "opened");
  assert.ok(opened?.kind === "opened" && opened.stored > 400, JSON.stringify(opened));
  await store.close();
});

test("a file that is damaged while the store is open is noticed by the search that reads it, which is answered right", async (t) => {
  const { directory, expected } = await prepare(t);
  const { store, work } = await open(directory);
  await store.count(target, {});
  const folder = join(directory, "segments");
  for (const name of readdirSync(folder)) {
    const bytes = readFileSync(join(folder, name));
    // Fields lie before the directory; which is read already.
    writeFileSync(join(folder, name), bytes.fill(0, 0, bytes.length >> 1));
  }
  assert.deepEqual(await answersOf(store, target), expected);
  assert.ok(work.some(({ kind }) => kind === "damaged"));
  await store.close();
  // The index that was built anew is the one that is stored, or nothing is.
  const again = await open(directory);
  assert.deepEqual(await answersOf(again.store, target), expected);
  assert.deepEqual(again.lines, []);
  await again.store.close();
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesAfterMinor, collectAll } from "../../testing/young-heap.ts";
import { collectYoung } from "./collect-young.ts";

function makeBatch(): readonly object[] {
  const batch: object[] = [];
  for (let i = 0; i < 1_000; i++) batch.push({ i, text: `text ${i}` });
  return batch;
}

test("what is made where others lived long is young all the same, and goes with the next collection", () => {
  collectYoung();
  let kept: unknown[] = [];
  for (let i = 0; i < 400; i++) {
    kept.push(makeBatch());
    if (i % 20 === 19) bytesAfterMinor();
  }
  assert.equal(kept.length, 400);
  kept = [];
  collectAll();
  const before = bytesAfterMinor();
  for (let i = 0; i < 200; i++) makeBatch();
  const more = bytesAfterMinor() - before;
  assert.ok(more < 2_000_000, `200 batches that nobody holds take ${more} bytes`);
});

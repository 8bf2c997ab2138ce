import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesAfterMinor, collectAll } from "../../../../../testing/young-heap.ts";
import { ChangeCollector } from "./change.ts";

/** The documents of one transaction, about 100 kB. */
function writeSome(collector: ChangeCollector, round: number): void {
  const { ids, sources } = collector.documents(1);
  for (let i = 0; i < 100; i++) {
    ids.push(`d${i}`);
    sources.push(JSON.stringify({ round, i, text: "x".repeat(1_000) }));
  }
}

test("changes that were taken go with the next collection of young objects", () => {
  const collector = new ChangeCollector();
  writeSome(collector, 0);
  collectAll();
  const before = bytesAfterMinor();
  for (let round = 1; round <= 200; round++) {
    collector.take();
    writeSome(collector, round);
  }
  assert.equal(collector.take().length, 1);
  const more = bytesAfterMinor() - before;
  assert.ok(more < 2_000_000, `200 transactions that were taken take ${more} bytes`);
});

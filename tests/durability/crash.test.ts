/** The short form of tests/long/crash: see docs/durability.md. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { churnSizes } from "./churn/churn-requests.ts";
import { runCrashes } from "./churn/crash-runs.ts";

test("a store killed a dozen times amid all kinds of writes has all it acknowledged, whole, and answers as an index built anew", async () => {
  const seed = Date.now() % 1_000_000;
  console.log(`seed ${seed}`);
  const result = await runCrashes({ seed, kills: 12, maxLifeMs: 500 });
  assert.ok(result.acknowledged > 500, `only ${result.acknowledged} requests were acknowledged`);
  assert.ok(result.scrolled > 20, `only ${result.scrolled} scrolls were paged to their end`);
  // What the segments lack is bounded: some heads that were full but not frozen, or not stored yet.
  assert.ok(result.mostReplayed <= 40 * churnSizes.headDocuments, `${result.mostReplayed} rows were indexed anew`);
  // The observer counts those that happened with scrolls open.
  for (const collection of ["shared", "own2", "own3", "own4"]) {
    const frozen = result.frozen.get(collection) ?? 0;
    const merged = result.merged.get(collection) ?? 0;
    assert.ok(frozen >= 20 && merged >= 5, `${collection}: ${frozen} freezes and ${merged} merges under open scrolls`);
  }
});

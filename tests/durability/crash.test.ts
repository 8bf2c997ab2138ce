/** The short form of tests/long/crash: see docs/durability.md. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { churnSizes } from "./churn/churn-requests.ts";
import { type CrashRunResult, runCrashes } from "./churn/crash-runs.ts";

const collections = ["shared", "own2", "own3", "own4"];

/** As the observer counts them, with scrolls open. */
const isEnough = ({ frozen, merged, scrolled }: CrashRunResult): boolean =>
  scrolled > 20 && collections.every((name) => (frozen.get(name) ?? 0) >= 20 && (merged.get(name) ?? 0) >= 5);

test("a store killed a dozen times amid all kinds of writes has all it acknowledged, whole, and answers as an index built anew", async () => {
  const seed = Date.now() % 1_000_000;
  console.log(`seed ${seed}`);
  const result = await runCrashes({ seed, kills: 12, maxWork: 120, isEnough });
  assert.ok(result.acknowledged > 100, `only ${result.acknowledged} requests were acknowledged`);
  assert.ok(isEnough(result), JSON.stringify([...result.frozen, ...result.merged, result.scrolled]));
  // What the segments lack is bounded: some heads that were full but not frozen, or not stored yet.
  assert.ok(result.mostReplayed <= 40 * churnSizes.headDocuments, `${result.mostReplayed} rows were indexed anew`);
});

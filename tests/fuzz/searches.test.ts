/** The long form is tests/long/crash/fuzz.test.ts: see docs/durability.md. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fuzzSearches } from "./fuzz-searches.ts";

test("spoilt searches of all kinds are answered or refused, each in its time, and never fail the engine", async () => {
  const seed = Date.now() % 1_000_000;
  const { answered, refused, problems, longestStepMs } = await fuzzSearches(seed, 1_500);
  assert.deepEqual(problems, [], `seed ${seed}`);
  assert.ok(answered > 100 && refused > 300, `seed ${seed}: ${answered} answered, ${refused} refused`);
  console.log(`seed ${seed}: ${answered} answered, ${refused} refused, longest step ${Math.round(longestStepMs)} ms`);
});

/** The short form of tests/long/crash/power.test.ts: see docs/durability.md. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { missingStrace, runPowerLosses } from "./power/power-losses.ts";

const skip = missingStrace() ?? false;

test("a loss of power at any instant leaves all that was acknowledged, and a store that opens", { skip }, async () => {
  const seed = Date.now() % 1_000_000;
  console.log(`seed ${seed}`);
  const { syncs, acknowledged, segments } = await runPowerLosses({ seed, lifeMs: 2_500, losses: 12 });
  assert.ok(syncs > 30 && acknowledged > 20 && segments > 0, JSON.stringify({ syncs, acknowledged, segments }));
});

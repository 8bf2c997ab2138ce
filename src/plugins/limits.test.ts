import assert from "node:assert/strict";
import { test } from "node:test";
import type { Generation } from "./definition.ts";
import type { PluginHostDeps } from "./deps.ts";
import { limitsOf } from "./limits.ts";

const of = (generation: Generation, own: object, common: object = {}, older: object = {}): readonly number[] => {
  const { pipeWarnMs, pipeDeadlineMs } = limitsOf(generation, { ...own }, {
    common: { include: [], failsafeMode: false, initTimeout: 1, pipeWarnTime: 500, ...common },
    config: { plugins: { common }, pluginsManager: older },
  } as unknown as PluginHostDeps); // what the limits read of all that plugins need
  return [pipeWarnMs, pipeDeadlineMs];
};

test("pipes have the times that the documents of their generation promise", () => {
  assert.deepEqual(of("v0", {}), [40, 250]);
  assert.deepEqual(of("v1", {}), [500, 5_000]);
  assert.deepEqual(of("v2", {}), [500, 0]);
});

test("a plugin's own section outweighs that for all, which outweighs the generation's; 0 means never", () => {
  const common = { pipeWarnTime: 100, pipeTimeout: 1_000 };
  assert.deepEqual(of("v0", {}, common), [100, 1_000]);
  assert.deepEqual(of("v1", { pipeWarnTime: 7, pipeTimeout: 0 }, common), [7, 0]);
  assert.deepEqual(of("v2", { pipeTimeout: 9 }, common), [100, 0], "the second has no deadline");
  assert.deepEqual(of("v0", {}, {}, { pipeWarnTime: 1, pipeTimeout: 2 }), [1, 2], "the oldest name of the section");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { bytes, durationMs, findBytes, findDurationMs } from "./index.ts";

test("sizes are read with their units, in any case, with decimals", () => {
  const sizes: readonly [string | number, number][] = [
    ["1MB", 1_048_576],
    ["1.5kb", 1536],
    ["20 b", 20],
    ["at most 2GB", 2_147_483_648],
    ["1tb", 1_099_511_627_776],
    ["2048", 2048],
    [2048, 2048],
    [0, 0],
  ];
  for (const [size, expected] of sizes) assert.equal(bytes(size), expected, String(size));
});

test("what is no size has no bytes", () => {
  for (const bad of ["", "MB", "1 parsec", "-", Number.NaN, -1, Number.POSITIVE_INFINITY, null, {}, "1".repeat(1000)]) {
    assert.equal(findBytes(bad), undefined, String(bad));
  }
  assert.throws(() => bytes("much"), RangeError);
});

test("durations are read as milliseconds; -1 stays -1", () => {
  const durations: readonly [string | number, number][] = [
    ["1h", 3_600_000],
    ["15s", 15_000],
    ["7 days", 604_800_000],
    ["1500", 1500],
    [1500, 1500],
    [-1, -1],
    ["-1", -1],
  ];
  for (const [duration, expected] of durations) assert.equal(durationMs(duration), expected, String(duration));
});

test("what is no duration is none", () => {
  for (const bad of ["", "soon", Number.NaN, null, [], "9".repeat(1000)]) assert.equal(findDurationMs(bad), undefined);
  assert.throws(() => durationMs("soon"), RangeError);
});

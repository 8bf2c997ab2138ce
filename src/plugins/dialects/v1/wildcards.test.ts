import assert from "node:assert/strict";
import { test } from "node:test";
import { firstSegmentMatcher, scopeMatcher, segmentMatcher, withoutAdded } from "./wildcards.ts";

for (const [pattern, heard, unheard] of [
  ["data:*", ["data:create"], ["data", "data:a:b", "other:create"]],
  ["*:beforeCreate", ["document:beforeCreate"], ["a:b:beforeCreate", "beforeCreate"]],
  ["core:*:*", ["core:hotelClerk:join"], ["core:kuzzleStart"]],
  ["**", ["a", "a:b", "a:b:c"], []],
  ["core:**", ["core", "core:a", "core:a:b"], ["cores:a"]],
  ["**:join", ["join", "core:hotelClerk:join"], ["join:core"]],
] as const) {
  test(`the segments of ${pattern} stand for whole segments`, () => {
    const matches = segmentMatcher(pattern);
    for (const event of heard) assert.equal(matches?.(event), true, event);
    for (const event of unheard) assert.equal(matches?.(event), false, event);
  });
}

test("a part of a segment is no wildcard, nor is a plain name", () => {
  assert.equal(segmentMatcher("data:before*"), undefined);
  assert.equal(segmentMatcher("data:create"), undefined);
});

test("a pipe's wildcard of the first releases covers all below its first segment", () => {
  const matches = firstSegmentMatcher("core:*");
  assert.equal(matches?.("core:auth:strategyAdded"), true);
  assert.equal(matches?.("cores:a"), false);
  assert.equal(firstSegmentMatcher("a:b:*"), undefined);
  assert.equal(firstSegmentMatcher("*:a"), undefined);
});

test("a wildcard does not stand for what later releases have added to its scope", () => {
  const all = withoutAdded(scopeMatcher("generic:document:*"));
  assert.equal(all?.("generic:document:beforeWrite"), true);
  assert.equal(all?.("generic:document:injectMetadata"), false);
  const before = withoutAdded(scopeMatcher("request:before*"));
  assert.equal(before?.("request:beforeExecution"), false);
  assert.equal(withoutAdded(firstSegmentMatcher("generic:*"))?.("generic:document:injectMetadata"), false);
  assert.equal(scopeMatcher("document:before*"), undefined, "means what it means for everybody");
});

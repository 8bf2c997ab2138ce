import assert from "node:assert/strict";
import { test } from "node:test";
import { textFilterOf } from "./source-filter.ts";

const source = JSON.stringify({ a: 1, b: { c: 2, d: { e: 3 } }, list: [{ x: 1, y: 2 }, { y: 3 }], __proto__x: 4 });

function filtered(body: Record<string, unknown>): unknown {
  const text = textFilterOf(body)(source);
  return text === undefined ? undefined : JSON.parse(text);
}

test("patterns select fields, what lies below them, and fields inside arrays", () => {
  assert.deepEqual(filtered({ _source: ["b"] }), { b: { c: 2, d: { e: 3 } } });
  assert.deepEqual(filtered({ _source: "b.d.*" }), { b: { d: { e: 3 } } });
  assert.deepEqual(filtered({ _source: "*.e" }), { b: { d: { e: 3 } } });
  assert.deepEqual(filtered({ _source: "list.x" }), { list: [{ x: 1 }] });
  assert.deepEqual(filtered({ _source: ["a", "b.c"] }), { a: 1, b: { c: 2 } });
  assert.deepEqual(filtered({ _source: "nothing" }), {});
});

test("excludes win over includes", () => {
  assert.deepEqual(filtered({ _source: { includes: ["b"], excludes: ["b.d"] } }), { b: { c: 2 } });
  assert.deepEqual(filtered({ _source_includes: ["a", "b"], _source_excludes: ["b.*"] }), { a: 1, b: {} });
  assert.deepEqual(filtered({ _source: { excludes: ["*"] } }), {});
});

test("a pattern of many stars takes no longer than its text", { timeout: 60_000 }, () => {
  const filter = textFilterOf({ _source: [`${"*a".repeat(500)}b`] });
  const long = JSON.stringify({ ["a".repeat(20_000)]: 1 });
  assert.equal(filter(long), "{}");
});

test("what is not a pattern is refused", () => {
  for (const wrong of [3, [1], { includes: 5 }]) {
    assert.throws(() => textFilterOf({ _source: wrong }), { id: "services.storage.unexpected_bad_request" });
  }
});

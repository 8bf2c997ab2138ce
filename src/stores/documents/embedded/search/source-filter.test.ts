import assert from "node:assert/strict";
import { test } from "node:test";
import { filterSource, parseSourceFilter } from "./source-filter.ts";

const source = { a: 1, b: { c: 2, d: { e: 3 } }, list: [{ x: 1, y: 2 }, { y: 3 }, 4], "dotted.name": 5 };
const filter = (body: object) => filterSource(source, parseSourceFilter({ ...body }));

test("without a filter the source is answered as it is", () => {
  assert.equal(filter({}), source);
  assert.equal(filter({ _source: true }), source);
  assert.equal(filter({ _source: false }), undefined);
});

test("includes take fields, whole objects, and patterns", () => {
  assert.deepEqual(filter({ _source: "a" }), { a: 1 });
  assert.deepEqual(filter({ _source: ["b"] }), { b: { c: 2, d: { e: 3 } } });
  assert.deepEqual(filter({ _source: "b.d.e" }), { b: { d: { e: 3 } } });
  assert.deepEqual(filter({ _source: "b.*" }), { b: { c: 2, d: { e: 3 } } });
  assert.deepEqual(filter({ _source: "*.e" }), { b: { d: { e: 3 } } });
  assert.deepEqual(filter({ _source_includes: ["list.x"] }), { list: [{ x: 1 }] });
  assert.deepEqual(filter({ _source: "dotted.name" }), { "dotted.name": 5 });
  assert.deepEqual(filter({ _source: "nope" }), {});
});

test("excludes win over includes", () => {
  assert.deepEqual(filter({ _source: { includes: ["b"], excludes: ["b.d"] } }), { b: { c: 2 } });
  assert.deepEqual(filter({ _source_excludes: ["b", "list.y", "dot*"] }), { a: 1, list: [{ x: 1 }, 4] });
});

test("patterns that are no text are refused", () => {
  assert.throws(() => filter({ _source: [1] }), { id: "services.storage.unexpected_bad_request" });
});

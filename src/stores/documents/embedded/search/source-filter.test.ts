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

test("what nothing is excluded from is answered as it is, with what is empty in it", () => {
  const odd = { list: [{ x: 1 }, {}, [{}], []], other: 1 };
  const of = (body: object) => filterSource(odd, parseSourceFilter({ ...body }));
  assert.deepEqual(of({ _source: "list" }), { list: odd.list });
  assert.deepEqual(of({ _source_excludes: "other" }), { list: odd.list });
  assert.deepEqual(of({ _source_excludes: "list.y" }), { list: [{ x: 1 }], other: 1 });
  assert.deepEqual(of({ _source: "list.*" }), { list: [{ x: 1 }] });
});

test("a member whose name has dots lies below what the name begins with", () => {
  const flat = { "a.b": 1, "a.b.c": 2, ab: 3, a: { "b.d": 4 } };
  const of = (body: object) => filterSource(flat, parseSourceFilter({ ...body }));
  assert.deepEqual(of({ _source: "a" }), { "a.b": 1, "a.b.c": 2, a: { "b.d": 4 } });
  assert.deepEqual(of({ _source: "a.b" }), { "a.b": 1, "a.b.c": 2, a: { "b.d": 4 } });
  assert.deepEqual(of({ _source_excludes: "a.b" }), { ab: 3, a: {} });
});

test("a misspelt member of a source filter is refused", () => {
  assert.throws(() => filter({ _source: { inculdes: ["a"] } }), { id: "services.storage.unexpected_bad_request" });
});

test("patterns that are no text are refused", () => {
  assert.throws(() => filter({ _source: [1] }), { id: "services.storage.unexpected_bad_request" });
});

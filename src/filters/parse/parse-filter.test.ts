import assert from "node:assert/strict";
import { test } from "node:test";
import { FilterError, matches, parseFilter } from "../index.ts";

const options = { maxConditions: 100, regExpEngine: "re2" } as const;

const refuse = (filter: unknown): FilterError => {
  try {
    parseFilter(filter, options);
  } catch (error) {
    assert.ok(error instanceof FilterError, `${String(error)} is not a FilterError`);
    assert.ok(error.message.length > 0);
    return error;
  }
  assert.fail(`accepted ${JSON.stringify(filter)}`);
};

test("an empty filter, null and an empty array match every document", () => {
  for (const filter of [{}, null, undefined, []]) {
    const parsed = parseFilter(filter, options);
    assert.ok(matches(parsed, {}));
    assert.ok(matches(parsed, { a: 1 }));
    assert.equal(parsed.conditions, 0);
  }
});

const wrong: readonly [filter: unknown, keyword: string | null, path: string | null][] = [
  ["name", null, null],
  [[{ equals: { a: 1 } }], null, null],
  [{ equals: { a: 1 }, exists: "a" }, null, null],
  [{ and: [{ equals: { a: 1 }, exists: "a" }] }, "and", "and"],
  [{ Equals: { a: 1 } }, "Equals", "Equals"],
  [{ and: [{ foo: 1 }] }, "foo", "and.foo"],
  [JSON.parse('{"__proto__": {"a": 1}}'), "__proto__", "__proto__"],
  [{ constructor: { a: 1 } }, "constructor", "constructor"],
  [{ and: [] }, "and", "and"],
  [{ and: {} }, "and", "and"],
  [{ or: [] }, "or", "or"],
  [{ or: [{}] }, "or", "or"],
  [{ or: [1] }, "or", "or"],
  [{ or: [[]] }, "or", "or"],
  [{ not: [] }, "not", "not"],
  [{ not: {} }, "not", "not"],
  [{ not: { equals: { a: 1 }, exists: "a" } }, "not", "not"],
  [{ bool: {} }, "bool", "bool"],
  [{ bool: [] }, "bool", "bool"],
  [{ bool: { must: [] } }, "bool", "bool"],
  [{ bool: { must: null, should: false } }, "bool", "bool"],
  [{ bool: { should: [] } }, "bool", "bool.should"],
  [{ bool: { must: [{ exists: "a" }], should: [] } }, "bool", "bool.should"],
  [{ bool: { must_not: { exists: "a" } } }, "bool", "bool.must_not"],
  [{ bool: { mustNot: [{ exists: "a" }] } }, "bool", "bool.mustNot"],
  [{ equals: "a" }, "equals", "equals"],
  [{ equals: {} }, "equals", "equals"],
  [{ equals: { a: 1, b: 2 } }, "equals", "equals"],
  [{ equals: { a: {} } }, "equals", "equals.a"],
  [{ equals: { a: [1] } }, "equals", "equals.a"],
  [{ equals: { a: undefined } }, "equals", "equals.a"],
  [{ equals: { a: Number.NaN } }, "equals", "equals.a"],
  [{ exists: "" }, "exists", "exists"],
  [{ exists: 1 }, "exists", "exists"],
  [{ exists: {} }, "exists", "exists"],
  [{ exists: { field: "a", b: 1 } }, "exists", "exists"],
  [{ exists: { path: "a" } }, "exists", "exists"],
  [{ exists: { field: "" } }, "exists", "exists"],
  [{ exists: "a[x]" }, "exists", "exists"],
  [{ exists: "a['x']" }, "exists", "exists"],
  [{ exists: "a[]" }, "exists", "exists"],
  [{ exists: '["x"]' }, "exists", "exists"],
  [{ missing: "a[x]" }, "missing", "missing"],
  [{ missing: [] }, "missing", "missing"],
  [{ in: { a: [] } }, "in", "in.a"],
  [{ in: { a: "x" } }, "in", "in.a"],
  [{ in: { a: ["x", 1] } }, "in", "in.a"],
  [{ in: { a: ["x"], b: ["x"] } }, "in", "in"],
  [{ in: {} }, "in", "in"],
  [{ ids: { values: [] } }, "ids", "ids.values"],
  [{ ids: { values: [1] } }, "ids", "ids.values"],
  [{ ids: { ids: ["x"] } }, "ids", "ids"],
  [{ ids: ["x"] }, "ids", "ids"],
  [{ range: { a: {} } }, "range", "range.a"],
  [{ range: { a: 1 } }, "range", "range.a"],
  [{ range: { a: { gt: 1 }, b: { gt: 1 } } }, "range", "range"],
  [{ and: [{ range: { age: { gt: "1" } } }] }, "range", "and.range.age.gt"],
  [{ range: { a: { gt: null } } }, "range", "range.a.gt"],
  [{ range: { a: { above: 1 } } }, "range", "range.a.above"],
  [{ range: { a: { gt: 1, gte: 1 } } }, "range", "range.a"],
  [{ range: { a: { lt: 1, lte: 1 } } }, "range", "range.a"],
  [{ range: { a: { gte: 1, lte: 1 } } }, "range", "range.a"],
  [{ range: { a: { gte: 2, lte: 1 } } }, "range", "range.a"],
  [{ regexp: { a: 1 } }, "regexp", "regexp.a"],
  [{ regexp: { a: "x", b: "x" } }, "regexp", "regexp"],
  [{ regexp: { a: { flags: "i" } } }, "regexp", "regexp.a"],
  [{ regexp: { a: { value: "x", flags: 1 } } }, "regexp", "regexp.a.flags"],
  [{ regexp: { a: { value: "x", options: "i" } } }, "regexp", "regexp.a.options"],
  [{ regexp: { a: "(" } }, "regexp", "regexp.a"],
  [{ regexp: { a: "(?=x)" } }, "regexp", "regexp.a"],
  [{ regexp: { a: "(x)\\1" } }, "regexp", "regexp.a"],
  [{ match: {} }, "match", "match"],
  [{ match: [] }, "match", "match"],
  [{ match: { a: () => 1 } }, "match", "match"],
  [{ select: { field: "a", index: 0 } }, "select", "select"],
  [{ select: { field: "a", index: 0, query: { exists: "value" }, more: 1 } }, "select", "select"],
  [{ select: { field: "", index: 0, query: { exists: "value" } } }, "select", "select.field"],
  [{ select: { field: "a", index: 0.5, query: { exists: "value" } } }, "select", "select.index"],
  [{ select: { field: "a", index: "0", query: { exists: "value" } } }, "select", "select.index"],
  [{ select: { field: "a", index: 0, query: {} } }, "query", "select.query"],
  [{ select: { field: "a", index: 0, query: { equals: 1 } } }, "equals", "select.query.equals"],
  [{ geoDistance: { p: [0, 0] } }, "geoDistance", "geoDistance"],
  [{ geoDistance: { distance: "1m", unit: "m" } }, "geoDistance", "geoDistance.unit"],
  [{ geoDistance: { p: [0, 0], q: [0, 0], distance: "1m" } }, "geoDistance", "geoDistance"],
  [{ geoDistance: { p: [0, 0], distance: 1 } }, "geoDistance", "geoDistance.distance"],
  [{ geoDistance: { p: [0, 0], distance: "1 foot" } }, "geoDistance", "geoDistance.distance"],
  [{ geoDistance: { p: [0, 0, 0], distance: "1m" } }, "geoDistance", "geoDistance.p"],
  [{ geoDistance: { p: [91, 0], distance: "1m" } }, "geoDistance", "geoDistance.p"],
  [{ geoDistance: { p: [0, -181], distance: "1m" } }, "geoDistance", "geoDistance.p"],
  [{ geoDistanceRange: { p: [0, 0], from: "1m", to: "1m" } }, "geoDistanceRange", "geoDistanceRange"],
  [{ geoDistanceRange: { p: [0, 0], from: "2m", to: "1m" } }, "geoDistanceRange", "geoDistanceRange"],
  [{ geoDistanceRange: { p: [0, 0], from: "2m" } }, "geoDistanceRange", "geoDistanceRange"],
  [
    {
      geoPolygon: {
        p: {
          points: [
            [0, 0],
            [1, 1],
          ],
        },
      },
    },
    "geoPolygon",
    "geoPolygon.p.points",
  ],
  [{ geoPolygon: { p: { points: [[0, 0], [1, 1], "x"] } } }, "geoPolygon", "geoPolygon.p.points"],
  [
    {
      geoPolygon: {
        p: [
          [0, 0],
          [1, 1],
          [2, 2],
        ],
      },
    },
    "geoPolygon",
    "geoPolygon.p",
  ],
  [{ geoBoundingBox: { p: { top: 1, left: 0, bottom: 2, right: 1 } } }, "geoBoundingBox", "geoBoundingBox.p"],
  [{ geoBoundingBox: { p: { top: 2, left: 1, bottom: 1, right: 0 } } }, "geoBoundingBox", "geoBoundingBox.p"],
  [{ geoBoundingBox: { p: { top: 95, left: 0, bottom: 1, right: 1 } } }, "geoBoundingBox", "geoBoundingBox.p"],
  [{ geoBoundingBox: { p: { topLeft: [2, 0] } } }, "geoBoundingBox", "geoBoundingBox.p"],
  [{ geoBoundingBox: { p: 1 } }, "geoBoundingBox", "geoBoundingBox.p"],
  [{ geoBoundingBox: { p: {}, q: {} } }, "geoBoundingBox", "geoBoundingBox"],
];

for (const [filter, keyword, path] of wrong) {
  test(`${JSON.stringify(filter)} is refused at ${path}`, () => {
    const error = refuse(filter);
    assert.equal(error.keyword, keyword);
    assert.equal(error.path, path);
    if (path !== null) assert.ok(error.message.includes(path));
  });
}

test("conditions are counted, each value of in and ids as one", () => {
  const count = (filter: unknown): number => parseFilter(filter, options).conditions;
  assert.equal(count({ equals: { a: 1 } }), 1);
  assert.equal(count({ and: [{ in: { a: ["x", "y", "z"] } }, { not: { range: { b: { gt: 1, lt: 3 } } } }] }), 4);
  assert.equal(count({ match: { a: 1, b: { c: 2 }, d: ["x", "y"] } }), 1);
  assert.equal(count({ bool: { must: { ids: { values: ["1", "2"] } }, should_not: [{ exists: "a" }] } }), 3);
});

test("a hundred values pass under a limit of a hundred, one more is refused", () => {
  const values = Array.from({ length: 101 }, (_, i) => `v${i}`);
  assert.equal(parseFilter({ in: { a: values.slice(1) } }, options).conditions, 100);
  assert.equal(refuse({ in: { a: values } }).keyword, "in");
  assert.equal(refuse({ and: values.map((value) => ({ equals: { [value]: 1 } })) }).keyword, "equals");
});

test("plain JavaScript expressions are available only when configured", () => {
  const filter = { regexp: { a: "(?=x)x" } };
  refuse(filter);
  const parsed = parseFilter(filter, { maxConditions: 10, regExpEngine: "js" });
  assert.ok(matches(parsed, { a: "axb" }));
  assert.throws(
    () => parseFilter({ regexp: { a: { value: "x", flags: "iq" } } }, { maxConditions: 10, regExpEngine: "js" }),
    FilterError,
  );
});

test("a filter nested thousands of levels deep is refused, not fatal", () => {
  let filter: unknown = { equals: { a: 1 } };
  for (let i = 0; i < 100_000; i++) filter = { not: filter };
  assert.match(refuse(filter).message, /levels deep/);
  let list: unknown = { exists: "a" };
  for (let i = 0; i < 100_000; i++) list = { and: [list] };
  refuse(list);
  let inner: unknown = { exists: "value" };
  for (let i = 0; i < 10_000; i++) inner = { select: { field: "value", index: 0, query: inner } };
  refuse(inner);
  let value: unknown = 1;
  for (let i = 0; i < 100_000; i++) value = [value];
  refuse({ match: { a: value } });
});

test("a few hundred levels of nesting are fine", () => {
  let filter: unknown = { equals: { a: 1 } };
  for (let i = 0; i < 400; i++) filter = { not: filter };
  assert.ok(matches(parseFilter(filter, options), { a: 1 }));
});

test("hostile expressions, paths and sizes are refused quickly", { timeout: 60_000 }, () => {
  refuse({ regexp: { a: "((((a{100}){100}){100}){100})" } });
  refuse({ regexp: { a: "(?:a?){900}a{900}" } });
  refuse({ regexp: { a: "x".repeat(1_000_000) } });
  refuse({ regexp: { a: "(".repeat(1_000_000) } });
  refuse({ exists: "a.".repeat(100_000) });
  refuse({ match: { a: new Array(100_000).fill({}) } });
  refuse({ geoPolygon: { p: { points: new Array(200_000).fill([0, 0]) } } });
  refuse({ geoDistance: { p: [0, 0], distance: `${"1".repeat(1_000_000)}m` } });
});

test("an expression that backtracks for ever elsewhere answers at once", { timeout: 60_000 }, () => {
  const parsed = parseFilter({ regexp: { a: "^(a+)+$" } }, options);
  assert.equal(matches(parsed, { a: `${"a".repeat(20_000)}!` }), false);
});

test("a filter does not change with the object that it was read from", () => {
  const source = { match: { a: { b: [{ c: 1 }] } } };
  const parsed = parseFilter(source, options);
  source.match.a.b[0] = { c: 2 };
  assert.ok(matches(parsed, { a: { b: [{ c: 1 }] } }));
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { filterId, parseFilter } from "./index.ts";

const options = { maxConditions: 1_000, regExpEngine: "re2" } as const;
const id = (filter: unknown): string => filterId(parseFilter(filter, options), "nyc", "taxis");

const same: readonly [what: string, ...filters: unknown[]][] = [
  ["empty filters", {}, null, [], undefined, { not: { nothing: 1 } }],
  ["both forms of exists", { exists: "a" }, { exists: { field: "a" } }, { not: { missing: "a" } }],
  [
    "both forms of regexp",
    { regexp: { a: "x+" } },
    { regexp: { a: { value: "x+" } } },
    { regexp: { a: { value: "x+", flags: "" } } },
  ],
  [
    "flags in any order",
    { regexp: { a: { value: "x", flags: "im" } } },
    { regexp: { a: { value: "x", flags: "mig" } } },
  ],
  ["in and or of equals", { in: { a: ["x", "y"] } }, { or: [{ equals: { a: "y" } }, { equals: { a: "x" } }] }],
  ["ids and equals of _id", { ids: { values: ["x"] } }, { equals: { _id: "x" } }],
  [
    "groups of one",
    { equals: { a: 1 } },
    { and: [{ equals: { a: 1 } }] },
    { or: [{ equals: { a: 1 } }] },
    { bool: { must: [{ equals: { a: 1 } }] } },
    { bool: { should: [{ equals: { a: 1 } }] } },
  ],
  [
    "double negation",
    { equals: { a: 1 } },
    { not: { not: { equals: { a: 1 } } } },
    { bool: { must_not: [{ not: { equals: { a: 1 } } }] } },
  ],
  [
    "and in any order",
    { and: [{ equals: { a: 1 } }, { exists: "b" }] },
    { and: [{ exists: "b" }, { equals: { a: 1 } }] },
  ],
  [
    "or in any order",
    { or: [{ equals: { a: 1 } }, { equals: { b: 1 } }] },
    { or: [{ equals: { b: 1 } }, { equals: { a: 1 } }] },
  ],
  ["repeated conditions", { exists: "a" }, { and: [{ exists: "a" }, { exists: "a" }] }],
  ["De Morgan", { not: { and: [{ exists: "a" }, { exists: "b" }] } }, { or: [{ missing: "a" }, { missing: "b" }] }],
  [
    "distribution",
    { and: [{ exists: "a" }, { or: [{ exists: "b" }, { exists: "c" }] }] },
    { or: [{ and: [{ exists: "c" }, { exists: "a" }] }, { and: [{ exists: "a" }, { exists: "b" }] }] },
  ],
  ["absorption", { exists: "a" }, { or: [{ exists: "a" }, { and: [{ exists: "a" }, { exists: "b" }] }] }],
  ["contradictions", { nothing: 1 }, { and: [{ exists: "a" }, { missing: "a" }] }],
  [
    "split ranges",
    { range: { a: { gt: 1, lte: 5 } } },
    { and: [{ range: { a: { lte: 5 } } }, { range: { a: { gt: 1 } } }] },
  ],
  [
    "negated split ranges",
    { not: { range: { a: { gt: 1, lte: 5 } } } },
    { or: [{ not: { range: { a: { lte: 5 } } } }, { not: { range: { a: { gt: 1 } } } }] },
  ],
  ["members of match in any order", { match: { a: 1, b: { c: 1, d: 2 } } }, { match: { b: { d: 2, c: 1 }, a: 1 } }],
  ["elements of match in any order", { match: { a: [{ x: 1 }, { y: 1 }] } }, { match: { a: [{ y: 1 }, { x: 1 }] } }],
  [
    "spellings of a point",
    { geoDistance: { p: [1, 2], distance: "1km" } },
    { geoDistance: { p: "1, 2", distance: "1000 m" } },
  ],
  [
    "spellings of a box",
    { geoBoundingBox: { p: { top: 1, left: 0, bottom: 0, right: 1 } } },
    { geoBoundingBox: { p: { topLeft: [1, 0], bottomRight: [0, 1] } } },
  ],
  [
    "select with equivalent queries",
    { select: { field: "a", index: 0, query: { in: { value: ["x"] } } } },
    { select: { index: 0, query: { equals: { value: "x" } }, field: "a" } },
  ],
];

for (const [what, ...filters] of same) {
  test(`one identity for ${what}`, () => {
    const ids = new Set(filters.map(id));
    assert.equal(ids.size, 1);
  });
}

test("different filters, collections and indexes have different identities", () => {
  const filters = [
    {},
    { nothing: 1 },
    { equals: { a: 1 } },
    { equals: { a: "1" } },
    { equals: { a: "number" } },
    { equals: { a: true } },
    { equals: { a: null } },
    { equals: { b: 1 } },
    { not: { equals: { a: 1 } } },
    { exists: "a" },
    { exists: "a[1]" },
    { exists: 'a["1"]' },
    { exists: "a[null]" },
    { missing: "a" },
    { range: { a: { gt: 1 } } },
    { range: { a: { gte: 1 } } },
    { range: { a: { lt: 1 } } },
    { regexp: { a: "x" } },
    { regexp: { a: { value: "x", flags: "i" } } },
    { match: { a: [1, 1] } },
    { match: { a: ["1", "1"] } },
    { match: { a: {} } },
    { match: { a: [] } },
    { and: [{ exists: "a" }, { exists: "b" }] },
    { or: [{ exists: "a" }, { exists: "b" }] },
    { and: [{ exists: "a" }, { exists: "b,c" }] },
    { select: { field: "a", index: 0, query: { exists: "value" } } },
    { select: { field: "a", index: -1, query: { exists: "value" } } },
    { geoDistance: { p: [1, 2], distance: "1km" } },
    { geoDistance: { p: [2, 1], distance: "1km" } },
    { geoDistanceRange: { p: [1, 2], from: "1m", to: "1km" } },
  ];
  const ids = new Set(filters.map(id));
  const parsed = parseFilter({}, options);
  ids
    .add(filterId(parsed, "nyc", "bikes"))
    .add(filterId(parsed, "rome", "taxis"))
    .add(filterId(parsed, "nyc/taxis", ""));
  assert.equal(ids.size, filters.length + 3);
  for (const value of ids) assert.match(value, /^[0-9a-f]{64}$/);
});

test("identities stay what they are from one version to the next", () => {
  assert.equal(id({}), "131561cac0d1ad834f279b94e55f2f213f62768f6f5e5f44639b8b703d0f5abe");
  assert.equal(
    id({ and: [{ equals: { city: "Paris" } }, { not: { range: { age: { gte: 18, lt: 65 } } } }] }),
    "ea9f5414ac7e17a8d2b37955e2df3778105d660b45e00d9c1c6a0dd8ccede8e1",
  );
});

test("a filter whose normal form would explode still has a quick and stable identity", { timeout: 60_000 }, () => {
  const factors = Array.from({ length: 30 }, (_, i) => ({
    or: [{ equals: { [`a${i}`]: 1 } }, { equals: { [`b${i}`]: 1 } }, { exists: `c${i}` }],
  }));
  assert.equal(id({ and: factors }), id({ and: factors.toReversed() }));
  assert.notEqual(id({ and: factors }), id({ and: factors.slice(1) }));
});

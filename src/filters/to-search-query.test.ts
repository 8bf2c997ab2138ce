import assert from "node:assert/strict";
import { test } from "node:test";
import { TranslationError, type TranslationErrorKind, toSearchQuery } from "./index.ts";

const containsX = { bool: { filter: [{ exists: { field: "p" } }, { range: { p: { gte: "x", lte: "x" } } }] } };

const table: readonly [filter: object, query: object][] = [
  [{}, { match_all: {} }],
  [{ equals: { a: 1 } }, { term: { a: 1 } }],
  [{ in: { a: [1, "x"] } }, { terms: { a: [1, "x"] } }],
  [{ ids: { values: ["x"] } }, { ids: { values: ["x"] } }],
  [
    { range: { a: { gte: "2024-01-01", lte: "2024-01-01" } } },
    { range: { a: { gte: "2024-01-01", lte: "2024-01-01" } } },
  ],
  [{ exists: "p" }, { exists: { field: "p" } }],
  [{ exists: { field: "p" } }, { exists: { field: "p" } }],
  [{ exists: 'p["x"]' }, containsX],
  [{ exists: { field: 'p["x"]' } }, containsX],
  [{ exists: "p[0]" }, { bool: { filter: [{ exists: { field: "p" } }, { range: { p: { gte: 0, lte: 0 } } }] } }],
  [
    { exists: "p[false]" },
    { bool: { filter: [{ exists: { field: "p" } }, { range: { p: { gte: false, lte: false } } }] } },
  ],
  [{ exists: "p[null]" }, { match_none: {} }],
  [{ missing: "p" }, { bool: { must_not: [{ exists: { field: "p" } }] } }],
  [{ missing: { field: "p" } }, { bool: { must_not: [{ exists: { field: "p" } }] } }],
  [{ missing: 'p["x"]' }, { bool: { must_not: [containsX] } }],
  [
    { and: [{ equals: { a: 1 } }, { exists: "p" }] },
    { bool: { filter: [{ term: { a: 1 } }, { exists: { field: "p" } }] } },
  ],
  [{ and: [] }, { bool: { filter: [] } }],
  [{ or: [{ equals: { a: 1 } }] }, { bool: { should: [{ term: { a: 1 } }] } }],
  [{ or: [] }, { match_all: {} }],
  [{ not: { equals: { a: 1 } } }, { bool: { must_not: [{ term: { a: 1 } }] } }],
  [
    { geoDistance: { p: { lat: 1, lon: 2 }, distance: "1km" } },
    { geo_distance: { p: { lat: 1, lon: 2 }, distance: "1km" } },
  ],
  [{ geoBoundingBox: { p: { top: 1 } } }, { geo_bounding_box: { p: { top: 1 } } }],
  [{ geoPolygon: { p: { points: [] } } }, { geo_polygon: { p: { points: [] } } }],
  [{ geoDistanceRange: { p: [1, 2] } }, { geo_distance_range: { p: [1, 2] } }],
  [{ regexp: { a: { value: "x.*", flags: "ALL" } } }, { regexp: { a: { value: "x.*", flags: "ALL" } } }],
  [{ match: { a: "two words" } }, { match: { a: "two words" } }],
  [{ nothing: {} }, { nothing: {} }],
  [{ select: { field: "a" } }, { select: { field: "a" } }],
  [{ wildcard: { a: "x*" } }, { wildcard: { a: "x*" } }],
  [{ equals: { a: 1 }, exists: "ignored" }, { term: { a: 1 } }],
];

for (const [filter, query] of table) {
  test(`${JSON.stringify(filter)} becomes ${JSON.stringify(query)}`, () => {
    assert.deepEqual(toSearchQuery(filter), query);
  });
}

const refused: readonly [filter: unknown, kind: TranslationErrorKind][] = [
  ["x", "invalid_type"],
  [null, "invalid_type"],
  [[], "invalid_type"],
  [{ and: {} }, "invalid_type"],
  [{ or: "x" }, "invalid_type"],
  [{ and: [1] }, "invalid_type"],
  [{ not: [] }, "invalid_type"],
  [{ not: {} }, "translation_error"],
  [{ exists: 1 }, "invalid_type"],
  [{ exists: {} }, "invalid_type"],
  [{ exists: "p[1" }, "translation_error"],
  [{ exists: "p[x]" }, "translation_error"],
  [{ exists: "p[1]x" }, "translation_error"],
  [{ exists: "p[{}]" }, "translation_error"],
  [{ missing: "p[1" }, "translation_error"],
  [{ bool: { must: [] } }, "restricted_keyword"],
  [{ and: [{ not: { bool: {} } }] }, "restricted_keyword"],
];

for (const [filter, kind] of refused) {
  test(`${JSON.stringify(filter)} is refused as ${kind}`, () => {
    assert.throws(
      () => toSearchQuery(filter),
      (error) => error instanceof TranslationError && error.kind === kind && error.message.length > 0,
    );
  });
}

test("deep nesting and odd keys are no danger", () => {
  let filter: unknown = { exists: "a" };
  for (let i = 0; i < 100_000; i++) filter = { not: filter };
  assert.throws(() => toSearchQuery(filter), TranslationError);
  const query = toSearchQuery(JSON.parse('{"__proto__": {"polluted": 1}}'));
  assert.deepEqual(Object.keys(query), ["__proto__"]);
  assert.equal(Object.getPrototypeOf(query), Object.prototype);
});

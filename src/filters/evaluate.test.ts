import assert from "node:assert/strict";
import { test } from "node:test";
import { FilterSet, matches, parseFilter } from "./index.ts";
import type { JSONObject } from "./plain-object.ts";

const options = { maxConditions: 100, regExpEngine: "re2" } as const;

/** Tests one by one and through a set; both must say the same. */
const check = (filter: unknown, document: JSONObject, expected: boolean, documentId?: string): void => {
  const parsed = parseFilter(filter, options);
  const set = new FilterSet();
  set.add("it", parsed);
  const place = `${JSON.stringify(filter)} against ${JSON.stringify(document)}`;
  assert.equal(matches(parsed, document, documentId), expected, place);
  assert.deepEqual(set.match(document, documentId), expected ? ["it"] : [], `${place}, in a set`);
};

/** Also tests that the negation says the opposite. */
const checkBoth = (filter: unknown, document: JSONObject, expected: boolean, documentId?: string): void => {
  check(filter, document, expected, documentId);
  check({ not: filter }, document, !expected, documentId);
  check({ not: { not: filter } }, document, expected, documentId);
};

test("equals compares value and type strictly", () => {
  checkBoth({ equals: { a: 1 } }, { a: 1 }, true);
  checkBoth({ equals: { a: 1 } }, { a: "1" }, false);
  checkBoth({ equals: { a: 1 } }, { a: [1] }, false);
  checkBoth({ equals: { a: 1 } }, {}, false);
  checkBoth({ equals: { a: true } }, { a: true }, true);
  checkBoth({ equals: { a: false } }, { a: 0 }, false);
  checkBoth({ equals: { a: "" } }, { a: "" }, true);
  checkBoth({ equals: { a: null } }, { a: null }, true);
  checkBoth({ equals: { a: null } }, {}, false);
  checkBoth({ equals: { a: -0 } }, { a: 0 }, true);
});

test("paths reach into objects and through keys with dots, never through arrays", () => {
  checkBoth({ equals: { "a.b": 1 } }, { a: { b: 1 } }, true);
  checkBoth({ equals: { "a.b": 1 } }, { "a.b": 1 }, true);
  checkBoth({ equals: { "a.b.c": 1 } }, { "a.b": { c: 1 } }, true);
  checkBoth({ equals: { "a.b.c": 1 } }, { a: { "b.c": 1 } }, true);
  checkBoth({ equals: { "a.b.c": 1 } }, { a: { b: 2 }, "a.b": { c: 1 } }, true);
  checkBoth({ equals: { "a.b": 1 } }, { a: [{ b: 1 }] }, false);
  checkBoth({ exists: "a.0" }, { a: ["x"] }, false);
  checkBoth({ exists: "a.length" }, { a: "text" }, false);
  checkBoth({ exists: "a" }, { a: { b: 1 } }, true);
  checkBoth({ exists: "a..b" }, { a: { "": { b: 1 } } }, true);
});

test("members of prototypes are not members of the document", () => {
  for (const path of [
    "constructor",
    "toString",
    "__proto__",
    "a.constructor",
    "a.__proto__",
    "__proto__.constructor",
  ]) {
    checkBoth({ exists: path }, { a: {} }, false);
  }
  checkBoth({ exists: "__proto__" }, JSON.parse('{"__proto__": {"x": 1}}') as JSONObject, true);
  checkBoth({ equals: { "__proto__.x": 1 } }, JSON.parse('{"__proto__": {"x": 1}}') as JSONObject, true);
  checkBoth({ match: { a: { constructor: {} } } }, { a: {} }, false);
  checkBoth(JSON.parse('{"match": {"a": {"__proto__": {}}}}'), { a: {} }, false);
});

test("the identifier of the document is its field _id", () => {
  checkBoth({ equals: { _id: "x" } }, {}, true, "x");
  checkBoth({ ids: { values: ["w", "x"] } }, {}, true, "x");
  checkBoth({ ids: { values: ["w", "x"] } }, {}, false, "y");
  checkBoth({ ids: { values: ["x"] } }, {}, false);
  checkBoth({ ids: { values: ["x"] } }, { _id: "x" }, true);
  checkBoth({ ids: { values: ["x"] } }, { _id: "x" }, false, "y");
  checkBoth({ exists: "_id" }, {}, true, "x");
  checkBoth({ match: { _id: "x" } }, {}, true, "x");
  checkBoth({ regexp: { _id: "^x-" } }, {}, true, "x-1");
});

test("exists takes null, objects and empty arrays for values; missing is its complement", () => {
  for (const value of [null, {}, [], 0, "", false]) {
    checkBoth({ exists: "a" }, { a: value }, true);
    checkBoth({ exists: { field: "a" } }, { a: value }, true);
    checkBoth({ missing: "a" }, { a: value }, false);
    checkBoth({ missing: { field: "a" } }, { a: value }, false);
  }
  checkBoth({ exists: "a" }, { b: 1 }, false);
  checkBoth({ missing: "a" }, { b: 1 }, true);
  checkBoth({ exists: "a" }, { a: undefined }, false);
});

test("a value in brackets is sought among the elements of an array", () => {
  const document = { a: ["x", 1, true, null, { b: 1 }, ["y"], ""] };
  for (const json of ['"x"', "1", "true", "null", '""']) {
    checkBoth({ exists: `a[${json}]` }, document, true);
    checkBoth({ missing: `a[${json}]` }, document, false);
  }
  for (const json of ['"1"', "2", "false", '{"b":1}', '["y"]']) {
    checkBoth({ exists: `a[${json}]` }, document, false);
    checkBoth({ missing: `a[${json}]` }, document, true);
  }
  checkBoth({ exists: 'a["x"]' }, { a: "x" }, false);
  checkBoth({ missing: 'a["x"]' }, { a: "x" }, true);
  checkBoth({ missing: 'a["x"]' }, {}, true);
  checkBoth({ exists: 'a.b["x"]' }, { a: { b: ["x"] } }, true);
  checkBoth({ exists: 'a["[x]"]' }, { a: ["[x]"] }, true);
});

test("escaped and unfinished brackets belong to the name of the field", () => {
  checkBoth({ exists: "list\\[0\\]" }, { "list[0]": 1 }, true);
  checkBoth({ exists: "list\\[0\\]" }, { list: [0] }, false);
  checkBoth({ exists: 'list\\[0\\]["x"]' }, { "list[0]": ["x"] }, true);
  checkBoth({ exists: "a[" }, { "a[": 1 }, true);
  checkBoth({ exists: "a[0" }, { "a[0": 1 }, true);
  checkBoth({ exists: "a[0]b" }, { "a[0]b": 1 }, true);
});

test("values for arrays judged on the same path do not exclude each other", () => {
  checkBoth({ and: [{ exists: 'a["x"]' }, { missing: 'a["y"]' }] }, { a: ["x"] }, true);
  checkBoth({ and: [{ equals: { a: 1 } }, { missing: 'a["x"]' }] }, { a: 1 }, true);
  checkBoth({ and: [{ exists: "a" }, { missing: "a" }] }, { a: 1 }, false);
});

test("in matches any of its strings", () => {
  checkBoth({ in: { a: ["x", "y"] } }, { a: "y" }, true);
  checkBoth({ in: { a: ["x", "y"] } }, { a: "z" }, false);
  checkBoth({ in: { a: ["x", "y"] } }, { a: ["x"] }, false);
  checkBoth({ in: { a: ["x", "x"] } }, { a: "x" }, true);
});

test("range bounds are exact, however large the numbers", () => {
  checkBoth({ range: { a: { gt: 1, lte: 3 } } }, { a: 1 }, false);
  checkBoth({ range: { a: { gt: 1, lte: 3 } } }, { a: 3 }, true);
  checkBoth({ range: { a: { gte: 1, lt: 3 } } }, { a: 1 }, true);
  checkBoth({ range: { a: { gte: 1, lt: 3 } } }, { a: 3 }, false);
  checkBoth({ range: { a: { gt: 10_000_000 } } }, { a: 10_000_000 }, false);
  checkBoth({ range: { a: { lt: 10_000_000 } } }, { a: 10_000_000 }, false);
  checkBoth({ range: { a: { gt: 0 } } }, { a: Number.MIN_VALUE }, true);
  for (const value of ["2", [2], null, true, {}]) checkBoth({ range: { a: { gt: 1 } } }, { a: value }, false);
  checkBoth({ range: { a: { gt: 1 } } }, {}, false);
});

test("regexp finds its pattern anywhere in a string", () => {
  checkBoth({ regexp: { a: "b+" } }, { a: "abbc" }, true);
  checkBoth({ regexp: { a: "^b+" } }, { a: "abbc" }, false);
  checkBoth({ regexp: { a: { value: "^B", flags: "i" } } }, { a: "bcd" }, true);
  checkBoth({ regexp: { a: { value: "^b$", flags: "m" } } }, { a: "a\nb\nc" }, true);
  checkBoth({ regexp: { a: { value: "a.b", flags: "s" } } }, { a: "a\nb" }, true);
  checkBoth({ regexp: { a: { value: "a.b", flags: "" } } }, { a: "a\nb" }, false);
  checkBoth({ regexp: { a: { value: "b", flags: "zgy" } } }, { a: "abc" }, true);
  checkBoth({ regexp: { a: "" } }, { a: "abc" }, true);
  checkBoth({ regexp: { a: "x" } }, {}, false);
});

test("a negated regexp reads values of other types as text, the plain one never matches them", () => {
  check({ regexp: { a: "4" } }, { a: 42 }, false);
  check({ not: { regexp: { a: "4" } } }, { a: 42 }, false);
  check({ not: { regexp: { a: "5" } } }, { a: 42 }, true);
  check({ not: { regexp: { a: "null" } } }, { a: null }, false);
  check({ not: { regexp: { a: "1,2" } } }, { a: [1, [2]] }, false);
  check({ not: { regexp: { a: "object" } } }, { a: { toString: 1 } }, false);
  check({ not: { regexp: { a: "x" } } }, {}, true);
});

test("global and sticky flags do not make answers alternate", () => {
  for (const regExpEngine of ["re2", "js"] as const) {
    const parsed = parseFilter({ regexp: { a: { value: "b[c]", flags: "gy" } } }, { maxConditions: 10, regExpEngine });
    for (let i = 0; i < 4; i++) assert.ok(matches(parsed, { a: "abc" }));
  }
});

test("match is containment at every level", () => {
  checkBoth({ match: { a: 1 } }, { a: 1, b: 2 }, true);
  checkBoth({ match: { a: 1 } }, { a: "1" }, false);
  checkBoth({ match: { a: null } }, { a: null }, true);
  checkBoth({ match: { a: null } }, {}, false);
  checkBoth({ match: { a: { b: { c: 1 } } } }, { a: { b: { c: 1, d: 2 } } }, true);
  checkBoth({ match: { a: { b: 1 } } }, { a: { b: 2 } }, false);
  checkBoth({ match: { a: {} } }, { a: { b: 1 } }, true);
  checkBoth({ match: { a: {} } }, { a: [] }, false);
  checkBoth({ match: { a: [] } }, { a: [] }, true);
  checkBoth({ match: { a: [] } }, { a: {} }, false);
  checkBoth({ match: { "a.b": 1 } }, { a: { b: 1 } }, true);
  checkBoth({ match: { a: { "b.c": 1 } } }, { a: { b: { c: 1 } } }, false);
  checkBoth({ match: { "a.b": { c: 1 } } }, { a: { "b.c": 7 }, "a.b": { c: 1 } }, true);
});

test("match gives each element of an array one of the document's", () => {
  checkBoth({ match: { a: ["y", "x"] } }, { a: ["x", "y", "z"] }, true);
  checkBoth({ match: { a: ["x", "x"] } }, { a: ["x", "y"] }, false);
  checkBoth({ match: { a: ["x", "x"] } }, { a: ["x", "y", "x"] }, true);
  checkBoth({ match: { a: ["x"] } }, { a: "x" }, false);
  checkBoth({ match: { a: [{ b: 1 }, { c: 2 }] } }, { a: [{ c: 2 }, { b: 1, d: 3 }] }, true);
  checkBoth({ match: { a: [{ b: 1 }, { b: 1 }] } }, { a: [{ b: 1 }] }, false);
  checkBoth({ match: { a: [{ b: ["x"] }, "y"] } }, { a: ["y", { b: ["w", "x"] }] }, true);
  checkBoth({ match: { a: [[1]] } }, { a: [[1, 2]] }, true);
});

test("select tests one element of an array", () => {
  const query = { equals: { value: "x" } };
  checkBoth({ select: { field: "a", index: 0, query } }, { a: ["x"] }, true);
  checkBoth({ select: { field: "a", index: 1, query } }, { a: ["x"] }, false);
  checkBoth({ select: { field: "a", index: -1, query } }, { a: ["w", "x"] }, true);
  checkBoth({ select: { field: "a", index: -3, query } }, { a: ["w", "x"] }, false);
  checkBoth({ select: { field: "a", index: 0, query } }, { a: "x" }, false);
  checkBoth({ select: { field: "a", index: 0, query } }, {}, false);
  const inner = { not: { range: { "value.b": { gt: 1 } } } };
  checkBoth({ select: { field: "a", index: 0, query: inner } }, { a: [{ b: 1 }] }, true);
  checkBoth({ select: { field: "a", index: 0, query: inner } }, { a: [] }, false);
  checkBoth({ select: { field: "a", index: 0, query: { exists: "_id" } } }, { a: [1] }, false, "x");
});

test("nothing never matches, and its negation always does", () => {
  checkBoth({ nothing: {} }, { a: 1 }, false);
  checkBoth({ nothing: "whatever" }, {}, false);
  checkBoth({ or: [{ nothing: 1 }, { equals: { a: 1 } }] }, { a: 1 }, true);
  checkBoth({ and: [{ nothing: 1 }, { equals: { a: 1 } }] }, { a: 1 }, false);
});

test("operators combine", () => {
  const [yes, no] = [{ equals: { a: 1 } }, { equals: { a: 2 } }];
  const document = { a: 1 };
  checkBoth({ and: [yes, yes] }, document, true);
  checkBoth({ and: [yes, no] }, document, false);
  checkBoth({ or: [no, yes] }, document, true);
  checkBoth({ or: [no, no] }, document, false);
  checkBoth({ not: { and: [yes, no] } }, document, true);
  checkBoth({ bool: { must: [yes], must_not: [no], should: [no, yes], should_not: [yes, no] } }, document, true);
  checkBoth({ bool: { must: yes } }, document, true);
  checkBoth({ bool: { must: [], should: [yes] } }, document, true);
  checkBoth({ bool: { must: [yes, no] } }, document, false);
  checkBoth({ bool: { must_not: [no, yes] } }, document, false);
  checkBoth({ bool: { should: [no, no] } }, document, false);
  checkBoth({ bool: { should_not: [yes, yes] } }, document, false);
  checkBoth({ bool: { must: null, must_not: 0, should: [yes] } }, document, true);
});

const near = { geoDistance: { p: [48.85, 2.35], distance: "10 km" } };

test("a negated geo clause matches missing and falsy values, not what is no point", () => {
  check(near, { p: [48.86, 2.36] }, true);
  check({ not: near }, { p: [48.86, 2.36] }, false);
  check({ not: near }, { p: [40, 2.36] }, true);
  for (const document of [{}, { p: null }, { p: "" }, { p: 0 }]) {
    check(near, document, false);
    check({ not: near }, document, true);
  }
  for (const document of [{ p: "nowhere" }, { p: {} }, { p: [1, 2, 3] }, { p: { lat: 95, lon: 0 } }]) {
    check(near, document, false);
    check({ not: near }, document, false);
    check({ not: { not: near } }, document, false);
  }
});

test("geo clauses on two fields, one of them unreadable, do not disturb each other", () => {
  const other = { geoBoundingBox: { q: { top: 10, left: 0, bottom: 0, right: 10 } } };
  checkBoth({ and: [near, other] }, { p: [48.85, 2.35], q: "5, 5" }, true);
  check({ or: [near, other] }, { p: "nowhere", q: { lat: 5, lon: 5 } }, true);
});

test("the three boxes of the table read alike, borders included", () => {
  for (const box of [
    { top: 10, left: "0", bottom: 0, right: "20.0" },
    { topLeft: [10, 0], bottomRight: { lat: 0, lon: 20 } },
    { top_left: "10, 0", bottom_right: [0, "20"] },
  ]) {
    const filter = { geoBoundingBox: { p: box } };
    for (const p of [
      [5, 5],
      [10, 0],
      [0, 20],
      [10, 20],
    ])
      checkBoth(filter, { p }, true);
    for (const p of [
      [10.001, 5],
      [5, -0.001],
    ])
      checkBoth(filter, { p }, false);
  }
});

test("distances are those on the sphere", () => {
  const degree = 111_319.49;
  const at = (distance: string): object => ({ geoDistance: { p: [0, 0], distance } });
  checkBoth(at(`${degree + 1}m`), { p: [1, 0] }, true);
  checkBoth(at(`${degree - 1}m`), { p: [1, 0] }, false);
  checkBoth(at("0 m"), { p: [0, 0] }, true);
  checkBoth(at("1,2 kilometers"), { p: [0.01, 0] }, true);
  const between = { geoDistanceRange: { p: [0, 0], from: "100 km", to: "120 km" } };
  checkBoth(between, { p: [1, 0] }, true);
  checkBoth(between, { p: [0.5, 0] }, false);
  checkBoth(between, { p: [0, 1.2] }, false);
});

test("circles reach over the antimeridian and around a pole", () => {
  checkBoth({ geoDistance: { p: [0, 179.9], distance: "50 km" } }, { p: [0, -179.9] }, true);
  checkBoth({ geoDistance: { p: [89.9, 0], distance: "50 km" } }, { p: [89.9, 180] }, true);
  checkBoth({ geoDistance: { p: [0, 0], distance: "21000 km" } }, { p: [0, 180] }, true);
});

test("polygons close themselves, include their borders, and take any winding", () => {
  const square = [[0, 0], "0, 10", { lat: 10, lon: 10 }, { latLon: [10, 0] }];
  for (const points of [square, square.toReversed(), [...square, square[0]]]) {
    const filter = { geoPolygon: { p: { points } } };
    for (const p of [
      [5, 5],
      [0, 5],
      [10, 10],
      [5, 0],
      [0, 0],
    ])
      checkBoth(filter, { p }, true);
    for (const p of [
      [5, 10.1],
      [-0.1, 5],
      [11, 11],
    ])
      checkBoth(filter, { p }, false);
  }
  const dart = {
    geoPolygon: {
      p: {
        points: [
          [0, 0],
          [10, 5],
          [0, 10],
          [3, 5],
        ],
      },
    },
  };
  checkBoth(dart, { p: [1, 5] }, false);
  checkBoth(dart, { p: [5, 5] }, true);
});

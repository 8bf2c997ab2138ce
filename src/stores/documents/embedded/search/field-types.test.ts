import assert from "node:assert/strict";
import { test } from "node:test";
import type { JSONObject } from "../../../../kernel/index.ts";
import { parseMappings } from "../../mapping/parse-mappings.ts";
import type { CollectionIndex } from "./collection-index.ts";
import { finish, indexOf } from "./people-fixture.ts";

const typed = (properties: JSONObject, documents: readonly JSONObject[]): CollectionIndex =>
  indexOf(documents, parseMappings({ properties }));

function search(index: CollectionIndex, body: JSONObject) {
  return finish(index.search({ body, from: 0, size: 50, now: 0 }));
}

const found = (index: CollectionIndex, query: JSONObject): string[] =>
  search(index, { query })
    .hits.map(({ id }) => id)
    .sort();

test("ranges are found by how they lie to another range, and by a point", () => {
  const index = typed({ r: { type: "integer_range" } }, [
    { r: { gte: 1, lt: 5 } },
    { r: { gt: 5, lte: 9 } },
    { r: [{ lte: 0 }, { gte: 20, lte: 30 }] },
    { r: null },
  ]);
  const related = (relation: string, gte: number, lte: number) =>
    found(index, { range: { r: { gte, lte, relation } } });
  assert.deepEqual(related("intersects", 4, 6), ["d0", "d1"]);
  assert.deepEqual(related("within", 1, 9), ["d0", "d1"]);
  assert.deepEqual(related("within", 1, 8), ["d0"]);
  assert.deepEqual(related("contains", 22, 25), ["d2"]);
  assert.deepEqual(found(index, { term: { r: 5 } }), []);
  assert.deepEqual(found(index, { term: { r: -100 } }), ["d2"]);
  assert.deepEqual(found(index, { exists: { field: "r" } }), ["d0", "d1", "d2"]);
  assert.deepEqual(found(index, { terms: { r: [4, 6] } }), ["d0", "d1"]);
  assert.throws(() => found(index, { range: { r: { gte: 1, relation: "disjoint" } } }), /relation/);
});

test("ranges of dates and addresses take dates of any part, date math and networks", () => {
  const index = typed({ d: { type: "date_range", format: "yyyy-MM-dd||yyyy-MM" }, ip: { type: "ip_range" } }, [
    { d: { gte: "2020-01-01", lte: "2020-01" }, ip: "10.0.0.0/24" },
    { d: { gt: "2020-03-01" }, ip: { gte: "10.0.1.0", lt: "10.0.2.0" } },
  ]);
  assert.deepEqual(found(index, { term: { d: "2020-01-01" } }), ["d0"]);
  assert.deepEqual(found(index, { range: { d: { gte: "2020-03-01||/M", lt: "2020-03-03" } } }), ["d1"]);
  assert.deepEqual(found(index, { term: { ip: "10.0.0.255" } }), ["d0"]);
  assert.deepEqual(found(index, { term: { ip: "10.0.2.0" } }), []);
});

test("histograms count a document in each bucket that its ranges touch, and refuse those without end", () => {
  const index = typed({ r: { type: "integer_range" } }, [{ r: { gte: 1, lte: 5 } }, { r: [{ gte: 4, lt: 6 }] }]);
  const { aggregations } = search(index, {
    size: 0,
    aggs: { h: { histogram: { field: "r", interval: 3 } }, c: { value_count: { field: "r" } } },
  });
  assert.deepEqual(aggregations, {
    h: {
      buckets: [
        { key: 0, doc_count: 1 },
        { key: 3, doc_count: 2 },
      ],
    },
    c: { value: 2 },
  });
  const open = typed({ r: { type: "double_range" } }, [{ r: { gte: 1 } }]);
  assert.throws(() => search(open, { aggs: { h: { histogram: { field: "r", interval: 1 } } } }), /hard_bounds/);
  assert.throws(() => search(open, { aggs: { t: { terms: { field: "r" } } } }), /double_range/);
});

test("a flattened object is searched, sorted and grouped by its keys, and by any of its values", () => {
  const index = typed({ f: { type: "flattened" } }, [
    { f: { status: "open", tags: ["x", "y"], deep: { n: 3 } } },
    { f: { status: "closed", tags: "x" } },
    { f: { other: "open" } },
    { f: null },
  ]);
  assert.deepEqual(found(index, { term: { "f.status": "open" } }), ["d0"]);
  assert.deepEqual(found(index, { term: { f: "open" } }), ["d0", "d2"]);
  assert.deepEqual(found(index, { term: { "f.deep.n": 3 } }), ["d0"]);
  assert.deepEqual(found(index, { prefix: { "f.status": "cl" } }), ["d1"]);
  assert.deepEqual(found(index, { range: { "f.tags": { gt: "x", lte: "z" } } }), ["d0"]);
  assert.deepEqual(found(index, { exists: { field: "f.tags" } }), ["d0", "d1"]);
  assert.deepEqual(found(index, { exists: { field: "f" } }), ["d0", "d1", "d2"]);
  assert.deepEqual(found(index, { exists: { field: "f.deep" } }), []);
  const { hits, aggregations } = search(index, {
    sort: [{ "f.status": "desc" }],
    aggs: { tags: { terms: { field: "f.tags" } } },
  });
  assert.deepEqual(
    hits.slice(0, 2).map(({ sort }) => sort),
    [["open"], ["closed"]],
  );
  const buckets = [
    { key: "x", doc_count: 2 },
    { key: "y", doc_count: 1 },
  ];
  assert.deepEqual(aggregations?.tags, { doc_count_error_upper_bound: 0, sum_other_doc_count: 0, buckets });
});

test("the keys of a flattened object follow the documents that come and go", () => {
  const index = typed({ f: { type: "flattened" } }, [{ f: { a: "1" } }]);
  assert.deepEqual(found(index, { term: { "f.a": "2" } }), []);
  index.add(50, "d9", { f: { a: ["2", "1"] } });
  assert.deepEqual(found(index, { term: { "f.a": "2" } }), ["d9"]);
  assert.deepEqual(found(index, { term: { "f.a": "1" } }), ["d0", "d9"]);
  index.remove(50);
  assert.deepEqual(found(index, { term: { "f.a": "2" } }), []);
});

test("versions are in the order of their numbers, with pre-releases before their release", () => {
  const ordered = ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0", "1.2.0", "1.10.0", "2.0"];
  const index = typed(
    { v: { type: "version" } },
    ordered.toReversed().map((v) => ({ v })),
  );
  const { hits } = search(index, { sort: ["v"] });
  assert.deepEqual(
    hits.map(({ sort }) => sort?.[0]),
    ordered,
  );
  assert.deepEqual(found(index, { range: { v: { gte: "1.0.0", lt: "1.10.0" } } }), ["d2", "d3"]);
  assert.deepEqual(found(index, { term: { v: "2.0" } }), ["d0"]);
});

test("a constant keyword is the value of every document, and a wildcard field is found by its pieces", () => {
  const index = typed({ c: { type: "constant_keyword", value: "prod" }, w: { type: "wildcard" } }, [
    { w: "/var/log/app.log" },
    { w: ["/tmp/x", "/tmp/y"], c: "prod" },
  ]);
  assert.deepEqual(found(index, { term: { c: "prod" } }), ["d0", "d1"]);
  assert.deepEqual(found(index, { exists: { field: "c" } }), ["d0", "d1"]);
  assert.deepEqual(found(index, { term: { c: "test" } }), []);
  assert.deepEqual(found(index, { wildcard: { w: "*log*" } }), ["d0"]);
  assert.equal(search(index, { query: { term: { w: "/tmp/x" } } }).hits[0]?.score, 1);
});

test("nested values that are included outside are found there too, and copies reach outer objects", () => {
  const nested = {
    type: "nested",
    include_in_root: true,
    properties: { k: { type: "keyword", copy_to: "outer" }, i: { type: "integer" } },
  };
  const index = typed({ n: nested, outer: { type: "keyword" } }, [
    {
      n: [
        { k: "a", i: 1 },
        { k: "b", i: 2 },
      ],
    },
    { n: { k: "a", i: 2 } },
  ]);
  const both = [{ term: { "n.k": "a" } }, { term: { "n.i": 2 } }];
  assert.deepEqual(found(index, { bool: { filter: both } }), ["d0", "d1"]);
  assert.deepEqual(found(index, { nested: { path: "n", query: { bool: { filter: both } } } }), ["d1"]);
  assert.deepEqual(found(index, { term: { outer: "b" } }), ["d0"]);
});

test("a field's boost counts, a boolean similarity does not weigh, and what is not indexed cannot be searched", () => {
  const index = typed(
    {
      b: { type: "keyword", similarity: "boolean", boost: 3 },
      t: { type: "text", similarity: "boolean" },
      x: { type: "keyword", index: false },
    },
    [{ b: "v", t: "one two one", x: "v" }, { b: "w" }],
  );
  const scoreOf = (query: JSONObject) => search(index, { query }).hits[0]?.score;
  assert.equal(scoreOf({ term: { b: "v" } }), 3);
  assert.equal(scoreOf({ match: { t: "one" } }), 1);
  assert.equal(scoreOf({ match_phrase: { t: "one two" } }), 1);
  assert.throws(() => found(index, { term: { x: "v" } }), /"index": false/);
  assert.deepEqual(found(index, { exists: { field: "x" } }), ["d0"]);
});

test("dates in nanoseconds are sorted by these", () => {
  const index = typed({ d: { type: "date_nanos" } }, [{ d: "2020-01-02T03:04:05.006Z" }, { d: "2019-01-01" }]);
  const { hits } = search(index, { sort: ["d"], query: { range: { d: { gte: "2019" } } } });
  assert.deepEqual(
    hits.map(({ sort }) => sort?.[0]),
    [1_546_300_800_000_000_000, 1_577_934_245_006_000_000],
  );
});

test("bounds of scaled numbers are multiplied by their digits, so that prices lie within themselves", () => {
  const prices = [0.29, 1.1, 1.12, 4.35, 8.2, 16.08, 19.99, 64.1, 79.99, 1234.56];
  const index = typed(
    { cents: { type: "scaled_float", scaling_factor: 100 } },
    prices.map((cents) => ({ cents })),
  );
  for (const [i, price] of prices.entries()) {
    assert.deepEqual(found(index, { range: { cents: { gte: price, lte: String(price) } } }), [`d${i}`], String(price));
    assert.deepEqual(found(index, { term: { cents: price } }), [`d${i}`]);
    assert.equal(found(index, { range: { cents: { gt: price } } }).length, prices.length - 1 - i);
    assert.equal(found(index, { range: { cents: { lt: price } } }).length, i);
    assert.deepEqual(found(index, { range: { cents: { gte: `${price}d`, lte: ` ${price}` } } }), [`d${i}`]);
  }
  // Written it is 1, for 1.005 times 100 is a little less than 100.5; sought it is 1.01.
  const rounded = typed({ cents: { type: "scaled_float", scaling_factor: 100 } }, [{ cents: 1.005 }]);
  assert.deepEqual(found(rounded, { term: { cents: 1.005 } }), []);
  assert.deepEqual(found(rounded, { term: { cents: 1 } }), ["d0"]);
});

test("an empty text in a field of numbers is what null stands for, and in a field of completions nothing", () => {
  const index = typed({ n: { type: "long", null_value: 7 }, o: { type: "long" }, c: { type: "completion" } }, [
    { n: "", o: "", c: "" },
    { n: null, c: { weight: 3 } },
    { n: 8, c: { input: ["a", ""] } },
  ]);
  assert.deepEqual(found(index, { term: { n: 7 } }), ["d0", "d1"]);
  assert.deepEqual(found(index, { exists: { field: "o" } }), []);
  assert.deepEqual(found(index, { exists: { field: "c" } }), ["d2"]);
});

test("keywords may cut the texts of full-text searches at white space, and keep their values whole", () => {
  const index = typed(
    { k: { type: "keyword", split_queries_on_whitespace: true, normalizer: "lowercase" }, whole: { type: "keyword" } },
    ["a", "b c", "B", "c"].map((k) => ({ k, whole: k })),
  );
  assert.deepEqual(found(index, { match: { k: "b  C" } }), ["d2", "d3"]);
  assert.deepEqual(found(index, { match: { k: { query: "b c", operator: "and" } } }), []);
  assert.deepEqual(found(index, { multi_match: { query: "a b", fields: ["k", "whole"] } }), ["d0", "d2"]);
  assert.deepEqual(found(index, { query_string: { query: "b c", fields: ["k"] } }), ["d2", "d3"]);
  assert.deepEqual(found(index, { match: { whole: "b c" } }), ["d1"]);
  assert.deepEqual(found(index, { term: { k: "b c" } }), ["d1"]);
  assert.deepEqual(found(index, { match: { k: " " } }), []);
  assert.deepEqual(found(index, { match: { k: { query: " ", zero_terms_query: "all" } } }).length, 4);
  assert.throws(() => found(index, { match_phrase: { k: "b c" } }), /has no positions/);
});

test("a keyword is completed by bool_prefix, and compared with the words of an analyzer that is asked for", () => {
  const index = typed({ k: { type: "keyword" }, n: { type: "long" } }, [
    { k: "b", n: 1 },
    { k: "b c", n: 12 },
    { k: "bc" },
    { k: "b cd" },
    { k: "c" },
  ]);
  const every = ["d0", "d1", "d2", "d3"];
  assert.deepEqual(found(index, { match_bool_prefix: { k: "b" } }), every);
  assert.deepEqual(found(index, { match_bool_prefix: { k: "b c" } }), ["d1", "d3"]);
  assert.deepEqual(found(index, { multi_match: { query: "b", type: "bool_prefix", fields: ["k"] } }), every);
  assert.deepEqual(found(index, { match_bool_prefix: { n: 1 } }), ["d0"]);
  assert.deepEqual(found(index, { match: { k: { query: "b c", analyzer: "standard" } } }), ["d0", "d4"]);
});

test("infinity is a number that no whole number is; as a bound it is refused", () => {
  const index = typed({ b: { type: "byte" }, l: { type: "long" }, d: { type: "double" } }, [{ b: 1, l: 2, d: 3 }]);
  for (const field of ["b", "l"]) {
    assert.deepEqual(found(index, { match: { [field]: "Infinity" } }), []);
    assert.deepEqual(found(index, { terms: { [field]: ["-Infinity", "NaN", 1, 2] } }), ["d0"]);
    assert.throws(() => found(index, { range: { [field]: { gte: "Infinity" } } }), /not a number of type/);
  }
  assert.throws(() => found(index, { term: { d: "Infinity" } }), /not a number of type double/);
});

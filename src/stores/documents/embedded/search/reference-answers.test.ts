/** What tests/long/reference found to be so in the reference engine, and would not go without saying. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { JSONObject } from "../../../../kernel/index.ts";
import { parseMappings } from "../../mapping/parse-mappings.ts";

import { finish } from "./people-fixture.ts";
import { TwinIndex } from "./twin-index.ts";

const settings = {
  analysis: { normalizer: { folded: { type: "custom", filter: ["lowercase", "asciifolding"] } } },
};
const mappings = parseMappings(
  {
    properties: {
      k: { type: "keyword" },
      kn: { type: "keyword", normalizer: "folded" },
      t: { type: "text" },
      u: { type: "text" },
      i: { type: "integer" },
      d: { type: "double" },
      bool: { type: "boolean" },
      at: { type: "date" },
      ip: { type: "ip" },
      g: { type: "geo_point" },
      n: { type: "nested", properties: { i: { type: "integer" } } },
    },
  },
  settings,
);

function open(documents: readonly JSONObject[]) {
  const index = new TwinIndex(mappings, settings);
  for (const [i, document] of documents.entries()) index.add(i, `d${i}`, document);
  return Object.assign((body: JSONObject) => finish(index.search({ body, from: 0, size: 10, now: 0 })), { index });
}

const ids = (found: { readonly hits: readonly { readonly id: string }[] }): string =>
  found.hits.map((hit) => hit.id).join(" ");

test("all documents are counted without those removed, and the first of them are answered", () => {
  const search = open([{ k: "a" }, { k: "b" }, { k: "c" }]);
  search.index.remove(0);
  for (const body of [{}, { query: {} }, { query: { match_all: { boost: 2 } } }]) {
    const found = search(body);
    assert.equal(found.total, 2);
    assert.equal(ids(found), "d1 d2");
    assert.equal(found.hits[0]?.score, "query" in body && "match_all" in body.query ? 2 : 1);
  }
});

test("filters count all and answer the first, with the one score that all have", () => {
  const search = open([{ i: 1 }, { i: 5 }, { i: 7 }]);
  const range = { range: { i: { gt: 2 } } };
  assert.deepEqual(
    [range, { constant_score: { filter: range, boost: 3 } }, { bool: { filter: range } }].map((query) => {
      const { total, hits } = search({ query });
      return [total, ids({ hits }), hits[0]?.score];
    }),
    [
      [2, "d1 d2", 1],
      [2, "d1 d2", 3],
      [2, "d1 d2", 0],
    ],
  );
  assert.equal(search({ query: range, min_score: 2 }).total, 0);
});

test("a flag is as rare as the documents that have it, wherever it stands in their arrays", () => {
  const search = open([{ bool: [false, true] }, { bool: false }, { bool: true }, { i: 1 }]);
  const [first] = search({ query: { term: { bool: true } } }).hits;
  const idf = Math.log(1 + (3 - 2 + 0.5) / 2.5);
  const expected = (2.2 * idf) / (1 + 1.2 * (0.25 + (0.75 * 1) / (4 / 3)));
  assert.ok(Math.abs(Number(first?.score) - expected) < 1e-6, `${first?.score} is not ${expected}`);
});

test("an address does not weigh anything, and pages go on behind it", () => {
  const search = open([{ ip: "10.0.0.2" }, { ip: "10.0.0.1" }, { ip: "::1" }]);
  assert.equal(search({ query: { term: { ip: "10.0.0.1" } } }).hits[0]?.score, 1);
  const sort = [{ ip: "asc" }];
  const [, second] = search({ sort }).hits;
  assert.deepEqual(second?.sort, ["10.0.0.1"]);
  assert.equal(ids(search({ sort, search_after: second?.sort })), "d0");
});

test("a minimum of optional clauses without any matches nothing, unless nothing else is to match", () => {
  const search = open([{ k: "a" }, { k: "b" }]);
  const a = { term: { k: "a" } };
  assert.equal(search({ query: { bool: { must: a, minimum_should_match: 1 } } }).total, 0);
  assert.equal(ids(search({ query: { bool: { must_not: a, minimum_should_match: 1 } } })), "d1");
});

test("normalizers apply to terms and prefixes in any case, but not to what stands in for missing values", () => {
  const search = open([{ kn: "Été" }, {}]);
  assert.equal(search({ query: { term: { kn: { value: "ÉTÉ", case_insensitive: true } } } }).total, 1);
  assert.equal(search({ query: { prefix: { kn: { value: "É", case_insensitive: true } } } }).total, 1);
  const { aggregations } = search({ aggs: { a: { terms: { field: "kn", missing: "N/A" } } } });
  assert.deepEqual(aggregations?.a, {
    doc_count_error_upper_bound: 0,
    sum_other_doc_count: 0,
    buckets: [
      { key: "N/A", doc_count: 1 },
      { key: "ete", doc_count: 1 },
    ],
  });
});

test("regular expressions may exclude and intersect at their top", () => {
  const search = open(["red", "green", "amber", "ash"].map((k) => ({ k })));
  const regexp = (value: string): string => ids(search({ query: { regexp: { k: value } } }));
  assert.equal(regexp("~(red|green)"), "d2 d3");
  assert.equal(regexp("a.*&.*r"), "d2");
  assert.equal(regexp("(a.*&~(.*h))|red"), "d0 d2");
  assert.equal(regexp("a.*&~(.*h)|red"), "d0 d2");
  assert.throws(() => regexp("a~(b)"), { status: 400 });
});

test("a phrase with slop does not take one word for two of its places", () => {
  const search = open([{ t: "oak and of" }, { t: "of oak" }, { t: "of of" }]);
  const query = { match_phrase_prefix: { t: { query: "of o", slop: 1 } } };
  assert.equal(ids(search({ query, sort: ["_doc"] })), "d1 d2");
});

test("the beginning of a single word is scored as the words that it stands for", () => {
  const search = open([{ t: "pine" }, { t: "pink pine" }, { t: "oak" }]);
  const scores = search({ query: { match_phrase_prefix: { t: "pi" } } }).hits.map((hit) => hit.score);
  assert.equal(scores.length, 2);
  assert.notEqual(scores[0], scores[1]);
  assert.throws(() => search({ query: { match_phrase_prefix: { k: "pi" } } }), { status: 400 });
});

test("a function alone is no average, and a minimum score does not change the score", () => {
  const search = open([{ t: "oak fir" }, { t: "oak" }]);
  const alone = { function_score: { query: { match_all: {} }, functions: [{ weight: 0.5 }], score_mode: "avg" } };
  assert.equal(search({ query: alone }).hits[0]?.score, 0.5);
  const positive = { term: { t: "oak" } };
  const boosting = { boosting: { positive, negative: { term: { t: "fir" } }, negative_boost: 0.3 } };
  const scored = { function_score: { query: boosting, functions: [{ weight: 2 }] } };
  const limited = { function_score: { ...scored.function_score, min_score: 0.001 } };
  assert.deepEqual(search({ query: limited }).hits, search({ query: scored }).hits);
});

test("averages of whole numbers are whole, and those of nested objects go over all values", () => {
  const search = open([{ i: [1, 2], n: [{ i: [1, 2, 3] }, { i: 10 }] }, { i: 3 }]);
  const sorts = (sort: JSONObject): readonly unknown[] => search({ sort: [sort] }).hits.map((hit) => hit.sort?.[0]);
  assert.deepEqual(sorts({ i: { order: "asc", mode: "avg" } }), [2, 3]);
  assert.deepEqual(sorts({ "n.i": { order: "asc", mode: "avg", nested: { path: "n" } } }), [4, null]);
  assert.throws(() => sorts({ "n.i": { mode: "median", nested: { path: "n" } } }), { status: 400 });
});

test("buckets of fixed length follow each other over a change of clocks", () => {
  const search = open([{ at: "2021-01-10" }, { at: "2021-12-20" }]);
  const histogram = { field: "at", fixed_interval: "30d", time_zone: "America/New_York" };
  const { a } = search({ aggs: { a: { date_histogram: histogram } } }).aggregations as { a: { buckets: JSONObject[] } };
  assert.equal(a.buckets.length, 12);
  assert.deepEqual(
    a.buckets.slice(2, 4).map((bucket) => bucket.key_as_string),
    ["2021-03-04T00:00:00.000-05:00", "2021-04-03T00:00:00.000-04:00"],
  );
});

test("names of numeric buckets have a decimal point, and each point of a document falls into its own ring", () => {
  const search = open([{ d: 7, g: ["43.6,3.9", "44.6,3.9"] }]);
  const {
    a,
    g = {},
    s = {},
  } = search({
    aggs: {
      a: { histogram: { field: "d", interval: 5, keyed: true } },
      g: { geo_distance: { field: "g", origin: "43.6,3.9", unit: "km", ranges: [{ to: 50 }, { from: 50 }] } },
      s: { extended_stats: { field: "d" } },
    },
  }).aggregations as Record<string, JSONObject>;
  assert.deepEqual(a, { buckets: { "5.0": { key: 5, doc_count: 1 } } });
  assert.deepEqual(
    (g.buckets as JSONObject[]).map((bucket) => bucket.doc_count),
    [1, 1],
  );
  assert.equal(s.variance_sampling, "NaN");
});

test("terms that are ordered by rarity say that their error is not known where there are many", () => {
  const search = open(Array.from({ length: 30 }, (_, i) => ({ k: `k${i}` })));
  const error = (order: JSONObject): unknown => {
    const { aggregations = {} } = search({ aggs: { a: { terms: { field: "k", size: 3, order } } } });
    return (aggregations.a as JSONObject).doc_count_error_upper_bound;
  };
  assert.equal(error({ _count: "desc" }), 0);
  assert.equal(error({ _key: "desc" }), 0);
  assert.equal(error({ _count: "asc" }), -1);
});

test("highlights mark what was looked for in several fields", () => {
  const source = { t: "oak and fir", u: "a fir" };
  const search = open([source]);
  const body = { query: { multi_match: { query: "fir", fields: ["t", "u"] } }, highlight: { fields: { "*": {} } } };
  const request = { body, from: 0, size: 10, now: 0, fetch: () => source };
  const [hit] = finish(search.index.search(request)).hits;
  assert.deepEqual(hit?.highlight, { t: ["oak and <em>fir</em>"], u: ["a <em>fir</em>"] });
});

test("a geohash stands for the south-west corner of its cell", () => {
  const search = open([{ g: "u" }]);
  const corner = { geo_distance: { distance: "1km", g: { lat: 45, lon: 0 } } };
  assert.equal(search({ query: corner }).total, 1);
});

test("buckets without numbers come where the highest of nothing belongs", () => {
  const search = open([{ k: "none" }, { k: "some", i: 3 }]);
  const keys = (path: string): string => {
    const aggs = { s: { stats: { field: "i" } }, m: { max: { field: "i" } } };
    const { aggregations = {} } = search({ aggs: { a: { terms: { field: "k", order: { [path]: "asc" } }, aggs } } });
    return (aggregations.a as { buckets: JSONObject[] }).buckets.map((bucket) => bucket.key).join(" ");
  };
  assert.equal(keys("s.max"), "none some");
  assert.equal(keys("m"), "none some");
  assert.equal(keys("s.min"), "some none");
  assert.equal(keys("s.avg"), "some none");
});

test("a function's minimum score leaves no trace of what it drops in the scores of others", () => {
  const search = open([{ t: "oak" }]);
  const dropped = { function_score: { query: { term: { t: "oak" } }, functions: [{ weight: 2 }], min_score: 100 } };
  const queries = [dropped, { term: { t: "oak" } }];
  const alone = search({ query: { term: { t: "oak" } } }).hits[0]?.score;
  assert.equal(search({ query: { dis_max: { queries, tie_breaker: 0.5 } } }).hits[0]?.score, alone);
});

test("the boost of a function score is one of its query, before functions are added", () => {
  const search = open([{ i: 1 }]);
  const query = {
    function_score: { query: { exists: { field: "i" } }, functions: [{ weight: 5 }], boost_mode: "sum", boost: 3 },
  };
  assert.equal(search({ query }).hits[0]?.score, 8);
});

test("required words leave nothing for a minimum number of optional ones", () => {
  const search = open([{ t: "oak fir" }]);
  const found = (query: string, minimum: unknown): number =>
    search({ query: { match: { t: { query, operator: "and", minimum_should_match: minimum } } } }).total;
  assert.equal(found("oak fir", 1), 0);
  assert.equal(found("oak fir", "75%"), 1);
  assert.equal(found("oak", 1), 1);
});

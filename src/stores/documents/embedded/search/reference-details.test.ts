/** Details of clauses and sorts that tests/long/reference found to be so in the reference engine. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { JSONObject } from "../../../../kernel/index.ts";
import { parseMappings } from "../../mapping/parse-mappings.ts";
import { finish } from "./people-fixture.ts";
import { TwinIndex } from "./twin-index.ts";

const settings = {
  analysis: {
    normalizer: { folded: { type: "custom", filter: ["lowercase", "asciifolding"] } },
    analyzer: { stopped: { type: "standard", stopwords: ["the", "of"] } },
  },
};
const mappings = parseMappings(
  {
    properties: {
      k: { type: "keyword" },
      kn: { type: "keyword", normalizer: "folded" },
      t: { type: "text", fields: { ws: { type: "text", analyzer: "whitespace" } } },
      s: { type: "text", analyzer: "stopped" },
      i: { type: "integer" },
      f: { type: "float" },
      sf: { type: "scaled_float", scaling_factor: 100 },
      o: { properties: { i: { type: "integer" }, named: { type: "alias", path: "i" } } },
      n: {
        type: "nested",
        properties: {
          k: { type: "keyword" },
          i: { type: "integer" },
          m: { type: "nested", properties: { i: { type: "integer" } } },
        },
      },
    },
  },
  settings,
);

/** Searches the documents, `d0` and so on; answers the ids that were found. */
function open(documents: readonly JSONObject[]) {
  const index = new TwinIndex(mappings, settings);
  for (const [i, document] of documents.entries()) index.add(i, `d${i}`, document);
  const search = (body: JSONObject) => finish(index.search({ body, from: 0, size: 10, now: 0 }));
  return {
    search,
    ids: (body: JSONObject): string =>
      search(body)
        .hits.map(({ id }) => id)
        .join(" "),
  };
}

test("a regular expression is normalised as the keywords are that it is compared with", () => {
  const { ids } = open([{ kn: "Été" }, { kn: "tag1" }, { kn: "hiver" }]);
  assert.equal(ids({ query: { regexp: { kn: "(été|TAG1)" } } }), "d0 d1");
});

test("without regard to case means the case of ASCII letters", () => {
  const { ids } = open([{ k: "Ångström" }, { k: "ÅNGSTRÖM" }, { k: "åNGström" }]);
  assert.equal(ids({ query: { term: { k: { value: "ÅNGstrÖM", case_insensitive: true } } } }), "d1");
  assert.equal(ids({ query: { prefix: { k: { value: "Ång", case_insensitive: true } } } }), "d0 d1");
  assert.equal(ids({ query: { wildcard: { k: { value: "Å*TRö?", case_insensitive: true } } } }), "d0");
});

test("what is typed last is a beginning, unless something follows it", () => {
  const { ids } = open([{ t: "oaken door" }, { t: "oak" }]);
  assert.equal(ids({ query: { match_bool_prefix: { t: "oak" } } }), "d0 d1");
  assert.equal(ids({ query: { match_bool_prefix: { t: "oak " } } }), "d1");
  assert.equal(ids({ query: { match_bool_prefix: { t: "door oak?" } } }), "d1 d0");
});

test("ranges and patterns of query strings are in lower case where the terms of the field are", () => {
  const { ids } = open([{ t: "Aspen" }, { t: "Zebra" }]);
  assert.equal(ids({ query: { query_string: { query: 't:[* TO "Cedar"]' } } }), "d0");
  assert.equal(ids({ query: { query_string: { query: "t:ASP*" } } }), "d0");
  assert.equal(ids({ query: { query_string: { query: "t.ws:Asp*" } } }), "d0");
  assert.equal(ids({ query: { query_string: { query: "t.ws:asp*" } } }), "");
});

test("parts of a query string that an analyzer drops are as if they had not been written", () => {
  const { ids } = open([
    { s: "larch Straße", t: "larch" },
    { s: "larch the", t: "the" },
  ]);
  const found = (query: string, more: JSONObject = {}): string =>
    ids({ query: { query_string: { query, fields: ["s"], default_operator: "AND", ...more } }, sort: ["_doc"] });
  assert.equal(found("the^2 Straße"), "d0");
  assert.equal(found("the larch"), "d0 d1");
  assert.equal(found('"of the" Straße'), "d0");
  assert.equal(found("(the) AND Straße"), "d0");
  assert.equal(found("larch AND NOT the"), "d0 d1");
  assert.equal(found("the"), "");
  assert.equal(found("the", { fields: ["t", "s"] }), "d1");
  const simple = { query: "the Straße", fields: ["s"], default_operator: "and" };
  assert.equal(ids({ query: { simple_query_string: simple } }), "d0");
});

test("beginnings in a query string are analyzed when that is asked for", () => {
  const { ids } = open([{ t: "日本語" }, { t: "日曜" }, { t: "larch" }]);
  const found = (query: string, analyze_wildcard: boolean, default_operator = "OR"): string =>
    ids({ query: { query_string: { query, default_field: "t", analyze_wildcard, default_operator } }, sort: ["_doc"] });
  assert.equal(found("日本*", true), "d0 d1");
  assert.equal(found("日本*", true, "AND"), "d0");
  assert.equal(found("日本*", false), "");
  assert.equal(found("LAR*", true), "d2");
  assert.equal(found("l?r*", true), "d2");
});

test("floats are sorted by 32 bits, and so is what stands in for missing ones", () => {
  const { ids } = open([{ f: -3.524, i: 1 }, { i: 3 }, { f: [0.1, 0.3], i: 1 }, { f: 0.2, i: 2 }]);
  const sort = [{ f: { order: "desc", missing: -3.524, mode: "avg" } }, { i: "desc" }];
  assert.equal(ids({ sort }), "d3 d2 d1 d0");
  assert.equal(ids({ sort, search_after: [0.2, 2] }), "d2 d1 d0");
});

test("of the terms that are shorter than their edits are many, the closest are found first", () => {
  const { ids } = open([{ k: "b" }, { k: "tx" }, { k: "xh" }, { k: "the" }]);
  const found = (max_expansions: number): string =>
    ids({ query: { fuzzy: { k: { value: "th", fuzziness: 2, max_expansions } } }, sort: ["_doc"] });
  assert.equal(found(3), "d1 d2 d3");
  assert.equal(found(4), "d0 d1 d2 d3");
});

test("a decay looks at the nearest of several values, the farthest, or all of them", () => {
  const { search } = open([{ i: [10, 40] }]);
  const score = (mode: string): number => {
    const linear = { i: { origin: 0, scale: 100, offset: 10, decay: 0.5 }, multi_value_mode: mode };
    const score = search({ query: { function_score: { linear } } }).hits[0]?.score ?? 0;
    return Math.round(score * 1_000) / 1_000;
  };
  assert.deepEqual(["min", "max", "avg", "sum"].map(score), [1, 0.85, 0.925, 0.85]);
  assert.throws(() => score("median"), /multi_value_mode/);
});

test("a field without the word changes nothing in cross_fields, be it empty or nearly so", () => {
  const { search } = open([{ t: "bonsai tree" }, { t: "garden bonsai" }, { t: "other words", s: "one" }]);
  const scores = (fields: readonly string[]): unknown =>
    search({ query: { multi_match: { query: "bonsai", fields, type: "cross_fields" } } }).hits.map(
      ({ score }) => score,
    );
  assert.deepEqual(scores(["t", "s"]), scores(["t"]));
  assert.deepEqual(scores(["t", "kn"]), scores(["t"]));
});

test("exists of an object, and of a pattern, finds what the aliases there mean", () => {
  const { ids } = open([{ i: 1 }, { k: "a" }, { o: { i: 2 } }]);
  assert.equal(ids({ query: { exists: { field: "o" } } }), "d0 d2");
  assert.equal(ids({ query: { exists: { field: "o.n*" } } }), "d0");
});

test("a function_score takes one function, or a list of them", () => {
  const { search } = open([{ i: 1 }]);
  const both = { random_score: {}, weight: 2 };
  assert.throws(() => search({ query: { function_score: both } }), /takes one function/);
  assert.throws(() => search({ query: { function_score: { functions: [], weight: 2 } } }), /takes one function/);
});

test("documents without nested objects come first when what is missing comes first", () => {
  const { ids } = open([{ n: { k: "a" } }, { k: "x" }, { n: [{ k: "b" }] }]);
  const nested = { path: "n" };
  assert.equal(ids({ sort: [{ "n.k": { nested, missing: "_first" } }] }), "d1 d0 d2");
  assert.equal(ids({ sort: [{ "n.k": { nested } }] }), "d0 d2 d1");
});

test("a value stands in for documents without nested objects, and for none of the objects", () => {
  const { ids, search } = open([{ n: [{ k: "a", i: 1 }, { i: 6 }] }, {}, { n: { k: "c", i: 9 } }, { n: { k: "b" } }]);
  const nested = { path: "n" };
  assert.equal(ids({ sort: [{ "n.i": { nested, missing: 5 } }] }), "d0 d1 d3 d2");
  assert.equal(ids({ sort: [{ "n.i": { nested, missing: 5, mode: "sum" } }] }), "d1 d3 d0 d2");
  assert.equal(ids({ sort: [{ "n.k": { nested, missing: "b", mode: "max", order: "desc" } }] }), "d2 d1 d3 d0");
  assert.equal(ids({ sort: [{ "n.k": { nested, missing: "bb" } }] }), "d0 d3 d1 d2");
  const { hits } = search({ sort: [{ "n.i": { nested, missing: 5 } }, { "n.k": { nested, missing: "bb" } }] });
  assert.deepEqual(hits.find(({ id }) => id === "d1")?.sort, [5, "bb"]);
});

test("a sort over nested objects names a path of such", () => {
  const { search, ids } = open([{ n: { i: 1 } }]);
  assert.throws(() => search({ sort: [{ "n.i": { nested: { path: "k" } } }] }), /no path of nested objects/);
  assert.throws(() => search({ sort: [{ "n.i": { nested: { path: "none" } } }] }), /no path of nested objects/);
  assert.equal(ids({ sort: [{ "none.i": { nested: { path: "none" }, unmapped_type: "long" } }] }), "d0");
});

test("objects nested in nested objects are sorted by, path by path", () => {
  const { ids, search } = open([
    { n: { k: "a", m: [{ i: 5 }, { i: 9 }] } },
    {
      n: [
        { k: "a", m: { i: 7 } },
        { k: "b", m: { i: 2 } },
      ],
    },
  ]);
  assert.equal(ids({ sort: [{ "n.m.i": { nested: { path: "n", nested: { path: "n.m" } } } }] }), "d1 d0");
  const filtered = { path: "n", filter: { term: { "n.k": "a" } }, nested: { path: "n.m" } };
  assert.equal(ids({ sort: [{ "n.m.i": { nested: filtered } }] }), "d0 d1");
  const both = { ...filtered, nested: { path: "n.m", filter: { range: { "n.m.i": { gt: 7 } } } } };
  assert.equal(ids({ sort: [{ "n.m.i": { nested: both } }] }), "d0 d1");
  assert.equal(ids({ sort: [{ "n.m.i": { nested: both, missing: "_first" } }] }), "d1 d0");
  const twice = { path: "n", nested: { path: "n", nested: { path: "n" } } };
  assert.throws(() => search({ sort: [{ "n.m.i": { nested: twice } }] }), /does not lead any deeper/);
});

test("a number that stands in for a missing one is not rounded", () => {
  const { search } = open([{ sf: 44.66 }, { k: "x" }]);
  const { hits } = search({ sort: [{ sf: { order: "desc", missing: 44.659 } }] });
  assert.deepEqual(
    hits.map(({ sort }) => sort),
    [[44.66], [44.659]],
  );
});

test("a keyword that stands in for a missing one is answered as the sort value", () => {
  const { search } = open([{ k: "b" }, { i: 1 }]);
  const { hits } = search({ sort: [{ k: { missing: "a" } }] });
  assert.deepEqual(
    hits.map(({ id, sort }) => [id, sort]),
    [
      ["d1", ["a"]],
      ["d0", ["b"]],
    ],
  );
});

test("the bounds of a range are not rounded as the values are", () => {
  const { ids } = open([{ sf: 6.579 }, { sf: 6.57 }]);
  assert.equal(ids({ query: { range: { sf: { gt: 6.579 } } } }), "d0");
  assert.equal(ids({ query: { range: { sf: { lte: 6.579 } } } }), "d1");
});

test("what a fuzzy clause looks for is normalised as the keywords are that it is compared with", () => {
  const { ids } = open([{ kn: "Zürich" }]);
  assert.equal(ids({ query: { fuzzy: { kn: { value: "ÜRICH", fuzziness: 1 } } } }), "d0");
});

test("a field that is named twice counts once, and the boosts of several patterns are multiplied", () => {
  const { search } = open([{ t: "oak" }]);
  const score = (fields: readonly string[]): number =>
    search({ query: { multi_match: { query: "oak", type: "most_fields", fields } } }).hits[0]?.score ?? 0;
  const once = score(["t"]);
  assert.equal(score(["t", "t"]), once);
  assert.equal(score(["t^3", "t^2"]), Math.fround(2 * once));
  assert.ok(Math.abs(score(["t^2", "t*"]) - score(["t.ws"]) - 2 * once) < 1e-6);
});

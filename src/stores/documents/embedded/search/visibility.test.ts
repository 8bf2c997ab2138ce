/** What somebody sees of a collection answers every search as a collection would that holds nothing else. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FieldList } from "../../../../filters/index.ts";
import type { JSONObject } from "../../../../kernel/index.ts";
import { parseMappings } from "../../mapping/parse-mappings.ts";
import type { IndexSearchResult } from "./collection-index.ts";
import { finish } from "./people-fixture.ts";
import { TwinIndex } from "./twin-index.ts";
import type { Visibility } from "./visibility.ts";

const all = {
  name: { type: "text", fields: { raw: { type: "keyword" } } },
  ward: { type: "keyword" },
  age: { type: "integer" },
  born: { type: "date" },
  place: { type: "geo_point" },
  visits: { type: "nested", properties: { day: { type: "keyword" }, cost: { type: "integer" } } },
  quick: { type: "completion" },
  rank: { type: "rank_feature" },
};
const hidden = {
  secret: { type: "keyword", fields: { text: { type: "text" } } },
  inner: { properties: { code: { type: "keyword" }, level: { type: "integer" } } },
  notes: { type: "nested", properties: { text: { type: "text" }, kind: { type: "keyword" } } },
  labels: { type: "flattened" },
  vector: { type: "dense_vector", dims: 2 },
  topics: { type: "rank_features" },
  twin: { type: "alias", path: "secret" },
  suggested: { type: "completion" },
};

const documents = Array.from({ length: 23 }, (_, i): JSONObject => {
  const ward = ["A", "B", "C"][i % 3];
  return {
    name: `patient ${["red", "green", "blue", "pink"][i % 4]} ${i}`,
    ward,
    age: 20 + ((i * 7) % 30),
    born: `19${50 + i}-01-01`,
    place: [i, i / 2],
    visits: [
      { day: `d${i % 5}`, cost: i },
      { day: "d9", cost: 100 - i },
    ].slice(i % 3),
    quick: { input: `patient ${i}`, weight: i },
    secret: `s${i % 6}`,
    inner: { code: `c${i % 4}`, level: i },
    notes: [{ text: `very hidden ${i}`, kind: `k${i % 2}` }],
    labels: { a: `l${i % 3}` },
    vector: [i, 1],
    rank: 1 + i * i,
    topics: { a: i + 1 },
    suggested: `hush ${i}`,
  };
});

const fields = new FieldList(Object.keys(all));
const filter = { bool: { filter: [{ term: { ward: "A" } }, { range: { "inner.level": { lt: 19 } } }] } };
const isSeen = ({ ward, inner }: JSONObject): boolean => ward === "A" && (inner as { level: number }).level < 19;

function indexOf(
  properties: JSONObject,
  isIn: (document: JSONObject) => boolean,
  cut: (one: JSONObject) => JSONObject,
) {
  const index = new TwinIndex(parseMappings({ properties }));
  for (const [i, document] of documents.entries()) if (isIn(document)) index.add(i, `d${i}`, cut(document));
  index.add(98, "gone", cut(documents[0] as JSONObject));
  index.remove(98);
  return index;
}

const always = (): boolean => true;
const same = (document: JSONObject): JSONObject => document;
const cutFields = (document: JSONObject): JSONObject => fields.cut(document);
const whole = indexOf({ ...all, ...hidden }, always, same);
const cases: readonly { name: string; visible: Visibility; alone: TwinIndex; cut: (one: JSONObject) => JSONObject }[] =
  [
    {
      name: "hidden documents",
      visible: { filter, fields: undefined },
      alone: indexOf({ ...all, ...hidden }, isSeen, same),
      cut: same,
    },
    {
      name: "hidden fields",
      visible: { filter: undefined, fields },
      alone: indexOf(all, always, cutFields),
      cut: cutFields,
    },
    { name: "both", visible: { filter, fields }, alone: indexOf(all, isSeen, cutFields), cut: cutFields },
  ];

const sort = [{ age: "desc" }, "name.raw"];
const aggs = (type: string, options: JSONObject, more: JSONObject = {}): JSONObject => ({
  aggs: { a: { [type]: options, ...more } },
});
const bodies: readonly JSONObject[] = [
  {},
  { query: { match: { name: "red" } } },
  { query: { bool: { must_not: [{ term: { ward: "B" } }] } } },
  { query: { bool: { should: [{ term: { secret: "s1" } }, { range: { age: { gte: 40 } } }] } } },
  ...[
    "secret",
    "secret.text",
    "inner",
    "inner.*",
    "inner.level",
    "labels",
    "labels.a",
    "twin",
    "notes",
    "*",
    "vis*",
  ].map((field) => ({ query: { exists: { field } } })),
  { query: { bool: { must_not: [{ exists: { field: "secret" } }] } } },
  { query: { prefix: { secret: "s" } } },
  { query: { term: { "labels.a": "l1" } } },
  { query: { term: { twin: "s1" } } },
  { query: { query_string: { query: "hidden OR s1 OR green" } } },
  { query: { query_string: { query: "secret:s1" } } },
  { query: { query_string: { query: "_exists_:inner" } } },
  { query: { simple_query_string: { query: "s1 | blue", fields: ["*"] } } },
  { query: { multi_match: { query: "s1 green", fields: ["name", "secret", "inner.*"] } } },
  { query: { ids: { values: ["d0", "d1", "d2", "d3"] } } },
  { query: { nested: { path: "visits", query: { range: { "visits.cost": { gte: 90 } } }, inner_hits: {} } } },
  { query: { nested: { path: "notes", query: { match_all: {} }, ignore_unmapped: true } } },
  {
    query: {
      more_like_this: { like: [{ _id: "d1" }, { _id: "d3" }], fields: ["name"], min_term_freq: 1, min_doc_freq: 1 },
    },
  },
  { query: { function_score: { query: { match_all: {} }, field_value_factor: { field: "age" } } } },
  { query: { rank_feature: { field: "rank" } } },
  { query: { bool: { should: [{ rank_feature: { field: "topics.a" } }, { match_all: {} }] } } },
  { query: { geo_distance: { distance: "500km", place: [3, 1.5] } } },
  { post_filter: { term: { ward: "B" } } },
  { post_filter: { term: { secret: "s3" } } },
  { collapse: { field: "ward", inner_hits: { name: "w", size: 3, sort } } },
  { fields: ["*"], docvalue_fields: ["age", "ward"], _source: false },
  { query: { match: { name: "green" } }, highlight: { fields: { "*": {} }, require_field_match: false } },
  { query: { match: { "secret.text": "s1" } }, highlight: { fields: { "*": {} }, require_field_match: false } },
  { sort: [{ secret: { unmapped_type: "keyword" } }, "name.raw"] },
  { sort: [{ "visits.cost": { order: "asc", nested: { path: "visits" } } }, "name.raw"] },
  aggs("terms", { field: "ward" }, { aggs: { top: { top_hits: { size: 2, sort: [{ age: "asc" }, "name.raw"] } } } }),
  aggs("terms", { field: "secret" }),
  aggs("terms", { field: "secret", missing: "none" }),
  aggs("terms", { field: "inner.code" }),
  aggs("terms", { field: "labels.a" }),
  aggs("terms", { field: "twin" }),
  aggs("cardinality", { field: "secret" }),
  aggs("value_count", { field: "inner.level" }),
  aggs("missing", { field: "secret" }),
  aggs("stats", { field: "inner.level" }),
  aggs("stats", { field: "age" }),
  aggs("percentiles", { field: "age" }),
  aggs("global", {}, { aggs: { wards: { terms: { field: "ward" } }, secrets: { terms: { field: "secret" } } } }),
  aggs("filters", { filters: { one: { term: { secret: "s1" } }, two: { term: { ward: "A" } } }, other_bucket: true }),
  aggs("adjacency_matrix", { filters: { one: { term: { ward: "A" } }, two: { range: { age: { gte: 30 } } } } }),
  aggs("histogram", { field: "age", interval: 10 }),
  aggs("date_histogram", { field: "born", calendar_interval: "year", min_doc_count: 1 }),
  aggs(
    "nested",
    { path: "visits" },
    { aggs: { days: { terms: { field: "visits.day" }, aggs: { back: { reverse_nested: {} } } } } },
  ),
  aggs("significant_terms", { field: "ward", min_doc_count: 1 }),
  aggs("significant_terms", {
    field: "name.raw",
    min_doc_count: 1,
    background_filter: { range: { age: { gte: 25 } } },
  }),
  aggs("rare_terms", { field: "name.raw" }),
  aggs("variable_width_histogram", { field: "age", buckets: 4 }),
  aggs("terms", { field: "ward" }, { aggs: { names: { terms: { field: "name.raw", size: 2 } } } }),
  { query: { span_first: { match: { span_term: { name: "patient" } }, end: 3 } }, highlight: { fields: { "*": {} } } },
  { query: { span_or: { clauses: [{ span_term: { secret: "s1" } }] } } },
  aggs("composite", {
    sources: [{ w: { terms: { field: "ward" } } }, { d: { histogram: { field: "age", interval: 5 } } }],
  }),
  aggs("multi_terms", { terms: [{ field: "ward" }, { field: "age" }] }),
  aggs("sampler", { shard_size: 100 }, { aggs: { w: { terms: { field: "ward" } } } }),
  aggs("geo_bounds", { field: "place" }),
  aggs("top_hits", { size: 3, sort: [{ age: "asc" }, "name.raw"], highlight: { fields: { "*": {} } } }),
  { suggest: { mine: { prefix: "patient", completion: { field: "quick", size: 30 } } } },
];

/** Without scores: how rare a word is, is counted over all documents. */
const comparable = ({ total, hits, aggregations, suggest }: IndexSearchResult): unknown =>
  JSON.parse(
    JSON.stringify({ total, hits, aggregations, suggest }, (key, value) =>
      ["score", "_score", "max_score", "segments"].includes(key) ? undefined : value,
    ),
  );

for (const { name, visible, alone, cut } of cases) {
  test(`${name}: every search answers what it would over the visible part alone`, () => {
    for (const given of bodies) {
      const isSorted = given.sort !== undefined || given.suggest !== undefined;
      const body = isSorted ? given : { sort, ...given };
      const fetch = (_: number, number: number): JSONObject => cut(documents[number] as JSONObject);
      const request = { body, from: 0, size: 30, now: 0, fetch };
      // Background sets count what was removed, until its segment is merged, for those who may see all.
      const all = [{ filter: undefined, fields: undefined }];
      const expected = attempt(() => comparable(finish(alone.search({ ...request, visible: all }))));
      const found = attempt(() => comparable(finish(whole.search({ ...request, visible: [visible] }))));
      assert.deepEqual(found, expected, JSON.stringify(body));
    }
  });

  test(`${name}: walks and counts find the visible part alone`, () => {
    for (const query of [{}, { match_all: {} }, { exists: { field: "secret" } }, { prefix: { secret: "s" } }]) {
      assert.deepEqual(
        finish(whole.matchAll(query, 0, visible)),
        finish(alone.matchAll(query, 0)),
        JSON.stringify(query),
      );
    }
  });
}

function attempt(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
}

test("what dictionaries and statistics of hidden documents would tell is refused, and only then", () => {
  const refused: readonly JSONObject[] = [
    { explain: true },
    aggs("terms", { field: "ward", min_doc_count: 0 }),
    aggs("terms", { field: "ward" }, { aggs: { b: { terms: { field: "name.raw", min_doc_count: 0 } } } }),
    { suggest: { mine: { text: "patiemt", term: { field: "name" } } } },
    { suggest: { mine: { text: "patiemt", phrase: { field: "name" } } } },
  ];
  for (const body of refused) {
    const request = { body, from: 0, size: 3, now: 0 };
    const run = (visible?: Visibility) => () =>
      finish(whole.search(visible === undefined ? request : { ...request, visible: [visible] }));
    assert.throws(run({ filter, fields }), { id: "services.storage.unexpected_bad_request", message: /hide/ });
    assert.doesNotThrow(run({ filter: undefined, fields }));
    assert.doesNotThrow(run());
  }
});

test("what was hidden a search ago is looked up again when documents went, were added, or the filter is another", () => {
  const index = new TwinIndex(parseMappings({ properties: all }));
  for (let i = 0; i < 12; i++) index.add(i, `d${i}`, { ward: "AB"[i % 2], age: i });
  const numbers = (ward: string): number[] => {
    const seen = { filter: { term: { ward } }, fields: undefined };
    return [...finish(index.matchAll({ range: { age: { gte: 0 } } }, 0, seen))];
  };
  assert.deepEqual(
    [numbers("A"), numbers("A")],
    [
      [0, 2, 4, 6, 8, 10],
      [0, 2, 4, 6, 8, 10],
    ],
  );
  assert.deepEqual(numbers("B"), [1, 3, 5, 7, 9, 11]);
  index.remove(4);
  index.remove(5);
  assert.deepEqual(
    [numbers("A"), numbers("B")],
    [
      [0, 2, 6, 8, 10],
      [1, 3, 7, 9, 11],
    ],
  );
  index.add(12, "d12", { ward: "A", age: 1 });
  assert.deepEqual(
    [numbers("A"), numbers("B")],
    [
      [0, 2, 6, 8, 10, 12],
      [1, 3, 7, 9, 11],
    ],
  );
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { JSONObject } from "../../../../kernel/index.ts";
import { parseMappings } from "../../mapping/parse-mappings.ts";
import {
  type CollectionIndex,
  createCollectionIndex,
  type IndexSearchRequest,
  searchMany,
} from "./collection-index.ts";

function finish<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

const people = [
  {
    name: "ada",
    age: 36,
    bio: "The first programmer, a mathematician",
    tags: ["math", "code"],
    born: "1815-12-10",
    at: { lat: 51.5, lon: -0.12 },
  },
  {
    name: "grace",
    age: 85,
    bio: "Programmer of compilers; compilers and code",
    tags: ["code"],
    born: "1906-12-09",
    at: [-74, 40.7],
  },
  {
    name: "alan",
    age: 41,
    bio: "Mathematician who broke code",
    tags: ["math", "crypto"],
    born: "1912-06-23",
    at: "52.0,-0.7",
  },
  { name: "Émile", bio: "", tags: [], born: null },
];
const mappings = parseMappings({
  properties: {
    name: { type: "keyword" },
    age: { type: "integer" },
    bio: { type: "text" },
    tags: { type: "keyword" },
    born: { type: "date" },
    at: { type: "geo_point" },
  },
});

function indexOf(documents: readonly JSONObject[], of = mappings): CollectionIndex {
  const index = createCollectionIndex(of);
  for (const [i, document] of documents.entries()) index.add(i * 3 + 1, `d${i}`, document);
  return index;
}

const index = indexOf(people);
const run = (body: JSONObject, more: Partial<IndexSearchRequest> = {}) =>
  finish(index.search({ body, from: 0, size: 10, now: Date.parse("2020-01-01"), ...more }));
const ids = (query: JSONObject) => run({ query, sort: ["_doc"] }).hits.map((hit) => hit.id);
const near = (actual: unknown, expected: number) =>
  assert.ok(Math.abs(Number(actual) - expected) < 1e-4, `${String(actual)} is not ${expected}`);

const matches: readonly (readonly [string, JSONObject, readonly string[]])[] = [
  ["everything", { match_all: {} }, ["d0", "d1", "d2", "d3"]],
  ["nothing", { match_none: {} }, []],
  ["a term", { term: { name: "ada" } }, ["d0"]],
  ["a term in any case", { term: { name: { value: "ADA", case_insensitive: true } } }, ["d0"]],
  ["any element of an array", { term: { tags: "math" } }, ["d0", "d2"]],
  ["a number", { term: { age: "41" } }, ["d2"]],
  ["one of several terms", { terms: { tags: ["crypto", "nope", "code"] } }, ["d0", "d1", "d2"]],
  ["one of several numbers", { terms: { age: [36, 85] } }, ["d0", "d1"]],
  ["a range of numbers", { range: { age: { gt: 36, lte: 85 } } }, ["d1", "d2"]],
  ["a range of dates with date math", { range: { born: { gte: "1906-12-09||/y", lt: "now-100y" } } }, ["d1", "d2"]],
  ["a range of terms", { range: { name: { gte: "ada", lt: "alan" } } }, ["d0"]],
  ["fields that exist", { exists: { field: "age" } }, ["d0", "d1", "d2"]],
  [
    "an empty text, which exists, but no empty array",
    { bool: { must: { exists: { field: "bio" } }, must_not: { exists: { field: "tags" } } } },
    ["d3"],
  ],
  ["ids", { ids: { values: ["d3", "d0", "zz"] } }, ["d0", "d3"]],
  ["a prefix", { prefix: { name: "a" } }, ["d0", "d2"]],
  ["a pattern", { wildcard: { name: "?l*" } }, ["d2"]],
  ["a regular expression", { regexp: { name: "(ad|gr).*" } }, ["d0", "d1"]],
  ["a misspelt word", { fuzzy: { bio: "programer" } }, ["d0", "d1"]],
  ["a word of a text", { match: { bio: "PROGRAMMER" } }, ["d0", "d1"]],
  ["any word", { match: { bio: "compilers mathematician" } }, ["d0", "d1", "d2"]],
  ["all words", { match: { bio: { query: "mathematician code", operator: "and" } } }, ["d2"]],
  [
    "two words of three",
    { match: { bio: { query: "mathematician broke first", minimum_should_match: 2 } } },
    ["d0", "d2"],
  ],
  ["a phrase", { match_phrase: { bio: "compilers and code" } }, ["d1"]],
  ["no phrase in another order", { match_phrase: { bio: "code compilers" } }, []],
  ["a phrase with slop", { match_phrase: { bio: { query: "mathematician code", slop: 2 } } }, ["d2"]],
  ["the beginning of a phrase", { match_phrase_prefix: { bio: "first prog" } }, ["d0"]],
  [
    "words and the beginning of one",
    { match_bool_prefix: { bio: { query: "mathematician bro", operator: "and" } } },
    ["d2"],
  ],
  ["several fields", { multi_match: { query: "compilers", fields: ["name^2", "b*"] } }, ["d1"]],
  [
    "all of must and filter, none of must_not",
    {
      bool: {
        must: { term: { tags: "math" } },
        filter: [{ range: { age: { lt: 50 } } }],
        must_not: { term: { name: "ada" } },
      },
    },
    ["d2"],
  ],
  [
    "one of should, when there is nothing else",
    { bool: { should: [{ term: { name: "ada" } }, { term: { name: "alan" } }] } },
    ["d0", "d2"],
  ],
  [
    "should is optional beside a filter",
    { bool: { filter: { term: { tags: "math" } }, should: { term: { name: "ada" } } } },
    ["d0", "d2"],
  ],
  ["a distance", { geo_distance: { distance: "100km", at: { lat: 51.6, lon: 0 } } }, ["d0", "d2"]],
  ["a box", { geo_bounding_box: { at: { top_left: "41,-75", bottom_right: "40,-73" } } }, ["d1"]],
  ["a box over the date line", { geo_bounding_box: { at: { top: 60, left: 170, bottom: 40, right: -1 } } }, ["d1"]],
  ["a polygon", { geo_polygon: { at: { points: ["51,-1", "53,-1", "53,0", "51,0"] } } }, ["d0", "d2"]],
  ["a date, which names its whole day", { term: { born: "1815-12-10" } }, ["d0"]],
  ["one of several dates", { terms: { born: ["1815-12-10", "1912-06-23"] } }, ["d0", "d2"]],
  ["a query string with fields and operators", { query_string: { query: "tags:math AND NOT name:ada" } }, ["d2"]],
  [
    "a query string with a range, a phrase and a pattern",
    { query_string: { query: 'age:[80 TO *] OR "broke code" OR name:ad*' } },
    ["d0", "d1", "d2"],
  ],
  ["a query string with a misspelt word", { query_string: { query: "bio:compiler~1 -tags:math" } }, ["d1"]],
  [
    "a simple query string",
    { simple_query_string: { query: "code -compilers", fields: ["bio"], default_operator: "and" } },
    ["d2"],
  ],
  [
    "a simple query string with choices",
    { simple_query_string: { query: "first | brok*", fields: ["bio"] } },
    ["d0", "d2"],
  ],
  [
    "as many terms as a field says",
    { terms_set: { tags: { terms: ["math", "code"], minimum_should_match_field: "age" } } },
    [],
  ],
  [
    "what functions score high enough",
    {
      function_score: {
        query: { exists: { field: "age" } },
        field_value_factor: { field: "age" },
        boost_mode: "replace",
        min_score: 40,
      },
    },
    ["d1", "d2"],
  ],
  ["unmapped fields: nothing", { term: { nope: 1 } }, []],
  ["not on unmapped fields: everything", { bool: { must_not: { term: { nope: 1 } } } }, ["d0", "d1", "d2", "d3"]],
];

describe("queries find", () => {
  for (const [name, query, expected] of matches) test(name, () => assert.deepEqual(ids(query), expected));
});

const refusals: readonly (readonly [JSONObject, string])[] = [
  [{ query: { nope: {} } }, "unknown_query_keyword"],
  [{ query: { bool: 1 } }, "unknown_query_keyword"],
  [{ query: { geo_shape: {} } }, "unexpected_bad_request"],
  [{ query: { term: { name: { a: 1 } } } }, "unexpected_bad_request"],
  [{ query: { term: { name: { value: {} } } } }, "invalid_search_query"],
  [{ query: { terms: { name: [{}] } } }, "invalid_search_query"],
  [{ query: { term: { name: "a", age: 1 } } }, "unexpected_bad_request"],
  [{ query: { term: { age: "abc" } } }, "unexpected_bad_request"],
  [{ query: { range: { age: { above: 1 } } } }, "unexpected_bad_request"],
  [{ query: { range: { born: { gt: "soon" } } } }, "unexpected_bad_request"],
  [{ query: { bool: { must: {} } } }, "unexpected_bad_request"],
  [{ query: { bool: { musst: [] } } }, "unexpected_bad_request"],
  [{ query: { regexp: { name: "(" } } }, "unexpected_bad_request"],
  [{ query: { match: { bio: { query: "a", operator: "xor" } } } }, "unexpected_bad_request"],
  [{ query: { nested: { path: "name", query: { match_all: {} } } } }, "unexpected_bad_request"],
  [{ sort: ["bio"] }, "unexpected_bad_request"],
  [{ sort: ["nope"] }, "unexpected_bad_request"],
  [{ sort: [{ age: "up" }] }, "unexpected_bad_request"],
  [{ sort: ["age"], search_after: [1, 2] }, "unexpected_bad_request"],
  [{ query: { query_string: { query: "(open" } } }, "unexpected_bad_request"],
  [{ query: { query_string: { query: "a", nope: 1 } } }, "unexpected_bad_request"],
  [{ query: { function_score: { functions: [{ script_score: {} }] } } }, "unexpected_bad_request"],
  [{ aggs: { a: { top_hits: { from: 1e9 } } } }, "unexpected_bad_request"],
  [{ script_fields: {} }, "invalid_search_query"],
  [{ aggs: { a: { nope: {} } } }, "unexpected_bad_request"],
  [{ aggs: { a: { terms: { field: "bio" } } } }, "unexpected_bad_request"],
  [{ aggs: { a: { histogram: { field: "age", interval: 0 } } } }, "unexpected_bad_request"],
  [{ aggs: { a: { histogram: { field: "age", interval: 1e-9 } } } }, "unexpected_bad_request"],
];

describe("malformed searches are refused, also by an empty collection", () => {
  const empty = createCollectionIndex(mappings);
  for (const [body, id] of refusals) {
    test(JSON.stringify(body), () => {
      assert.throws(() => run(body), { id: `services.storage.${id}` });
      const needsDocuments = JSON.stringify(body).includes("interval");
      if (!needsDocuments)
        assert.throws(() => finish(empty.search({ body, from: 0, size: 1, now: 0 })), { id: `services.storage.${id}` });
    });
  }
  test("a query nested too deeply", () => {
    let query: JSONObject = { match_all: {} };
    for (let i = 0; i < 5000; i++) query = { bool: { must: query } };
    assert.throws(() => run({ query }), { id: "services.storage.unexpected_bad_request" });
  });
});

test("a text scores by BM25 with the length of the field in one byte", () => {
  // Lengths 5, 6, 4, 0: average 15 / 4; two of four documents have the word.
  const idf = Math.log(1 + (4 - 2 + 0.5) / (2 + 0.5));
  const score = (length: number) => (2.2 * idf) / (1 + 1.2 * (0.25 + (0.75 * length) / (15 / 4)));
  const { hits } = run({ query: { match: { bio: "programmer" } } });
  assert.deepEqual(
    hits.map((hit) => hit.id),
    ["d0", "d1"],
  );
  near(hits[0]?.score, score(5));
  near(hits[1]?.score, score(6));
});

test("a word that occurs twice weighs more, and a keyword has no length", () => {
  const idf = (count: number, of: number) => Math.log(1 + (of - count + 0.5) / (count + 0.5));
  near(
    run({ query: { match: { bio: "compilers" } } }).hits[0]?.score,
    (2.2 * idf(1, 4) * 2) / (2 + 1.2 * (0.25 + (0.75 * 6) / 3.75)),
  );
  near(run({ query: { term: { name: "ada" } } }).hits[0]?.score, (2.2 * idf(1, 4)) / 2.2);
  // Three documents have tags, five in all.
  near(
    run({ query: { term: { tags: "crypto" } } }).hits[0]?.score,
    (2.2 * idf(1, 3)) / (1 + 1.2 * (0.25 + 0.75 / (5 / 3))),
  );
});

test("scores add up in bool, are constant for ranges, and are 0 for filters alone", () => {
  const score = (query: JSONObject) => Number(run({ query }).hits[0]?.score);
  const ada = score({ term: { name: "ada" } });
  near(
    score({
      bool: {
        must: { term: { name: "ada" } },
        should: { range: { age: { gt: 1 } } },
        filter: { term: { tags: "math" } },
      },
    }),
    ada + 1,
  );
  near(score({ bool: { filter: { term: { name: "ada" } } } }), 0);
  near(score({ bool: { must: { term: { name: { value: "ada", boost: 2 } } }, boost: 3 } }), 6 * ada);
  near(score({ constant_score: { filter: { term: { name: "ada" } }, boost: 7 } }), 7);
  near(
    score({ dis_max: { queries: [{ term: { name: "ada" } }, { range: { age: { lt: 40 } } }], tie_breaker: 0.5 } }),
    Math.max(ada, 1) + 0.5 * Math.min(ada, 1),
  );
  near(
    score({
      boosting: { positive: { term: { name: "ada" } }, negative: { term: { tags: "math" } }, negative_boost: 0.25 },
    }),
    ada / 4,
  );
  near(
    score({
      function_score: {
        query: { match_all: {} },
        field_value_factor: { field: "age", missing: 0 },
        boost_mode: "replace",
      },
    }),
    85,
  );
});

test("hits are sorted by several keys, with missing values last unless asked otherwise", () => {
  const order = (sort: unknown) => run({ sort }).hits.map((hit) => hit.id);
  assert.deepEqual(order([{ age: "desc" }]), ["d1", "d2", "d0", "d3"]);
  assert.deepEqual(order([{ age: { order: "asc", missing: "_first" } }]), ["d3", "d0", "d2", "d1"]);
  assert.deepEqual(order([{ age: { order: "asc", missing: 40 } }]), ["d0", "d3", "d2", "d1"]);
  assert.deepEqual(order(["name"]), ["d0", "d2", "d1", "d3"]);
  assert.deepEqual(order([{ tags: "asc" }, { name: "desc" }]), ["d1", "d0", "d2", "d3"]);
  assert.deepEqual(order([{ nope: { unmapped_type: "long" } }, { born: "asc" }]), ["d0", "d1", "d2", "d3"]);
  assert.deepEqual(order([{ _geo_distance: { at: "40,-74", unit: "km" } }]), ["d1", "d2", "d0", "d3"]);
  const [first] = run({ sort: [{ born: "desc" }, "_score"] }).hits;
  assert.deepEqual([first?.id, first?.score, first?.sort], ["d2", 1, [Date.parse("1912-06-23"), 1]]);
  assert.equal(run({ sort: ["age"] }).hits[0]?.score, null);
});

test("pages follow each other by from and size, or by search_after", () => {
  const page = (body: JSONObject, from: number) => run({ sort: ["name"], ...body }, { from, size: 2 });
  assert.deepEqual(
    page({}, 0).hits.map((hit) => hit.id),
    ["d0", "d2"],
  );
  assert.deepEqual(
    page({}, 2).hits.map((hit) => hit.id),
    ["d1", "d3"],
  );
  assert.deepEqual(
    page({ search_after: ["alan"] }, 0).hits.map((hit) => hit.id),
    ["d1", "d3"],
  );
  assert.deepEqual(
    page({ search_after: ["b"] }, 0).hits.map((hit) => hit.id),
    ["d1", "d3"],
  );
  assert.equal(page({ search_after: ["zzz"] }, 0).total, 4);
});

test("post_filter narrows hits but not aggregations, min_score both", () => {
  const filtered = run({ post_filter: { term: { name: "ada" } }, aggs: { n: { value_count: { field: "name" } } } });
  assert.deepEqual([filtered.total, filtered.aggregations], [1, { n: { value: 4 } }]);
  const scored = run({
    query: { term: { name: { value: "ada", boost: 5 } } },
    min_score: 100,
    aggs: { n: { value_count: { field: "name" } } },
  });
  assert.deepEqual([scored.total, scored.aggregations], [0, { n: { value: 0 } }]);
});

test("collapse answers the best of each group, and its members as inner hits", () => {
  const documents = [{ g: "a", n: 1 }, { g: "b", n: 5 }, { g: "a", n: 9 }, { n: 7 }];
  const groups = indexOf(documents, parseMappings({ properties: { g: { type: "keyword" }, n: { type: "long" } } }));
  const body = { sort: [{ n: "desc" }], collapse: { field: "g", inner_hits: { name: "all", sort: [{ n: "asc" }] } } };
  const { hits, total } = finish(
    groups.search({ body, from: 0, size: 10, now: 0, fetch: (_, number) => documents[(number - 1) / 3] }),
  );
  assert.equal(total, 4);
  assert.deepEqual(
    hits.map((hit) => [hit.id, hit.innerHits?.all?.map((one) => one.source)]),
    [
      [
        "d2",
        [
          { g: "a", n: 1 },
          { g: "a", n: 9 },
        ],
      ],
      ["d3", [{ n: 7 }]],
      ["d1", [{ g: "b", n: 5 }]],
    ],
  );
});

test("nested objects match for themselves, score by mode, and come back as inner hits", () => {
  const documents = [
    {
      items: [
        { sku: "x", n: 1 },
        { sku: "y", n: 2 },
      ],
    },
    { items: { sku: "x", n: 2 } },
    { items: [] },
    {
      items: [
        { sku: "z", n: 3 },
        { sku: "x", n: 8 },
      ],
    },
  ];
  const nested = indexOf(
    documents,
    parseMappings({
      properties: { items: { type: "nested", properties: { sku: { type: "keyword" }, n: { type: "long" } } } },
    }),
  );
  const search = (body: JSONObject) =>
    finish(nested.search({ body, from: 0, size: 10, now: 0, fetch: (_, number) => documents[(number - 1) / 3] }));
  const both = { bool: { filter: [{ term: { "items.sku": "x" } }, { term: { "items.n": 2 } }] } };
  assert.deepEqual(
    search({ query: { nested: { path: "items", query: both } } }).hits.map((hit) => hit.id),
    ["d1"],
  );
  assert.equal(search({ query: { term: { "items.sku": "x" } } }).total, 0);
  const sum = search({
    query: {
      nested: {
        path: "items",
        query: { range: { "items.n": { gt: 1 } } },
        score_mode: "sum",
        inner_hits: { sort: [{ "items.n": "desc" }] },
      },
    },
  });
  assert.deepEqual(
    sum.hits.map((hit) => [hit.id, hit.score, hit.innerHits?.items?.map((one) => one.source?.n)]),
    [
      ["d3", 2, [8, 3]],
      ["d0", 1, [2]],
      ["d1", 1, [2]],
    ],
  );
  const sorted = search({
    sort: [{ "items.n": { order: "desc", nested: { path: "items", filter: { term: { "items.sku": "x" } } } } }],
  });
  assert.deepEqual(
    sorted.hits.map((hit) => hit.id),
    ["d3", "d1", "d0", "d2"],
  );
  const { aggregations } = search({
    aggs: {
      i: {
        nested: { path: "items" },
        aggs: { s: { terms: { field: "items.sku" }, aggs: { docs: { reverse_nested: {} } } } },
      },
    },
  });
  assert.deepEqual(aggregations, {
    i: {
      doc_count: 5,
      s: {
        doc_count_error_upper_bound: 0,
        sum_other_doc_count: 0,
        buckets: [
          { key: "x", doc_count: 3, docs: { doc_count: 3 } },
          { key: "y", doc_count: 1, docs: { doc_count: 1 } },
          { key: "z", doc_count: 1, docs: { doc_count: 1 } },
        ],
      },
    },
  });
});

test("highlights mark the words that were found, and nothing else", () => {
  const highlighted = (body: JSONObject) =>
    run(body, { fetch: (_, number) => people[(number - 1) / 3] as JSONObject }).hits.map((hit) => hit.highlight);
  const match = { match: { bio: "compilers code" } };
  assert.deepEqual(
    highlighted({
      query: { bool: { must: match, filter: { term: { name: "grace" } } } },
      highlight: { fields: { bio: {} } },
    }),
    [{ bio: ["Programmer of <em>compilers</em>; <em>compilers</em> and <em>code</em>"] }],
  );
  assert.deepEqual(
    highlighted({
      query: { match_phrase: { bio: "broke code" } },
      highlight: { pre_tags: ["["], post_tags: ["]"], fields: { "b*": {} } },
    }),
    [{ bio: ["Mathematician who [broke] [code]"] }],
  );
  assert.deepEqual(highlighted({ query: { term: { name: "ada" } }, highlight: { fields: { bio: {} } } }), [undefined]);
});

test("several collections answer as one: hits merged by their values, aggregations over all", () => {
  const other = indexOf([
    { name: "zed", age: 50, tags: ["code"] },
    { name: "abe", age: 1 },
  ]);
  const search = (body: JSONObject) => finish(searchMany([index, other], { body, from: 0, size: 4, now: 0 }));
  const answer = search({
    sort: ["name"],
    aggs: { tags: { terms: { field: "tags", size: 1 } }, names: { cardinality: { field: "name" } } },
  });
  assert.deepEqual(
    answer.hits.map((hit) => [hit.index, hit.id]),
    [
      [1, "d1"],
      [0, "d0"],
      [0, "d2"],
      [0, "d1"],
    ],
  );
  assert.equal(answer.total, 6);
  assert.deepEqual(answer.aggregations, {
    tags: { doc_count_error_upper_bound: 0, sum_other_doc_count: 3, buckets: [{ key: "code", doc_count: 3 }] },
    names: { value: 6 },
  });
});

test("aggregations count, nest, and compute from each other", () => {
  const aggs = {
    tags: {
      terms: { field: "tags", order: { age: "desc" } },
      aggs: {
        age: { avg: { field: "age" } },
        oldest: { top_hits: { size: 1, sort: [{ age: "desc" }], _source: "name" } },
      },
    },
    best: { max_bucket: { buckets_path: "tags>age" } },
    ages: { range: { field: "age", ranges: [{ to: 40 }, { from: 40, key: "old" }] } },
    stats: { stats: { field: "age" } },
    years: { date_histogram: { field: "born", calendar_interval: "year", min_doc_count: 1, format: "yyyy" } },
    none: { missing: { field: "age" } },
    filtered: { filter: { term: { name: "ada" } }, aggs: { n: { value_count: { field: "tags" } } } },
    middle: { percentiles: { field: "age", percents: [50] } },
    pages: { composite: { size: 2, sources: [{ tag: { terms: { field: "tags" } } }], after: { tag: "code" } } },
  };
  const fetch = (_: number, number: number) => people[(number - 1) / 3] as JSONObject;
  const bucket = (key: string, count: number, age: number, id: string, name: string) => ({
    key,
    doc_count: count,
    age: { value: age },
    oldest: {
      hits: {
        total: { value: count, relation: "eq" },
        max_score: null,
        hits: [{ _id: id, _score: null, _source: { name }, sort: [name === "grace" ? 85 : 41] }],
      },
    },
  });
  assert.deepEqual(run({ aggs }, { size: 0, fetch }).aggregations, {
    tags: {
      doc_count_error_upper_bound: 0,
      sum_other_doc_count: 0,
      buckets: [
        bucket("code", 2, 60.5, "d1", "grace"),
        bucket("crypto", 1, 41, "d2", "alan"),
        bucket("math", 2, 38.5, "d2", "alan"),
      ],
    },
    best: { value: 60.5, keys: ["code"] },
    ages: {
      buckets: [
        { key: "*-40.0", to: 40, doc_count: 1 },
        { key: "old", from: 40, doc_count: 2 },
      ],
    },
    stats: { count: 3, min: 36, max: 85, avg: 54, sum: 162 },
    years: {
      buckets: [1815, 1906, 1912].map((year) => ({
        key_as_string: String(year),
        key: Date.UTC(year, 0, 1),
        doc_count: 1,
      })),
    },
    none: { doc_count: 1 },
    filtered: { doc_count: 1, n: { value: 2 } },
    middle: { values: { "50.0": 41 } },
    pages: {
      after_key: { tag: "math" },
      buckets: [
        { key: { tag: "crypto" }, doc_count: 1 },
        { key: { tag: "math" }, doc_count: 2 },
      ],
    },
  });
});

test("only the terms that are answered are sorted, and the others are counted", () => {
  const many = createCollectionIndex(parseMappings({ properties: { k: { type: "keyword" } } }));
  for (let i = 0; i < 20_000; i++) many.add(i, `d${i}`, { k: `k${String(i % 15_000).padStart(5, "0")}` });
  const search = (size: number) =>
    finish(many.search({ body: { aggs: { k: { terms: { field: "k", size } } } }, from: 0, size: 0, now: 0 }))
      .aggregations?.k as JSONObject;
  assert.deepEqual(search(2), {
    doc_count_error_upper_bound: 0,
    sum_other_doc_count: 19_996,
    buckets: [
      { key: "k00000", doc_count: 2 },
      { key: "k00001", doc_count: 2 },
    ],
  });
  const all = search(6000).buckets as readonly JSONObject[];
  assert.deepEqual(all[5999], { key: "k05999", doc_count: 1 });
});

test("a removed document is gone, and an updated one is found by its new content only", () => {
  const changing = indexOf(people);
  changing.remove(4);
  changing.remove(4);
  changing.remove(5);
  changing.add(20, "d0", { name: "countess" });
  changing.remove(1);
  assert.deepEqual([changing.documents, changing.removed], [3, 2]);
  const found = (query: JSONObject) => [...finish(changing.matchAll(query, 0))];
  assert.deepEqual(found({}), [7, 10, 20]);
  assert.deepEqual(found({ terms: { name: ["ada", "grace", "countess"] } }), [20]);
  assert.deepEqual(found({ ids: { values: ["d0"] } }), [20]);
});

test("a search sees the state at its first step, whatever is added and removed before its last", () => {
  const growing = createCollectionIndex(mappings);
  for (let i = 0; i < 60_000; i++) growing.add(i, `d${i}`, { name: `n${i % 10}`, age: i % 100 });
  const search = growing.search({
    body: { query: { range: { age: { gte: 50 } } }, aggs: { names: { terms: { field: "name" } } } },
    from: 0,
    size: 3,
    now: 0,
  });
  const all = growing.matchAll({ range: { age: { gte: 50 } } }, 0);
  let steps = 0;
  let result = search.next();
  let numbers = all.next();
  while (result.done !== true || numbers.done !== true) {
    growing.remove(steps * 7 + 50);
    growing.add(60_000 + steps, `late${steps}`, { name: `new${steps}`, age: 99 });
    steps++;
    if (result.done !== true) result = search.next();
    if (numbers.done !== true) numbers = all.next();
  }
  assert.equal(result.value.total, 30_000);
  assert.equal(numbers.value.length, 30_000);
  const names = result.value.aggregations?.names as { buckets: { key: string }[] } | undefined;
  assert.deepEqual(names?.buckets.map(({ key }) => key).sort(), [
    "n0",
    "n1",
    "n2",
    "n3",
    "n4",
    "n5",
    "n6",
    "n7",
    "n8",
    "n9",
  ]);
});

test("new fields of a mapping are indexed from then on", () => {
  const index = createCollectionIndex(parseMappings({ properties: { a: { type: "keyword" } } }));
  index.add(1, "x", { a: "1", b: "2" });
  index.updateMappings(parseMappings({ properties: { a: { type: "keyword" }, b: { type: "keyword" } } }));
  index.add(2, "y", { a: "1", b: "2" });
  assert.deepEqual([...finish(index.matchAll({ term: { b: "2" } }, 0))], [2]);
});

test("sub-fields, aliases, normalizers, null values, copies and addresses are searched as their mapping says", () => {
  const properties = {
    t: { type: "text", copy_to: "all", fields: { raw: { type: "keyword" } } },
    same: { type: "alias", path: "t.raw" },
    k: { type: "keyword", normalizer: "lowercase", null_value: "none", copy_to: ["all"] },
    short: { type: "keyword", ignore_above: 3 },
    all: { type: "text" },
    ip: { type: "ip" },
    f: { type: "scaled_float", scaling_factor: 10 },
  };
  const index = indexOf(
    [
      { t: "Big Fox", k: "RED", short: "abcd", ip: "10.1.2.3", f: 1.26 },
      { k: null, short: "abc", ip: "::1" },
    ],
    parseMappings({ properties }),
  );
  const found = (query: JSONObject) => [...finish(index.matchAll(query, 0))];
  assert.deepEqual(found({ term: { "t.raw": "Big Fox" } }), [1]);
  assert.deepEqual(found({ term: { same: "Big Fox" } }), [1]);
  assert.deepEqual(found({ term: { k: "Red" } }), [1]);
  assert.deepEqual(found({ term: { k: "none" } }), [4]);
  assert.deepEqual(found({ exists: { field: "short" } }), [4]);
  assert.deepEqual(found({ match: { all: { query: "fox red", operator: "and" } } }), [1]);
  assert.deepEqual(found({ term: { ip: "10.1.0.0/16" } }), [1]);
  assert.deepEqual(found({ range: { ip: { lt: "10.0.0.0" } } }), [4]);
  assert.deepEqual(found({ term: { f: 1.3 } }), [1]);
});

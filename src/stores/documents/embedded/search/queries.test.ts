import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { JSONObject } from "../../../../kernel/index.ts";
import { createCollectionIndex } from "./collection-index.ts";
import { finish, mappings, run } from "./people-fixture.ts";

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
  [
    "conditions that are left out by null",
    { bool: { must: [null, { term: { tags: "math" } }, undefined], filter: null, must_not: [null] } },
    ["d0", "d2"],
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
  ["several fields", { multi_match: { query: "compilers", fields: ["name^2", "bi*"] } }, ["d1"]],
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
  [{ search_after: [1] }, "unexpected_bad_request"],
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
  // Lengths 5, 6, 4: average 5; two of the three documents with words have this one. The text without words does not count.
  const idf = Math.log(1 + (3 - 2 + 0.5) / (2 + 0.5));
  const score = (length: number) => (2.2 * idf) / (1 + 1.2 * (0.25 + (0.75 * length) / 5));
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
    (2.2 * idf(1, 3) * 2) / (2 + 1.2 * (0.25 + (0.75 * 6) / 5)), // a text without words does not count
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

/** Clauses as applications write them: Elasticsearch 7.10.2 answers the same. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { JSONObject } from "../../../../kernel/index.ts";
import { parseMappings } from "../../mapping/parse-mappings.ts";
import { finish } from "./people-fixture.ts";
import { TwinIndex } from "./twin-index.ts";

const mappings = parseMappings({
  properties: {
    title: {
      type: "text",
      fields: {
        typed: { type: "search_as_you_type" },
        raw: { type: "keyword" },
        rows: { type: "text", index_phrases: true, index_prefixes: {} },
      },
    },
    brand: { type: "keyword" },
    code: { type: "keyword", doc_values: false },
    at: { type: "geo_point" },
    tags: { type: "keyword" },
    needed: { type: "half_float" },
    price: { type: "double" },
    variants: { type: "nested", properties: { colour: { type: "keyword" }, size: { type: "keyword" } } },
  },
});
const index = new TwinIndex(mappings);
const documents: readonly JSONObject[] = [
  { title: "Running shoes", brand: "Nike", tags: ["new", "sale"], needed: 2.5, price: 80 },
  { title: "Shoes for running", brand: "adidas", tags: ["new"], needed: 1.5, price: 120 },
  { title: "Laptop stand", brand: "Apple", tags: [], needed: 1, price: 250, variants: [{ colour: "red", size: "M" }] },
];
for (const [i, document] of documents.entries()) index.add(i, `d${i}`, document);
const search = (body: JSONObject) =>
  finish(index.search({ body, from: 0, size: 10, now: 0, fetch: (_, n) => documents[n] ?? {} }));
const ids = (query: JSONObject): string =>
  search({ query, sort: ["_id"] })
    .hits.map(({ id }) => id)
    .join(" ");

const typed = ["title.typed", "title.typed._2gram", "title.typed._3gram"];
const should = [{ match: { title: "running" } }, { match: { title: "for" } }, { term: { tags: "sale" } }];
const found: readonly (readonly [string, JSONObject, string])[] = [
  ["rows of words of a sub-field", { match: { "title.typed._2gram": "running shoes" } }, "d0"],
  [
    "what is typed into a sub-field",
    { multi_match: { query: "running sho", type: "bool_prefix", fields: typed, operator: "and" } },
    "d0 d1",
  ],
  ["a beginning of a phrase of a sub-field", { match_phrase_prefix: { "title.typed": "running sho" } }, "d0"],
  ["a phrase of a sub-field", { match_phrase: { "title.typed": "running shoes" } }, "d0"],
  ["a phrase of a sub-field with rows", { match_phrase: { "title.rows": "running shoes" } }, "d0"],
  ["a beginning of a sub-field with beginnings", { prefix: { "title.rows": "lap" } }, "d2"],
  ["a pattern of a text, in any case", { wildcard: { title: "Lap*" } }, "d2"],
  ["a beginning of a keyword", { match_bool_prefix: { brand: "Ni" } }, "d0"],
  ["spaces in a minimum", { bool: { should, minimum_should_match: "2 < 50%" } }, "d0 d1"],
  ["a minimum of less than nothing", { bool: { should, minimum_should_match: "-0%" } }, "d0 d1"],
  ["no minimum", { bool: { should, minimum_should_match: null } }, "d0 d1"],
  ["the older name of must_not", { bool: { mustNot: { term: { tags: "new" } } } }, "d2"],
  [
    "a part of a number of terms",
    { terms_set: { tags: { terms: ["new", "sale"], minimum_should_match_field: "needed" } } },
    "d0 d1",
  ],
  ["the last of two bounds", { range: { price: { lt: 100, lte: 120 } } }, "d0 d1"],
  ["an open bound behind a closed one", { range: { price: { gt: 80, gte: null } } }, "d0 d1 d2"],
  ["more edits than there are", { fuzzy: { title: { value: "laptpoo", fuzziness: 3 } } }, "d2"],
  ["capitals of an option", { match: { title: { query: "", zero_terms_query: "ALL" } } }, "d0 d1 d2"],
];

describe("everyday clauses", () => {
  for (const [name, query, expected] of found) test(name, () => assert.equal(ids(query), expected));
});

test("the source of inner hits is filtered by full paths", () => {
  const inner = (_source: unknown): unknown => {
    const query = { term: { "variants.colour": "red" } };
    const body = { query: { nested: { path: "variants", query, inner_hits: { _source } } } };
    return search(body).hits[0]?.innerHits?.variants?.[0]?.source;
  };
  assert.deepEqual(inner(["variants.colour"]), { colour: "red" });
  assert.deepEqual(inner({ excludes: ["variants.colour"] }), { size: "M" });
  assert.deepEqual(inner("colour"), {});
});

const orders = new TwinIndex(
  parseMappings({
    properties: {
      shop: { type: "keyword" },
      lines: {
        type: "nested",
        properties: {
          n: { type: "integer" },
          at: { type: "date" },
          parts: { type: "nested", properties: { x: { type: "integer" } } },
        },
      },
    },
  }),
);
const orderDocuments: readonly JSONObject[] = [
  {
    shop: "north",
    lines: [
      { n: 1, at: "2020-01-01", parts: [{ x: 1 }, { x: 2 }] },
      { n: 2, at: "2021-01-01", parts: [{ x: 3 }] },
    ],
  },
  { shop: "south", lines: [{ n: 3, parts: [{ x: 4 }, { x: 5 }] }] },
];
for (const [i, document] of orderDocuments.entries()) orders.add(i, `d${i}`, document);
const searchOrders = (body: JSONObject) =>
  finish(orders.search({ body, from: 0, size: 10, now: 0, fetch: (_, n) => orderDocuments[n] ?? {} }));

const partsOf = (options: JSONObject): JSONObject => ({
  nested: { path: "lines.parts", query: { range: { "lines.parts.x": { gte: 2 } } }, inner_hits: options },
});

test("inner hits of nested clauses within each other stand in the hits of the outer one", () => {
  const inner_hits = { fields: ["lines.n", { field: "lines.at", format: "yyyy" }], docvalue_fields: ["lines.n"] };
  const query = { nested: { path: "lines", query: partsOf({ sort: [{ "lines.parts.x": "desc" }] }), inner_hits } };
  const lines = searchOrders({ query, sort: ["_doc"] }).hits.map(({ innerHits }) => innerHits?.lines);
  const seen = lines.map((hits) =>
    hits?.map(({ source, fields, innerHits }) => [
      source?.n,
      fields,
      innerHits?.["lines.parts"]?.map((hit) => hit.source),
    ]),
  );
  assert.deepEqual(seen, [
    [
      [1, { "lines.n": [1], "lines.at": ["2020"] }, [{ x: 2 }]],
      [2, { "lines.n": [2], "lines.at": ["2021"] }, [{ x: 3 }]],
    ],
    [[3, { "lines.n": [3] }, [{ x: 5 }, { x: 4 }]]],
  ]);
});

test("inner hits below two levels are the objects that matched", () => {
  const hits = searchOrders({
    query: partsOf({ explain: true, docvalue_fields: ["lines.parts.x"] }),
    sort: ["_doc"],
  }).hits;
  const parts = hits.map(({ innerHits }) => innerHits?.["lines.parts"] ?? []);
  assert.deepEqual(
    parts.map((list) => list.map(({ source, fields }) => [source, fields])),
    [
      [
        [{ x: 2 }, { "lines.parts.x": [2] }],
        [{ x: 3 }, { "lines.parts.x": [3] }],
      ],
      [
        [{ x: 4 }, { "lines.parts.x": [4] }],
        [{ x: 5 }, { "lines.parts.x": [5] }],
      ],
    ],
  );
  assert.equal(parts[0]?.[0]?.explanation?.value, 1);
});

test("nested objects in top_hits have the score of their document, and fields of their own", () => {
  const wanted = (shop: string, boost: number): JSONObject => ({
    constant_score: { filter: { term: { shop } }, boost },
  });
  const top = { top_hits: { size: 5, _source: false, fields: ["lines.n"] } };
  const aggs = { lines: { nested: { path: "lines" }, aggs: { top } } };
  const { aggregations } = searchOrders({
    query: { bool: { should: [wanted("north", 2), wanted("south", 5)] } },
    aggs,
  });
  // biome-ignore lint/suspicious/noExplicitAny: what a test reads out of JSON
  const found = (aggregations as any).lines.top.hits;
  assert.equal(found.max_score, 5);
  assert.deepEqual(
    // biome-ignore lint/suspicious/noExplicitAny: as above
    found.hits.map((hit: any) => [hit._id, hit._nested.offset, hit._score, hit.fields]),
    [
      ["d1", 0, 5, { "lines.n": [3] }],
      ["d0", 0, 2, { "lines.n": [1] }],
      ["d0", 1, 2, { "lines.n": [2] }],
    ],
  );
});

test("refusals say what to write instead", () => {
  const refused = (body: JSONObject, hint: RegExp): void => assert.throws(() => search(body), hint);
  refused({ query: { bool: { musts: [] } } }, /does not support "musts". It takes: .*must, mustNot, must_not/);
  refused({ query: { match: { title: { qeury: "x" } } } }, /does not support "qeury". It takes: .*query/);
  refused({ sort: ["title"] }, /use its sub-field "title.raw"/);
  refused({ sort: ["code"] }, /its mapping has "doc_values": false/);
  refused({ sort: ["at"] }, /_geo_distance/);
  const points = Array.from({ length: 257 }, () => [0, 0]);
  refused({ sort: [{ _geo_distance: { at: points } }] }, /takes 256 points at most/);
});

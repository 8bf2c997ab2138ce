/** Texts as people type them into search boxes: Elasticsearch 7.10.2 finds the same documents. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { JSONObject } from "../../../../../../kernel/index.ts";
import { parseMappings } from "../../../../mapping/parse-mappings.ts";
import { finish } from "../../people-fixture.ts";
import { TwinIndex } from "../../twin-index.ts";

const mappings = parseMappings({
  properties: {
    title: { type: "text", fields: { en: { type: "text", analyzer: "english" } } },
    brand: { type: "keyword" },
    label: { type: "alias", path: "brand" },
    price: { type: "double" },
    stock: { type: "integer" },
    sold: { type: "date" },
    hidden: { type: "keyword", index: false },
  },
});
const index = new TwinIndex(mappings);
const documents: readonly JSONObject[] = [
  { title: "Running shoes", brand: "Nike", price: 80, stock: 5, sold: "2020-06-30", hidden: "x" },
  { title: "Shoes for running up walls", brand: "adidas", price: 120, stock: 20, sold: "2021-01-01", hidden: "5" },
  { title: "Apple laptop 16", brand: "Apple", price: 2000, stock: 0, sold: "2020-06-30", hidden: "y" },
  { title: "AT&T laptop stand", brand: "new sale", price: 20, stock: 5, sold: "2019-02-03", hidden: "z" },
];
for (const [i, document] of documents.entries()) index.add(i, `d${i}`, document);
const ids = (query: JSONObject): string =>
  finish(index.search({ body: { query, sort: ["_id"] }, from: 0, size: 10, now: 0 }))
    .hits.map(({ id }) => id)
    .join(" ");

describe("query_string", () => {
  const found: readonly (readonly [string, JSONObject, string])[] = [
    ["laptop", { default_field: "title" }, "d2 d3"],
    ["title :laptop", { default_field: "title" }, "d2 d3"],
    ["title:(running shoes) -walls", { fields: ["title"] }, "d0"],
    ["- laptop", { default_field: "title" }, "d2 d3"],
    ["! laptop", { fields: ["title"], default_operator: "AND" }, "d2 d3"],
    ["brand:(new sale)", { default_operator: "AND" }, "d3"],
    ["shoes for AND running", { fields: ["title"] }, "d1"],
    ["l\\u0061ptop", { fields: ["title"] }, "d2 d3"],
    ['"shoes running"~', { fields: ["title"], phrase_slop: 2 }, "d0 d1"],
    ["laptpo~5", { fields: ["title"] }, "d2 d3"],
    ["laptop~0.5", { fields: ["title"] }, "d2 d3"],
    ['_exists_:"price"', {}, "d0 d1 d2 d3"],
    ["price:>=120", {}, "d1 d2"],
    ["price:(>50 AND <130)", {}, "d0 d1"],
    ["price:>=abc", { lenient: true }, ""],
    [">100", { fields: ["title"] }, ""],
    ["5", {}, "d0 d3"],
    ["2020-06-30", { default_field: "*" }, "d0 d2"],
    ['"running shoes"', {}, "d0"],
    ["*:Apple", {}, "d2"],
    ["b\\*:Apple", { fields: ["title"] }, "d2"],
    ['"run shoe"', { fields: ["title"], quote_field_suffix: ".en" }, "d0"],
    ["nike running", { fields: ["title", "brand"], type: "cross_fields", default_operator: "and" }, ""],
    ["laptop (16", { fields: ["title"], escape: true, default_operator: "AND" }, "d2"],
    ["running shoes walls -apple", { fields: ["title"], minimum_should_match: 3 }, "d1"],
    ["runing~", { fields: ["title"], fuzzy_prefix_length: 5 }, ""],
  ];
  for (const [query, more, expected] of found)
    test(`${query} ${JSON.stringify(more)}`, () => assert.equal(ids({ query_string: { query, ...more } }), expected));

  const unreadable = [
    "AND laptop",
    "laptop OR",
    "NOT NOT laptop",
    "+laptop +-tv",
    "()",
    "title:()",
    "(laptop",
    "laptop)",
  ];
  for (const query of [...unreadable, '"laptop', "/lap", "laptop\\", "laptop^a", "price:[1 2]", "title*:laptop", "tv!"])
    test(`${query} is refused, with a hint`, () => {
      const hint = /backslash/;
      assert.throws(() => ids({ query_string: { query, fields: ["title"] } }), hint);
    });

  test("a pattern that begins with a sign is refused where that is asked for", () => {
    const query = { query: "*top", fields: ["title"], allow_leading_wildcard: false };
    assert.throws(() => ids({ query_string: query }), /allow_leading_wildcard/);
  });
});

describe("simple_query_string", () => {
  const found: readonly (readonly [string, JSONObject, string])[] = [
    ["*", { fields: ["title"] }, "d0 d1 d2 d3"],
    ["- laptop", { fields: ["title"] }, "d2 d3"],
    ["-laptop", { fields: ["title"] }, "d0 d1"],
    ["running + shoes | apple", { fields: ["title"] }, "d0 d1 d2"],
    ["laptop~", { fields: ["title"] }, "d2 d3"],
    ["laptpo~x", { fields: ["title"] }, ""],
    ['"running shoes', { fields: ["title"], default_operator: "and" }, "d0 d1"],
    ["lap* + apple", { fields: ["title"], flags: "AND|WHITESPACE" }, ""],
    ["lap* + apple", { fields: ["title"], flags: "AND|WHITESPACE|PREFIX" }, "d2"],
    ['"5"', {}, "d0 d3"],
    ["nike", { fields: ["stock"] }, ""],
  ];
  for (const [query, more, expected] of found)
    test(`${query} ${JSON.stringify(more)}`, () => {
      const options = query === "nike" ? { ...more, lenient: true } : more;
      assert.equal(ids({ simple_query_string: { query, ...options } }), expected);
    });

  test("signs that there are not are named", () => {
    const query = { query: "laptop", fields: ["title"], flags: "PREFIXES" };
    assert.throws(() => ids({ simple_query_string: query }), /"PREFIXES" is unknown/);
  });
});

test("beginnings in all fields are not stopped by one that is not indexed", () => {
  assert.equal(ids({ multi_match: { query: "running sho", type: "bool_prefix" } }), "d0 d1");
});

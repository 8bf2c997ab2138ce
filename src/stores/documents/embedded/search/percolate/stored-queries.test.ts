/** What of a stored query is known before it is run: whether it may be stored, and what finds it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { JSONObject } from "../../../../../kernel/index.ts";
import { checkDocument } from "../../../mapping/check-document.ts";
import { compileMapping } from "../../../mapping/compile-mapping.ts";
import { parseMappings } from "../../../mapping/parse-mappings.ts";
import { findQueryFault } from "./check-stored-query.ts";
import { anyKey, queryKeys } from "./query-keys.ts";

const mapping = compileMapping(
  parseMappings({
    dynamic: "true",
    properties: {
      query: { type: "percolator" },
      title: { type: "text" },
      city: { type: "keyword" },
      age: { type: "integer" },
      at: { type: "date" },
      free: { type: "flattened" },
      visits: { type: "nested", properties: { city: { type: "keyword" }, query: { type: "percolator" } } },
    },
  }),
);

const title = { match: { title: "elm bonsai" } };
const city = { term: { city: "Rome" } };

test("a stored query is found by the terms of which it needs one, and those of the rarest clause", () => {
  const keys: readonly (readonly [JSONObject, readonly string[]])[] = [
    [city, ["city\0Rome"]],
    [title, ["title\0elm", "title\0bonsai"]],
    [{ match: { title: { query: "elm bonsai", operator: "and" } } }, ["title\0bonsai"]],
    [{ match_phrase: { title: "elm bonsai" } }, ["title\0bonsai"]],
    [{ bool: { must: [city, title] } }, ["city\0Rome"]],
    [{ bool: { should: [city, title] } }, ["city\0Rome", "title\0elm", "title\0bonsai"]],
    [{ bool: { filter: { range: { age: { gt: 3 } } }, must: city, should: title } }, ["city\0Rome"]],
    [{ bool: { must_not: city } }, [anyKey]],
    [{ bool: { should: [city, { match_all: {} }] } }, ["city\0Rome", anyKey]],
    [{ range: { age: { gt: 3 } } }, ["age"]],
    [{ term: { age: "7" } }, ["age\x007"]],
    [{ term: { at: "2020" } }, ["at"]],
    [{ nested: { path: "visits", query: { term: { "visits.city": "Rome" } } } }, ["visits.city\0Rome"]],
    [{ terms: { city: Array.from({ length: 300 }, (_, i) => `c${i}`) } }, ["city"]],
    [{ match: { title: { query: "elm", fuzziness: 1 } } }, ["title"]],
    [{ term: { "free.a": "x" } }, [anyKey]],
    [{ term: { unknown: "x" } }, [anyKey]],
    [{ match_all: {} }, [anyKey]],
  ];
  for (const [query, wanted] of keys) assert.deepEqual(queryKeys(query, mapping), wanted, JSON.stringify(query));
});

test("a query that no search would take, or of fields that are not there, is not stored", () => {
  const fault = (query: unknown) => findQueryFault(JSON.stringify(query), mapping);
  for (const query of [
    city,
    title,
    { match_all: {} },
    { exists: { field: "nowhere" } },
    { multi_match: { query: "a", fields: ["nowhere", "title"] } },
    { query_string: { query: "nowhere:a" } },
    { range: { at: { gte: "now-1d" } } },
    { term: { "free.any": "x" } },
    { nested: { path: "nowhere", ignore_unmapped: true, query: { match_all: {} } } },
    { more_like_this: { fields: ["title"], like: ["elm", { doc: { title: "ash" } }], min_doc_freq: 1 } },
  ])
    assert.equal(fault(query), undefined, JSON.stringify(query));
  for (const [query, reason] of [
    [{}, /is empty/],
    [{ match_all: {}, match_none: {} }, /holds one clause/],
    [{ foo: {} }, /"foo"/],
    [{ term: { nowhere: "x" } }, /\[term\] there is no field "nowhere"/],
    [{ bool: { must: [{ dis_max: { queries: [{ match: { nowhere: "x" } }] } }] } }, /no field "nowhere"/],
    [{ nested: { path: "visits", query: { term: { "visits.nowhere": 1 } } } }, /no field "visits.nowhere"/],
    [{ function_score: { functions: [{ filter: { prefix: { nowhere: "x" } }, weight: 1 }] } }, /no field "nowhere"/],
    [{ wrapper: { query: Buffer.from('{"term":{"nowhere":1}}').toString("base64") } }, /no field "nowhere"/],
    [{ query_string: { query: "a", default_operator: { valueOf: 1, toString: 2 } } }, /must be "and" or "or"/],
    [{ span_or: { clauses: [{ span_term: { nowhere: "x" } }] } }, /no field "nowhere"/],
    [{ nested: { path: "nowhere", query: { match_all: {} } } }, /not a nested object/],
    [{ range: { age: { gte: "old" } } }, /old/],
    [{ term: { age: "old" } }, /old/],
    [{ term: { query: "x" } }, /holds queries/],
    [{ match: { title: { query: "a", bad: 1 } } }, /bad/],
    [{ terms: { city: { index: "i", collection: "c", id: "x", path: "p" } } }, /looked up/],
    [{ has_child: { type: "x", query: { match_all: {} } } }, /"has_child" needs a search cluster/],
    [{ bool: { must: { percolate: { field: "query", document: {} } } } }, /"percolate" cannot stand in a stored query/],
    [{ more_like_this: { fields: ["title"], like: { _id: "x" } } }, /no stored ones/],
  ] as const)
    assert.match(fault(query) ?? "stored", reason, JSON.stringify(query));
});

test("a setting that would take unmapped fields for texts is named where one is missed", () => {
  const settings = { index: { percolator: { map_unmapped_fields_as_text: true } } };
  const fault = findQueryFault('{"term":{"nowhere":1}}', compileMapping(mapping.mappings, settings));
  assert.match(fault ?? "", /"percolator.map_unmapped_fields_as_text" is not supported/);
});

test("a document has one query in a field, and each of its nested objects one", () => {
  const check = (document: JSONObject) => checkDocument(mapping, document);
  const all = { match_all: {} };
  assert.deepEqual(check({ query: [all] }), { ok: true, queries: [{ path: "query", text: '{"match_all":{}}' }] });
  assert.equal(check({ visits: [{ query: all }, { query: all }] }).ok, true);
  assert.deepEqual(check({ query: null }), { ok: true });
  for (const document of [{ query: [all, all] }, { visits: [{ query: [all, all] }] }, { query: "text" }, { query: 5 }])
    assert.equal(check(document).ok, false, JSON.stringify(document));
});

test("the type takes no parameters, sub-fields and copies", () => {
  for (const more of [
    { index: false },
    { store: true },
    { fields: { raw: { type: "keyword" } } },
    { copy_to: "title" },
    { meta: {} },
  ])
    assert.throws(
      () => parseMappings({ properties: { query: { type: "percolator", ...more } } }),
      JSON.stringify(more),
    );
});

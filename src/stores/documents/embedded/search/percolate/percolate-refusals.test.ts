import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FieldList } from "../../../../../filters/index.ts";
import type { JSONObject } from "../../../../../kernel/index.ts";
import { createCollectionIndex, type IndexHit } from "../collection-index.ts";
import { finish } from "../people-fixture.ts";
import type { Visibility } from "../visibility.ts";
import { filled, idsOf, mappings, percolate, search, stored } from "./percolate-fixture.ts";

describe("percolate", () => {
  test("shows what the asker may see: of documents, and of the fields that queries ask for", () => {
    const index = filled();
    index.add(200, "of", { query: { term: { city: "Rome" } }, city: "Oslo" });
    const ask = (visibility: Visibility, field = "query"): readonly IndexHit[] => {
      const body = { query: { percolate: { field, document: { city: "Rome", age: 20 } } } };
      return finish(index.search({ body, from: 0, size: 100, now: 0, visible: [visibility] })).hits;
    };
    assert.deepEqual(idsOf(ask({ filter: { term: { city: "Oslo" } }, fields: undefined })), ["of"]);
    const fields = new FieldList(["query", "age", "title"]);
    const seen = idsOf(ask({ filter: undefined, fields }));
    assert.ok(seen.includes("adult") && !seen.includes("city") && !seen.includes("of"), seen.join(" "));
    assert.throws(() => ask({ filter: undefined, fields: new FieldList(["age"]) }), /not in the mapping/);
  });

  test("names the document whose query cannot be run any more", () => {
    const settings = { analysis: { analyzer: { mine: { type: "custom", tokenizer: "whitespace" } } } };
    const query = { match: { title: { query: "elm", analyzer: "mine" } } };
    const index = createCollectionIndex(mappings, settings);
    index.add(1, "old", { query });
    assert.deepEqual(idsOf(search(index, { query: percolate({ document: { title: "elm" } }) })), ["old"]);
    const without = createCollectionIndex(mappings);
    without.add(1, "old", { query });
    const ask = () => search(without, { query: percolate({ document: { title: "elm" } }) });
    assert.throws(ask, /stored query of document "old" cannot be run: Analyzer "mine" does not exist/);
  });

  test("refuses what is not complete, and documents that the collection would not store", () => {
    const index = filled();
    const refused = (body: JSONObject, message: RegExp) =>
      assert.throws(() => search(index, { query: { percolate: body } }), message);
    refused({ field: "query" }, /needs one of/);
    refused({ document: {} }, /field\] must be a string/);
    refused({ field: "query", document: {}, documents: [{}] }, /found 2/);
    refused({ field: "query", documents: [] }, /is empty/);
    refused({ field: "query", documents: Array.from({ length: 1_001 }, () => ({})) }, /at most 1000/);
    refused({ field: "query", documents: [5] }, /must be an object/);
    refused({ field: "query", document: {}, foo: 1 }, /does not support "foo"/);
    refused({ field: "nowhere", document: {} }, /not in the mapping/);
    refused({ field: "title", document: {} }, /must be of type percolator/);
    refused({ field: "query", index: "i", collection: "c", id: "x" }, /read it and send it/);
    refused({ field: "query", document: { age: "old" } }, /document 0 .*"age"/);
    refused({ field: "query", documents: [{}, { closed: { b: 1 } }] }, /document 1 .*closed\.b/);
    refused({ field: "query", document: { _id: "x" } }, /metadata field/);
  });

  test("is the only way to search the field, beside exists", () => {
    const index = filled();
    for (const query of [
      { term: { query: "a" } },
      { terms: { query: ["a"] } },
      { match: { query: "a" } },
      { match_phrase: { query: "a" } },
      { range: { query: { gte: "a" } } },
      { prefix: { query: "a" } },
      { wildcard: { query: "a" } },
      { regexp: { query: "a" } },
      { fuzzy: { query: "a" } },
      { span_term: { query: "a" } },
      { multi_match: { query: "a", fields: ["query"] } },
    ])
      assert.throws(() => search(index, { query }), /percolat/, JSON.stringify(query));
    assert.throws(() => search(index, { sort: "query" }), /cannot be sorted/);
    assert.throws(() => search(index, { aggs: { a: { terms: { field: "query" } } } }), /cannot be aggregated/);
    assert.throws(() => search(index, { docvalue_fields: ["query"] }), /keeps no column/);
    assert.equal(search(index, { query: { exists: { field: "query" } } }).length, Object.keys(stored).length);
    assert.deepEqual(search(index, { query: { match_all: {} }, fields: ["query"] })[0]?.fields, {
      query: [stored.words],
    });
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FieldList } from "../../../../../filters/index.ts";
import type { JSONObject } from "../../../../../kernel/index.ts";
import { parseMappings } from "../../../mapping/parse-mappings.ts";
import { type CollectionIndex, createCollectionIndex, type IndexHit } from "../collection-index.ts";
import { finish } from "../people-fixture.ts";
import { TwinIndex } from "../twin-index.ts";
import type { Visibility } from "../visibility.ts";

const mappings = parseMappings({
  dynamic: "true",
  properties: {
    query: { type: "percolator" },
    saved: { properties: { query: { type: "percolator" } } },
    title: { type: "text", fields: { raw: { type: "keyword" } } },
    also: { type: "alias", path: "title" },
    weighed: { type: "text", similarity: "boolean" },
    city: { type: "keyword" },
    age: { type: "integer" },
    isOpen: { type: "boolean" },
    at: { type: "date" },
    ip: { type: "ip" },
    place: { type: "geo_point" },
    free: { type: "flattened" },
    visits: { type: "nested", properties: { city: { type: "keyword" }, nights: { type: "integer" } } },
    closed: { dynamic: "strict", properties: { a: { type: "keyword" } } },
  },
});

const stored: Readonly<Record<string, JSONObject>> = {
  words: { match: { title: "bonsai tree" } },
  both: { match: { title: { query: "bonsai tree", operator: "and" } } },
  close: { match: { title: { query: "bonsia", fuzziness: 2 } } },
  phrase: { match_phrase: { title: "bonsai tree" } },
  begun: { match_phrase_prefix: { title: "a bon" } },
  raw: { term: { "title.raw": "bonsai" } },
  alias: { term: { also: "bonsai" } },
  city: { term: { city: "Rome" } },
  anyCase: { term: { city: { value: "ROME", case_insensitive: true } } },
  cities: { terms: { city: ["Oslo", "Bern"] } },
  adult: { range: { age: { gte: 18 } } },
  seven: { term: { age: "7" } },
  open: { term: { isOpen: true } },
  day: { term: { at: "2020-01-02" } },
  network: { term: { ip: "10.0.0.0/8" } },
  near: { geo_distance: { distance: "10km", place: { lat: 41, lon: 3 } } },
  flat: { term: { "free.a": "x" } },
  stay: {
    nested: {
      path: "visits",
      query: { bool: { must: [{ term: { "visits.city": "Rome" } }, { range: { "visits.nights": { gte: 2 } } }] } },
    },
  },
  everything: { match_all: {} },
  nothing: { match_none: {} },
  elsewhere: { bool: { must_not: { term: { city: "Rome" } } } },
  some: { bool: { filter: [{ exists: { field: "age" } }], should: { term: { city: "Rome" } } } },
  least: {
    bool: {
      should: [{ term: { city: "Rome" } }, { term: { age: 7 } }, { term: { title: "tree" } }],
      minimum_should_match: 2,
    },
  },
  fields: { multi_match: { query: "bonsai Rome", fields: ["title^2", "city", "unknown"] } },
  across: {
    multi_match: { query: "bonsai tree", fields: ["title", "weighed"], type: "cross_fields", operator: "and" },
  },
  string: { query_string: { query: "title:bonsai AND NOT city:Rome" } },
  one: { dis_max: { queries: [{ term: { city: "Oslo" } }, { prefix: { title: "bon" } }] } },
  constant: { constant_score: { filter: { term: { city: "Rome" } }, boost: 2 } },
  scored: {
    function_score: {
      query: { match: { title: "tree" } },
      functions: [{ filter: { term: { city: "Rome" } }, weight: 3 }],
    },
  },
  span: { span_near: { clauses: [{ span_term: { title: "bonsai" } }, { span_term: { title: "tree" } }], slop: 2 } },
  wrapped: { wrapper: { query: Buffer.from('{"term":{"city":"Rome"}}').toString("base64") } },
  pattern: { wildcard: { city: "R*e" } },
  self: { ids: { values: ["_temp_id"] } },
};

const given: readonly JSONObject[] = [
  {},
  { title: "a new bonsai tree in the office" },
  { title: "bonsai", city: "Rome", age: 7 },
  { title: ["tree", "bonsai"], weighed: "tree", city: ["Oslo", "Rome"], age: 40, isOpen: true },
  { at: "2020-01-02T03:04:05Z", ip: "10.1.2.3", place: { lat: 41.01, lon: 3 }, free: { a: "x" } },
  {
    visits: [
      { city: "Rome", nights: 1 },
      { city: "Bern", nights: 5 },
    ],
  },
  { visits: [{ city: "Rome", nights: 3 }], isOpen: false, age: "12" },
  { fresh: "field", title: "Bonsai" },
];

const filled = (): TwinIndex => {
  const index = new TwinIndex(mappings);
  for (const [i, [id, query]] of Object.entries(stored).entries())
    index.add(i + 1, id, { query, title: "a saved bonsai" });
  return index;
};

const search = (index: CollectionIndex, body: JSONObject): readonly IndexHit[] => {
  const fetch = (_index: number, docNumber: number) => ({
    title: "a saved bonsai",
    query: Object.values(stored)[docNumber - 1],
  });
  return finish(index.search({ body, from: 0, size: 100, now: 0, fetch })).hits;
};
const percolate = (more: JSONObject): JSONObject => ({ percolate: { field: "query", ...more } });
const idsOf = (hits: readonly IndexHit[]): string[] => hits.map(({ id }) => id).sort();
const slotsOf = (hits: readonly IndexHit[]): JSONObject =>
  Object.fromEntries(hits.map(({ id, fields }) => [id, fields?._percolator_document_slot]));

/** The stored queries that find a document in a collection of its own. */
function findersOf(document: JSONObject): string[] {
  const alone = createCollectionIndex(mappings);
  alone.add(1, "_temp_id", document);
  return Object.keys(stored).filter((id) => search(alone, { query: stored[id] }).length > 0);
}

describe("percolate", () => {
  test("finds the stored queries that find a document, in segments of every kind", () => {
    const index = filled();
    for (const document of given)
      assert.deepEqual(
        idsOf(search(index, { query: percolate({ document }) })),
        findersOf(document).sort(),
        JSON.stringify(document),
      );
    assert.equal(findersOf(given[1] ?? {}).length, 14);
  });

  test("says which of several documents each query matched", () => {
    const slots = slotsOf(search(filled(), { query: percolate({ documents: given }) }));
    const wanted = Object.fromEntries(
      Object.keys(stored).flatMap((id) => {
        const own = given.flatMap((document, slot) => (findersOf(document).includes(id) ? [slot] : []));
        return own.length === 0 ? [] : [[id, own]];
      }),
    );
    assert.deepEqual(slots, wanted);
  });

  test("scores as the reference engine does, by the given documents alone and without its factor", () => {
    const scores = (query: JSONObject): JSONObject =>
      Object.fromEntries(search(filled(), { query }).map(({ id, score }) => [id, Number(score?.toFixed(6))]));
    const alone = scores(percolate({ document: { title: "a new bonsai tree in the office", weighed: "x" } }));
    assert.deepEqual([alone.words, alone.phrase, alone.everything, alone.elsewhere], [0.261529, 0.261529, 1, 0]);
    const documents = [
      { title: "a new bonsai tree in the office" },
      { title: "bonsai" },
      { title: "tree tree", visits: [{ city: "Rome", nights: 1 }] },
      { visits: [{ city: "Rome", nights: 3 }] },
    ];
    const several = scores(percolate({ documents, boost: 7 }));
    assert.deepEqual([several.words, several.phrase], [0.330988, 0.294673]);
    const constant = scores({ constant_score: { filter: percolate({ document: { city: "Rome" } }), boost: 4 } });
    assert.deepEqual(new Set(Object.values(constant)), new Set([4]));
    assert.equal(scores({ bool: { filter: percolate({ document: { city: "Rome" } }) } }).city, 0);
  });

  test("is told from others by its name, and marks what the queries found", () => {
    const query = {
      bool: {
        should: [
          percolate({ document: { title: "bonsai" }, name: "a" }),
          percolate({ documents: [{ title: "tree" }, { city: "Rome" }] }),
        ],
      },
    };
    const hits = new Map(search(filled(), { query, highlight: { fields: { title: {} } } }).map((hit) => [hit.id, hit]));
    assert.deepEqual(hits.get("words")?.fields, {
      _percolator_document_slot_a: [0],
      _percolator_document_slot_query: [0],
    });
    assert.deepEqual(hits.get("words")?.highlight, { a_title: ["<em>bonsai</em>"], query_0_title: ["<em>tree</em>"] });
    assert.deepEqual(hits.get("city")?.fields, { _percolator_document_slot_query: [1] });
    assert.equal(hits.get("city")?.highlight, undefined);
    const single = {
      query: { bool: { must: [percolate({ document: { title: "a bonsai" } }), { match: { title: "saved" } }] } },
    };
    const [hit] = search(filled(), { ...single, highlight: { fields: { title: {} } }, min_score: 0.1 }).filter(
      ({ id }) => id === "words",
    );
    assert.deepEqual(hit?.highlight, { title: ["a <em>bonsai</em>"] });
  });

  test("takes removed and replaced queries for gone", () => {
    const index = filled();
    const number = (id: string): number => Object.keys(stored).indexOf(id) + 1;
    const document = { city: "Rome" };
    index.remove(number("city"));
    index.remove(number("pattern"));
    index.add(100, "pattern", { query: { term: { city: "Oslo" } } });
    const found = idsOf(search(index, { query: percolate({ document }) }));
    assert.deepEqual(
      found,
      findersOf(document)
        .filter((id) => id !== "city" && id !== "pattern")
        .sort(),
    );
    assert.ok(idsOf(search(index, { query: percolate({ document: { city: "Oslo" } }) })).includes("pattern"));
  });

  test("asks each field for its own queries, and those of objects", () => {
    const index = new TwinIndex(mappings);
    index.add(1, "a", { query: { term: { city: "Rome" } } });
    index.add(2, "b", { saved: { query: { term: { city: "Rome" } } } });
    index.add(3, "c", { saved: { query: { term: { city: "Oslo" } } }, query: { term: { city: "Rome" } } });
    const ask = (field: string) =>
      idsOf(search(index, { query: { percolate: { field, document: { city: "Rome" } } } }));
    assert.deepEqual([ask("query"), ask("saved.query")], [["a", "c"], ["b"]]);
    assert.deepEqual(idsOf(search(index, { query: { exists: { field: "saved.query" } } })), ["b", "c"]);
    assert.deepEqual(idsOf(search(index, { query: { exists: { field: "saved" } } })), ["b", "c"]);
  });

  test("lets others have their turn, and runs a query once for all who have stored it", () => {
    const index = createCollectionIndex(mappings);
    const matching = (i: number): JSONObject => ({ bool: { must_not: { term: { city: `c${i % 6_000}` } } } });
    for (let i = 0; i < 9_000; i++) index.add(i + 1, `q${i}`, { query: matching(i) });
    const work = index.search({ body: { query: percolate({ document: { city: "c7" } }) }, from: 0, size: 1, now: 0 });
    let steps = 0;
    let step = work.next();
    for (; step.done !== true; step = work.next()) steps++;
    assert.equal(step.value.total, 9_000 - 2);
    assert.ok(steps >= 2, `${steps} steps`);
  });

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

  test("takes queries of any length", () => {
    const index = new TwinIndex(mappings);
    const long = { terms: { city: Array.from({ length: 20_000 }, (_, i) => `city number ${i}`) } };
    index.add(1, "long", { query: long });
    index.add(2, "short", { query: { term: { city: "Rome" } } });
    index.add(3, "again", { query: long });
    const ask = (city: string) => idsOf(search(index, { query: percolate({ document: { city } }) }));
    assert.deepEqual([ask("city number 19999"), ask("Rome")], [["again", "long"], ["short"]]);
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

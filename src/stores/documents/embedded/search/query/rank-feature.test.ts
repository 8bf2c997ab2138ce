import assert from "node:assert/strict";
import { test } from "node:test";
import type { JSONObject } from "../../../../../kernel/index.ts";
import { checkDocument } from "../../../mapping/check-document.ts";
import { compileMapping } from "../../../mapping/compile-mapping.ts";
import { parseMappings } from "../../../mapping/parse-mappings.ts";
import { createCollectionIndex } from "../collection-index.ts";
import { filled, finish } from "../people-fixture.ts";

const mappings = parseMappings({
  properties: {
    rank: { type: "rank_feature" },
    length: { type: "rank_feature", positive_score_impact: false },
    topics: { type: "rank_features" },
    parts: { type: "nested", properties: { rank: { type: "rank_feature" } } },
    name: { type: "keyword" },
  },
});
const documents: readonly JSONObject[] = [
  { rank: 1, length: 2, topics: { a: 1 } },
  { rank: "5.5", length: 0.1, topics: [{ a: 30 }, { b: 2, "c.d": 7 }] },
  { rank: 100, name: "x" },
  { name: "y" },
];
const index = filled(createCollectionIndex(mappings, {}), documents);
const search = (body: JSONObject) => finish(index.search({ body, from: 0, size: 10, now: 0 }));
const scores = (clause: JSONObject): unknown[] =>
  search({ query: { rank_feature: clause } }).hits.map(({ id, score }) => `${id} ${score?.toFixed(7)}`);

test("features score by what they are, as tests/long/reference found it in the reference engine", () => {
  const byMean = ["d2 0.9267304", "d1 0.4102564", "d0 0.1122807"];
  assert.deepEqual(scores({ field: "rank" }), byMean);
  assert.deepEqual(scores({ field: "rank", saturation: {} }), byMean);
  assert.deepEqual(scores({ field: "rank", saturation: { pivot: 8 } }), [
    "d2 0.9259259",
    "d1 0.4074074",
    "d0 0.1111111",
  ]);
  assert.deepEqual(scores({ field: "rank", log: { scaling_factor: 1 } }), [
    "d2 4.6151204",
    "d1 1.8718022",
    "d0 0.6931472",
  ]);
  assert.deepEqual(scores({ field: "rank", sigmoid: { pivot: 7, exponent: 0.6 } }), [
    "d2 0.8313963",
    "d1 0.4638887",
    "d0 0.2372988",
  ]);
  assert.deepEqual(scores({ field: "rank", boost: 2 })[0], "d2 1.8534608");
  assert.deepEqual(scores({ field: "length" }), ["d1 0.8163265", "d0 0.1818182"], "the least scores most");
  assert.deepEqual(scores({ field: "topics.a" }), ["d1 0.8391609", "d0 0.1481481"]);
  for (const field of ["topics.none", "topics.c.d", "none"]) assert.deepEqual(scores({ field }), []);
});

test("what a rank_feature clause cannot do is refused by name", () => {
  const refused = (clause: JSONObject, message: RegExp) => assert.throws(() => scores(clause), message);
  refused({ field: "name" }, /is of type keyword/);
  refused({ field: "topics" }, /is of type rank_features/);
  refused({ field: "rank", saturation: { pivot: 0 } }, /saturation.pivot\] must be greater than 0/);
  refused({ field: "rank", log: {} }, /scaling_factor\] is needed/);
  refused({ field: "rank", log: { scaling_factor: 0.5 } }, /must be 1 or more/);
  refused({ field: "length", log: { scaling_factor: 1 } }, /positive_score_impact/);
  refused({ field: "rank", sigmoid: { pivot: 1, exponent: 1, other: 1 } }, /does not support "other"/);
  refused({ field: "rank", sigmoid: {}, log: {} }, /takes one of/);
  refused({ field: "rank", boost: -1 }, /must not be negative/);
  refused({}, /field\] must be a string/);
});

test("fields of features are found by rank_feature and exists only", () => {
  assert.equal(search({ query: { exists: { field: "rank" } } }).total, 3);
  for (const query of [{ term: { rank: 1 } }, { range: { rank: { gt: 1 } } }, { exists: { field: "topics" } }])
    assert.throws(() => search({ query }), /rank/, JSON.stringify(query));
  assert.equal(search({ query: { term: { "topics.a": 1 } } }).total, 0);
  for (const body of [
    { sort: ["rank"] },
    { aggs: { x: { terms: { field: "rank" } } } },
    { aggs: { x: { value_count: { field: "topics" } } } },
    { docvalue_fields: ["rank"] },
    { collapse: { field: "rank" } },
  ])
    assert.throws(() => search(body), /rank|topics/, JSON.stringify(body));
});

test("features are positive numbers, each once in a document", () => {
  const mapping = compileMapping(mappings, {});
  const isTaken = (document: JSONObject): boolean => checkDocument(mapping, document).ok;
  for (const rank of [1, " 2 ", null, [3], [null, 3], 1e-37]) assert.ok(isTaken({ rank }), JSON.stringify(rank));
  for (const rank of [0, -1, "x", "", true, { a: 1 }, [1, 2], 1e-40, 1e40, "NaN"])
    assert.ok(!isTaken({ rank }), JSON.stringify(rank));
  for (const topics of [{ a: 1, b: null }, {}, [], { "": 1 }, { a: "2.5" }])
    assert.ok(isTaken({ topics }), JSON.stringify(topics));
  for (const topics of [1, { a: 0 }, { a: [1] }, { a: { b: 1 } }, { a: true }, [{ a: 1 }, { a: 2 }]])
    assert.ok(!isTaken({ topics }), JSON.stringify(topics));
  assert.ok(isTaken({ parts: [{ rank: 1 }, { rank: 2 }] }), "each nested object has its own");
  assert.ok(!isTaken({ parts: [{ rank: [1, 2] }] }));
});

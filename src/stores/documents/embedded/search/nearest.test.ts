import assert from "node:assert/strict";
import { test } from "node:test";
import type { JSONObject } from "../../../../kernel/index.ts";
import { checkDocument } from "../../mapping/check-document.ts";
import { compileMapping } from "../../mapping/compile-mapping.ts";
import { parseMappings } from "../../mapping/parse-mappings.ts";
import { type CollectionIndex, createCollectionIndex, type IndexSearchResult } from "./collection-index.ts";
import { finish } from "./people-fixture.ts";
import { TwinIndex } from "./twin-index.ts";

let state = 7;
function random(): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
}

const mappingOf = (vector: JSONObject) =>
  parseMappings({ properties: { v: { type: "dense_vector", ...vector }, tag: { type: "keyword" } } });

const search = (index: CollectionIndex, body: JSONObject, size = 10): IndexSearchResult =>
  finish(index.search({ body, from: 0, size, now: 0 }));

const scores: Readonly<Record<string, (a: readonly number[], b: readonly number[]) => number>> = {
  cosine: (a, b) => (1 + dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))) / 2,
  dot_product: (a, b) => (1 + dot(a, b)) / 2,
  l2_norm: (a, b) => 1 / (1 + a.reduce((sum, value, i) => sum + (value - (b[i] ?? 0)) ** 2, 0)),
  max_inner_product: (a, b) => (dot(a, b) < 0 ? 1 / (1 - dot(a, b)) : dot(a, b) + 1),
};

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

const unit = (vector: readonly number[]): number[] => {
  const length = Math.sqrt(dot(vector, vector));
  return vector.map((value) => Math.fround(value / length));
};

const newVector = (dims: number): number[] => Array.from({ length: dims }, () => Math.fround(random() * 2 - 1));

for (const [similarity, score] of Object.entries(scores)) {
  test(`the nearest by ${similarity} are what comparing every vector finds, over segments that are frozen, merged and thinned out`, () => {
    const prepare = similarity === "dot_product" ? unit : (vector: readonly number[]) => [...vector];
    const index = new TwinIndex(mappingOf({ dims: 5, similarity }));
    const documents = Array.from({ length: 60 }, (_, i) => ({
      ...(i % 7 === 3 ? {} : { v: prepare(newVector(5)) }),
      tag: `t${i % 3}`,
    }));
    for (const [i, document] of documents.entries()) index.add(i + 1, `d${i}`, document);
    for (let i = 0; i < 60; i += 5) index.remove(i + 1);
    for (const tag of [undefined, "t1"]) {
      const query = prepare(newVector(5));
      const filter = tag === undefined ? {} : { filter: { term: { tag } } };
      const knn = { field: "v", query_vector: query, k: 8, num_candidates: 20, boost: 2, ...filter };
      const { hits, total } = search(index, { knn });
      const expected = documents
        .map(({ v, tag: own }, i) => ({
          id: `d${i}`,
          own,
          score: v === undefined || i % 5 === 0 ? -1 : score(v, query),
        }))
        .filter((one) => one.score >= 0 && (tag === undefined || one.own === tag))
        .sort((a, b) => b.score - a.score)
        .slice(0, 8);
      assert.deepEqual(
        hits.map(({ id }) => id),
        expected.map(({ id }) => id),
      );
      assert.equal(total, expected.length);
      for (const [i, hit] of hits.entries())
        assert.ok(Math.abs((hit.score ?? 0) - 2 * (expected[i]?.score ?? 0)) < 1e-5);
    }
  });
}

test("what matches the query and what is near add up, and a threshold leaves out what is far", () => {
  const index = new TwinIndex(mappingOf({ dims: 2, similarity: "l2_norm" }));
  const documents = [{ v: [0, 0], tag: "a" }, { v: [1, 0], tag: "b" }, { v: [9, 0], tag: "a" }, { tag: "a" }];
  for (const [i, document] of documents.entries()) index.add(i + 1, `d${i}`, document);
  const query = { constant_score: { filter: { term: { tag: "a" } }, boost: 10 } };
  const knn = { field: "v", query_vector: [0, 0], k: 2 };
  assert.deepEqual(
    search(index, { query, knn }).hits.map(({ id, score }) => [id, score]),
    [
      ["d0", 11],
      ["d2", 10],
      ["d3", 10],
      ["d1", 0.5],
    ],
  );
  assert.equal(search(index, { knn: { ...knn, k: 3, similarity: 1 } }).total, 2);
  assert.equal(search(index, { knn: [knn, { ...knn, query_vector: [9, 0], k: 1 }] }).total, 3);
  assert.equal(search(index, { query: { bool: { must: [{ knn }], must_not: [{ term: { tag: "b" } }] } } }).total, 1);
  assert.equal(search(index, { query: { exists: { field: "v" } } }).total, 3);
});

test("of twenty thousand vectors in clusters the nearest ten are found, nearly all of them", () => {
  const dims = 16;
  const sizes = { headDocuments: 20_000, mergedAtOnce: 8, maxDocuments: 1_000_000 };
  const index = createCollectionIndex(mappingOf({ dims }), {}, sizes);
  const places = Array.from({ length: 200 }, () => newVector(dims));
  const near = (): number[] =>
    (places[Math.floor(random() * 200)] ?? []).map((value) => value + (random() - 0.5) * 0.6);
  const documents = Array.from({ length: 20_001 }, () => near());
  for (const [i, v] of documents.entries()) index.add(i + 1, `d${i}`, { v });
  assert.equal(finish(index.maintain())?.kind, "frozen");
  let found = 0;
  for (let turn = 0; turn < 20; turn++) {
    const query = near();
    const exact = new Set(
      documents
        .map((v, i) => ({ id: `d${i}`, score: scores.cosine?.(v, query) ?? 0 }))
        .sort((a, b) => b.score - a.score)
        .slice(0, 10)
        .map(({ id }) => id),
    );
    const { hits } = search(index, { knn: { field: "v", query_vector: query, k: 10, num_candidates: 20 } });
    assert.equal(hits.length, 10);
    found += hits.filter(({ id }) => exact.has(id)).length;
  }
  assert.ok(found >= 190, `${found} of 200`);
});

test("vectors that the field cannot hold are refused, and so are searches that it cannot answer", () => {
  const bad: readonly [JSONObject, unknown, RegExp][] = [
    [{ dims: 2 }, [1], /has 1 dimensions, and the field 2/],
    [{ dims: 2 }, [1, "2"], /member 1 is not a number/],
    [{ dims: 2 }, [1, 1e300], /member 1 is not a number of 32 bits/],
    [{ dims: 2 }, [0, 0], /no direction/],
    [{ dims: 2 }, 7, /expected an array/],
    [{ dims: 2 }, [[1, 2]], /has 1 dimensions/],
    [{ dims: 2, similarity: "dot_product" }, [3, 4], /length 1/],
    [{ dims: 2, element_type: "byte" }, [1, 300], /whole number/],
  ];
  for (const [options, v, message] of bad) {
    const check = checkDocument(compileMapping(mappingOf(options)), { v });
    assert.equal(check.ok, false);
    assert.match(String(check.ok ? "" : check.parameters[0]), message);
  }
  const twice = parseMappings({ properties: { o: { properties: { v: { type: "dense_vector", dims: 1 } } } } });
  assert.equal(checkDocument(compileMapping(twice), { o: [{ v: [1] }, { v: [2] }] }).ok, false);
  assert.equal(checkDocument(compileMapping(twice), { o: { v: [1] } }).ok, true);
  for (const options of [
    {},
    { dims: 0 },
    { dims: 5000 },
    { dims: 2, similarity: "far" },
    { dims: 2, index_options: {} },
  ])
    assert.throws(() => mappingOf(options), { id: "services.storage.wrong_mapping_property" }, JSON.stringify(options));
  const index = new TwinIndex(mappingOf({ dims: 2 }));
  index.add(1, "d0", { v: [1, 2] });
  const knn = { field: "v", query_vector: [1, 2] };
  for (const wrong of [
    { knn: { ...knn, query_vector: [1] } },
    { knn: { ...knn, query_vector: "far" } },
    { knn: { ...knn, field: "tag" } },
    { knn: { ...knn, field: "nowhere" } },
    { knn: { ...knn, k: 0 } },
    { knn: { ...knn, k: 20_000 } },
    { knn: { ...knn, k: 10, num_candidates: 5 } },
    { knn: { ...knn, more: 1 } },
    { knn: [] },
    { query: { term: { v: 1 } } },
    { query: { terms: { v: [1] } } },
    { query: { range: { v: { gte: 1 } } } },
    { sort: ["v"] },
    { aggs: { a: { terms: { field: "v" } } } },
  ]) {
    assert.throws(() => search(index, wrong), { id: "services.storage.unexpected_bad_request" }, JSON.stringify(wrong));
  }
  const hidden = new TwinIndex(mappingOf({ dims: 2, index: false }));
  assert.throws(() => search(hidden, { knn }), /index": false/);
});

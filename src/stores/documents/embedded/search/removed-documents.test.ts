/** What was removed counts in statistics until its segment is merged, as tests/long/reference found it in the reference engine. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { JSONObject } from "../../../../kernel/index.ts";
import { parseMappings } from "../../mapping/parse-mappings.ts";
import { type CollectionIndex, createCollectionIndex } from "./collection-index.ts";
import { filled, finish } from "./people-fixture.ts";

const mappings = parseMappings({
  properties: {
    t: { type: "text" },
    k: { type: "keyword" },
    i: { type: "integer" },
    b: { type: "boolean" },
    n: { type: "nested", properties: { i: { type: "integer" } } },
  },
});
const texts: readonly (readonly [text: string, objects: number])[] = [
  ["oak ash", 1],
  ["oak elm", 2],
  ["oak ash elm fir", 5],
  ["yew", 0],
];
const documents = texts.map(([t, objects], i): JSONObject => {
  const isFew = i < 3;
  return { t, k: isFew ? "a" : "b", i: isFew ? 1 : 2, b: isFew, n: Array.from({ length: objects }, (_, i) => ({ i })) };
});

/** The third document is gone; in one segment, and in one for each document, of which none is merged. */
function* indexes(): Generator<CollectionIndex> {
  for (const sizes of [undefined, { headDocuments: 1, mergedAtOnce: 100, maxDocuments: 1_000 }]) {
    const index = filled(createCollectionIndex(mappings, {}, sizes), documents);
    while (finish(index.maintain()) !== undefined);
    index.remove(7);
    yield index;
  }
}
const search = (index: CollectionIndex, body: JSONObject) => finish(index.search({ body, from: 0, size: 10, now: 0 }));

test("how rare a word is to more_like_this is seen among the documents that are there, with their nested objects", () => {
  const like = { fields: ["t"], like: "oak ash", min_term_freq: 1, min_doc_freq: 1, boost_terms: 1 };
  for (const index of indexes()) {
    const { hits } = search(index, { query: { more_like_this: { ...like, minimum_should_match: 1 } } });
    assert.deepEqual(
      hits.map(({ id, score }) => [id, score?.toFixed(6)]),
      [
        ["d0", "1.233758"],
        ["d1", "0.373659"],
      ],
    );
  }
});

test("significant terms stand out among all documents that are in the index, removed ones included", () => {
  const significant = (field: string): JSONObject => ({ significant_terms: { field, min_doc_count: 1 } });
  const aggs = { k: significant("k"), b: significant("b"), i: significant("i") };
  for (const index of indexes()) {
    const { aggregations } = search(index, { query: { term: { k: "a" } }, aggs });
    const all = { doc_count: 2, bg_count: 12 };
    assert.deepEqual(aggregations, {
      k: { ...all, buckets: [{ key: "a", doc_count: 2, score: 3, bg_count: 3 }] },
      b: { ...all, buckets: [{ key: 1, key_as_string: true, doc_count: 2, score: 3, bg_count: 3 }] },
      // Of numbers the reference has no list of terms: it counts those that are there.
      i: { ...all, buckets: [{ key: 1, doc_count: 2, score: 5, bg_count: 2 }] },
    });
    const bounds = { field: "i", interval: 1, extended_bounds: { min: 0, max: 0 } };
    const empty = search(index, {
      query: { term: { k: "b" } },
      aggs: { h: { histogram: bounds, aggs: { k: significant("k") } } },
    });
    const { h } = empty.aggregations as { readonly h: { readonly buckets: readonly JSONObject[] } };
    assert.deepEqual(h.buckets[0]?.k, {
      doc_count: 0,
      bg_count: 6,
      buckets: [],
    });
  }
});

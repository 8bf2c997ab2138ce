import type { JSONObject } from "../../../src/kernel/index.ts";
import type { CollectionRef, DocumentStore } from "../../../src/stores/documents/index.ts";

/** Searches of all kinds. Scores are left out: documents that are removed weigh in them until their segment is merged. */
const bodies: readonly JSONObject[] = [
  { query: { match_all: {} } },
  { query: { match: { t: "oak yew" } } },
  { query: { match_phrase: { t: "oak pine" } } },
  { query: { match_phrase_prefix: { t: "oak pi" } } },
  { query: { fuzzy: { t: "mapel" } } },
  { query: { prefix: { k: "h" } } },
  { query: { wildcard: { k: "*ar*" } } },
  { query: { regexp: { k: "[a-f].*" } } },
  { query: { terms: { k: ["elm", "fir", "none"] } } },
  { query: { range: { n: { gte: 2_000, lt: 7_000 } } } },
  { query: { range: { at: { gte: "2023-12-01" } } } },
  { query: { exists: { field: "g" } } },
  { query: { bool: { must_not: [{ exists: { field: "list" } }], filter: [{ term: { k: "oak" } }] } } },
  { query: { geo_bounding_box: { g: { top_left: { lat: 60, lon: -100 }, bottom_right: { lat: -30, lon: 90 } } } } },
  { query: { geo_distance: { distance: "4000km", g: { lat: 10, lon: 20 } } } },
  { query: { nested: { path: "list", query: { term: { "list.k": "elm" } } } } },
  { query: { nested: { path: "list", query: { range: { "list.n": { gt: 0.5 } } } } } },
  { query: { exists: { field: "x2_0" } } },
  { query: { exists: { field: "x0_1" } } },
  { query: { query_string: { query: "t:(oak AND -yew) OR k:pine" } } },
  {
    query: { match_all: {} },
    aggs: {
      k: { terms: { field: "k", size: 50 }, aggs: { n: { stats: { field: "n" } } } },
      at: { date_histogram: { field: "at", calendar_interval: "week" } },
      list: { nested: { path: "list" }, aggs: { k: { terms: { field: "list.k", size: 50 } } } },
      g: { geohash_grid: { field: "g", precision: 2 } },
      lane: { cardinality: { field: "lane" } },
    },
  },
];

/** What they answer, in an order that does not depend on how the index came about. */
export async function answersOf(store: DocumentStore, target: CollectionRef): Promise<unknown> {
  const answers: unknown[] = [];
  for (const body of bodies) {
    const sorted = { ...body, sort: [{ n: "asc" }, { at: "asc" }, "k"] };
    const { total, hits, aggregations } = await store.search({ targets: [target], body: sorted, size: 30 });
    answers.push({ body, total, hits: hits.map(({ id, source, sort }) => [sort, id, source]), aggregations });
  }
  return answers;
}

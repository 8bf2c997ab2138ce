import type { JSONObject } from "../../../../../kernel/index.ts";
import { parseMappings } from "../../../mapping/parse-mappings.ts";
import type { CollectionIndex, IndexHit } from "../collection-index.ts";
import { finish } from "../people-fixture.ts";
import { TwinIndex } from "../twin-index.ts";

/** Stored queries of every kind, by the ids of their documents, for tests of `percolate`. */

export const mappings = parseMappings({
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

export const stored: Readonly<Record<string, JSONObject>> = {
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

export const filled = (): TwinIndex => {
  const index = new TwinIndex(mappings);
  for (const [i, [id, query]] of Object.entries(stored).entries())
    index.add(i + 1, id, { query, title: "a saved bonsai" });
  return index;
};

export const search = (index: CollectionIndex, body: JSONObject): readonly IndexHit[] => {
  const fetch = (_index: number, docNumber: number) => ({
    title: "a saved bonsai",
    query: Object.values(stored)[docNumber - 1],
  });
  return finish(index.search({ body, from: 0, size: 100, now: 0, fetch })).hits;
};
export const percolate = (more: JSONObject): JSONObject => ({ percolate: { field: "query", ...more } });
export const idsOf = (hits: readonly IndexHit[]): string[] => hits.map(({ id }) => id).sort();

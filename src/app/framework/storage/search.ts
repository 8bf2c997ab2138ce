import { durationMs, shapeSearchBody } from "../../../data/index.ts";
import type { JSONObject } from "../../../kernel/index.ts";
import type { CollectionDescription, SearchHit, SearchPage, SearchRequest } from "../../../stores/documents/index.ts";
import { badRequest } from "./response-error.ts";
import { bodyOf, nameOf, type Target } from "./targets.ts";

/** Members of a search body, which newer clients have beside `index`. */
const searchMembers = [
  "query",
  "aggs",
  "aggregations",
  "sort",
  "from",
  "size",
  "_source",
  "highlight",
  "collapse",
  "search_after",
  "track_total_hits",
  "min_score",
  "suggest",
  "fields",
  "post_filter",
  "knn",
  "version",
  "docvalue_fields",
  "explain",
  "indices_boost",
  "rescore",
  "seq_no_primary_term",
  "stored_fields",
  "terminate_after",
  "timeout",
  "track_scores",
];

export function searchOf(parameters: JSONObject, targets: readonly Target[]): SearchRequest {
  const { from, size, ...body } = bodyOf(parameters, searchMembers);
  const { scroll } = parameters;
  return {
    targets: targets.map(({ index, collection }) => ({ index, collection })),
    body: shapeSearchBody(body, "elasticsearch"),
    ...(typeof from === "number" ? { from } : {}),
    ...(typeof size === "number" ? { size } : {}),
    ...(typeof scroll === "string" ? { scrollTtlMs: scrollMs(scroll) } : {}),
  };
}

/** Milliseconds of `30s`. Error: 400. */
export function scrollMs(text: string): number {
  const duration = durationMs(text);
  if (duration === undefined) throw badRequest(`"scroll" must be a duration as in "30s"; it is "${text}".`);
  return duration;
}

/** A page as search clusters answer it. */
export function searchAnswer(page: SearchPage, known: readonly CollectionDescription[], tookMs: number): JSONObject {
  const names = new Map(known.map((one) => [`${one.index}/${one.collection}`, nameOf(one)]));
  const name = ({ index, collection }: SearchHit): string => names.get(`${index}/${collection}`) ?? "";
  const answer: JSONObject = {
    took: Math.round(tookMs),
    timed_out: false,
    _shards: { total: 1, successful: 1, skipped: 0, failed: 0 },
    hits: {
      total: { value: page.total, relation: "eq" },
      max_score: page.hits.reduce<number | null>((best, { score }) => larger(best, score), null),
      hits: page.hits.map((hit) => hitOf(hit, name)),
    },
  };
  if (page.aggregations !== undefined) answer.aggregations = page.aggregations;
  if (page.suggest !== undefined) answer.suggest = page.suggest;
  if (page.scrollId !== undefined) answer._scroll_id = page.scrollId;
  return answer;
}

const larger = (best: number | null, score: number | null): number | null =>
  score !== null && (best === null || score > best) ? score : best;

function hitOf(hit: SearchHit, name: (hit: SearchHit) => string): JSONObject {
  const { id, score, source, version, sort, highlight, fields, explanation, seqNo, innerHits } = hit;
  return {
    _index: name(hit),
    _id: id,
    _score: score,
    ...(source === undefined ? {} : { _source: JSON.parse(source) as unknown }),
    ...(version === undefined ? {} : { _version: version }),
    ...(seqNo === undefined ? {} : { _seq_no: seqNo, _primary_term: 1 }),
    ...(sort === undefined ? {} : { sort }),
    ...(explanation === undefined ? {} : { _explanation: explanation }),
    ...(highlight === undefined ? {} : { highlight }),
    ...(fields === undefined ? {} : { fields }),
    ...(innerHits === undefined ? {} : { inner_hits: innerHitsOf(innerHits, name) }),
  };
}

function innerHitsOf(
  groups: Readonly<Record<string, readonly SearchHit[]>>,
  name: (hit: SearchHit) => string,
): JSONObject {
  return Object.fromEntries(
    Object.entries(groups).map(([group, hits]) => [
      group,
      { hits: { total: { value: hits.length, relation: "eq" }, hits: hits.map((hit) => hitOf(hit, name)) } },
    ]),
  );
}

import { isPlainObject, type JSONObject, kerror } from "../../../../kernel/index.ts";
import { malformed, numberOf } from "./query/parameters.ts";
import { parseSort, type SortKey } from "./sort/parse-sort.ts";

/** The members of a search body that the index acts on; `_source` and paging are the caller's. */
export interface SearchBody {
  readonly query: unknown;
  readonly postFilter: unknown;
  readonly sort: readonly SortKey[];
  readonly searchAfter: readonly unknown[] | undefined;
  readonly aggregations: JSONObject | undefined;
  readonly collapse: JSONObject | undefined;
  readonly highlight: JSONObject | undefined;
  readonly minScore: number | undefined;
}

const ignored: readonly string[] = [
  "explain",
  "fields",
  "from",
  "size",
  "search_timeout",
  "track_total_hits",
  "version",
  "_name",
  "_source",
  "_source_excludes",
  "_source_includes",
];
const known: ReadonlySet<string> = new Set([
  ...ignored,
  "query",
  "post_filter",
  "sort",
  "search_after",
  "aggregations",
  "aggs",
  "collapse",
  "highlight",
  "min_score",
  "knn",
]);

/** Errors: `services.storage.invalid_search_query` with the name of a member that is not supported. */
export function parseSearchBody(body: JSONObject): SearchBody {
  for (const key in body) {
    if (!known.has(key) && body[key] !== undefined) throw kerror("services.storage.invalid_search_query", key);
  }
  const sort = parseSort(body.sort);
  return {
    query: withNearest(isEmptyQuery(body.query) ? undefined : body.query, body.knn),
    postFilter: isEmptyQuery(body.post_filter) ? undefined : body.post_filter,
    sort,
    searchAfter: parseSearchAfter(body.search_after, sort),
    aggregations: objectMember(body.aggs ?? body.aggregations, "aggs"),
    collapse: objectMember(body.collapse, "collapse"),
    highlight: objectMember(body.highlight, "highlight"),
    minScore: body.min_score === undefined ? undefined : numberOf(body.min_score, 0, "min_score"),
  };
}

/** What matches the query or is among the nearest vectors (`knn`, one or several); scores add up. */
function withNearest(query: unknown, knn: unknown): unknown {
  if (knn === undefined || knn === null) return query;
  const searches = Array.isArray(knn) ? knn : [knn];
  if (searches.length === 0) throw malformed("[knn] names no field to search.");
  const should = searches.map((one) => ({ knn: one }));
  return { bool: { should: query === undefined ? should : [query, ...should] } };
}

function isEmptyQuery(query: unknown): boolean {
  return query === undefined || query === null || (isPlainObject(query) && Object.keys(query).length === 0);
}

function objectMember(value: unknown, name: string): JSONObject | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isPlainObject(value)) throw malformed(`[${name}] must be an object.`);
  return value;
}

function parseSearchAfter(value: unknown, sort: readonly SortKey[]): readonly unknown[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw malformed("[search_after] must be an array.");
  const wanted = Math.max(1, sort.length);
  if (value.length !== wanted)
    throw malformed(`[search_after] has ${value.length} values, but the sort has ${wanted} keys.`);
  return value;
}

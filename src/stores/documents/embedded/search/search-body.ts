import { isPlainObject, type JSONObject, kerror } from "../../../../kernel/index.ts";
import { type FieldRequest, parseFieldRequests } from "./hits/field-requests.ts";
import { parseRescores, type Rescore } from "./hits/rescore.ts";
import { flagOf, malformed, numberOf } from "./query/parameters.ts";
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
  readonly explain: boolean;
  readonly rescore: readonly Rescore[];
  readonly fields: readonly FieldRequest[];
  readonly docValueFields: readonly FieldRequest[];
  /** Scores are answered although the hits are sorted by something else. */
  readonly trackScores: boolean;
  /** After so many matches of a collection the search ends; undefined goes through all. */
  readonly terminateAfter: number | undefined;
  /** Milliseconds after which the search answers with what it has; undefined is no limit. */
  readonly timeoutMs: number | undefined;
  readonly suggest: JSONObject | undefined;
}

const ignored: readonly string[] = [
  "from",
  "size",
  "search_timeout",
  "indices_boost",
  "seq_no_primary_term",
  "stored_fields",
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
  "explain",
  "rescore",
  "fields",
  "docvalue_fields",
  "track_scores",
  "track_total_hits",
  "terminate_after",
  "timeout",
  "suggest",
]);

/** Errors: `services.storage.invalid_search_query` with the name of a member that is not supported. */
export function parseSearchBody(body: JSONObject): SearchBody {
  for (const key in body) {
    if (!known.has(key) && body[key] !== undefined) throw kerror("services.storage.invalid_search_query", key);
  }
  checkTotal(body.track_total_hits);
  const sort = parseSort(body.sort);
  const rescore = parseRescores(body.rescore);
  if (rescore.length > 0 && sort.length > 0 && !(sort.length === 1 && sort[0]?.kind === "_score"))
    throw malformed("[rescore] cannot be used together with [sort].");
  if (rescore.length > 0 && body.collapse !== undefined)
    throw malformed("[rescore] cannot be used together with [collapse].");
  if (body.collapse !== undefined && body.search_after !== undefined)
    throw malformed("[search_after] cannot be used together with [collapse].");
  return {
    query: withNearest(isEmptyQuery(body.query) ? undefined : body.query, body.knn),
    postFilter: isEmptyQuery(body.post_filter) ? undefined : body.post_filter,
    sort,
    searchAfter: parseSearchAfter(body.search_after, sort),
    aggregations: objectMember(body.aggs ?? body.aggregations, "aggs"),
    collapse: objectMember(body.collapse, "collapse"),
    highlight: objectMember(body.highlight, "highlight"),
    minScore: body.min_score === undefined ? undefined : numberOf(body.min_score, 0, "min_score"),
    explain: flagOf(body.explain ?? undefined, false, "explain"),
    rescore,
    fields: parseFieldRequests(body.fields, "fields"),
    docValueFields: parseFieldRequests(body.docvalue_fields, "docvalue_fields"),
    trackScores: flagOf(body.track_scores ?? undefined, false, "track_scores"),
    terminateAfter: parseTerminateAfter(body.terminate_after),
    timeoutMs: parseTimeout(body.timeout),
    suggest: objectMember(body.suggest, "suggest"),
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

/** Totals are always exact, whatever is asked for; what is no wish at all is refused. */
function checkTotal(value: unknown): void {
  if (value === undefined || value === null || typeof value === "boolean" || value === "true" || value === "false")
    return;
  const limit = numberOf(value, 0, "track_total_hits");
  if (!Number.isInteger(limit) || limit < -1) throw malformed("[track_total_hits] must be true, false or a number.");
}

function parseTerminateAfter(value: unknown): number | undefined {
  const limit = numberOf(value ?? undefined, 0, "terminate_after");
  if (limit < 0) throw malformed("[terminate_after] must not be negative.");
  return limit === 0 ? undefined : limit;
}

const unitMs: Readonly<Record<string, number>> = {
  nanos: 1e-6,
  micros: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

function parseTimeout(value: unknown): number | undefined {
  if (value === undefined || value === null || value === -1 || value === "-1") return undefined;
  const match = /^(\d{1,12})(nanos|micros|ms|s|m|h|d)$/.exec(String(value));
  if (match === null) throw malformed(`[timeout] ${JSON.stringify(value)} is not a duration such as "500ms".`);
  return Math.ceil(Number(match[1]) * (unitMs[match[2] ?? ""] ?? 0));
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
  if (sort.length === 0) throw malformed("[search_after] needs a [sort], whose values of the last hit it holds.");
  if (value.length !== sort.length)
    throw malformed(`[search_after] has ${value.length} values, but the sort has ${sort.length} keys.`);
  return value;
}

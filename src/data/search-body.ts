import { TranslationError, toSearchQuery } from "../filters/index.ts";
import { isPlainObject, type JSONObject, kerror } from "../kernel/index.ts";

export type QueryLanguage = "elasticsearch" | "koncorde";

/** Root members of a search body; beyond the contract's list stand those that we can do (decision "compatibility of answers"). */
const searchKeys = new Set([
  "aggregations",
  "aggs",
  "collapse",
  "explain",
  "fields",
  "from",
  "highlight",
  "post_filter",
  "query",
  "search_after",
  "search_timeout",
  "size",
  "sort",
  "suggest",
  "_name",
  "_source",
  "_source_excludes",
  "_source_includes",
  "docvalue_fields",
  "indices_boost",
  "min_score",
  "rescore",
  "seq_no_primary_term",
  "stored_fields",
  "terminate_after",
  "timeout",
  "track_total_hits",
  "track_scores",
  "version",
  "knn",
]);

/** Members that are accepted and mean nothing: the page comes from the arguments. */
const ignoredKeys = new Set(["from", "size", "search_timeout", "_name"]);

/**
 * Checks the root members and the scripts of a search body, translates its query, and leaves out what means nothing.
 * Errors: `services.storage.invalid_search_query`, `invalid_query_keyword` (400), those of the translation, `api.assert.invalid_type`.
 */
export function shapeSearchBody(body: JSONObject, language: QueryLanguage): JSONObject {
  const shaped: JSONObject = {};
  for (const [key, value] of Object.entries(body)) {
    if (value === undefined) continue;
    if (!searchKeys.has(key)) throw kerror("services.storage.invalid_search_query", key);
    if (!ignoredKeys.has(key)) shaped[key] = value;
  }
  assertNoScripts(body, 0);
  // Beside "knn", no query means that the nearest vectors are all that is asked for.
  if (body.query !== undefined || body.knn === undefined) shaped.query = shapeQuery(body.query, language);
  return shaped;
}

/**
 * A count takes a query and nothing else.
 * Errors: `services.storage.invalid_search_query` for members that no search has, `services.storage.unexpected_bad_request` for those of searches.
 */
export function assertCountBody(body: JSONObject): void {
  const foreign = Object.keys(body).find((key) => key !== "query");
  if (foreign === undefined) return;
  if (!searchKeys.has(foreign)) throw kerror("services.storage.invalid_search_query", foreign);
  throw kerror("services.storage.unexpected_bad_request", `A count takes a "query" only, not "${foreign}".`);
}

/** A query of by-query actions and counts; missing or empty means everything. */
export function shapeQuery(query: unknown, language: QueryLanguage): JSONObject {
  if (query === undefined || query === null) return { match_all: {} };
  if (!isPlainObject(query)) throw kerror("api.assert.invalid_type", "body.query", "object");
  assertNoScripts(query, 0);
  const translated = language === "koncorde" ? translate(query) : query;
  return Object.keys(translated).length === 0 ? { match_all: {} } : translated;
}

function translate(filter: JSONObject): JSONObject {
  try {
    return toSearchQuery(filter);
  } catch (error) {
    if (!(error instanceof TranslationError)) throw error;
    if (error.kind === "restricted_keyword")
      throw kerror("api.assert.koncorde_restricted_keyword", "operator", error.keyword);
    if (error.kind === "invalid_type") throw kerror("api.assert.invalid_type", "body.query", "object");
    throw kerror("services.koncorde.elastic_translation_error", error.keyword, error.message);
  }
}

/** Stored scripts only: a `script` may hold `id` and `params`. */
export function assertNoScripts(value: unknown, depth: number): void {
  if (typeof value !== "object" || value === null) return;
  if (depth > 200) throw kerror("services.storage.unexpected_bad_request", "The search body is nested too deeply.");
  if (Array.isArray(value)) {
    for (const item of value) assertNoScripts(item, depth + 1);
    return;
  }
  // No list of pairs: imports are looked through as well, with hundreds of thousands of members in one go.
  for (const key in value) {
    const member: unknown = (value as JSONObject)[key];
    if (key === "script" || key === "_script") assertStoredScript(member);
    if (typeof member === "object") assertNoScripts(member, depth + 1);
  }
}

function assertStoredScript(script: unknown): void {
  if (typeof script === "string") throw kerror("services.storage.invalid_query_keyword", "script.source");
  if (!isPlainObject(script)) return;
  const foreign = Object.keys(script).find((key) => key !== "id" && key !== "params");
  if (foreign !== undefined) throw kerror("services.storage.invalid_query_keyword", `script.${foreign}`);
}

import { isPlainObject, type JSONObject } from "./plain-object.ts";

export type TranslationErrorKind = "restricted_keyword" | "translation_error" | "invalid_type";

/** Why a filter cannot become a search query; `keyword` is the operator or clause at fault. */
export class TranslationError extends Error {
  override readonly name = "TranslationError";
  readonly kind: TranslationErrorKind;
  readonly keyword: string | null;

  constructor(kind: TranslationErrorKind, message: string, keyword: string | null) {
    super(message);
    this.kind = kind;
    this.keyword = keyword;
  }
}

const maxDepth = 500;

/** Clauses that only change their name. */
const renamed: ReadonlyMap<string, string> = new Map([
  ["equals", "term"],
  ["in", "terms"],
  ["geoDistance", "geo_distance"],
  ["geoBoundingBox", "geo_bounding_box"],
  ["geoPolygon", "geo_polygon"],
  ["geoDistanceRange", "geo_distance_range"],
]);

/**
 * Maps a filter onto a query of the search engines' language, key by key and without validating it: what is no operator
 * or clause of the filter language passes as a native clause. Semantics are the engine's: `exists` does not see null,
 * `equals` finds elements of arrays.
 *
 * Shape: `{not: {equals: {a: 1}}}` gives `{bool: {must_not: [{term: {a: 1}}]}}`; `{}` gives `{match_all: {}}`.
 * Errors: `TranslationError`; its `kind` is "invalid_type" (not an object, or an array where one is due),
 * "restricted_keyword" (`bool`) or "translation_error" (brackets that cannot be read, empty `not`, deep nesting).
 * Source: contract/koncorde.md, section 9.
 */
export function toSearchQuery(filter: unknown): JSONObject {
  if (!isPlainObject(filter)) throw invalidType("A filter must be an object.", null);
  return translate(filter, 0);
}

function translate(filter: JSONObject, depth: number): JSONObject {
  const [keyword] = Object.keys(filter);
  if (keyword === undefined) return { match_all: {} };
  if (depth > maxDepth) {
    throw new TranslationError("translation_error", `A filter nests at most ${maxDepth} levels deep.`, keyword);
  }
  const content = filter[keyword];
  switch (keyword) {
    case "and":
      return { bool: { filter: translateList(content, keyword, depth) } };
    case "or": {
      // Alone in its `bool`, `should` asks for at least one; empty, it would depend on the engine.
      const should = translateList(content, keyword, depth);
      return should.length === 0 ? { match_all: {} } : { bool: { should } };
    }
    case "not":
      return { bool: { must_not: [translateNot(content, depth)] } };
    case "exists":
      return translateExists(content, keyword);
    case "missing":
      return { bool: { must_not: [translateExists(content, keyword)] } };
    case "bool":
      throw new TranslationError(
        "restricted_keyword",
        `"bool" cannot be used here: combine filters with "and", "or" and "not".`,
        keyword,
      );
  }
  return { [renamed.get(keyword) ?? keyword]: content };
}

function translateList(content: unknown, keyword: string, depth: number): JSONObject[] {
  if (!Array.isArray(content)) throw invalidType(`"${keyword}" takes an array of filters.`, keyword);
  const queries: JSONObject[] = [];
  for (const filter of content as readonly unknown[]) {
    if (!isPlainObject(filter)) throw invalidType(`"${keyword}" takes an array of filters, each an object.`, keyword);
    queries.push(translate(filter, depth + 1));
  }
  return queries;
}

function translateNot(content: unknown, depth: number): JSONObject {
  if (!isPlainObject(content)) throw invalidType(`"not" takes a filter, an object.`, "not");
  if (Object.keys(content).length === 0) {
    throw new TranslationError("translation_error", `"not" needs a filter; found an empty object.`, "not");
  }
  return translate(content, depth + 1);
}

/** `"path"`, `"path[json]"` or `{field: ...}`; a backslash has no meaning here. */
function translateExists(content: unknown, keyword: string): JSONObject {
  const text = isPlainObject(content) ? content.field : content;
  if (typeof text !== "string" || text === "") {
    throw invalidType(`"${keyword}" takes the name of a field, or an object with it as "field".`, keyword);
  }
  const open = text.indexOf("[");
  if (open === -1) return { exists: { field: text } };
  const close = text.lastIndexOf("]");
  if (close < open) {
    throw new TranslationError(
      "translation_error",
      `"${keyword}": the bracket in "${clip(text)}" is never closed.`,
      keyword,
    );
  }
  if (close !== text.length - 1 || open === 0) {
    throw new TranslationError(
      "translation_error",
      `"${keyword}": "${clip(text)}" is not of the form path[value].`,
      keyword,
    );
  }
  return containsQuery(text.slice(0, open), text.slice(open + 1, close), keyword);
}

function containsQuery(field: string, json: string, keyword: string): JSONObject {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new TranslationError(
      "translation_error",
      `"${keyword}": what stands between the brackets must be a JSON value; strings take double quotes.`,
      keyword,
    );
  }
  // Null is not indexed: no search can tell an array that has it from one that has not.
  if (value === null) return { match_none: {} };
  if (typeof value === "object") {
    throw new TranslationError(
      "translation_error",
      `"${keyword}": only scalars can stand between the brackets.`,
      keyword,
    );
  }
  return { bool: { filter: [{ exists: { field } }, { range: { [field]: { gte: value, lte: value } } }] } };
}

function clip(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}

function invalidType(message: string, keyword: string | null): TranslationError {
  return new TranslationError("invalid_type", message, keyword);
}

import { BadRequestError, ForbiddenError, isPlainObject, type JSONObject } from "../../../kernel/index.ts";

const searchable = new Set(["username"]);
const sortable = new Set(["username", "kuid"]);
/** What is stored, and nobody's business. */
const hidden = new Set([
  "kuid",
  "userPassword",
  "userSalt",
  "algorithm",
  "stretching",
  "encryption",
  "pepper",
  "updater",
  "updatedAt",
  "passwordHistory",
  "_kuzzle_info",
]);

/** Clauses with a field as their only key. */
const fieldClauses = new Set([
  "term",
  "terms",
  "match",
  "match_phrase_prefix",
  "prefix",
  "wildcard",
  "regexp",
  "fuzzy",
  "range",
]);
const fieldSettings = new Set(["boost", "_name"]);
const boolClauses = new Set(["must", "must_not", "should", "filter"]);
const boolSettings = new Set(["minimum_should_match", "boost", "_name"]);
const maxDepth = 50;

/**
 * The search body that goes to the store: `query` over user names, `sort` by user name or kuid.
 * Errors: `ForbiddenError` (403) for a field that is stored and hidden, `BadRequestError` (400) for any other key.
 */
export function checkSearchBody(body: JSONObject): JSONObject {
  for (const key of Object.keys(body)) if (key !== "query" && key !== "sort") throw unknown(key);
  const { query, sort } = body;
  if (query !== undefined) checkQuery(query, 0);
  if (sort !== undefined) for (const one of Array.isArray(sort) ? sort : [sort]) checkSort(one);
  return { ...(query !== undefined && { query: emptyIsAll(query) }), ...(sort !== undefined && { sort }) };
}

const unknown = (key: string): Error => new BadRequestError(`"${key}" cannot be used to search credentials.`);

const emptyIsAll = (query: unknown): unknown =>
  isPlainObject(query) && Object.keys(query).length === 0 ? { match_all: {} } : query;

function checkField(field: string, allowed: ReadonlySet<string>): void {
  if (allowed.has(field)) return;
  if (hidden.has(field.split(".")[0] ?? "")) throw new ForbiddenError(`The field "${field}" cannot be used here.`);
  throw unknown(field);
}

function checkQuery(query: unknown, depth: number): void {
  if (!isPlainObject(query)) throw new BadRequestError("A query must be an object.");
  if (depth > maxDepth) throw new BadRequestError("The query is nested too deeply.");
  for (const [clause, value] of Object.entries(query)) {
    if (clause === "match_all") continue;
    if (clause === "bool") checkBool(value, depth);
    else if (clause === "exists") checkField(String(isPlainObject(value) ? value.field : value), searchable);
    else if (fieldClauses.has(clause)) checkFieldClause(value);
    else throw unknown(clause);
  }
}

function checkFieldClause(value: unknown): void {
  if (!isPlainObject(value)) throw new BadRequestError("A clause must be an object.");
  for (const [field, condition] of Object.entries(value)) {
    if (!fieldSettings.has(field)) checkField(field, searchable);
    // A look-up of terms would read another collection.
    else if (typeof condition === "object") throw unknown(field);
  }
  const { username } = value;
  if (isPlainObject(username) && ("index" in username || "path" in username)) throw unknown("index");
}

function checkBool(value: unknown, depth: number): void {
  if (!isPlainObject(value)) throw new BadRequestError('"bool" must be an object.');
  for (const [key, clauses] of Object.entries(value)) {
    if (boolSettings.has(key)) continue;
    if (!boolClauses.has(key)) throw unknown(key);
    for (const clause of Array.isArray(clauses) ? clauses : [clauses]) checkQuery(clause, depth + 1);
  }
}

function checkSort(sort: unknown): void {
  const fields = typeof sort === "string" ? [sort] : isPlainObject(sort) ? Object.keys(sort) : undefined;
  if (fields === undefined) throw new BadRequestError('"sort" names fields.');
  for (const field of fields) checkField(field, sortable);
}

import { isPlainObject, type JSONObject, kerror } from "../../../../../kernel/index.ts";

/** Errors and readers for the members of query clauses. */

export function malformed(message: string): Error {
  return kerror("services.storage.unexpected_bad_request", message);
}

/** The body of a clause, which must be an object. */
export function clauseBody(body: unknown, clause: string): JSONObject {
  if (!isPlainObject(body)) throw kerror("services.storage.unknown_query_keyword", clause);
  return body;
}

/** Refuses members that the clause does not have, so that a typing mistake does not pass for a filter. */
export function onlyKnown(body: JSONObject, known: readonly string[], place: string): void {
  for (const key in body) {
    if (known.includes(key) || key === "boost" || key === "_name") continue;
    const hint = known.length === 0 ? "" : ` It takes: ${[...known].sort().join(", ")}.`;
    throw malformed(`[${place}] does not support "${key}".${hint}`);
  }
}

export function boostOf(body: JSONObject, place: string): number {
  return numberOf(body.boost, 1, `${place}.boost`);
}

export function numberOf(value: unknown, byDefault: number, place: string): number {
  if (value === undefined) return byDefault;
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number)) throw malformed(`[${place}] must be a number.`);
  return number;
}

/** A whole number above 0 (or from `least` on). */
export function countOf(value: unknown, byDefault: number, place: string, least = 1): number {
  const count = numberOf(value, byDefault, place);
  if (!(Number.isInteger(count) && count >= least))
    throw malformed(`[${place}] must be a whole number, ${least} or more.`);
  return count;
}

export function flagOf(value: unknown, byDefault: boolean, place: string): boolean {
  if (value === undefined) return byDefault;
  if (value === true || value === "true") return true;
  if (value === false || value === "false") return false;
  throw malformed(`[${place}] must be true or false.`);
}

export function textOf(value: unknown, place: string): string {
  if (typeof value !== "string") throw malformed(`[${place}] must be a string.`);
  return value;
}

/** `{field: value}`, where `boost` and `_name` may stand beside the field. */
export interface FieldClause {
  readonly field: string;
  readonly value: unknown;
  readonly boost: number;
}

export function fieldClause(body: unknown, clause: string, beside: readonly string[] = []): FieldClause {
  const object = clauseBody(body, clause);
  const names = Object.keys(object).filter((key) => key !== "boost" && key !== "_name" && !beside.includes(key));
  const [field] = names;
  if (field === undefined) throw malformed(`[${clause}] needs a field.`);
  if (names.length > 1) throw malformed(`[${clause}] takes one field, found "${names.slice(0, 3).join('", "')}".`);
  return { field, value: object[field], boost: boostOf(object, clause) };
}

/** The long form `{value, boost, ...}` of a field's value, or the short one. */
export function fieldOptions(
  clause: FieldClause,
  name: string,
  valueKey: string,
  known: readonly string[],
): JSONObject {
  if (!isPlainObject(clause.value)) return { [valueKey]: clause.value, boost: clause.boost };
  onlyKnown(clause.value, [valueKey, ...known], `${name}.${clause.field}`);
  return { ...clause.value, boost: clause.boost * boostOf(clause.value, `${name}.${clause.field}`) };
}

/** A scalar to compare with; objects, arrays and null are refused as contract/search.md section 9 says. */
export function scalar(value: unknown, clause: string, field: string): string | number | boolean {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (value === null || value === undefined) throw malformed(`[${clause}] needs a value for field "${field}".`);
  throw kerror("services.storage.invalid_search_query", `${clause}.${field}`);
}

/** `3`, `"75%"`, `"-1"`, `"2<75%"`: how many of `count` optional clauses must match. */
export function minimumShouldMatch(value: unknown, count: number, place: string): number {
  const text = String(value)
    .trim()
    .replace(/\s*<\s*/g, "<");
  const steps = text.split(/\s+/);
  if (steps.length > 1 || text.includes("<")) {
    let result = count;
    for (const step of steps) {
      const [limit = "", rest] = step.split("<");
      if (rest === undefined || !/^\d+$/.test(limit)) throw malformed(`[${place}] is not a valid minimum: "${text}".`);
      if (count <= Number(limit)) return result;
      result = minimumShouldMatch(rest, count, place);
    }
    return result;
  }
  const match = /^(-?)(\d+)(%?)$/.exec(text);
  if (match === null) throw malformed(`[${place}] is not a valid minimum: "${text}".`);
  const amount = match[3] === "%" ? Math.floor((count * Number(match[2])) / 100) : Number(match[2]);
  const isLess = match[1] === "-" && Number(match[2]) > 0;
  return Math.max(0, isLess ? count - amount : amount);
}

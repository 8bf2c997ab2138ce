import { isPlainObject, type JSONObject, kerror } from "../../../../kernel/index.ts";

/** Makes the text of an answered source from the stored text; undefined answers no source at all. */
export type SourceFilter = (text: string) => string | undefined;

const everything: SourceFilter = (text) => text;
const nothing: SourceFilter = () => undefined;

/** Longer lists of patterns are refused: each costs time for every field of every hit. */
const maxPatterns = 1_000;

/**
 * Reads `_source`, `_source_includes` and `_source_excludes` of a search body: a boolean, a pattern, a list of patterns, or
 * `{ includes, excludes }`. A pattern is a dotted path in which `*` stands for any characters; it selects what lies below it too.
 * Error: `services.storage.unexpected_bad_request` for anything else.
 */
export function parseSourceFilter(body: JSONObject): SourceFilter {
  const { _source: source } = body;
  if (source === false || source === "false") return nothing;
  let includes = patterns(body._source_includes ?? [], "_source_includes");
  let excludes = patterns(body._source_excludes ?? [], "_source_excludes");
  if (isPlainObject(source)) {
    includes = [...includes, ...patterns(source.includes ?? source.include ?? [], "_source.includes")];
    excludes = [...excludes, ...patterns(source.excludes ?? source.exclude ?? [], "_source.excludes")];
  } else if (source !== undefined && source !== true && source !== "true") {
    includes = [...includes, ...patterns(source, "_source")];
  }
  if (includes.length === 0 && excludes.length === 0) return everything;
  const included = includes.map(toPattern);
  const excluded = excludes.map(toPattern);
  return (text) => JSON.stringify(filterObject(JSON.parse(text), "", included, excluded, included.length === 0) ?? {});
}

function patterns(value: unknown, name: string): readonly string[] {
  if (typeof value === "string") return value.split(",");
  if (Array.isArray(value) && value.length <= maxPatterns && value.every((entry) => typeof entry === "string"))
    return value;
  throw kerror(
    "services.storage.unexpected_bad_request",
    `"${name}" must be a pattern or a list of at most ${maxPatterns} patterns.`,
  );
}

interface Pattern {
  readonly text: string;
  readonly parts: readonly string[];
}

const toPattern = (text: string): Pattern => ({ text, parts: text.split("*") });

function filterObject(
  source: JSONObject,
  prefix: string,
  includes: readonly Pattern[],
  excludes: readonly Pattern[],
  inherited: boolean,
): JSONObject | undefined {
  const kept: JSONObject = {};
  let any = false;
  for (const key of Object.keys(source)) {
    const path = prefix === "" ? key : `${prefix}.${key}`;
    if (matchesAny(excludes, path)) continue;
    const selected = inherited || matchesAny(includes, path);
    const value = filterValue(source[key], path, includes, excludes, selected);
    if (value === undefined) continue;
    Object.defineProperty(kept, key, { value, enumerable: true, configurable: true, writable: true });
    any = true;
  }
  return any || inherited ? kept : undefined;
}

function filterValue(
  value: unknown,
  path: string,
  includes: readonly Pattern[],
  excludes: readonly Pattern[],
  selected: boolean,
): unknown {
  if (isPlainObject(value)) return filterObject(value, path, includes, excludes, selected);
  if (!Array.isArray(value)) return selected ? value : undefined;
  const kept: unknown[] = [];
  for (const entry of value) {
    const inside = filterValue(entry, path, includes, excludes, selected);
    if (inside !== undefined) kept.push(inside);
  }
  return kept.length > 0 || selected ? kept : undefined;
}

function matchesAny(candidates: readonly Pattern[], path: string): boolean {
  for (const pattern of candidates) if (matches(pattern, path)) return true;
  return false;
}

/** Greedy from left to right: `*` never needs to look back further than its last place. */
function matches({ text, parts }: Pattern, path: string): boolean {
  if (parts.length === 1) return path === text;
  const first = parts[0] ?? "";
  const last = parts.at(-1) ?? "";
  if (path.length < first.length + last.length || !path.startsWith(first) || !path.endsWith(last)) return false;
  let at = first.length;
  const end = path.length - last.length;
  for (let i = 1; i < parts.length - 1; i++) {
    const part = parts[i] ?? "";
    const found = path.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

import { isPlainObject, type JSONObject } from "../../../../kernel/index.ts";
import { malformed, onlyKnown } from "./query/parameters.ts";

/** Which members of a source are answered: dotted paths, `*` stands for any text. No includes means all. */
export interface SourceFilter {
  /** False: no source at all. */
  readonly enabled: boolean;
  readonly includes: readonly string[];
  readonly excludes: readonly string[];
}

/**
 * Reads `_source` (a boolean, a pattern, a list, or `{includes, excludes}`), `_source_includes` and `_source_excludes` of a search body.
 * Error: `services.storage.unexpected_bad_request`.
 */
export function parseSourceFilter(body: JSONObject): SourceFilter {
  const { _source: source, _source_includes: moreIncludes, _source_excludes: moreExcludes } = body;
  let enabled = true;
  let includes: string[] = patterns(moreIncludes, "_source_includes");
  let excludes: string[] = patterns(moreExcludes, "_source_excludes");
  if (source === false || source === "false") enabled = false;
  else if (isPlainObject(source)) {
    onlyKnown(source, ["includes", "include", "excludes", "exclude"], "_source");
    includes = includes.concat(patterns(source.includes ?? source.include, "_source.includes"));
    excludes = excludes.concat(patterns(source.excludes ?? source.exclude, "_source.excludes"));
  } else if (source !== undefined && source !== null && source !== true && source !== "true") {
    includes = includes.concat(patterns(source, "_source"));
  }
  return { enabled, includes, excludes };
}

function patterns(value: unknown, place: string): string[] {
  if (value === undefined || value === null) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (!list.every((entry) => typeof entry === "string"))
    throw malformed(`[${place}] must be a pattern or a list of patterns.`);
  return list as string[]; // every entry is a string, as just checked
}

/** The parts of a source that a filter lets through; undefined when it lets nothing through at all. The source is not changed. */
export function filterSource(source: JSONObject, filter: SourceFilter): JSONObject | undefined {
  if (!filter.enabled) return undefined;
  if (filter.includes.length === 0 && filter.excludes.length === 0) return source;
  const includes = filter.includes.map(compilePattern);
  const excludes = filter.excludes.map(compilePattern);
  return filterObject(source, "", includes, excludes, includes.length === 0);
}

interface PathPattern {
  readonly steps: readonly string[];
  /** Whether a path fits as a whole. */
  fits(path: string): boolean;
  /** Whether something below a path may fit. */
  mayFitBelow(path: string): boolean;
}

function compilePattern(pattern: string): PathPattern {
  const steps = pattern.split("*");
  const [first = ""] = steps;
  const hasStar = steps.length > 1;
  return {
    steps,
    fits: (path) => (hasStar ? fitsSteps(path, steps) : path === pattern),
    mayFitBelow: (path) => {
      const below = `${path}.`;
      return hasStar ? below.startsWith(first) || first.startsWith(below) : pattern.startsWith(below);
    },
  };
}

function fitsSteps(path: string, steps: readonly string[]): boolean {
  const [first = ""] = steps;
  const last = steps[steps.length - 1] ?? "";
  if (!path.startsWith(first) || !path.endsWith(last) || path.length < first.length + last.length) return false;
  let at = first.length;
  for (const step of steps.slice(1, -1)) {
    const found = path.indexOf(step, at);
    if (found < 0) return false;
    at = found + step.length;
  }
  return at <= path.length - last.length;
}

function filterObject(
  source: JSONObject,
  path: string,
  includes: readonly PathPattern[],
  excludes: readonly PathPattern[],
  isIncluded: boolean,
): JSONObject {
  const kept: [string, unknown][] = [];
  for (const [name, value] of Object.entries(source)) {
    const at = path === "" ? name : `${path}.${name}`;
    if (fitAny(excludes, at, name)) continue;
    const takesAll = isIncluded || fitAny(includes, at, name);
    const filtered = filterValue(value, at, includes, excludes, takesAll);
    if (filtered !== undefined) kept.push([name, filtered]);
  }
  return Object.fromEntries(kept);
}

/** A name of a million dots must not keep others waiting; no mapping has a path of so many. */
const mostDots = 256;

/** Whether a pattern fits a path, or what its last name begins with: the member "a.b" lies below "a", like the member "b" of "a". */
function fitAny(patterns: readonly PathPattern[], path: string, name: string): boolean {
  if (patterns.some((pattern) => pattern.fits(path))) return true;
  let dot = name.indexOf(".");
  for (let dots = 0; dot > 0 && dots < mostDots; dot = name.indexOf(".", dot + 1), dots++) {
    const above = path.slice(0, path.length - name.length + dot);
    if (patterns.some((pattern) => pattern.fits(above))) return true;
  }
  return false;
}

/** Objects and lists in a list of which nothing is left are left out, as the reference engine does. */
function isNothing(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === undefined || (isPlainObject(value) && Object.keys(value).length === 0);
}

function filterValue(
  value: unknown,
  path: string,
  includes: readonly PathPattern[],
  excludes: readonly PathPattern[],
  isIncluded: boolean,
): unknown {
  const goesOn = isIncluded || includes.some((pattern) => pattern.mayFitBelow(path));
  if (!goesOn) return undefined;
  if (isIncluded && !excludes.some((pattern) => pattern.mayFitBelow(path))) return value;
  if (isPlainObject(value)) {
    const filtered = filterObject(value, path, includes, excludes, isIncluded);
    return isIncluded || Object.keys(filtered).length > 0 ? filtered : undefined;
  }
  if (Array.isArray(value)) {
    const elements = value
      .map((element) => filterValue(element, path, includes, excludes, isIncluded))
      .filter((element) => !isNothing(element));
    return isIncluded || elements.length > 0 ? elements : undefined;
  }
  return isIncluded ? value : undefined;
}

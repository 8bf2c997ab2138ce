import { always, type Condition, type FilterNode, group, literal, never } from "../filter.ts";
import { FilterError } from "../filter-error.ts";
import { Pattern } from "../pattern.ts";
import { isPlainObject } from "../plain-object.ts";
import { parseExists } from "./parse-exists.ts";
import { checkField, readOnlyMember } from "./parse-field.ts";
import { parseGeo } from "./parse-geo.ts";
import { parseMatch } from "./parse-match.ts";
import { parseRange } from "./parse-range.ts";
import { countConditions, type ParseState } from "./parse-state.ts";

const clauseKeywords = [
  "equals",
  "exists",
  "missing",
  "in",
  "ids",
  "range",
  "regexp",
  "match",
  "select",
  "nothing",
  "geoBoundingBox",
  "geoDistance",
  "geoDistanceRange",
  "geoPolygon",
] as const;

export type ClauseKeyword = (typeof clauseKeywords)[number];

export function isClauseKeyword(keyword: string): keyword is ClauseKeyword {
  return (clauseKeywords as readonly string[]).includes(keyword);
}

/** Reads the content of a clause, already counted as one condition. */
export function parseClause(
  state: ParseState,
  keyword: ClauseKeyword,
  content: unknown,
  path: string,
  negated: boolean,
  depth: number,
): FilterNode {
  switch (keyword) {
    case "equals":
      return literal(parseEquals(content, path), negated);
    case "exists":
      return parseExists(content, keyword, path, negated);
    case "missing":
      return parseExists(content, keyword, path, !negated);
    case "in":
      return parseIn(state, content, path, negated);
    case "ids":
      return parseIds(state, content, path, negated);
    case "range":
      return literal(parseRange(content, path), negated);
    case "regexp":
      return literal(parseRegExp(state, content, path), negated);
    case "match":
      return parseMatch(content, path, negated);
    case "select":
      return literal(parseSelect(state, content, path, depth), negated);
    case "nothing":
      return negated ? always : never;
    default:
      return literal(parseGeo(keyword, content, path), negated);
  }
}

function parseEquals(content: unknown, path: string): Condition {
  const [field, value] = readOnlyMember(content, "equals", path);
  const isScalar =
    value === null || typeof value === "string" || typeof value === "boolean" || isComparableNumber(value);
  if (!isScalar) {
    throw new FilterError("must be a string, a number, a boolean or null", "equals", `${path}.${field}`);
  }
  // Adding zero makes of minus zero the zero that it equals.
  return { kind: "equals", path: field, value: typeof value === "number" ? value + 0 : value };
}

function isComparableNumber(value: unknown): value is number {
  return typeof value === "number" && !Number.isNaN(value);
}

function parseIn(state: ParseState, content: unknown, path: string, negated: boolean): FilterNode {
  const [field, values] = readOnlyMember(content, "in", path);
  return equalsAny(state, field, values, "in", `${path}.${field}`, negated);
}

function parseIds(state: ParseState, content: unknown, path: string, negated: boolean): FilterNode {
  const [member, values] = readOnlyMember(content, "ids", path);
  if (member !== "values") throw new FilterError(`takes exactly one member, "values"`, "ids", path);
  return equalsAny(state, "_id", values, "ids", `${path}.values`, negated);
}

function equalsAny(
  state: ParseState,
  field: string,
  values: unknown,
  keyword: string,
  path: string,
  negated: boolean,
): FilterNode {
  if (!Array.isArray(values) || values.length === 0) {
    throw new FilterError("must be an array with at least one string", keyword, path);
  }
  countConditions(state, values.length - 1, keyword, path);
  const distinct = new Set<string>();
  for (const value of values as readonly unknown[]) {
    if (typeof value !== "string") throw new FilterError("must hold strings only", keyword, path);
    distinct.add(value);
  }
  const nodes: FilterNode[] = [];
  for (const value of distinct) nodes.push(literal({ kind: "equals", path: field, value }, negated));
  return group(negated ? "and" : "or", nodes);
}

function parseRegExp(state: ParseState, content: unknown, path: string): Condition {
  const [field, value] = readOnlyMember(content, "regexp", path);
  const place = `${path}.${field}`;
  let source = value;
  let flags: unknown = "";
  if (isPlainObject(value)) {
    for (const key of Object.keys(value)) {
      if (key !== "value" && key !== "flags") {
        throw new FilterError(`unknown attribute; known are value, flags`, "regexp", `${place}.${key}`);
      }
    }
    source = value.value;
    flags = value.flags || "";
  }
  if (typeof source !== "string") {
    throw new FilterError(`must be a pattern, or an object with a pattern as "value"`, "regexp", place);
  }
  if (typeof flags !== "string") throw new FilterError("must be a string", "regexp", `${place}.flags`);
  try {
    return { kind: "regexp", path: field, pattern: new Pattern(source, flags, state.options.regExpEngine) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FilterError(`not a valid regular expression: ${reason.slice(0, 300)}`, "regexp", place);
  }
}

function parseSelect(state: ParseState, content: unknown, path: string, depth: number): Condition {
  if (!isPlainObject(content)) throw new FilterError("must be an object", "select", path);
  const { field, index, query } = content;
  if (Object.keys(content).length !== 3 || index === undefined || query === undefined) {
    throw new FilterError("takes exactly field, index and query", "select", path);
  }
  if (typeof field !== "string" || field === "") {
    throw new FilterError("must be a non-empty string", "select", `${path}.field`);
  }
  checkField(field, "select", path);
  if (typeof index !== "number" || !Number.isInteger(index)) {
    throw new FilterError("must be an integer; a negative one counts from the end", "select", `${path}.index`);
  }
  const node = state.parseQuery(state, query, `${path}.query`, depth + 1);
  return { kind: "select", path: field, index: index + 0, query: node };
}

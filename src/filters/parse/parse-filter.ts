import { always, type Filter, type FilterNode, group } from "../filter.ts";
import { FilterError } from "../filter-error.ts";
import { isPlainObject } from "../plain-object.ts";
import { type ClauseKeyword, isClauseKeyword, parseClause } from "./parse-clause.ts";
import { countConditions, type FilterOptions, type ParseState } from "./parse-state.ts";

/** Deeper filters are refused: every later step recurses over what is accepted here. */
const maxDepth = 500;

const boolAttributes = ["must", "must_not", "should", "should_not"] as const;

/**
 * Validates a filter and brings it into the form that the rest of this room works on.
 *
 * Shape: `{}`, null, undefined and `[]` match every document; otherwise one keyword an object, such as
 * `{and: [{equals: {city: "Rome"}}, {not: {exists: "deletedAt"}}]}`.
 * Errors: `FilterError` for whatever is not well formed, has too many conditions, nests deeper than 500 levels, or holds
 * a regular expression that is not valid or too large.
 * Source: contract/koncorde.md, sections 1 to 8.
 */
export function parseFilter(filter: unknown, options: FilterOptions): Filter {
  if (matchesEverything(filter)) return { root: always, conditions: 0 };
  if (!isPlainObject(filter)) throw new FilterError(`A filter must be an object, such as {"equals": {"name": "Ada"}}.`);
  const state: ParseState = { options, conditions: 0, parseQuery };
  const root = parseNode(state, filter, "", false, 0);
  return { root, conditions: state.conditions };
}

function matchesEverything(filter: unknown): boolean {
  if (filter === undefined || filter === null) return true;
  if (Array.isArray(filter)) return filter.length === 0;
  return isPlainObject(filter) && Object.keys(filter).length === 0;
}

/** A filter inside a clause: `select` has one. */
function parseQuery(state: ParseState, query: unknown, path: string, depth: number): FilterNode {
  return parseNode(state, query, `${path}.`, false, depth);
}

/** `prefix` is the path so far with its final dot; `negated` asks for the complement. */
function parseNode(state: ParseState, filter: unknown, prefix: string, negated: boolean, depth: number): FilterNode {
  const place = prefix === "" ? null : prefix.slice(0, -1);
  if (!isPlainObject(filter)) throw new FilterError("a filter must be an object", lastKeyword(place), place);
  const keys = Object.keys(filter);
  const [keyword] = keys;
  if (keyword === undefined || keys.length > 1) {
    const found = keyword === undefined ? "none" : keys.slice(0, 5).join(", ");
    throw new FilterError(
      `a filter object takes exactly one keyword; found ${found}. Combine several with "and"`,
      lastKeyword(place),
      place,
    );
  }
  if (depth > maxDepth) throw new FilterError(`a filter nests at most ${maxDepth} levels deep`, keyword);
  const path = prefix + keyword;
  const content = filter[keyword];
  switch (keyword) {
    case "and":
    case "or": {
      const kind = (keyword === "and") === negated ? "or" : "and";
      return group(kind, parseList(state, content, keyword, path, negated, depth));
    }
    case "not":
      return parseNot(state, content, path, negated, depth);
    case "bool":
      return parseBool(state, content, path, negated, depth);
  }
  if (!isClauseKeyword(keyword)) {
    throw new FilterError(`unknown keyword; keywords are case sensitive`, keyword, path);
  }
  return parseLeaf(state, keyword, content, path, negated, depth);
}

function parseLeaf(
  state: ParseState,
  keyword: ClauseKeyword,
  content: unknown,
  path: string,
  negated: boolean,
  depth: number,
): FilterNode {
  countConditions(state, 1, keyword, path);
  return parseClause(state, keyword, content, path, negated, depth);
}

function parseList(
  state: ParseState,
  content: unknown,
  keyword: string,
  path: string,
  negated: boolean,
  depth: number,
): FilterNode[] {
  if (!Array.isArray(content) || content.length === 0) {
    throw new FilterError("must be an array with at least one filter", keyword, path);
  }
  const nodes: FilterNode[] = [];
  for (const filter of content as readonly unknown[]) {
    nodes.push(parseNode(state, filter, `${path}.`, negated, depth + 1));
  }
  return nodes;
}

function parseNot(state: ParseState, content: unknown, path: string, negated: boolean, depth: number): FilterNode {
  if (!isPlainObject(content)) throw new FilterError("must be an object with one filter", "not", path);
  return parseNode(state, content, `${path}.`, !negated, depth + 1);
}

function parseBool(state: ParseState, content: unknown, path: string, negated: boolean, depth: number): FilterNode {
  if (!isPlainObject(content)) throw new FilterError("must be an object", "bool", path);
  for (const key of Object.keys(content)) {
    if (!boolAttributes.some((attribute) => attribute === key)) {
      throw new FilterError(`unknown attribute; known are ${boolAttributes.join(", ")}`, "bool", `${path}.${key}`);
    }
  }
  const { must, must_not, should, should_not } = content;
  const mustList = isPlainObject(must) ? [must] : must;
  const both = negated ? "or" : "and";
  const any = negated ? "and" : "or";
  const parts: FilterNode[] = [];
  if (mustList && !(Array.isArray(mustList) && mustList.length === 0)) {
    parts.push(group(both, parseList(state, mustList, "bool", `${path}.must`, negated, depth)));
  }
  if (must_not) parts.push(group(both, parseList(state, must_not, "bool", `${path}.must_not`, !negated, depth)));
  if (should) parts.push(group(any, parseList(state, should, "bool", `${path}.should`, negated, depth)));
  if (should_not) parts.push(group(any, parseList(state, should_not, "bool", `${path}.should_not`, !negated, depth)));
  if (parts.length === 0) throw new FilterError(`needs at least one of ${boolAttributes.join(", ")}`, "bool", path);
  return group(both, parts);
}

function lastKeyword(place: string | null): string | null {
  return place === null ? null : place.slice(place.lastIndexOf(".") + 1);
}

import { type FilterNode, never } from "../filter.ts";
import { FilterError } from "../filter-error.ts";
import { parseFilter } from "../parse/parse-filter.ts";
import { isPlainObject, type JSONObject } from "../plain-object.ts";
import { RuleError } from "./rule-error.ts";

/** Reads a field of the user who asks: `_id`, or a dotted path of its content. */
export type UserField = (path: string) => unknown;

const options = { maxConditions: 100, regExpEngine: "re2" } as const;
const maxDepth = 20;
const userPrefix = "$user.";

/** Operators with filters inside: which members turn their meaning around. */
const lists: ReadonlySet<string> = new Set(["and", "or"]);
const boolLists: ReadonlyMap<string, boolean> = new Map([
  ["must", false],
  ["must_not", true],
  ["should", false],
  ["should_not", true],
]);
const exactClauses: ReadonlySet<string> = new Set(["equals", "in", "ids", "range", "exists", "missing", "nothing"]);
/** Clauses whose values may stand for the user. */
const valueClauses: ReadonlySet<string> = new Set(["equals", "in", "ids", "range"]);
const inexactClauses: ReadonlySet<string> = new Set([
  "regexp",
  "match",
  "select",
  "geoBoundingBox",
  "geoDistance",
  "geoDistanceRange",
  "geoPolygon",
]);

/**
 * Checks the filter of a rule: the operators of subscriptions as far as searches can be held to exactly the same, and values of the user in known
 * form. Answers the fields of the user that it names. Throws a {@link RuleError}.
 */
export function checkRuleFilter(filter: unknown): readonly string[] {
  if (!isPlainObject(filter) || Object.keys(filter).length === 0)
    throw new RuleError(
      "type",
      "filter",
      "a filter, such as { equals: { ward: 'A' } }; leave it out for all documents",
    );
  const fields = new Set<string>();
  const look = (text: string, place: string): string | number => {
    if (!text.startsWith(userPrefix)) return literalOf(text, place);
    const path = text.slice(userPrefix.length);
    if (path === "" || path.startsWith(".") || path.endsWith("."))
      throw new RuleError("filter", place, `"${text}" names no field of the user: write $user._id, $user.ward`);
    fields.add(path);
    return sampleFor(place);
  };
  const sample = walk(filter, "filter", false, 0, (clause, place) => mapValues(clause, place, look));
  try {
    refuseNull(parseFilter(sample, options).root);
  } catch (error) {
    if (error instanceof FilterError) throw new RuleError("filter", "filter", error.message);
    throw error;
  }
  return [...fields];
}

/** A value that passes where a value of the user will stand. */
function sampleFor(place: string): string | number {
  if (/\.gte?$/.test(place)) return -Number.MAX_VALUE;
  return /\.lte?$/.test(place) ? Number.MAX_VALUE : "a value of the user";
}

/** `$$` at the beginning is one `$`; no other text begins with it. */
function literalOf(text: string, place: string): string {
  if (!text.startsWith("$")) return text;
  if (text.startsWith("$$")) return text.slice(1);
  const hint = `"${text}" is no value of the user ($user._id, $user.ward); a text that begins with a dollar is written with two`;
  throw new RuleError("filter", place, hint);
}

function refuseNull(node: FilterNode): void {
  if (node.kind === "and" || node.kind === "or") for (const child of node.children) refuseNull(child);
  if (node.kind !== "literal") return;
  const { condition } = node;
  if ((condition.kind === "equals" || condition.kind === "contains") && condition.value === null) {
    const hint = "searches do not tell null from a missing value: write missing";
    throw new RuleError("filter", "filter", `"${condition.path}" is compared with null; ${hint}`);
  }
}

type ClauseMap = (clause: JSONObject, place: string, negated: boolean) => JSONObject;

/** Rebuilds a filter with other clauses. */
function walk(filter: unknown, place: string, negated: boolean, depth: number, map: ClauseMap): JSONObject {
  if (!isPlainObject(filter)) throw new RuleError("type", place, "a filter, an object with one keyword");
  if (depth > maxDepth)
    throw new RuleError("filter", "filter", `filters of rules nest at most ${maxDepth} levels deep`);
  const keys = Object.keys(filter);
  const [keyword] = keys;
  if (keyword === undefined || keys.length > 1)
    throw new RuleError("filter", place, 'a filter takes exactly one keyword; combine several with "and"');
  const content = filter[keyword];
  const at = `${place}.${keyword}`;
  if (lists.has(keyword)) return { [keyword]: walkList(content, at, negated, depth, map) };
  if (keyword === "not") return { not: walk(content, at, !negated, depth + 1, map) };
  if (keyword === "bool") {
    if (!isPlainObject(content)) throw new RuleError("type", at, "an object with must, must_not, should or should_not");
    const members: JSONObject = {};
    for (const [name, value] of Object.entries(content)) {
      const turns = boolLists.get(name);
      if (turns === undefined) throw new RuleError("filter", `${at}.${name}`, "no attribute of bool");
      const list = isPlainObject(value) ? [value] : value;
      members[name] = walkList(list, `${at}.${name}`, negated !== turns, depth, map);
    }
    return { bool: members };
  }
  if (inexactClauses.has(keyword)) {
    const known = [...exactClauses].join(", ");
    const hint = `"${keyword}" means something else in searches, so that they could not be held to the rule; rules take ${known}`;
    throw new RuleError("filter", at, hint);
  }
  if (!exactClauses.has(keyword)) throw new RuleError("filter", at, "no keyword of filters");
  return map(filter, at, negated);
}

function walkList(content: unknown, place: string, negated: boolean, depth: number, map: ClauseMap): JSONObject[] {
  if (!Array.isArray(content)) throw new RuleError("type", place, "an array of filters");
  return content.map((one, i) => walk(one, `${place}[${i}]`, negated, depth + 1, map));
}

/** A clause with other texts as values. */
function mapValues(clause: JSONObject, place: string, text: (value: string, place: string) => unknown): JSONObject {
  const [[keyword, content] = ["", undefined]] = Object.entries(clause);
  if (!valueClauses.has(keyword)) return clause;
  const takesList = keyword === "in" || keyword === "ids";
  const map = (value: unknown, at: string): unknown => {
    if (typeof value === "string") return text(value, at);
    if (Array.isArray(value)) return value.flatMap((one) => map(one, at));
    if (!isPlainObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, map(one, `${at}.${name}`)]));
  };
  if (!isPlainObject(content)) return clause;
  const members = Object.entries(content).map(([name, value]): [string, unknown] => {
    const mapped = map(value, `${place}.${name}`);
    // One value of the user may be the whole list.
    return [name, takesList && typeof value === "string" ? [mapped].flat() : mapped];
  });
  return { [keyword]: Object.fromEntries(members) };
}

class Unknown extends Error {}

/**
 * The filter for one user. A clause with a value that the user does not have, or that does not fit there, never holds, whether it is negated or not.
 */
export function bindRuleFilter(filter: JSONObject, userField: UserField): FilterNode {
  const look = (text: string, place: string): unknown => {
    if (!text.startsWith(userPrefix)) return literalOf(text, place);
    const value = userField(text.slice(userPrefix.length));
    if (value === undefined || value === null) throw new Unknown();
    return value;
  };
  const bound = walk(filter, "filter", false, 0, (clause, place, negated) => {
    try {
      const known = mapValues(clause, place, look);
      refuseNull(parseFilter(known, options).root);
      return known;
    } catch (error) {
      if (!(error instanceof Unknown || error instanceof FilterError || error instanceof RuleError)) throw error;
      return negated ? { not: { nothing: true } } : { nothing: true };
    }
  });
  try {
    return parseFilter(bound, options).root;
  } catch (error) {
    // More values than a filter may have.
    if (error instanceof FilterError) return never;
    throw error;
  }
}

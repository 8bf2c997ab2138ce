import type { Condition, FilterNode } from "../../filters/index.ts";
import { isPlainObject, type JSONObject } from "../../kernel/index.ts";
import type { Mappings } from "../../stores/documents/index.ts";
import { type FoundField, findField, isCopiedTo } from "./find-field.ts";

/** Searches cannot find exactly the documents of a rule under the mapping of the collection. */
export class NotSearchable extends Error {
  override readonly name = "NotSearchable";
}

const wholeTypes: ReadonlySet<string> = new Set(["long", "integer", "short", "byte"]);
/** Types that take no empty text for a value. */
const countedTypes: ReadonlySet<string> = new Set([...wholeTypes, "double", "float", "date"]);
const all: JSONObject = { match_all: {} };
const none: JSONObject = { match_none: {} };

/**
 * The filter of a rule as a query that finds the same documents: field by field, by the type in the mapping. Throws {@link NotSearchable} where
 * it would not: for fields that are not mapped or mapped as something else than the values that the rule compares them with.
 */
export function ruleQuery(node: FilterNode, mappings: Mappings): JSONObject {
  switch (node.kind) {
    case "always":
      return all;
    case "never":
      return none;
    case "and":
      return { bool: { filter: node.children.map((child) => ruleQuery(child, mappings)) } };
    case "or":
      return { bool: { should: node.children.map((child) => ruleQuery(child, mappings)), minimum_should_match: 1 } };
    case "literal": {
      const query = conditionQuery(node.condition, mappings);
      return node.negated ? { bool: { must_not: [query] } } : query;
    }
  }
}

function conditionQuery(condition: Condition, mappings: Mappings): JSONObject {
  const { path } = condition;
  if (path === "_id") return idQuery(condition);
  const found = findField(mappings, path);
  if (found.kind === "unknown") throw new NotSearchable(found.reason);
  if (isCopiedTo(mappings, path)) throw new NotSearchable(`"${path}" also holds what other fields copy into it`);
  if (found.kind === "absent") return none;
  switch (condition.kind) {
    case "exists":
      return existsQuery(found);
    case "equals":
    case "contains":
      return equalsQuery(found, condition.value);
    case "range": {
      assertNumber(found);
      const bounds: JSONObject = {};
      if (Number.isFinite(condition.low)) bounds[condition.lowIncluded ? "gte" : "gt"] = condition.low;
      if (Number.isFinite(condition.high)) bounds[condition.highIncluded ? "lte" : "lt"] = condition.high;
      return { range: { [path]: bounds } };
    }
    default:
      throw new NotSearchable(`"${condition.kind}" has no counterpart in searches`);
  }
}

function idQuery(condition: Condition): JSONObject {
  if (condition.kind === "exists") return all;
  if (condition.kind !== "equals" && condition.kind !== "contains")
    throw new NotSearchable('"_id" is compared by equals or ids only');
  return { ids: { values: [String(condition.value)] } };
}

type Field = Extract<FoundField, { readonly kind: "field" }>;

/** An empty text is no value: types differ in whether they have one. */
function existsQuery(field: Field): JSONObject {
  const { path, type } = field;
  if (countedTypes.has(type)) {
    assertPlain(field);
    return { exists: { field: path } };
  }
  if (type === "boolean") throw new NotSearchable(`"${path}" is mapped as boolean: compare it with true or false`);
  return { range: { [keywordOf(field)]: { gt: "" } } };
}

function equalsQuery(field: Field, value: unknown): JSONObject {
  const { path, type } = field;
  if (typeof value === "string") return { term: { [keywordOf(field, value)]: { value } } };
  if (typeof value === "boolean") {
    if (type !== "boolean") throw new NotSearchable(`"${path}" is mapped as ${type}: map it as boolean`);
    assertPlain(field);
    return { term: { [path]: { value } } };
  }
  assertNumber(field);
  if (wholeTypes.has(type) && !Number.isInteger(value))
    throw new NotSearchable(`"${path}" is mapped as ${type}, and compared with ${String(value)}`);
  return { term: { [path]: { value } } };
}

/**
 * The field that holds a text as it was written, or (without `value`) all texts: the field itself, or a keyword among its sub-fields.
 */
function keywordOf({ path, type, definition }: Field, value?: string): string {
  if (isKeywordFor(definition, value)) return path;
  const subfields = isPlainObject(definition.fields) ? Object.entries(definition.fields) : [];
  const found = subfields.find(([, subfield]) => isPlainObject(subfield) && isKeywordFor(subfield, value));
  if (found !== undefined) return `${path}.${found[0]}`;
  throw new NotSearchable(
    `"${path}" is mapped as ${type}: map it as keyword, without normalizer, null_value or ignore_above`,
  );
}

function isKeywordFor(definition: JSONObject, value: string | undefined): boolean {
  const { type, normalizer, ignore_above: most } = definition;
  if (type !== "keyword" || normalizer !== undefined || !isPlain(definition)) return false;
  return most === undefined || (value !== undefined && value.length <= Number(most));
}

function assertNumber(field: Field): void {
  const { path, type } = field;
  if (!wholeTypes.has(type) && type !== "double")
    throw new NotSearchable(`"${path}" is mapped as ${type}, and compared with numbers: map it as long or double`);
  assertPlain(field);
}

function assertPlain({ path, definition }: Field): void {
  if (!isPlain(definition))
    throw new NotSearchable(`"${path}" is mapped with options by which values are left out or stand in for others`);
}

/** What is stored is what is indexed. */
function isPlain({ index, null_value: nullValue, ignore_malformed: ignores }: JSONObject): boolean {
  const isIndexed = index !== false && index !== "false";
  return isIndexed && nullValue === undefined && ignores !== true && ignores !== "true";
}

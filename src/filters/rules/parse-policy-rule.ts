import { isPlainObject } from "../plain-object.ts";
import type { PolicyRule } from "./document-rule.ts";
import { RuleError } from "./rule-error.ts";
import { checkRuleFilter } from "./rule-filter.ts";

/** Members of a policy's `documents`. */
export const ruleMembers = ["filter", "readableFields", "writableFields"] as const;

const maxFields = 1_000;

/**
 * Reads what a policy says of documents: `{ filter: { equals: { ward: "A" } }, readableFields: ["name", "visits.*"], writableFields: ["visits"] }`.
 * Throws a {@link RuleError} that names the place.
 */
export function parsePolicyRule(value: unknown): PolicyRule {
  if (!isPlainObject(value)) throw new RuleError("type", "", "object");
  for (const name of Object.keys(value)) {
    if (!(ruleMembers as readonly string[]).includes(name))
      throw new RuleError("unknown", name, ruleMembers.join(", "));
  }
  const { filter, readableFields, writableFields } = value;
  const isFiltered = filter !== undefined && filter !== null;
  const userFields = isFiltered ? checkRuleFilter(filter) : [];
  return {
    filter: isFiltered ? (filter as PolicyRule["filter"]) : undefined, // an object, as just checked
    readableFields: parseFields(readableFields, "readableFields"),
    writableFields: parseFields(writableFields, "writableFields"),
    userFields,
  };
}

function parseFields(value: unknown, place: string): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw new RuleError("type", place, "array of paths");
  if (value.length > maxFields) throw new RuleError("value", place, `at most ${maxFields} paths`);
  return value.map((path: unknown, i) => {
    const at = `${place}[${i}]`;
    if (typeof path !== "string" || path === "") throw new RuleError("type", at, "path, a text such as visits.date");
    if (path.length > 500) throw new RuleError("value", at, "a path of at most 500 characters");
    if (path.slice(0, -1).includes("*")) throw new RuleError("value", at, "a path with a star at its end only");
    return path;
  });
}

import { createHash } from "node:crypto";
import { canonicalForm } from "../canonical-form.ts";
import { type FilterNode, group } from "../filter.ts";
import type { JSONObject } from "../plain-object.ts";
import { FieldList } from "./field-list.ts";
import { bindRuleFilter, type UserField } from "./rule-filter.ts";
import { ruleMatches } from "./rule-values.ts";

/** What one policy says of documents; absent members limit nothing. It was checked by `parsePolicyRule`. */
export interface PolicyRule {
  readonly filter: JSONObject | undefined;
  readonly readableFields: readonly string[] | undefined;
  readonly writableFields: readonly string[] | undefined;
  /** Fields of the user that the filter names. */
  readonly userFields: readonly string[];
}

/** What one user may see and change of the documents of a collection. */
export interface DocumentRule {
  /** Equal for equal rules. */
  readonly key: string;
  /** Equal for users whose policies say the same, whatever stands for `$user`. */
  readonly family: string;
  /** Undefined: all documents. */
  readonly filter: FilterNode | undefined;
  /** Undefined: all fields. */
  readonly readable: FieldList | undefined;
  readonly writable: FieldList | undefined;
  /** Whether a document may be seen. */
  matches(source: JSONObject, id: string | undefined): boolean;
  /** What may be seen of a document that may be seen. */
  cut(source: JSONObject): JSONObject;
  /** The same of JSON texts. */
  cutText(source: string): string;
}

/** The rules of several policies, of which each alone would be enough: together they allow what any of them allows. */
export class RuleTemplate {
  readonly family: string;
  readonly #filters: readonly JSONObject[] | undefined;
  readonly #readable: FieldList | undefined;
  readonly #writable: FieldList | undefined;

  private constructor(rules: readonly PolicyRule[]) {
    this.#filters = allOf(rules, ({ filter }) => filter);
    this.#readable = listOf(rules, ({ readableFields }) => readableFields);
    this.#writable = listOf(rules, ({ writableFields }) => writableFields);
    this.family = hashOf([this.#filters, this.#readable?.patterns, this.#writable?.patterns]);
  }

  /** Undefined when one of the policies has no rule, or when nothing is limited. Without any policy it hides everything. */
  static of(rules: readonly (PolicyRule | undefined)[]): RuleTemplate | undefined {
    const all = allOf(rules, (rule) => rule);
    if (all === undefined) return undefined;
    const template = new RuleTemplate(all);
    const limits = template.#filters ?? template.#readable ?? template.#writable;
    return limits === undefined ? undefined : template;
  }

  bind(userField: UserField): DocumentRule {
    const filters = this.#filters?.map((filter) => bindRuleFilter(filter, userField));
    const filter = filters === undefined ? undefined : group("or", filters);
    return new BoundRule(this.family, filter, this.#readable, this.#writable);
  }
}

class BoundRule implements DocumentRule {
  readonly key: string;
  readonly family: string;
  readonly filter: FilterNode | undefined;
  readonly readable: FieldList | undefined;
  readonly writable: FieldList | undefined;

  constructor(
    family: string,
    filter: FilterNode | undefined,
    readable: FieldList | undefined,
    writable: FieldList | undefined,
  ) {
    this.family = family;
    this.filter = filter;
    this.readable = readable;
    this.writable = writable;
    this.key = hashOf([filter && canonicalForm(filter), readable?.patterns, writable?.patterns]);
  }

  matches(source: JSONObject, id: string | undefined): boolean {
    return this.filter === undefined || ruleMatches(this.filter, source, id);
  }

  cut(source: JSONObject): JSONObject {
    return this.readable?.cut(source) ?? source;
  }

  cutText(source: string): string {
    return this.readable?.cutText(source) ?? source;
  }
}

/** What all have; undefined when one lacks it. */
function allOf<T, M>(list: readonly T[], member: (one: T) => M | undefined): readonly M[] | undefined {
  const found: M[] = [];
  for (const one of list) {
    const value = member(one);
    if (value === undefined) return undefined;
    found.push(value);
  }
  return found;
}

function listOf(
  rules: readonly PolicyRule[],
  member: (rule: PolicyRule) => readonly string[] | undefined,
): FieldList | undefined {
  const lists = allOf(rules, member);
  return lists === undefined ? undefined : new FieldList(lists.flat());
}

const hashOf = (value: unknown): string => createHash("sha256").update(JSON.stringify(value)).digest("hex");

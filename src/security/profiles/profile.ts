import { type PolicyRule, parsePolicyRule, RuleError } from "../../filters/index.ts";
import { isPlainObject, type JSONObject } from "../../kernel/index.ts";

/** Index → its collections; `true` stands for every collection of the index. Undefined: not restricted. */
export type Restrictions = ReadonlyMap<string, true | ReadonlySet<string>>;

export interface Policy {
  readonly roleId: string;
  readonly restrictions: Restrictions | undefined;
  /** Which documents and fields the policy is about; undefined: all. */
  readonly rule: PolicyRule | undefined;
}

/** A profile as it is used for checks. */
export interface Profile {
  readonly id: string;
  readonly content: JSONObject;
  readonly policies: readonly Policy[];
  /** Requests per second of one user; 0: no limit. */
  readonly rateLimit: number;
}

/** Tolerates whatever was stored: a policy that cannot be read allows nothing. */
export function profileFrom(id: string, content: JSONObject): Profile {
  const policies: Policy[] = [];
  for (const policy of Array.isArray(content.policies) ? content.policies : []) {
    if (!isPlainObject(policy) || typeof policy.roleId !== "string") continue;
    const rule = ruleFrom(policy.documents);
    if (rule === "unreadable") continue;
    policies.push({ roleId: policy.roleId, restrictions: restrictionsFrom(policy.restrictedTo), rule });
  }
  const { rateLimit } = content;
  return { id, content, policies, rateLimit: typeof rateLimit === "number" && rateLimit > 0 ? rateLimit : 0 };
}

function ruleFrom(documents: unknown): PolicyRule | "unreadable" | undefined {
  if (documents === undefined || documents === null) return undefined;
  try {
    return parsePolicyRule(documents);
  } catch (error) {
    if (error instanceof RuleError) return "unreadable";
    throw error;
  }
}

function restrictionsFrom(restrictedTo: unknown): Restrictions | undefined {
  if (restrictedTo === undefined || restrictedTo === null) return undefined;
  if (Array.isArray(restrictedTo) && restrictedTo.length === 0) return undefined;
  const restrictions = new Map<string, true | Set<string>>();
  for (const restriction of Array.isArray(restrictedTo) ? restrictedTo : []) {
    if (!isPlainObject(restriction) || typeof restriction.index !== "string") continue;
    addRestriction(restrictions, restriction.index, restriction.collections);
  }
  return restrictions;
}

function addRestriction(into: Map<string, true | Set<string>>, index: string, collections: unknown): void {
  const before = into.get(index);
  if (before === true) return;
  if (collections === undefined || collections === null || (Array.isArray(collections) && collections.length === 0)) {
    into.set(index, true);
    return;
  }
  const names = before ?? new Set<string>();
  for (const name of Array.isArray(collections) ? collections : []) if (typeof name === "string") names.add(name);
  into.set(index, names);
}

import type { RuleTemplate } from "../../filters/index.ts";
import type { Policy, Profile, Restrictions } from "../profiles/profile.ts";
import { canonicalController, type Role } from "../roles/role.ts";
import { allowIn, type Grant } from "./grant.ts";
import { RuleChoice } from "./rule-choice.ts";

/** Always, never, or only in some indexes and collections. */
type Decision = true | false | Restrictions;

interface ActionDecisions {
  readonly named: ReadonlyMap<string, Decision>;
  readonly others: Decision;
  /** Which rules about documents come with each action; undefined when no policy has any. */
  readonly rules: ActionRules | undefined;
}

interface ActionRules {
  readonly named: ReadonlyMap<string, RuleChoice>;
  readonly others: RuleChoice;
}

/**
 * What a set of profiles may do, worked out beforehand: a check is two map look-ups, plus one or two for restricted rights. It allocates
 * nothing, and its size follows the roles: names that clients make up are not kept.
 */
export class CompiledRights {
  readonly #controllers = new Map<string, ActionDecisions>();
  readonly #others: ActionDecisions;
  /** Requests per second of one user; 0: no limit. */
  readonly rateLimit: number;
  /** False: no policy says anything of documents, and {@link ruleFor} need not be asked. */
  readonly hasRules: boolean;
  /** Root members of the user's content on which the rules depend. */
  readonly userFields: ReadonlySet<string>;

  /** `synonymsOf`: all names of a controller, its own first. Roles may name it by any of them. */
  constructor(
    profiles: readonly Profile[],
    roleOf: (id: string) => Role | undefined,
    synonymsOf: (controller: string) => readonly string[] = (name) => [name],
  ) {
    const grants = grantsOf(profiles, roleOf);
    this.hasRules = grants.some(({ rule }) => rule !== undefined);
    this.userFields = new Set(grants.flatMap(({ rule }) => rule?.userFields ?? []).map(rootOf));
    for (const { role } of grants) {
      for (const name of role.entries.keys()) {
        if (this.#controllers.has(name)) continue;
        const synonyms = synonymsOf(name);
        const decisions = decide(grants, synonyms);
        for (const synonym of synonyms) this.#controllers.set(canonicalController(synonym), decisions);
      }
    }
    this.#others = decide(grants, ["*"]);
    const limits = profiles.map((profile) => profile.rateLimit);
    this.rateLimit = limits.includes(0) ? 0 : Math.max(0, ...limits);
  }

  /**
   * `index` and `collection` are those of the request's top level, as clients sent them; `targets` the collections of a search over
   * several, each `{ index, collections }`. Source: contract/security.md section 4.
   */
  allow(controller: string, action: string, index: unknown, collection: unknown, targets: unknown): boolean {
    const decisions = this.#controllers.get(canonicalController(controller)) ?? this.#others;
    const decision = decisions.named.get(action) ?? decisions.others;
    // With targets too: no role that allows the action, no right, whatever the targets hold.
    if (decision === false) return false;
    if (Array.isArray(targets) && targets.length > 0 && !allowTargets(decision, targets)) return false;
    // Beside targets too: clients may not send both, plugins can, and most actions read these.
    return decision === true || allowIn(decision, nameOf(index), nameOf(collection));
  }

  /**
   * What the policies that allow the action there say together of documents; undefined when that is nothing. For a right that none of them gives
   * it is a rule that hides everything. Ask {@link hasRules} first.
   */
  ruleFor(controller: string, action: string, index: unknown, collection: unknown): RuleTemplate | undefined {
    const { rules } = this.#controllers.get(canonicalController(controller)) ?? this.#others;
    if (rules === undefined) return undefined;
    const choice = rules.named.get(action) ?? rules.others;
    return choice.of(nameOf(index), nameOf(collection));
  }
}

function grantsOf(profiles: readonly Profile[], roleOf: (id: string) => Role | undefined): readonly Grant[] {
  const grants: Grant[] = [];
  const add = ({ roleId, restrictions, rule }: Policy): void => {
    const role = roleOf(roleId);
    if (role !== undefined) grants.push({ role, restrictions, rule });
  };
  for (const profile of profiles) for (const policy of profile.policies) add(policy);
  return grants;
}

function decide(grants: readonly Grant[], synonyms: readonly string[]): ActionDecisions {
  const names = new Set<string>();
  const entryOf = ({ role }: Grant): ReadonlyMap<string, boolean> | undefined => {
    const named = synonyms.find((name) => role.entries.has(name));
    return role.entries.get(named ?? "*");
  };
  for (const grant of grants) for (const name of entryOf(grant)?.keys() ?? []) names.add(name);
  const grantsFor = (action: string): readonly Grant[] =>
    grants.filter((grant) => {
      const entry = entryOf(grant);
      return (entry?.get(action) ?? entry?.get("*")) === true;
    });
  const named = new Map<string, Decision>();
  for (const name of names) if (name !== "*") named.set(name, union(grantsFor(name)));
  const rules = grants.some(({ rule }) => rule !== undefined) ? rulesOf(names, grantsFor) : undefined;
  return { named, others: union(grantsFor("*")), rules };
}

function rulesOf(names: ReadonlySet<string>, grantsFor: (action: string) => readonly Grant[]): ActionRules {
  const named = new Map<string, RuleChoice>();
  for (const name of names) if (name !== "*") named.set(name, new RuleChoice(grantsFor(name)));
  return { named, others: new RuleChoice(grantsFor("*")) };
}

/** `ward` for `ward.name`. */
const rootOf = (path: string): string => path.split(".", 1)[0] ?? path;

/** One policy that allows is enough: what several restricted ones allow together is the union of their collections. */
function union(grants: readonly Grant[]): Decision {
  if (grants.length === 0) return false;
  const all = new Map<string, true | Set<string>>();
  for (const { restrictions } of grants) {
    if (restrictions === undefined) return true;
    for (const [index, collections] of restrictions) {
      const before = all.get(index);
      if (before === true || collections === true) all.set(index, true);
      else all.set(index, new Set([...(before ?? []), ...collections]));
    }
  }
  return all;
}

/** The name that the action will read: the same rule as the readers of `index` and `collection` (contract/wire.md section 4). */
function nameOf(value: unknown): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  if (!value) return undefined;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function allowTargets(decision: true | Restrictions, targets: readonly unknown[]): boolean {
  for (const target of targets) {
    if (typeof target !== "object" || target === null) continue;
    const { index, collections } = target as { index?: unknown; collections?: unknown };
    if (!index || !Array.isArray(collections)) continue;
    if (typeof index !== "string" || index.includes("*")) return false;
    for (const collection of collections) {
      if (typeof collection !== "string" || collection.includes("*")) return false;
      if (decision !== true && !allowIn(decision, index, collection)) return false;
    }
  }
  return true;
}

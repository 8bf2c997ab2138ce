import type { JSONObject } from "../../kernel/index.ts";

/** `{ "document": { actions: { "get": true } } }`; `*` stands for every controller, or every action. */
export type ControllerRights = Readonly<Record<string, { readonly actions: Readonly<Record<string, boolean>> }>>;

/** What is stored of a role; other members are kept as they are. */
export interface RoleContent {
  readonly controllers: ControllerRights;
  readonly tags?: readonly string[];
  readonly [other: string]: unknown;
}

/** A role as it is used for checks: its entries as maps, so that no client can ask for `__proto__`. */
export interface Role {
  readonly id: string;
  readonly content: JSONObject;
  /** Controller → action → allowed. `memoryStorage` is kept under `ms`. */
  readonly entries: ReadonlyMap<string, ReadonlyMap<string, boolean>>;
}

/** `ms` and `memoryStorage` are one controller. */
export const canonicalController = (name: string): string => (name === "memoryStorage" ? "ms" : name);

const members = (value: unknown): [string, unknown][] =>
  typeof value === "object" && value !== null ? Object.entries(value) : [];

/** Tolerates whatever was stored: what has the wrong shape allows nothing. */
export function roleFrom(id: string, content: JSONObject): Role {
  const entries = new Map<string, Map<string, boolean>>();
  for (const [name, controller] of members(content.controllers)) {
    // An entry under `ms` wins over one under `memoryStorage`, whatever their order.
    if (name === "memoryStorage" && Object.hasOwn(content.controllers as object, "ms")) continue;
    const actions = new Map<string, boolean>();
    const { actions: stored } = (typeof controller === "object" && controller !== null ? controller : {}) as JSONObject;
    for (const [action, value] of members(stored)) actions.set(action, value === true);
    entries.set(canonicalController(name), actions);
  }
  return { id, content, entries };
}

/** A controller with an entry of its own never falls back to `*`, even when that entry is silent about the action. */
export function roleAllows(role: Role, controller: string, action: string): boolean {
  const actions = role.entries.get(canonicalController(controller)) ?? role.entries.get("*");
  return (actions?.get(action) ?? actions?.get("*")) === true;
}

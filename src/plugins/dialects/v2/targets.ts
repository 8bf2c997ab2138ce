import { didYouMean } from "../../../kernel/index.ts";

export type Target = (...args: unknown[]) => unknown;

/** How a listener or handler may be written. */
export interface TargetRules {
  /** The name of a method of the plugin. */
  readonly names: boolean;
  /** A function that has the name of a method gets the plugin as `this`. */
  readonly bindMethods: boolean;
}

/**
 * Finds the function behind what an author wrote as the target of a hook, a pipe or an action; undefined when there is none.
 * Source: contract/plugins/v2.md section 3, "Target resolution".
 */
export function resolveTarget(instance: object, written: unknown, rules: TargetRules): Target | undefined {
  if (typeof written === "string") return rules.names ? methodOf(instance, written) : undefined;
  if (typeof written !== "function") return undefined;
  const target = written as Target;
  return rules.bindMethods && methodOf(instance, target.name) !== undefined ? target.bind(instance) : target;
}

/** A method of a plugin, bound to it. */
export function methodOf(instance: object, name: string): Target | undefined {
  if (name === "" || name in Object.prototype) return undefined;
  const method = (instance as Record<string, unknown>)[name];
  return typeof method === "function" ? (method.bind(instance) as Target) : undefined;
}

/** ` Did you mean "…"?` among the methods of a plugin. */
export function suggestMethod(instance: object, written: unknown): string {
  return typeof written === "string" ? didYouMean(written, methodNames(instance)) : "";
}

function methodNames(instance: object): string[] {
  const names = new Set<string>();
  let holder: object | null = instance;
  while (holder !== null && holder !== Object.prototype) {
    for (const name of Object.getOwnPropertyNames(holder)) {
      const { value } = Object.getOwnPropertyDescriptor(holder, name) ?? {};
      if (typeof value === "function" && name !== "constructor") names.add(name);
    }
    holder = Object.getPrototypeOf(holder);
  }
  return [...names];
}

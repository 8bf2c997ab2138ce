import { isPlainObject, kerror } from "../../kernel/index.ts";
import type { Declarations } from "../declarations.ts";

/** Where a plugin wants to stand among the others, as all places together say. */
export interface OrderWishes {
  /** The plugins that must be there and come first, each with the ranges that its version must lie in. */
  readonly dependsOn: ReadonlyMap<string, readonly string[]>;
  /** Plugins that come later, when they are there. */
  readonly before: readonly string[];
  /** Plugins that come first, when they are there. */
  readonly after: readonly string[];
  /** Higher comes earlier; 0 unless it is given. */
  readonly priority: number;
}

/**
 * Reads `dependsOn`, `before`, `after` and `priority` of all places; they add up, and the first priority counts.
 * Error: `plugin.order.invalid_declaration`, naming the member.
 */
export function readOrder(plugin: string, declarations: Declarations): OrderWishes {
  const dependsOn = new Map<string, string[]>();
  const before = new Set<string>();
  const after = new Set<string>();
  let priority: number | undefined;
  for (const declared of declarations) {
    for (const [name, range] of rangesOf(plugin, declared.dependsOn)) {
      dependsOn.set(name, [...(dependsOn.get(name) ?? []), range]);
    }
    for (const name of namesOf(plugin, "before", declared.before)) before.add(name);
    for (const name of namesOf(plugin, "after", declared.after)) after.add(name);
    priority ??= priorityOf(plugin, declared.priority);
  }
  return { dependsOn, before: [...before], after: [...after], priority: priority ?? 0 };
}

function rangesOf(plugin: string, written: unknown): [string, string][] {
  if (written === undefined) return [];
  const wrong = (): Error =>
    invalid(plugin, "dependsOn", 'it must map names of plugins to ranges, as in { "mail": "^1.2.0" }.');
  if (!isPlainObject(written)) throw wrong();
  return Object.entries(written).map(([name, range]) => {
    if (typeof range !== "string") throw wrong();
    if (name === plugin) throw invalid(plugin, "dependsOn", "a plugin cannot depend on itself.");
    return [name, range];
  });
}

function namesOf(plugin: string, member: "before" | "after", written: unknown): readonly string[] {
  if (written === undefined) return [];
  if (!Array.isArray(written) || !written.every((name) => typeof name === "string")) {
    throw invalid(plugin, member, "it must be a list of names of plugins.");
  }
  if (written.includes(plugin)) throw invalid(plugin, member, "a plugin cannot stand before or after itself.");
  return written;
}

function priorityOf(plugin: string, written: unknown): number | undefined {
  if (written === undefined) return undefined;
  if (typeof written !== "number" || !Number.isFinite(written))
    throw invalid(plugin, "priority", "it must be a number.");
  return written;
}

const invalid = (plugin: string, member: string, why: string): Error =>
  kerror("plugin.order.invalid_declaration", plugin, member, why);

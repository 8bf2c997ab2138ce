import { isPlainObject, type JSONObject, type Logger } from "../../../kernel/index.ts";
import type { WorkerStart } from "../messages.ts";
import type { LoadedPlugin } from "./load-plugin.ts";

/** Runs a plugin's `init` and reads its hooks, as one generation has it. `exported` is what its package answers. */
export type StartInWorker = (exported: unknown, order: WorkerStart, log: Logger) => Promise<LoadedPlugin>;

/** `[["data:beforeCreate", target], …]` by name. */
export function byName<T>(targets: readonly (readonly [string, T])[]): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const [name, target] of targets) {
    const known = found.get(name);
    if (known === undefined) found.set(name, [target]);
    else known.push(target);
  }
  return found;
}

/** `["pipes data:beforeCreate", "controllers books"]`; of a list or a function, only what it is. */
export function namesOf(plugin: JSONObject, members: readonly string[]): string[] {
  return members.flatMap((member) => {
    const table = plugin[member];
    if (typeof table === "function" || (Array.isArray(table) && table.length > 0)) return [member];
    const names = isPlainObject(table) ? Object.keys(table) : [];
    return names.length === 0 ? [] : [`${member} ${names.join(", ")}`];
  });
}

import { isPlainObject, type JSONObject, kerror } from "../../../kernel/index.ts";
import type { PluginHook, PluginPipe } from "../../definition.ts";
import type { PluginScope } from "../dialect.ts";
import { hookOf } from "./hooks.ts";
import { pipeOf } from "./pipes.ts";
import { resolveTarget, suggestMethod, type Target } from "./targets.ts";

const rules = { names: true, bindMethods: true };

/** Error: `plugin.assert.invalid_pipe`. */
export function readPipes(instance: JSONObject, scope: PluginScope): PluginPipe[] {
  return readTable(instance, "pipes", "plugin.assert.invalid_pipe", scope, (event, target) =>
    pipeOf(event, target, scope),
  );
}

/** Error: `plugin.assert.invalid_hook`. */
export function readHooks(instance: JSONObject, scope: PluginScope): PluginHook[] {
  return readTable(instance, "hooks", "plugin.assert.invalid_hook", scope, hookOf);
}

/** `{ event: target | target[] }`. */
function readTable<L>(
  instance: JSONObject,
  member: "pipes" | "hooks",
  errorId: "plugin.assert.invalid_pipe" | "plugin.assert.invalid_hook",
  scope: PluginScope,
  make: (event: string, target: Target, scope: PluginScope) => L,
): L[] {
  const table = instance[member];
  const { plugin } = scope.call;
  if (table === undefined || table === null) return [];
  if (typeof table !== "object" || Array.isArray(table)) {
    throw kerror(errorId, plugin, member, ` "${member}" must be an object: { "<event>": function }.`);
  }
  const listeners: L[] = [];
  for (const [event, written] of Object.entries(table)) {
    for (const one of Array.isArray(written) ? (written as unknown[]) : [written]) {
      const target = resolveTarget(instance, one, rules);
      if (target === undefined) throw kerror(errorId, plugin, event, suggestMethod(instance, one));
      listeners.push(make(event, target, scope));
    }
  }
  return listeners;
}

/** An object of the plugin's, or an empty one when it has none. */
export function tableOf(instance: JSONObject, member: string): JSONObject | undefined {
  const table = instance[member];
  return isPlainObject(table) && Object.keys(table).length > 0 ? table : undefined;
}

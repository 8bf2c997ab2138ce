import type { MaybePromise } from "../../../events/index.ts";
import { isPlainObject, type JSONObject, kerror } from "../../../kernel/index.ts";
import type { PluginHook, PluginPipe } from "../../definition.ts";
import { callPlugin } from "../../realm/current-call.ts";
import type { ListeningPlugin, PluginScope } from "../dialect.ts";
import { firstHooks, firstPipes } from "../v0/listeners.ts";
import { pipeOf } from "../v2/pipes.ts";
import { resolveTarget, suggestMethod, type Target } from "../v2/targets.ts";
import { isOfFirstGeneration, namesToday } from "./event-names.ts";
import { isLenient, keepsFirstSegments } from "./variants.ts";
import { firstSegmentMatcher, segmentMatcher } from "./wildcards.ts";

/**
 * `hooks`: each is called with the first argument of the event and its name as declared.
 * Error: `plugin.assert.invalid_hook`. Source: contract/plugins/v1.md section 4.
 */
export function readHooks(instance: JSONObject, scope: PluginScope, variant: string | undefined): PluginHook[] {
  return readTargets(instance, "hooks", scope, variant).flatMap(([declared, target]) =>
    isOfFirstGeneration(declared) ? firstHooks(declared, target, scope, variant) : hooksOf(declared, target, scope),
  );
}

/** `pipes`: callback or promise. Error: `plugin.assert.invalid_pipe`. Source: contract/plugins/v1.md section 4. */
export function readPipes(instance: JSONObject, scope: PluginScope, variant: string | undefined): PluginPipe[] {
  return readTargets(instance, "pipes", scope, variant).flatMap(([declared, target]) =>
    isOfFirstGeneration(declared)
      ? firstPipes(declared, target, scope, variant)
      : pipesOf(declared, target, scope, variant),
  );
}

function hooksOf(declared: string, target: Target, { call }: PluginScope): PluginHook[] {
  return namesToday(declared).map((event) => {
    const run = (args: readonly unknown[]): MaybePromise<unknown> =>
      callPlugin(call, target, args[0], declared) as MaybePromise<unknown>;
    // Both readings of a wildcard are served: `generic:document:*` is the same in either, `*:beforeCreate` has only the older.
    const matches = isScopeWildcard(event) ? undefined : segmentMatcher(event);
    return matches === undefined ? { event, run } : { event, run, matches };
  });
}

function pipesOf(declared: string, target: Target, scope: PluginScope, variant: string | undefined): PluginPipe[] {
  return namesToday(declared).map((event) => {
    const pipe = pipeOf(event, target, scope, { promiseMayBeEmpty: true });
    const matches = keepsFirstSegments(variant) ? firstSegmentMatcher(event) : undefined;
    return matches === undefined ? pipe : { ...pipe, matches };
  });
}

/** `<scope>:*` whose scope has no wildcard itself: what the events of this server know by themselves. */
const isScopeWildcard = (event: string): boolean => /^[^*]+:\*$/.test(event);

/** `{ event: target | target[] }`; a target is the name of a method, or a function, which is called as it is. */
export function readTargets(
  instance: JSONObject,
  member: "hooks" | "pipes",
  { call, log }: ListeningPlugin,
  variant: string | undefined,
): (readonly [string, Target])[] {
  const { plugin } = call;
  const errorId = member === "hooks" ? "plugin.assert.invalid_hook" : "plugin.assert.invalid_pipe";
  const table = instance[member];
  if (table === undefined || table === null) return [];
  if (!isPlainObject(table))
    throw kerror(errorId, plugin, member, ` "${member}" must be an object: { "<event>": target }.`);
  const targets: (readonly [string, Target])[] = [];
  for (const [event, written] of Object.entries(table)) {
    for (const one of Array.isArray(written) ? (written as unknown[]) : [written]) {
      const target = resolveTarget(instance, one, { names: true, bindMethods: false });
      if (target !== undefined) targets.push([event, target]);
      else if (!isLenient(variant)) throw kerror(errorId, plugin, event, suggestMethod(instance, one));
      else
        log.warn("plugin.listener_ignored", { plugin, event, because: `"${String(one)}" is no method of the plugin` });
    }
  }
  return targets;
}

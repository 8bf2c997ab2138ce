import { isThenable, type MaybePromise } from "../../../events/index.ts";
import { isPlainObject, type JSONObject, kerror } from "../../../kernel/index.ts";
import type { PluginHook, PluginPipe } from "../../definition.ts";
import { callPlugin } from "../../realm/current-call.ts";
import type { ListeningPlugin, PluginScope } from "../dialect.ts";
import { PipeAnswer } from "../pipe-answer.ts";
import { firstSegmentMatcher, segmentMatcher } from "../v1/wildcards.ts";
import { resolveTarget, type Target } from "../v2/targets.ts";
import { type Conversion, conversionOf, errorOf } from "./conversions.ts";
import { type ConversionName, formerEvents, neverFired, toldDirectly } from "./event-table.ts";
import { userFormatEvent, userFormatPipes } from "./user-format.ts";

/** `hooks` of a plugin: names of methods. Those that do not exist are left out, as they were. Source: contract/plugins/v0.md section 5. */
export function readHooks(instance: JSONObject, scope: PluginScope, variant: string | undefined): PluginHook[] {
  return readTargets(instance, "hooks", scope).flatMap(([event, target]) => firstHooks(event, target, scope, variant));
}

/** `pipes` of a plugin: names of methods. Source: contract/plugins/v0.md section 6. */
export function readPipes(instance: JSONObject, scope: PluginScope, variant: string | undefined): PluginPipe[] {
  return readTargets(instance, "pipes", scope).flatMap(([event, target]) => firstPipes(event, target, scope, variant));
}

/** The hooks that one declared name becomes: one for each event of today. Nothing is converted while nobody asked for it. */
export function firstHooks(
  declared: string,
  target: Target,
  scope: PluginScope,
  variant: string | undefined,
): PluginHook[] {
  const matches = segmentMatcher(declared);
  return eventsBehind(declared, matches, scope).map(({ event, conversion, isPattern }) => {
    const { show } = conversionOf(conversion, variant);
    const run = (args: readonly unknown[]): MaybePromise<unknown> =>
      callPlugin(scope.call, target, show(args[0]), declared) as MaybePromise<unknown>;
    return isPattern && matches !== undefined ? { event, run, matches } : { event, run };
  });
}

/** The pipes that one declared name becomes. */
export function firstPipes(
  declared: string,
  target: Target,
  scope: PluginScope,
  variant: string | undefined,
): PluginPipe[] {
  if (declared === userFormatEvent) return userFormatPipes(target, scope);
  const matches = firstSegmentMatcher(declared);
  return eventsBehind(declared, matches, scope).map(({ event, conversion, isPattern }) => {
    const pipe = pipeOf(declared, event, target, scope, conversionOf(conversion, variant));
    return isPattern && matches !== undefined ? { ...pipe, matches } : pipe;
  });
}

function pipeOf(
  declared: string,
  event: string,
  target: Target,
  { call, log, limits }: PluginScope,
  { show, takeBack }: Conversion,
): PluginPipe {
  const wrong = (expected: string): Error =>
    kerror("plugin.runtime.unexpected_error", `[${call.plugin}] The pipe on "${declared}" must hand on a ${expected}.`);
  return {
    event,
    warnMs: limits.pipeWarnMs,
    deadlineMs: limits.pipeDeadlineMs,
    run: (args) => {
      const [payload] = args;
      const pending = new PipeAnswer({
        event: declared,
        plugin: call.plugin,
        like: undefined,
        log,
        promiseMayBeEmpty: true,
      });
      const callback = (error?: unknown, answer?: unknown): void => pending.calledBack(errorOf(error), answer);
      const returned = callPlugin(call, target, show(payload), callback);
      const answer = pending.afterReturn(returned, limits.pipeWarnMs);
      return isThenable(answer)
        ? answer.then((late) => takeBack(late, payload, wrong))
        : takeBack(answer, payload, wrong);
    },
  };
}

interface EventBehind {
  readonly event: string;
  readonly conversion: ConversionName;
  /** The name is a wildcard over events that this server fires under the very names. */
  readonly isPattern: boolean;
}

/** Each event of today counts once, however many former names it had. */
function eventsBehind(
  declared: string,
  matches: ((event: string) => boolean) | undefined,
  { call, log }: PluginScope,
): EventBehind[] {
  const memory = memoryStorageEvent(declared);
  if (memory !== undefined) return memory;
  const exact = formerEvents.get(declared);
  if (exact !== undefined)
    return exact.today.map((event) => ({ event, conversion: exact.conversion, isPattern: false }));
  if (toldDirectly.test(declared)) return [];
  if (neverFired.test(declared)) {
    log.warn("plugin.event_never_fires", { plugin: call.plugin, event: declared });
    return [];
  }
  const found = new Map<string, EventBehind>();
  if (matches !== undefined) {
    for (const [name, { today, conversion }] of formerEvents) {
      if (!matches(name)) continue;
      for (const event of today) if (!found.has(event)) found.set(event, { event, conversion, isPattern: false });
    }
  }
  if (found.size > 0) return [...found.values()];
  return [{ event: declared, conversion: "raw", isPattern: matches !== undefined }];
}

/** The commands of the shared memory are too many for a table. */
function memoryStorageEvent(declared: string): EventBehind[] | undefined {
  const [, phase, rest] = /^memoryStorage:(?:(before|after)(\w+)|\*)$/.exec(declared) ?? [];
  if (declared === "memoryStorage:*") {
    return [
      { event: "ms:before*", conversion: "req", isPattern: false },
      { event: "ms:after*", conversion: "res", isPattern: false },
    ];
  }
  if (phase === undefined || rest === undefined) return undefined;
  return [{ event: `ms:${phase}${rest}`, conversion: phase === "before" ? "req" : "res", isPattern: false }];
}

/** What the names of one table mean, in order. Methods that do not exist are left out, and said. */
export function readTargets(
  instance: JSONObject,
  member: "hooks" | "pipes",
  { call, log }: ListeningPlugin,
): (readonly [string, Target])[] {
  const table = instance[member];
  if (!isPlainObject(table)) return [];
  const targets: (readonly [string, Target])[] = [];
  for (const [event, written] of Object.entries(table)) {
    for (const name of Array.isArray(written) ? (written as unknown[]) : [written]) {
      const target = resolveTarget(instance, name, { names: true, bindMethods: true });
      if (target !== undefined) targets.push([event, target]);
      else
        log.warn("plugin.listener_ignored", {
          plugin: call.plugin,
          event,
          because: `"${String(name)}" is no method of the plugin`,
        });
    }
  }
  return targets;
}

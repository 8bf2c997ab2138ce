import { isThenable, type MaybePromise } from "../../../events/index.ts";
import { isPlainObject, type JSONObject, kerror } from "../../../kernel/index.ts";
import type { PluginHook, PluginPipe } from "../../definition.ts";
import { callPipe, callPlugin } from "../../realm/current-call.ts";
import type { ListeningPlugin, PluginScope } from "../dialect.ts";
import { PipeAnswer } from "../pipe-answer.ts";
import { firstSegmentMatcher, segmentMatcher } from "../v1/wildcards.ts";
import { resolveTarget, type Target } from "../v2/targets.ts";
import { type Conversion, conversionOf, errorOf } from "./conversions.ts";
import {
  type ConversionName,
  type FormerEvent,
  formerEvents,
  neverFired,
  ofProtocols,
  relayed,
  toldDirectly,
} from "./event-table.ts";
import { userFormatEvent, userFormatHooks, userFormatPipes } from "./user-format.ts";

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
  const users = isOf(declared, matches, userFormatEvent) ? userFormatHooks(declared, target, scope) : [];
  const hooks = eventsBehind(declared, matches, scope).map(({ event, conversion, only }) => {
    const { show } = conversionOf(conversion, variant, scope.deps);
    const run = (args: readonly unknown[]): MaybePromise<unknown> =>
      callPlugin(scope.call, target, show(args[0]), declared) as MaybePromise<unknown>;
    return only === undefined ? { event, run } : { event, run, matches: only };
  });
  return [...hooks, ...users];
}

/** The pipes that one declared name becomes. Those of a wildcard run after those that name the event. */
export function firstPipes(
  declared: string,
  target: Target,
  scope: PluginScope,
  variant: string | undefined,
): PluginPipe[] {
  const matches = firstSegmentMatcher(declared);
  const users = isOf(declared, matches, userFormatEvent) ? userFormatPipes(target, scope) : [];
  const pipes = eventsBehind(declared, matches, scope).flatMap(({ event, conversion, only, kind }) => {
    if (kind === "hook") return [];
    const pipe = pipeOf(declared, event, target, scope, conversionOf(conversion, variant, scope.deps));
    if (only !== undefined) return [{ ...pipe, matches: only }];
    return [matches === undefined ? pipe : { ...pipe, matches: (fired: string) => fired === event }];
  });
  return [...pipes, ...users];
}

const isOf = (declared: string, matches: Matcher | undefined, event: string): boolean =>
  declared === event || matches?.(event) === true;

function pipeOf(
  declared: string,
  event: string,
  target: Target,
  { call, log, limits }: PluginScope,
  { show, takeBack }: Conversion,
): PluginPipe {
  const { pipeWarnMs, pipeDeadlineMs } = limits;
  const wrong = (expected: string): Error =>
    kerror("plugin.runtime.unexpected_error", `[${call.plugin}] The pipe on "${declared}" must hand on a ${expected}.`);
  const tooLate = (): Error => {
    const error = kerror("plugin.runtime.pipe_timeout", call.plugin, declared, pipeDeadlineMs);
    error.message = `Timeout error. Pipe plugin ${call.plugin} exceeded ${pipeDeadlineMs}ms to execute. Aborting pipe`;
    log.error("plugin.pipe_timeout", { plugin: call.plugin, event: declared, afterMs: pipeDeadlineMs });
    return error;
  };
  return {
    event,
    warnMs: pipeWarnMs,
    deadlineMs: 0, // kept here: what comes too late must not be taken over
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
      const returned = callPipe(call, target, show(payload), callback);
      const answer = pending.afterReturn(returned, pipeWarnMs);
      return isThenable(answer)
        ? inTime(answer, pipeDeadlineMs, tooLate).then((late) => takeBack(late, payload, wrong))
        : takeBack(answer, payload, wrong);
    },
  };
}

async function inTime(answer: PromiseLike<unknown>, deadlineMs: number, tooLate: () => Error): Promise<unknown> {
  if (deadlineMs <= 0) return answer;
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooLate()), deadlineMs);
  });
  try {
    return await Promise.race([answer, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

type Matcher = (event: string) => boolean;

interface EventBehind {
  readonly event: string;
  readonly conversion: ConversionName;
  readonly kind?: FormerEvent["kind"];
  /** For names that are a rule: which of the events of today are meant; `event` then only names the listener. */
  readonly only?: Matcher;
}

/** Each event of today counts once, however many former names it had. */
function eventsBehind(
  declared: string,
  matches: Matcher | undefined,
  { call, log, first }: PluginScope,
): EventBehind[] {
  if (relayed[declared] !== undefined || matches !== undefined) first.prepare();
  const ruled = matches === undefined ? ruledEvent(declared) : undefined;
  if (ruled !== undefined) return [ruled];
  const exact = formerEvents.get(declared);
  if (exact !== undefined) {
    if (ofProtocols.test(declared)) first.protocol.register();
    const { today, conversion, kind } = exact;
    return today.map((event) => ({ event, conversion, kind }));
  }
  if (toldDirectly.test(declared) || declared === userFormatEvent) return [];
  if (neverFired.test(declared)) {
    const because = "it told of a part of the server that is gone, and no plugin could rely on it";
    log.warn("plugin.event_never_fires", { plugin: call.plugin, event: declared, because });
    return [];
  }
  if (matches === undefined) return [{ event: declared, conversion: "raw" }];
  const found = new Map<string, EventBehind>();
  for (const [name, { today, conversion, kind }] of formerEvents) {
    if (!matches(name)) continue;
    if (ofProtocols.test(name)) first.protocol.register();
    for (const event of today) if (!found.has(event)) found.set(event, { event, conversion, kind });
  }
  const events = [...found.values(), ...memoryStorageBehind(declared, matches)];
  return events.length > 0 ? events : [{ event: declared, conversion: "raw", only: matches }];
}

/** The commands of the shared memory and of the cache are too many for a table. */
function ruledEvent(declared: string): EventBehind | undefined {
  const [, phase, command] = /^memoryStorage:(before|after)(\w+)$/.exec(declared) ?? [];
  if (phase !== undefined) return { event: `ms:${phase}${command}`, conversion: phase === "before" ? "req" : "res" };
  const [, name] = /^cache:(\w+)$/.exec(declared) ?? [];
  if (name === undefined) return undefined;
  return { event: `ms:before${name.charAt(0).toUpperCase()}${name.slice(1)}`, conversion: "raw", kind: "hook" };
}

/** Commands that a wildcard means: by their former names. */
function memoryStorageBehind(declared: string, matches: Matcher): EventBehind[] {
  if (!/^(\*\*?|memoryStorage)(:|$)/.test(declared)) return [];
  return (["before", "after"] as const).map((phase) => ({
    event: `ms:${phase}*`,
    conversion: phase === "before" ? "req" : "res",
    only: (event) => event.startsWith(`ms:${phase}`) && matches(event.replace("ms:", "memoryStorage:")),
  }));
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

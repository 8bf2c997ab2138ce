import { isThenable, type MaybePromise } from "../../../events/index.ts";
import { isPlainObject, type JSONObject, KuzzleRequest, kerror } from "../../../kernel/index.ts";
import type { PluginHook, PluginPipe } from "../../definition.ts";
import { callPlugin } from "../../realm/current-call.ts";
import type { ListeningPlugin, PluginScope } from "../dialect.ts";
import { firstHooks, firstPipes } from "../v0/listeners.ts";
import { pipeOf } from "../v2/pipes.ts";
import { resolveTarget, suggestMethod, type Target } from "../v2/targets.ts";
import { type EventToday, eventsToday, isOfFirstGeneration } from "./event-names.ts";
import { withHeaders } from "./header-arguments.ts";
import { firesOwnEvents, isLenient, keepsFirstSegments, mergesInputs } from "./variants.ts";
import { firstSegmentMatcher, scopeMatcher, segmentMatcher, withoutAdded } from "./wildcards.ts";

/**
 * `hooks`: each is called with the first argument of the event and its name as declared.
 * Error: `plugin.assert.invalid_hook`. Source: contract/plugins/v1.md section 4.
 */
export function readHooks(instance: JSONObject, scope: PluginScope, variant: string | undefined): PluginHook[] {
  return readTargets(instance, "hooks", scope, variant).flatMap(([declared, target]) =>
    isOfFirstGeneration(declared)
      ? firstHooks(declared, target, scope, variant)
      : hooksOf(declared, target, scope, variant),
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

function hooksOf(declared: string, target: Target, scope: PluginScope, variant: string | undefined): PluginHook[] {
  const { call } = scope;
  const heard = (payload: unknown): MaybePromise<unknown> =>
    callPlugin(call, target, payload, declared) as MaybePromise<unknown>;
  return todayOf(declared, scope).map(({ event, show }) => {
    const called = mergesInputs(variant) ? asSeenByHook(heard, event, variant) : heard;
    const run = (args: readonly unknown[]): MaybePromise<unknown> => {
      if (show === undefined) return called(args[0]);
      const shown = show(args[0]);
      return shown === undefined ? undefined : called(shown);
    };
    // Both readings of a wildcard are served: `generic:document:*` is the same in either, `*:beforeCreate` has only the older.
    const matches = withoutAdded(scopeMatcher(event) ?? (isScopeWildcard(event) ? undefined : segmentMatcher(event)));
    return matches === undefined ? { event, run } : { event, run, matches };
  });
}

function pipesOf(declared: string, target: Target, scope: PluginScope, variant: string | undefined): PluginPipe[] {
  return todayOf(declared, scope).map(({ event, show }) => {
    const pipe = pipeOf(event, target, scope, { promiseMayBeEmpty: true });
    const run = asShown(asSeen(pipe.run, event, variant), show);
    const older = keepsFirstSegments(variant) ? firstSegmentMatcher(event) : undefined;
    const matches = withoutAdded(older ?? scopeMatcher(event));
    return matches === undefined ? { ...pipe, run } : { ...pipe, run, matches };
  });
}

function todayOf(declared: string, { call, log }: PluginScope): readonly EventToday[] {
  const events = eventsToday(declared);
  if (events.length === 0) log.warn("plugin.event_never_fires", { plugin: call.plugin, event: declared });
  return events;
}

/** What is shown in place of a payload is the plugin's own: its answer does not count. */
function asShown(run: PluginPipe["run"], show: EventToday["show"]): PluginPipe["run"] {
  if (show === undefined) return run;
  return (args) => {
    const shown = show(args[0]);
    if (shown === undefined) return args[0];
    const answer = run([shown]);
    return isThenable(answer) ? answer.then(() => args[0]) : args[0];
  };
}

/** With what the releases of a variant added to a request: the events of its chain, the headers among the arguments. */
function asSeen(run: PluginPipe["run"], event: string, variant: string | undefined): PluginPipe["run"] {
  if (!mergesInputs(variant)) return run;
  const marks = firesOwnEvents(variant);
  return (args) => {
    const [payload] = args;
    if (marks) mark(payload, event);
    return payload instanceof KuzzleRequest ? withHeaders(payload, () => run(args)) : run(args);
  };
}

/** Nobody waits for a hook: what it looks at later has no headers among its arguments any more. */
function asSeenByHook(
  heard: (payload: unknown) => MaybePromise<unknown>,
  event: string,
  variant: string | undefined,
): (payload: unknown) => MaybePromise<unknown> {
  const marks = firesOwnEvents(variant);
  return (payload) => {
    if (!(payload instanceof KuzzleRequest)) return heard(payload);
    if (marks) mark(payload, event);
    let answer: MaybePromise<unknown>;
    void withHeaders(payload, () => {
      answer = heard(payload);
    });
    return answer;
  };
}

function mark(payload: unknown, event: string): void {
  if (payload instanceof KuzzleRequest) payload.triggers(event);
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

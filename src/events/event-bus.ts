import { kerror, type Logger, RunningMarks, type Traces } from "../kernel/index.ts";
import { failureOf, isAccident } from "./accident.ts";
import { Deadlines } from "./deadlines.ts";
import type { EventArguments, EventName } from "./event-types.ts";
import { type HookEntry, hookEntry, type PipeEntry, pipeEntry } from "./listener-entry.ts";
import { ListenerOwner, type OwnerRules } from "./listener-owner.ts";
import { type HookListener, namesOf, type PipeListener } from "./listeners.ts";
import { isThenable, type MaybePromise } from "./maybe-promise.ts";
import { type PipeLimits, PipeSlots } from "./pipe-slots.ts";

export interface EventsDeps {
  readonly log: Logger;
  readonly limits: PipeLimits;
  /** Monotonic milliseconds. */
  readonly monotonic?: () => number;
  /** Sees each event that is fired, for the ledger of the contract; costs nothing when absent. */
  readonly onFired?: (event: string) => void;
  /** Whether the code that fires an event runs in a pipe. */
  readonly isNested?: () => boolean;
  /** Where the code that runs is noted; its own when absent. */
  readonly marks?: RunningMarks;
  readonly traces?: Traces;
}

/** What listens to one event, in the order in which it is called. */
interface Listeners {
  readonly pipes: readonly PipeEntry[];
  readonly hooks: readonly HookEntry[];
}

const nobody: Listeners = { pipes: [], hooks: [] };

/** What a failing hook leaves behind, for `hook:onError`. */
export interface HookFailure {
  readonly pluginName: string;
  readonly event: string;
  readonly error: unknown;
}

/**
 * Pipes and hooks of one server.
 *
 * A pipe may change or refuse: pipes of one event run one after another, each gets the payload of the one before (the first argument; the
 * others stay). Hooks observe: they run after the pipes with the final payload, are not awaited, and their failures are logged with
 * the plugin's name. An event that nobody listens to costs one map look-up.
 * Order: exact name, then `before*`/`after*`/`error*`, then `*`, then listeners that match names by rules of their own; inside each by load order of the owners, then by registration.
 * Source: contract/plugins/v2.md section 4; contract/plugins/events.yaml.
 */
export class Events {
  /** Where the code that runs is noted. */
  readonly marks: RunningMarks;
  readonly traces: Traces;
  readonly #log: Logger;
  readonly #slots: PipeSlots;
  readonly #monotonic: () => number;
  readonly #onFired: ((event: string) => void) | undefined;
  readonly #isNested: () => boolean;
  readonly #owners = new Map<string, ListenerOwner>();
  readonly #pipes = new Map<string, PipeEntry[]>();
  readonly #hooks = new Map<string, HookEntry[]>();
  /** Listeners with rules of their own for names: asked once for each event that is fired, not each time. */
  readonly #matchingPipes = new Map<string, PipeEntry[]>();
  readonly #matchingHooks = new Map<string, HookEntry[]>();
  readonly #deadlines = new Deadlines();
  readonly #resolved = new Map<string, Listeners>();

  constructor({
    log,
    limits,
    monotonic = () => performance.now(),
    onFired,
    isNested = () => false,
    marks = new RunningMarks(),
    traces = { active: undefined },
  }: EventsDeps) {
    this.#log = log;
    this.#slots = new PipeSlots(limits);
    this.#monotonic = monotonic;
    this.#onFired = onFired;
    this.#isNested = isNested;
    this.marks = marks;
    this.traces = traces;
  }

  /** Chains of pipes that run, and that wait for their turn. */
  get chains(): { readonly running: number; readonly waiting: number } {
    const { running, waiting } = this.#slots;
    return { running, waiting };
  }

  /** The owner of listeners by its name, with its figures. There is one for every name that is asked for. */
  owner(name: string): ListenerOwner {
    let owner = this.#owners.get(name);
    if (owner === undefined) {
      owner = new ListenerOwner(name);
      this.#owners.set(name, owner);
    }
    return owner;
  }

  /** Gives an owner its rules. One that was disabled is called again. */
  admit(name: string, rules: OwnerRules): ListenerOwner {
    const owner = this.owner(name);
    owner.rules = rules;
    owner.disabled = undefined;
    this.#resolved.clear();
    return owner;
  }

  /** The answer unregisters. */
  registerPipe(listener: PipeListener): () => void {
    const { owner, event, matches } = listener;
    const entry = pipeEntry(listener, this.owner(owner), this.marks.markOf(owner, `pipe ${event}`));
    return this.#register(matches === undefined ? this.#pipes : this.#matchingPipes, entry);
  }

  /** The answer unregisters. */
  registerHook(listener: HookListener): () => void {
    const { owner, event, matches } = listener;
    const entry = hookEntry(listener, this.owner(owner), this.marks.markOf(owner, `hook ${event}`));
    return this.#register(matches === undefined ? this.#hooks : this.#matchingHooks, entry);
  }

  #register<L extends PipeEntry | HookEntry>(table: Map<string, L[]>, listener: L): () => void {
    const { event } = listener;
    const present = table.get(event) ?? [];
    table.set(
      event,
      [...present, listener].sort((a, b) => a.order - b.order),
    );
    this.#resolved.clear();
    return () => {
      const left = (table.get(event) ?? []).filter((candidate) => candidate !== listener);
      if (left.length === 0) table.delete(event);
      else table.set(event, left);
      this.#resolved.clear();
    };
  }

  /** What is called, in order; nothing of an owner that is disabled. */
  #listenersOf(event: string): Listeners {
    const literal = this.#pipes.size + this.#hooks.size;
    if (literal + this.#matchingPipes.size + this.#matchingHooks.size === 0) return nobody;
    const known = this.#resolved.get(event);
    if (known !== undefined) return known;
    const names = namesOf(event);
    const pipes = called(names, this.#pipes).concat(matchingOf(this.#matchingPipes, event)).filter(isEnabled);
    const hooks = called(names, this.#hooks).concat(matchingOf(this.#matchingHooks, event)).filter(isEnabled);
    const listeners = pipes.length === 0 && hooks.length === 0 ? nobody : { pipes, hooks };
    // Clients can make up event names through unknown plugin actions: what nobody listens to is kept only up to a bound.
    if (this.#resolved.size > 10_000) this.#resolved.clear();
    this.#resolved.set(event, listeners);
    return listeners;
  }

  hasListeners(event: string): boolean {
    return this.#listenersOf(event) !== nobody;
  }

  /**
   * Runs the pipes of an event, then its hooks, and answers the payload. Not a promise when nothing was asynchronous, so that
   * callers need not yield for nothing.
   * Errors: what a pipe refuses with; anything that is no `KuzzleError` becomes `plugin.runtime.unexpected_error` (500).
   */
  pipe<E extends EventName>(event: E, ...args: EventArguments<E>): MaybePromise<EventArguments<E>[0]>;
  pipe(event: string, ...args: readonly unknown[]): MaybePromise<unknown>;
  pipe(event: string, ...args: readonly unknown[]): MaybePromise<unknown> {
    this.#onFired?.(event);
    const listeners = this.#listenersOf(event);
    if (listeners === nobody) return args[0];
    if (listeners.pipes.length === 0) {
      this.#runHooks(listeners.hooks, event, args);
      return args[0];
    }
    return this.#runChain(listeners, event, args);
  }

  /** Fires the hooks of an event; returns before asynchronous ones are done. */
  hook<E extends EventName>(event: E, ...args: EventArguments<E>): void;
  hook(event: string, ...args: readonly unknown[]): void;
  hook(event: string, ...args: readonly unknown[]): void {
    this.#onFired?.(event);
    const { hooks } = this.#listenersOf(event);
    if (hooks.length > 0) this.#runHooks(hooks, event, args);
  }

  async #runChain(listeners: Listeners, event: string, args: readonly unknown[]): Promise<unknown> {
    const waiting = this.#slots.take(this.#isNested);
    if (waiting !== undefined) await waiting;
    let payload = args[0];
    const rest = args.slice(1);
    try {
      for (const listener of listeners.pipes) {
        const next = this.#runPipe(listener, event, [payload, ...rest]);
        payload = isThenable(next) ? await next : next;
      }
    } finally {
      this.#slots.release();
    }
    // An event without arguments has none for its hooks, whatever its pipes have answered.
    if (listeners.hooks.length > 0) {
      this.#runHooks(listeners.hooks, event, args.length === 0 ? args : [payload, ...rest]);
    }
    return payload;
  }

  #runPipe(listener: PipeEntry, event: string, args: readonly unknown[]): MaybePromise<unknown> {
    const startedAt = this.#monotonic();
    const before = this.marks.enter(listener.mark);
    let answer: MaybePromise<unknown>;
    try {
      answer = this.traces.active === undefined ? listener.run(args) : this.#tracedPipe(listener, event, args);
    } catch (error) {
      this.marks.leave(before);
      this.#count(listener, event, startedAt);
      return this.#pipeFailed(listener, event, error, args[0]);
    }
    this.marks.leave(before);
    if (isThenable(answer)) return this.#awaitPipe(listener, event, answer, startedAt, args[0]);
    this.#count(listener, event, startedAt);
    listener.failures = 0;
    return answer;
  }

  #tracedPipe(listener: PipeEntry, event: string, args: readonly unknown[]): MaybePromise<unknown> {
    const attributes = { plugin: listener.owner, event };
    return this.traces.active?.around(`pipe ${event}`, attributes, () => listener.run(args));
  }

  async #awaitPipe(
    listener: PipeEntry,
    event: string,
    answer: PromiseLike<unknown>,
    startedAt: number,
    payload: unknown,
  ): Promise<unknown> {
    const { figures } = listener;
    figures.running++;
    let next: unknown;
    try {
      next = await (listener.deadlineMs > 0 ? this.#withDeadline(listener, event, answer) : answer);
    } catch (error) {
      figures.running--;
      this.#count(listener, event, startedAt);
      return this.#pipeFailed(listener, event, error, payload);
    }
    figures.running--;
    this.#count(listener, event, startedAt);
    listener.failures = 0;
    return next;
  }

  #withDeadline({ owner, deadlineMs }: PipeEntry, event: string, answer: PromiseLike<unknown>): Promise<unknown> {
    return this.#deadlines.within(deadlineMs, answer, () =>
      kerror("plugin.runtime.pipe_timeout", owner, event, deadlineMs),
    );
  }

  #count(listener: PipeEntry, event: string, startedAt: number): void {
    const { warnMs, figures } = listener;
    const durationMs = this.#monotonic() - startedAt;
    figures.add(durationMs, warnMs);
    if (warnMs > 0 && durationMs > warnMs) this.#warnOfSlow(listener, event, durationMs);
  }

  #warnOfSlow({ owner, by }: PipeEntry, event: string, durationMs: number): void {
    const keptBack = by.warningOf(event).admit(this.#monotonic());
    if (keptBack === undefined) return;
    const more = keptBack === 0 ? {} : { keptBack };
    this.#log.warn("plugin.slow_pipe", { plugin: owner, event, durationMs: Math.round(durationMs), ...more });
  }

  /** Answers the payload where the plugin's rules pass over the failure, else throws what the request fails with. */
  #pipeFailed(listener: PipeEntry, event: string, error: unknown, payload: unknown): unknown {
    const { by, figures, owner } = listener;
    if (!isAccident(error)) {
      figures.refused++;
      listener.failures = 0;
      throw error;
    }
    figures.errors++;
    if (by.rules.onFailure === "skip") {
      by.skipped++;
      this.#log.error("plugin.pipe_skipped", { plugin: owner, event, err: error });
      return payload;
    }
    this.#noteFailure(listener, `pipe on "${event}"`, error);
    throw failureOf(error, { plugin: owner, event });
  }

  #noteFailure(listener: PipeEntry | HookEntry, which: string, err: unknown): void {
    const { by } = listener;
    const { onFailure } = by.rules;
    listener.failures++;
    if (typeof onFailure !== "object" || listener.failures < onFailure.disableAfter || by.disabled !== undefined)
      return;
    by.disabled = { because: which, failures: listener.failures };
    this.#resolved.clear();
    const hint =
      "None of its pipes, hooks and actions is called until the plugin is loaded anew or the server is started again.";
    this.#log.error("plugin.disabled", { plugin: by.name, because: which, failures: listener.failures, hint, err });
  }

  #runHooks(hooks: readonly HookEntry[], event: string, args: readonly unknown[]): void {
    for (const listener of hooks) {
      const startedAt = listener.figures.isNextTimed ? this.#monotonic() : undefined;
      const before = this.marks.enter(listener.mark);
      let answer: MaybePromise<unknown>;
      try {
        answer =
          this.traces.active === undefined
            ? listener.run(args, listener.event)
            : this.#tracedHook(listener, event, args);
      } catch (error) {
        this.marks.leave(before);
        this.#hookFailed(listener, event, error, startedAt);
        continue;
      }
      this.marks.leave(before);
      if (isThenable(answer)) this.#awaitHook(listener, event, answer, startedAt);
      else this.#hookEnded(listener, startedAt);
    }
  }

  #hookEnded(listener: HookEntry, startedAt: number | undefined): void {
    listener.failures = 0;
    this.#countHook(listener, startedAt);
  }

  #countHook({ figures, by }: HookEntry, startedAt: number | undefined): void {
    if (startedAt === undefined) figures.calls++;
    else figures.add(this.#monotonic() - startedAt, by.rules.slowMs);
  }

  #tracedHook(listener: HookEntry, event: string, args: readonly unknown[]): MaybePromise<unknown> {
    const attributes = { plugin: listener.owner, event };
    return this.traces.active?.around(`hook ${event}`, attributes, () => listener.run(args, listener.event));
  }

  #awaitHook(listener: HookEntry, event: string, answer: PromiseLike<unknown>, startedAt: number | undefined): void {
    const { figures } = listener;
    figures.running++;
    answer.then(
      () => {
        figures.running--;
        this.#hookEnded(listener, startedAt);
      },
      (error: unknown) => {
        figures.running--;
        this.#hookFailed(listener, event, error, startedAt);
      },
    );
  }

  #hookFailed(listener: HookEntry, event: string, error: unknown, startedAt: number | undefined): void {
    const { owner, figures } = listener;
    this.#countHook(listener, startedAt);
    this.#log.error("plugin.hook_failed", { plugin: owner, event, err: error });
    if (isAccident(error)) {
      figures.errors++;
      this.#noteFailure(listener, `hook on "${event}"`, error);
    } else {
      figures.refused++;
      listener.failures = 0;
    }
    // A hook on the failure of hooks that fails itself must not fire itself for ever.
    if (event === "hook:onError") this.hook("plugin:hook:loop-error", { pluginName: owner, event, error });
    else if (event !== "plugin:hook:loop-error") this.hook("hook:onError", { pluginName: owner, event, error });
  }
}

function called<L>(names: readonly string[], table: ReadonlyMap<string, L[]>): L[] {
  return names.flatMap((name) => table.get(name) ?? []);
}

const isEnabled = ({ by }: PipeEntry | HookEntry): boolean => by.disabled === undefined;

function matchingOf<L extends PipeEntry | HookEntry>(table: ReadonlyMap<string, L[]>, event: string): L[] {
  if (table.size === 0) return [];
  const listeners = [...table.values()].flat().filter((listener) => listener.matches?.(event) === true);
  return listeners.sort((a, b) => a.order - b.order);
}

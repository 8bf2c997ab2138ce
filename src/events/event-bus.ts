import { KuzzleError, kerror, kerrorFrom, type Logger } from "../kernel/index.ts";
import type { EventArguments, EventName } from "./event-types.ts";
import { type HookListener, type Listeners, namesOf, type PipeListener } from "./listeners.ts";
import { isThenable, type MaybePromise } from "./maybe-promise.ts";
import { type PipeLimits, PipeSlots } from "./pipe-slots.ts";

export interface EventsDeps {
  readonly log: Logger;
  readonly limits: PipeLimits;
  /** Monotonic milliseconds. */
  readonly monotonic?: () => number;
  /** Sees each event that is fired, for the ledger of the contract; costs nothing when absent. */
  readonly onFired?: (event: string) => void;
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
  readonly #log: Logger;
  readonly #slots: PipeSlots;
  readonly #monotonic: () => number;
  readonly #onFired: ((event: string) => void) | undefined;
  readonly #pipes = new Map<string, PipeListener[]>();
  readonly #hooks = new Map<string, HookListener[]>();
  /** Listeners with rules of their own for names: asked once for each event that is fired, not each time. */
  readonly #matchingPipes = new Map<string, PipeListener[]>();
  readonly #matchingHooks = new Map<string, HookListener[]>();
  readonly #resolved = new Map<string, Listeners>();

  constructor({ log, limits, monotonic = () => performance.now(), onFired }: EventsDeps) {
    this.#log = log;
    this.#slots = new PipeSlots(limits);
    this.#monotonic = monotonic;
    this.#onFired = onFired;
  }

  /** The answer unregisters. */
  registerPipe(listener: PipeListener): () => void {
    return this.#register(listener.matches === undefined ? this.#pipes : this.#matchingPipes, listener);
  }

  /** The answer unregisters. */
  registerHook(listener: HookListener): () => void {
    return this.#register(listener.matches === undefined ? this.#hooks : this.#matchingHooks, listener);
  }

  #register<L extends PipeListener | HookListener>(table: Map<string, L[]>, listener: L): () => void {
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

  /** What would be called, in order. */
  listenersOf(event: string): Listeners {
    const literal = this.#pipes.size + this.#hooks.size;
    if (literal + this.#matchingPipes.size + this.#matchingHooks.size === 0) return nobody;
    const known = this.#resolved.get(event);
    if (known !== undefined) return known;
    const names = namesOf(event);
    const pipes = names.flatMap((name) => this.#pipes.get(name) ?? []).concat(matchingOf(this.#matchingPipes, event));
    const hooks = names.flatMap((name) => this.#hooks.get(name) ?? []).concat(matchingOf(this.#matchingHooks, event));
    const listeners = pipes.length === 0 && hooks.length === 0 ? nobody : { pipes, hooks };
    // Clients can make up event names through unknown plugin actions: what nobody listens to is kept only up to a bound.
    if (this.#resolved.size > 10_000) this.#resolved.clear();
    this.#resolved.set(event, listeners);
    return listeners;
  }

  hasListeners(event: string): boolean {
    return this.listenersOf(event) !== nobody;
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
    const listeners = this.listenersOf(event);
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
    const { hooks } = this.listenersOf(event);
    if (hooks.length > 0) this.#runHooks(hooks, event, args);
  }

  async #runChain(listeners: Listeners, event: string, args: readonly unknown[]): Promise<unknown> {
    const waiting = this.#slots.take();
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

  #runPipe(listener: PipeListener, event: string, args: readonly unknown[]): MaybePromise<unknown> {
    const startedAt = this.#monotonic();
    let answer: MaybePromise<unknown>;
    try {
      answer = listener.run(args);
    } catch (error) {
      throw asKuzzleError(error);
    }
    if (!isThenable(answer)) {
      this.#warnIfSlow(listener, event, startedAt);
      return answer;
    }
    return this.#awaitPipe(listener, event, answer, startedAt);
  }

  async #awaitPipe(
    listener: PipeListener,
    event: string,
    answer: PromiseLike<unknown>,
    startedAt: number,
  ): Promise<unknown> {
    try {
      return await (listener.deadlineMs > 0 ? withDeadline(listener, event, answer) : answer);
    } catch (error) {
      throw asKuzzleError(error);
    } finally {
      this.#warnIfSlow(listener, event, startedAt);
    }
  }

  #warnIfSlow({ owner, warnMs }: PipeListener, event: string, startedAt: number): void {
    if (warnMs <= 0) return;
    const durationMs = this.#monotonic() - startedAt;
    if (durationMs > warnMs)
      this.#log.warn("plugin.slow_pipe", { plugin: owner, event, durationMs: Math.round(durationMs) });
  }

  #runHooks(hooks: readonly HookListener[], event: string, args: readonly unknown[]): void {
    for (const listener of hooks) {
      try {
        const answer = listener.run(args, listener.event);
        if (isThenable(answer)) answer.then(undefined, (error: unknown) => this.#hookFailed(listener, event, error));
      } catch (error) {
        this.#hookFailed(listener, event, error);
      }
    }
  }

  #hookFailed({ owner }: HookListener, event: string, error: unknown): void {
    this.#log.error("plugin.hook_failed", { plugin: owner, event, err: error });
    // A hook on the failure of hooks that fails itself must not fire itself for ever.
    if (event === "hook:onError") this.hook("plugin:hook:loop-error", { pluginName: owner, event, error });
    else if (event !== "plugin:hook:loop-error") this.hook("hook:onError", { pluginName: owner, event, error });
  }
}

function matchingOf<L extends PipeListener | HookListener>(table: ReadonlyMap<string, L[]>, event: string): L[] {
  if (table.size === 0) return [];
  const listeners = [...table.values()].flat().filter((listener) => listener.matches?.(event) === true);
  return listeners.sort((a, b) => a.order - b.order);
}

function asKuzzleError(error: unknown): KuzzleError {
  if (error instanceof KuzzleError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return kerrorFrom(error, "plugin.runtime.unexpected_error", message);
}

async function withDeadline(listener: PipeListener, event: string, answer: PromiseLike<unknown>): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(kerror("plugin.runtime.pipe_timeout", listener.owner, event, listener.deadlineMs)),
      listener.deadlineMs,
    );
  });
  try {
    return await Promise.race([answer, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

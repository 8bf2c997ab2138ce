import { isThenable, type MaybePromise } from "../../../events/index.ts";
import { KuzzleRequest, kerror, type Logger } from "../../../kernel/index.ts";
import type { PluginPipe } from "../../definition.ts";
import { callPlugin } from "../../realm/current-call.ts";
import type { PluginScope } from "../dialect.ts";
import type { Target } from "./targets.ts";

/** Their answer is not used: a pipe that answers nothing is right there. */
const unusedAnswers = new Set(["request:onUnauthorized", "request:onError"]);

/**
 * A pipe of the second generation: gets the arguments and a callback, and answers by either the callback or a promise. The first answer counts.
 * No deadline; a warning names the pipe that is slow, or that has neither called back nor returned a promise.
 * Source: contract/plugins/v2.md section 4.
 */
export function pipeOf(event: string, target: Target, { call, log, limits }: PluginScope): PluginPipe {
  const checked = !unusedAnswers.has(event);
  return {
    event,
    warnMs: limits.pipeWarnMs,
    deadlineMs: limits.pipeDeadlineMs,
    run: (args) => {
      const pending = new PipeAnswer(event, call.plugin, checked ? args[0] : undefined, log);
      const callback = (error?: unknown, payload?: unknown): void => pending.calledBack(error, payload);
      // Without a payload the chain still carries one argument, undefined.
      const given = args.length <= 1 ? [args[0] ?? null, callback] : [...args, callback];
      const returned = callPlugin(call, target, ...given);
      return pending.afterReturn(returned, limits.pipeWarnMs);
    },
  };
}

/** One call of a pipe, from the call to its first answer. */
class PipeAnswer {
  readonly #event: string;
  readonly #plugin: string;
  /** What came in, when the answer must be of its kind. */
  readonly #like: unknown;
  readonly #log: Logger;
  #answered = false;
  #error: unknown;
  #payload: unknown;
  #resolve: ((payload: unknown) => void) | undefined;
  #reject: ((error: unknown) => void) | undefined;

  constructor(event: string, plugin: string, like: unknown, log: Logger) {
    this.#event = event;
    this.#plugin = plugin;
    this.#like = like;
    this.#log = log;
  }

  calledBack(error: unknown, payload: unknown): void {
    if (this.#answered) {
      this.#log.warn("plugin.pipe_answered_twice", { plugin: this.#plugin, event: this.#event });
      return;
    }
    if (error) this.#fail(error);
    else this.#succeed(payload);
  }

  afterReturn(returned: unknown, warnMs: number): MaybePromise<unknown> {
    if (this.#answered) {
      // An `async` function that calls back: its promise says nothing more, but a late failure of it must not end the process.
      if (isThenable(returned)) returned.then(undefined, (err: unknown) => this.#lateFailure(err));
      if (this.#error !== undefined) throw this.#error;
      return this.#payload;
    }
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      if (isThenable(returned)) {
        returned.then(
          (answer) => {
            if (!this.#answered) this.#succeed(answer);
          },
          (error: unknown) => {
            if (this.#answered) this.#lateFailure(error);
            else this.#fail(error);
          },
        );
      } else if (warnMs > 0) {
        this.#warnWhenSilent(warnMs);
      }
    });
  }

  #succeed(answer: unknown): void {
    this.#answered = true;
    const wrong = this.#whatIsWrong(answer);
    if (wrong !== undefined) {
      this.#settleError(kerror("plugin.runtime.unexpected_error", wrong));
      return;
    }
    this.#payload = answer;
    this.#resolve?.(answer);
  }

  #fail(error: unknown): void {
    this.#answered = true;
    this.#settleError(error instanceof Error ? error : kerror("plugin.runtime.unexpected_error", textOf(error)));
  }

  #settleError(error: Error): void {
    this.#error = error;
    this.#reject?.(error);
  }

  #whatIsWrong(answer: unknown): string | undefined {
    const expected = kindOf(this.#like);
    if (expected === undefined || kindOf(answer) === expected) return undefined;
    const hint = answer === undefined ? "nothing: is a return missing?" : describe(answer);
    return `[${this.#plugin}] The pipe on "${this.#event}" must answer the ${expected} that it was given; it answered ${hint}`;
  }

  #lateFailure(err: unknown): void {
    this.#log.error("plugin.pipe_failed_after_answer", { plugin: this.#plugin, event: this.#event, err });
  }

  #warnWhenSilent(warnMs: number): void {
    const timer = setTimeout(() => {
      if (this.#answered) return;
      this.#log.warn("plugin.silent_pipe", {
        plugin: this.#plugin,
        event: this.#event,
        hint: "It neither called back nor returned a promise; the request waits.",
      });
    }, warnMs);
    timer.unref();
  }
}

function kindOf(value: unknown): "request" | "array" | undefined {
  if (value instanceof KuzzleRequest) return "request";
  return Array.isArray(value) ? "array" : undefined;
}

const describe = (value: unknown): string =>
  value === null
    ? "null."
    : typeof value === "object"
      ? `an object (${value.constructor?.name ?? "Object"}).`
      : `a ${typeof value}.`;

const textOf = (error: unknown): string => {
  if (typeof error === "string") return error;
  try {
    return JSON.stringify(error) ?? String(error);
  } catch {
    return String(error);
  }
};

import { isThenable, type MaybePromise } from "../../events/index.ts";
import { KuzzleRequest, kerror, type Logger } from "../../kernel/index.ts";

export interface PipeAnswerOptions {
  readonly event: string;
  readonly plugin: string;
  /** What came in, when the answer must be of its kind: a request, an array. */
  readonly like: unknown;
  readonly log: Logger;
  /** A promise of nothing does not answer: the callback still may. */
  readonly promiseMayBeEmpty?: boolean;
}

/** One call of a pipe, from the call to its first answer. */
export class PipeAnswer {
  readonly #event: string;
  readonly #plugin: string;
  /** What came in, when the answer must be of its kind. */
  readonly #like: unknown;
  readonly #log: Logger;
  readonly #promiseMayBeEmpty: boolean;
  #answered = false;
  #error: unknown;
  #payload: unknown;
  #resolve: ((payload: unknown) => void) | undefined;
  #reject: ((error: unknown) => void) | undefined;

  constructor({ event, plugin, like, log, promiseMayBeEmpty = false }: PipeAnswerOptions) {
    this.#event = event;
    this.#plugin = plugin;
    this.#like = like;
    this.#log = log;
    this.#promiseMayBeEmpty = promiseMayBeEmpty;
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
            if (this.#answered || (this.#promiseMayBeEmpty && answer === undefined)) return;
            this.#succeed(answer);
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
    const wrong = wrongAnswer(this.#plugin, this.#event, this.#like, answer);
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

/** The answers of pipes on these are not used: one that answers nothing is right there. */
export const unusedAnswers: ReadonlySet<string> = new Set(["request:onUnauthorized", "request:onError"]);

/** What is wrong with the answer of a pipe that was given `like`; undefined when nothing is. */
export function wrongAnswer(plugin: string, event: string, like: unknown, answer: unknown): string | undefined {
  const expected = kindOf(like);
  if (expected === undefined || kindOf(answer) === expected) return undefined;
  const hint = answer === undefined ? "nothing: is a return missing?" : describe(answer);
  return `[${plugin}] The pipe on "${event}" must answer the ${expected} that it was given; it answered ${hint}`;
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

import { type KuzzleError, kerror, kerrorFrom } from "../../../kernel/index.ts";
import type { WriteOperation, WriteOutcome } from "../document-store.ts";
import type { AdminRequest } from "./rows/admin-request.ts";
import { type ErrorText, fromErrorText } from "./wire/error-text.ts";
import { answerCodes, decodeOutcomes, encodeOperations, type Flat, requestCodes } from "./wire/operations.ts";

interface Waiting {
  /** Operations of a write; undefined for an admin request. */
  readonly count: number | undefined;
  /** The error for a collection that is gone. */
  readonly gone: () => KuzzleError;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Operations that may wait for the disk. The pipeline admits far fewer; this bounds what plugins can pile up. A guess. */
const maxPending = 200_000;

/**
 * Collects the writes of one turn of the event loop into one message, and hands each its answer.
 *
 * Answers come in the order of the messages, so a queue of those who wait is all the bookkeeping there is.
 */
export class WriteQueue {
  readonly #send: (message: Flat) => void;
  #message: Flat = [];
  #collected: Waiting[] = [];
  readonly #sent: Waiting[][] = [];
  #pending = 0;
  #closed: (() => KuzzleError) | undefined;
  #idle: (() => void) | undefined;

  constructor(send: (message: Flat) => void) {
    this.#send = send;
  }

  write(
    collection: number,
    operations: readonly WriteOperation[],
    gone: () => KuzzleError,
  ): Promise<readonly WriteOutcome[]> {
    return new Promise((resolve, reject) => {
      const count = operations.length;
      // The cast: decoded below from what the writer answers to a write.
      if (!this.#enqueue({ count, gone, resolve: resolve as Waiting["resolve"], reject })) return;
      this.#message.push(requestCodes.write, collection);
      encodeOperations(this.#message, operations);
    });
  }

  admin(request: AdminRequest, gone: () => KuzzleError): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#enqueue({ count: undefined, gone, resolve, reject })) this.#message.push(requestCodes.admin, request);
    });
  }

  /** Takes the answers of the oldest messages. */
  answered(answers: readonly Flat[]): void {
    for (const answer of answers) {
      const waiting = this.#sent.shift() ?? [];
      let at = 0;
      for (const one of waiting) {
        this.#pending -= one.count ?? 1;
        at = settle(one, answer, at);
      }
    }
    if (this.#pending === 0) this.#idle?.();
  }

  /** Refuses everything that waits and everything that comes. */
  fail(cause: Error): void {
    const refusal = (): KuzzleError =>
      kerrorFrom(
        cause,
        "services.storage.unexpected_error",
        `the writer has ended (${cause.message}); restart the server`,
      );
    this.#closed = refusal;
    for (const waiting of [...this.#sent.splice(0), this.#collected]) for (const one of waiting) one.reject(refusal());
    this.#collected = [];
    this.#message = [];
    this.#pending = 0;
    this.#idle?.();
  }

  /** Refuses new writes; resolves when those that wait are answered. */
  close(): Promise<void> {
    this.#closed ??= () => kerror("services.storage.not_connected");
    if (this.#pending === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#idle = resolve;
    });
  }

  #enqueue(waiting: Waiting): boolean {
    const count = waiting.count ?? 1;
    const refusal =
      this.#closed?.() ??
      (this.#pending + count > maxPending ? kerror("services.storage.too_many_operations") : undefined);
    if (refusal !== undefined) {
      waiting.reject(refusal);
      return false;
    }
    this.#pending += count;
    if (this.#collected.length === 0) setImmediate(this.#flush);
    this.#collected.push(waiting);
    return true;
  }

  readonly #flush = (): void => {
    if (this.#collected.length === 0) return;
    const message = this.#message;
    this.#sent.push(this.#collected);
    this.#message = [];
    this.#collected = [];
    this.#send(message);
  };
}

function settle(waiting: Waiting, answer: Flat, at: number): number {
  const code = answer[at];
  if (code === answerCodes.written) {
    const { outcomes, next } = decodeOutcomes(answer, at + 1, waiting.count ?? 0);
    waiting.resolve(outcomes);
    return next;
  }
  if (code === answerCodes.gone) {
    waiting.reject(waiting.gone());
    return at + 1;
  }
  if (code === answerCodes.value) waiting.resolve(answer[at + 1]);
  // The cast: the only other answer.
  else waiting.reject(fromErrorText(answer[at + 1] as ErrorText));
  return at + 2;
}

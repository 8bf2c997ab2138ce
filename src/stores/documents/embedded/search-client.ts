import { type Clock, type KuzzleError, kerror, kerrorFrom } from "../../../kernel/index.ts";
import type { SearchOptions } from "../document-store.ts";
import { fromErrorText } from "./wire/error-text.ts";
import type { SearchAnswer, SearchCommand, SearchRequestMessage, WalkBatch } from "./wire/search-messages.ts";
import { decodePage, type FlatPage } from "./wire/search-page.ts";

interface Waiting {
  readonly opensCursor: boolean;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly signal: AbortSignal | undefined;
  readonly onAbort: (() => void) | undefined;
}

export interface SearchClientDeps {
  readonly clock: Clock;
  readonly send: (messages: readonly SearchRequestMessage[]) => void;
  readonly cancel: (request: number) => void;
}

const opensCursor = (command: SearchCommand): boolean =>
  command.kind === "walk" || (command.kind === "search" && command.scrollTtlMs !== undefined);

/** Searches that may wait for the search thread. A guess; the pipeline admits far fewer. */
const maxPending = 50_000;
/** Numbers of requests fit a slot of shared memory; 0 is no request. */
const lastRequest = 0x7fff_ffff;

/** Sends the searches of one turn of the event loop in one message, and hands each its answer. */
export class SearchClient {
  readonly #deps: SearchClientDeps;
  readonly #waiting = new Map<number, Waiting>();
  /** Requests that would have opened a cursor and were cancelled: each is still answered once. */
  readonly #abandoned = new Set<number>();
  #message: SearchRequestMessage[] = [];
  #request = 0;
  #closed: (() => KuzzleError) | undefined;
  /** Position of the last acknowledged write: every search sent from now on sees it. */
  position = 0;

  constructor(deps: SearchClientDeps) {
    this.#deps = deps;
  }

  request(command: SearchCommand, timeoutMs: number, options: SearchOptions = {}): Promise<unknown> {
    const { signal } = options;
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    const refusal =
      this.#closed?.() ??
      (this.#waiting.size >= maxPending ? kerror("services.storage.too_many_operations") : undefined);
    if (refusal !== undefined) return Promise.reject(refusal);
    this.#request = this.#request === lastRequest ? 1 : this.#request + 1;
    const request = this.#request;
    return new Promise((resolve, reject) => {
      const onAbort = signal === undefined ? undefined : (): void => this.#abort(request);
      if (onAbort !== undefined) signal?.addEventListener("abort", onAbort, { once: true });
      this.#waiting.set(request, { opensCursor: opensCursor(command), resolve, reject, signal, onAbort });
      if (this.#message.length === 0) setImmediate(this.#flush);
      this.#message.push({ request, position: this.position, now: this.#deps.clock.now(), timeoutMs, command });
    });
  }

  answered(answers: readonly SearchAnswer[]): void {
    for (const answer of answers) {
      const waiting = this.#take(answer.request);
      if (waiting === undefined) {
        if (this.#abandoned.delete(answer.request) && "value" in answer) this.#closeCursor(answer.value);
        continue; // cancelled meanwhile
      }
      if ("error" in answer) waiting.reject(fromErrorText(answer.error));
      else waiting.resolve(answer.value);
    }
  }

  /** Refuses everything that waits, and when the thread is not replaced everything that comes. */
  fail(cause: Error, isFinal: boolean): void {
    const advice = isFinal ? "restart the server" : "try again";
    const refusal = (): KuzzleError =>
      kerrorFrom(
        cause,
        "services.storage.unexpected_error",
        `the search thread has ended (${cause.message}); ${advice}`,
      );
    if (isFinal) this.#closed ??= refusal;
    this.#refuseWaiting(refusal);
  }

  close(): void {
    this.#closed ??= () => kerror("services.storage.not_connected");
    this.#refuseWaiting(this.#closed);
  }

  #refuseWaiting(refusal: () => KuzzleError): void {
    this.#message = [];
    this.#abandoned.clear();
    for (const request of [...this.#waiting.keys()]) this.#take(request)?.reject(refusal());
  }

  #abort(request: number): void {
    const waiting = this.#take(request);
    if (waiting === undefined) return;
    this.#deps.cancel(request);
    if (waiting.opensCursor) this.#abandoned.add(request);
    waiting.reject(waiting.signal?.reason);
  }

  /** A scroll or walk was opened just before its client's abort arrived: nobody would close it. */
  #closeCursor(value: unknown): void {
    const scrollId = cursorOf(value);
    if (scrollId === undefined || this.#closed !== undefined) return;
    this.request({ kind: "closeScroll", scrollId }, Number.POSITIVE_INFINITY).catch(() => {}); // the thread has ended, and its cursors with it
  }

  #take(request: number): Waiting | undefined {
    const waiting = this.#waiting.get(request);
    if (waiting === undefined) return undefined;
    this.#waiting.delete(request);
    if (waiting.onAbort !== undefined) waiting.signal?.removeEventListener("abort", waiting.onAbort);
    return waiting;
  }

  readonly #flush = (): void => {
    const message = this.#message;
    this.#message = [];
    if (message.length > 0) this.#deps.send(message);
  };
}

/** What a search or a walk has opened, by what it answered. */
function cursorOf(value: unknown): string | undefined {
  if (typeof value === "string") return value; // of a walk with more than one batch
  // The cast: what is answered to a search.
  return isBatch(value) ? undefined : decodePage(value as FlatPage).scrollId;
}

const isBatch = (value: unknown): value is WalkBatch => (value as Partial<WalkBatch>).documents !== undefined;

import type { ActionEventName, EventArguments, EventName, Events } from "../../src/events/index.ts";
import type { KuzzleRequest } from "../../src/kernel/index.ts";

/** The arguments of an event by its name; of one that nobody has declared, unknown ones. */
export type CaptureArguments<E extends string> = E extends EventName
  ? EventArguments<E>
  : E extends ActionEventName
    ? [request: KuzzleRequest]
    : unknown[];

/** One event that was fired: its arguments are the server's own objects, after all pipes. */
export interface CapturedEvent<Arguments extends readonly unknown[] = readonly unknown[]> {
  /** The name that was asked for, perhaps a wildcard. */
  readonly event: string;
  readonly args: Arguments;
}

/** Events of a test backend; nothing is kept of those that nobody asks for. */
export interface CapturedEvents {
  /**
   * The next event of this name, or of this wildcard (`document:*`); ask before you do what fires it.
   * Error: {@link EventTimeout} after `timeoutMs`, 2 000 unless given, and when the backend is closed.
   */
  next<E extends string>(
    event: E,
    options?: { readonly timeoutMs?: number },
  ): Promise<CapturedEvent<CaptureArguments<E>>>;
  /** From now on keeps the events of these names, for {@link of}. */
  record(...events: readonly string[]): void;
  /** What was kept under a name, oldest first. Error: one that says so when it is not recorded. */
  of<E extends string>(event: E): readonly CapturedEvent<CaptureArguments<E>>[];
}

/** An event that was waited for and did not come. */
export class EventTimeout extends Error {
  override readonly name = "EventTimeout";
}

const defaultTimeoutMs = 2_000;

/** Listens as the last hook of each event that is asked for. */
export class EventCapture implements CapturedEvents {
  readonly #events: Events;
  readonly #recorded = new Map<string, CapturedEvent[]>();
  readonly #waiting = new Set<(why: string) => void>();

  constructor(events: Events) {
    this.#events = events;
  }

  next<E extends string>(
    event: E,
    { timeoutMs = defaultTimeoutMs }: { readonly timeoutMs?: number } = {},
  ): Promise<CapturedEvent<CaptureArguments<E>>> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        unregister();
        this.#waiting.delete(fail);
      };
      const fail = (why: string): void => {
        stop();
        reject(new EventTimeout(`The event "${event}" was not fired: ${why}.`));
      };
      const timer = setTimeout(() => fail(`${timeoutMs} ms have passed`), timeoutMs);
      this.#waiting.add(fail);
      const unregister = this.#listen(event, (args) => {
        stop();
        resolve({ event, args: args as CaptureArguments<E> }); // the types of events say so
      });
    });
  }

  record(...events: readonly string[]): void {
    for (const event of events) {
      if (this.#recorded.has(event)) continue;
      const kept: CapturedEvent[] = [];
      this.#recorded.set(event, kept);
      this.#listen(event, (args) => kept.push({ event, args }));
    }
  }

  of<E extends string>(event: E): readonly CapturedEvent<CaptureArguments<E>>[] {
    const kept = this.#recorded.get(event);
    if (kept === undefined) {
      throw new Error(
        `"${event}" is not recorded. Call events.record("${event}") before, or give it to createTestBackend: { records: ["${event}"] }.`,
      );
    }
    return kept as unknown as readonly CapturedEvent<CaptureArguments<E>>[]; // kept under this name
  }

  /** Whoever waits, waits in vain. */
  close(): void {
    for (const fail of [...this.#waiting]) fail("the backend was closed");
  }

  #listen(event: string, heard: (args: readonly unknown[]) => void): () => void {
    return this.#events.registerHook({ owner: "test", event, order: Number.MAX_SAFE_INTEGER, run: heard });
  }
}

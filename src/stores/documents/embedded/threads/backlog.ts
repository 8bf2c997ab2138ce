import type { SharedCounters } from "./thread-messages.ts";

const appliedSlot = 0;
const endedSlot = 1;

/** Documents that may wait to be indexed. A guess: about a quarter of a second of indexing, some tens of megabytes. */
const maxWaiting = 20_000;
/** Longest pause of the writer, in case the search thread hangs without having ended. */
const maxPauseMs = 10_000;

/**
 * Keeps the writer from running away from the search thread: it pauses while too many documents wait to be indexed, so that what
 * is queued between the threads has a bound.
 */
export class Backlog {
  readonly #counters: SharedCounters;
  #sent = 0;

  constructor(counters: SharedCounters) {
    this.#counters = counters;
  }

  static createCounters(): SharedCounters {
    return new Int32Array(new SharedArrayBuffer(8));
  }

  /** In the search thread: so many more documents are indexed. */
  static applied(counters: SharedCounters, documents: number): void {
    Atomics.add(counters, appliedSlot, documents);
    Atomics.notify(counters, appliedSlot);
  }

  /** The search thread has ended: nothing waits for it any more. */
  static end(counters: SharedCounters): void {
    Atomics.store(counters, endedSlot, 1);
    Atomics.notify(counters, appliedSlot);
  }

  sent(documents: number): void {
    this.#sent = (this.#sent + documents) | 0;
  }

  /** In the writer: waits until the search thread has caught up enough. */
  waitForRoom(): void {
    const end = performance.now() + maxPauseMs;
    for (;;) {
      const applied = Atomics.load(this.#counters, appliedSlot);
      // Both counters wrap around, their difference does not.
      if (((this.#sent - applied) | 0) <= maxWaiting) return;
      if (Atomics.load(this.#counters, endedSlot) === 1 || performance.now() > end) return;
      Atomics.wait(this.#counters, appliedSlot, applied, 100);
    }
  }
}

import { RecentCache } from "../recent-cache.ts";

/** How failures of one key make its next attempt wait. Milliseconds. */
export interface WaitOptions {
  readonly firstWaitMs: number;
  /** Waits double from failure to failure, up to this. */
  readonly maxWaitMs: number;
  /** A key without an attempt for so long is forgotten. */
  readonly forgetAfterMs: number;
}

interface Record {
  failures: number;
  waitsUntil: number;
  lastAt: number;
}

/** Keys that are remembered: a guess; whoever makes more of them at once waits for his address already. */
const maxKeys = 20_000;

/**
 * Counts attempts by key, and tells how long the next one has to wait. An attempt counts as a failure from its beginning, so that many at once do
 * not get around the count, until it is told to have succeeded. What is refused while it has to wait is not counted: a wait ends, whoever knocks.
 */
export class Attempts {
  readonly #options: WaitOptions;
  /** Failures that cost nothing; 0: nothing is counted. */
  readonly #free: number;
  readonly #records = new RecentCache<string, Record>(maxKeys);
  readonly #waiting = new Set<string>();

  constructor(free: number, options: WaitOptions) {
    this.#free = free;
    this.#options = options;
  }

  /** Milliseconds until this key may try again, 0 for now. */
  waitMs(key: string, now: number): number {
    const record = this.#find(key, now);
    return record === undefined ? 0 : Math.max(0, record.waitsUntil - now);
  }

  begin(key: string, now: number): void {
    if (this.#free === 0) return;
    const record = this.#find(key, now) ?? { failures: 0, waitsUntil: 0, lastAt: now };
    record.failures++;
    record.lastAt = now;
    const { firstWaitMs, maxWaitMs } = this.#options;
    const beyond = record.failures - this.#free;
    if (beyond >= 0) {
      record.waitsUntil = now + Math.min(maxWaitMs, firstWaitMs * 2 ** Math.min(beyond, 30));
      this.#noteWaiting(key);
    }
    this.#records.set(key, record);
  }

  #noteWaiting(key: string): void {
    this.#waiting.add(key);
    if (this.#waiting.size <= maxKeys) return;
    for (const oldest of this.#waiting) {
      this.#waiting.delete(oldest);
      return;
    }
  }

  /** The attempt was no failure. */
  takeBack(key: string, now: number): void {
    const record = this.#find(key, now);
    if (record === undefined) return;
    record.failures--;
    if (record.failures < this.#free) record.waitsUntil = 0;
  }

  forget(key: string): void {
    this.#records.delete(key);
    this.#waiting.delete(key);
  }

  /** Those that have to wait now. */
  *waiting(now: number): Generator<{ readonly key: string; readonly failures: number; readonly waitMs: number }> {
    for (const key of [...this.#waiting]) {
      const record = this.#find(key, now);
      const waitMs = record === undefined ? 0 : record.waitsUntil - now;
      if (record === undefined || waitMs <= 0) this.#waiting.delete(key);
      else yield { key, failures: record.failures, waitMs };
    }
  }

  #find(key: string, now: number): Record | undefined {
    const record = this.#records.get(key);
    if (record === undefined || now - record.lastAt <= this.#options.forgetAfterMs) return record;
    this.forget(key);
    return undefined;
  }
}

import type { Clock } from "../kernel/index.ts";

/**
 * Counts requests in windows of one second, all of them starting afresh together.
 * Source: contract/security.md section 16.
 */
export class RateLimiter {
  readonly #clock: Clock;
  readonly #counts = new Map<string, number>();
  #second = -1;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts one more under this key; false when that is more than `limit` within the second. 0: no limit, and nothing is counted. */
  allow(key: string, limit: number): boolean {
    if (limit === 0) return true;
    const second = Math.floor(this.#clock.now() / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#counts.clear();
    }
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    return count <= limit;
  }
}

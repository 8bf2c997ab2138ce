/** Bucket `i` counts the calls that took less than `2 ** i` microseconds and fit no lower one; the last takes the rest. */
const bucketCount = 26;

/**
 * What the calls of one kind cost. Counting takes a few nanoseconds and no memory: it runs with every call of every plugin.
 * Times are milliseconds.
 */
export class CallFigures {
  /** Calls that have ended. */
  calls = 0;
  /** Calls that failed by accident: an exception that is no refusal, a wrong answer, a deadline that was missed. */
  errors = 0;
  /** Calls that refused on purpose, with an error of the API. */
  refused = 0;
  /** Calls that took longer than the plugin's `pipeWarnTime`. */
  slow = 0;
  /** Calls that wait for their answer. */
  running = 0;
  /** Of the calls that were timed: reading the clock costs more than a short hook does, so that of many only some are. */
  timed = 0;
  totalMs = 0;
  readonly #buckets = new Float64Array(bucketCount);

  /** Whether the next call of a kind that may be short is worth the time: the first thousand are, then one of sixteen. */
  get isNextTimed(): boolean {
    return this.calls < 1_000 || (this.calls & 15) === 0;
  }

  add(durationMs: number, slowMs: number): void {
    this.calls++;
    this.timed++;
    this.totalMs += durationMs;
    if (durationMs > slowMs && slowMs > 0) this.slow++;
    // Beyond 35 minutes the whole number would overflow; the last bucket ends long before.
    const microseconds = durationMs < 1e6 ? (durationMs * 1_000) | 0 : 1e9;
    const bucket = 32 - Math.clz32(microseconds);
    (this.#buckets[bucket < bucketCount ? bucket : bucketCount - 1] as number)++;
  }

  get meanMs(): number {
    return this.timed === 0 ? 0 : this.totalMs / this.timed;
  }

  /** An upper bound of the time that this share of the calls stayed below, within a factor of 2: `percentileMs(0.99)`. */
  percentileMs(share: number): number {
    let left = this.timed * share;
    if (left === 0) return 0;
    for (let i = 0; i < bucketCount; i++) {
      left -= this.#buckets[i] as number;
      if (left <= 0) return 2 ** i / 1_000;
    }
    return Number.POSITIVE_INFINITY;
  }

  /** Timed calls below each bound, cumulated: `[{ belowMs: 0.001, calls: 3 }, …]`; the last bound has none above it but infinity. */
  cumulated(): readonly { readonly belowMs: number; readonly calls: number }[] {
    let calls = 0;
    return Array.from(this.#buckets.subarray(0, bucketCount - 1), (count, i) => {
      calls += count;
      return { belowMs: 2 ** i / 1_000, calls };
    });
  }
}

const intervalMs = 10_000;

/** Lets one of many like warnings through in ten seconds, with the count of those that it kept back. */
export class RareWarning {
  #nextAt = Number.NEGATIVE_INFINITY;
  #keptBack = 0;

  /** Undefined when this one is kept back; else how many were since the last. `now`: milliseconds of any clock. */
  admit(now: number): number | undefined {
    if (now < this.#nextAt) {
      this.#keptBack++;
      return undefined;
    }
    const keptBack = this.#keptBack;
    this.#keptBack = 0;
    this.#nextAt = now + intervalMs;
    return keptBack;
  }
}

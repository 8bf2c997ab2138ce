/** Milliseconds of each phase of something, in order: `{ store: 61, security: 20 }`. */
export class Stopwatch {
  readonly phases: Record<string, number> = {};
  readonly #monotonic: () => number;
  #since: number;

  constructor(monotonic: () => number = () => performance.now()) {
    this.#monotonic = monotonic;
    this.#since = monotonic();
  }

  /** The phase of this name ends here, and the next begins. */
  ended(phase: string): void {
    const now = this.#monotonic();
    this.phases[phase] = Math.round(now - this.#since);
    this.#since = now;
  }
}

/** Milliseconds of work between two yields of a search. */
const stepMs = 1.5;

/** Tells a generator when it has worked long enough in one step. */
export class Budget {
  #until = performance.now() + stepMs;

  get isSpent(): boolean {
    return performance.now() > this.#until;
  }

  restart(): void {
    this.#until = performance.now() + stepMs;
  }

  /** Yields when the step is over. */
  *pause(): Generator<void, void> {
    if (performance.now() <= this.#until) return;
    yield;
    this.restart();
  }
}

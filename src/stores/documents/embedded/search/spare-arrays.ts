/** As many as searches run beside each other, mostly; what is more goes the way of all garbage. */
const usuallyKept = 8;

/**
 * Arrays that searches take, and give back when they have ended. Made anew for each search they would be what the collector of garbage is woken for,
 * as often as ten times a second. One that is not given back, by a search that failed, is replaced.
 */
export class SpareArrays<T> {
  readonly #make: () => T;
  readonly #kept: T[] = [];
  readonly #mostKept: number;

  constructor(make: () => T, mostKept: number = usuallyKept) {
    this.#make = make;
    this.#mostKept = mostKept;
  }

  /** With whatever its last user has left in it. */
  take(): T {
    return this.#kept.pop() ?? this.#make();
  }

  give(array: T): void {
    if (this.#kept.length < this.#mostKept) this.#kept.push(array);
  }
}

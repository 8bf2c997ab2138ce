/** One wait with a deadline. */
interface Wait {
  readonly expiresAt: number;
  /** Undefined once it is over. */
  expire: (() => void) | undefined;
}

/** Deadlines of many waits, with one timer for each length instead of one for each wait. */
export class Deadlines {
  readonly #lines = new Map<number, Line>();

  /** The answer, or a rejection with what `late` makes, after so many milliseconds. */
  within<T>(durationMs: number, answer: PromiseLike<T>, late: () => Error): Promise<T> {
    let line = this.#lines.get(durationMs);
    if (line === undefined) {
      line = new Line(durationMs);
      this.#lines.set(durationMs, line);
    }
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const own = line;
    const wait = own.add(() => reject(late()));
    answer.then(
      (value) => {
        own.end(wait);
        resolve(value);
      },
      (error: unknown) => {
        own.end(wait);
        reject(error);
      },
    );
    return promise;
  }
}

/** Waits of one length: the first to begin is the first to expire. */
class Line {
  readonly #durationMs: number;
  #waits: Wait[] = [];
  #first = 0;
  #open = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(durationMs: number) {
    this.#durationMs = durationMs;
  }

  add(expire: () => void): Wait {
    this.#dropEnded();
    const wait = { expiresAt: performance.now() + this.#durationMs, expire };
    this.#waits.push(wait);
    if (this.#timer === undefined) this.#timer = setTimeout(this.#look, this.#durationMs);
    else if (this.#open === 0) this.#timer.ref();
    this.#open++;
    return wait;
  }

  end(wait: Wait): void {
    if (wait.expire === undefined) return;
    wait.expire = undefined;
    // A timer for nobody must not keep the process.
    if (--this.#open === 0) this.#timer?.unref();
  }

  #dropEnded(): void {
    while (this.#first < this.#waits.length && this.#waits[this.#first]?.expire === undefined) this.#first++;
    if (this.#first < 1_024 && this.#first < this.#waits.length) return;
    this.#waits = this.#waits.slice(this.#first);
    this.#first = 0;
  }

  readonly #look = (): void => {
    const now = performance.now();
    // Timers may come a moment early.
    for (let wait = this.#waits[this.#first]; wait !== undefined && wait.expiresAt <= now + 1; ) {
      const { expire } = wait;
      this.end(wait);
      expire?.();
      wait = this.#waits[++this.#first];
    }
    this.#dropEnded();
    const next = this.#waits[this.#first];
    this.#timer = next === undefined ? undefined : setTimeout(this.#look, Math.max(1, next.expiresAt - now));
    if (this.#open === 0) this.#timer?.unref();
  };
}

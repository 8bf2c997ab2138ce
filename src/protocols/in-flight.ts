/** A stop does not wait longer than this for requests that still run: a guess, longer than any of the API's own takes. */
const patienceMs = 30_000;

/** Counts requests that run, so that a stop can wait for them. */
export class InFlight {
  #count = 0;
  #waiting: (() => void)[] = [];

  add(): void {
    this.#count++;
  }

  remove(): void {
    this.#count--;
    if (this.#count > 0 || this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Resolves once nothing runs, or when waiting has gone on for too long. */
  async settled(): Promise<void> {
    if (this.#count === 0) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      timer = setTimeout(resolve, patienceMs);
    });
    clearTimeout(timer);
  }
}

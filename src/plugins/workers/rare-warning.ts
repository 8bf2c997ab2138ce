/** Tells how often something happened, at once for the first time and then at most once in each period. */
export class RareWarning {
  readonly #periodMs: number;
  readonly #tell: (count: number) => void;
  #count = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(periodMs: number, tell: (count: number) => void) {
    this.#periodMs = periodMs;
    this.#tell = tell;
  }

  add(count = 1): void {
    this.#count += count;
    if (this.#timer === undefined) this.#flush();
  }

  #flush(): void {
    this.#timer = undefined;
    if (this.#count === 0) return;
    this.#tell(this.#count);
    this.#count = 0;
    this.#timer = setTimeout(() => this.#flush(), this.#periodMs);
    this.#timer.unref();
  }

  /** Tells what has not been told. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#count > 0) this.#tell(this.#count);
    this.#count = 0;
  }
}

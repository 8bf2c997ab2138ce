/** Rows that one commit made superseded. */
export interface SupersededBatch {
  readonly position: number;
  readonly collection: number;
  readonly numbers: readonly number[];
}

/**
 * Rows that a newer version or a deletion made superseded, in the order in which that happened, until nobody can read them any more.
 */
export class Superseded {
  readonly #waiting: SupersededBatch[] = [];
  #released: SupersededBatch[] = [];
  #next = 0;

  add(position: number, collection: number, numbers: readonly number[]): void {
    if (numbers.length > 0) this.#waiting.push({ position, collection, numbers });
  }

  /** Everything up to this position may go. */
  release(position: number): void {
    while (this.#next < this.#waiting.length) {
      const batch = this.#waiting[this.#next];
      if (batch === undefined || batch.position > position) break;
      this.#released.push(batch);
      this.#next++;
    }
    if (this.#next > 1_000 || this.#next === this.#waiting.length) {
      this.#waiting.splice(0, this.#next);
      this.#next = 0;
    }
  }

  get hasReleased(): boolean {
    return this.#released.length > 0;
  }

  /** Batches that wait to be removed. */
  get released(): number {
    return this.#released.length;
  }

  /** Batches for one transaction, about `rows` rows. Give them back with {@link restore} when it is rolled back. */
  take(rows: number): readonly SupersededBatch[] {
    let count = 0;
    let taken = 0;
    while (taken < this.#released.length && count < rows) count += this.#released[taken++]?.numbers.length ?? 0;
    return this.#released.splice(0, taken);
  }

  restore(batches: readonly SupersededBatch[]): void {
    this.#released = [...batches, ...this.#released];
  }
}

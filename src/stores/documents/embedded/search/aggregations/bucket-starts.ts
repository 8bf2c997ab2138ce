/** In a cell begins one bucket at most. */
const cellsPerBucket = 16;
/** A guess: as much of them as stays in the caches of the processor. */
const maxCells = 1 << 15;

/**
 * Buckets that begin where the ones before them end, and which of them a value lies in: the space of values is cut into equal cells, and each knows its
 * first bucket.
 */
export class BucketStarts {
  readonly length: number;
  readonly #starts: readonly number[];
  readonly #first: number;
  readonly #end: number;
  readonly #next: Float64Array;
  readonly #cells: Int32Array;
  readonly #scale: number;

  private constructor(starts: readonly number[], end: number) {
    this.length = starts.length;
    this.#starts = starts;
    this.#first = starts[0] ?? Number.POSITIVE_INFINITY;
    this.#end = starts.length === 0 ? Number.NEGATIVE_INFINITY : end;
    this.#next = Float64Array.from(starts, (_, i) => starts[i + 1] ?? Number.POSITIVE_INFINITY);
    this.#cells = new Int32Array(Math.min(maxCells, starts.length * cellsPerBucket) + 1);
    this.#scale = (this.#cells.length - 1) / (end - this.#first);
  }

  static readonly none = new BucketStarts([], 0);

  /** `starts` ascend, and `end` is where the last one ends. None, when they are of too different lengths. */
  static of(starts: readonly number[], end: number): BucketStarts {
    const made = new BucketStarts(starts, end);
    return made.#fillCells() ? made : BucketStarts.none;
  }

  #fillCells(): boolean {
    const cells = this.#cells;
    let bucket = 0;
    for (let cell = 0; cell < cells.length; cell++) {
      const before = bucket;
      while (bucket + 1 < this.length && this.#cellOf(this.start(bucket + 1)) < cell) bucket++;
      if (bucket > before + 1) return false;
      cells[cell] = bucket;
    }
    return true;
  }

  start(bucket: number): number {
    return this.#starts[bucket] as number;
  }

  #cellOf(value: number): number {
    return ((value - this.#first) * this.#scale) | 0;
  }

  /** The bucket of a value, -1 when it lies in none of them. */
  find(value: number): number {
    if (!(value >= this.#first && value < this.#end)) return -1;
    const bucket = this.#cells[this.#cellOf(value)] as number;
    return value >= (this.#next[bucket] as number) ? bucket + 1 : bucket;
  }

  /** Writes the buckets of the values of some documents into slots, -1 for none; answers how many have none. */
  findAll(values: Float64Array, docs: Uint32Array, count: number, slots: Int32Array): number {
    const { length } = values;
    let without = 0;
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      const bucket = doc < length ? this.find(values[doc] as number) : -1;
      slots[i] = bucket;
      without -= bucket >> 31;
    }
    return without;
  }
}

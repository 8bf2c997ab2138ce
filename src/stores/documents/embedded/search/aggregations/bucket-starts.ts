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
    this.#next = new Float64Array(starts.length).fill(Number.POSITIVE_INFINITY);
    this.#next.set(starts.slice(1));
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

  /**
   * Writes the buckets of some documents into slots, by a column that has all of them and no value that lies in none of the buckets; -1 for documents
   * without a value. Answers how many these are.
   */
  findAll(column: Float64Array, docs: Uint32Array, count: number, slots: Int32Array): number {
    if (this.#findEach(column, docs, count, slots)) return 0;
    let without = 0;
    for (let i = 0; i < count; i++) {
      const bucket = this.find(column[docs[i] as number] as number);
      slots[i] = bucket;
      without -= bucket >> 31;
    }
    return without;
  }

  /** False where a document has no value: they are added up for that, because a look at each would cost more than all the rest. */
  #findEach(column: Float64Array, docs: Uint32Array, count: number, slots: Int32Array): boolean {
    const first = this.#first;
    const scale = this.#scale;
    const cells = this.#cells;
    const next = this.#next;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const value = column[docs[i] as number] as number;
      sum += value;
      const bucket = cells[((value - first) * scale) | 0] as number;
      slots[i] = bucket + Number(value >= (next[bucket] as number));
    }
    return !Number.isNaN(sum);
  }
}

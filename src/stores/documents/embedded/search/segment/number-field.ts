import { Existence } from "./existence.ts";
import type { OpenFields } from "./field-store.ts";
import { grow32, grow64 } from "./growing.ts";

/** Documents under one pair of bounds. */
export const blockShift = 10;

/** Numbers, dates (epoch milliseconds) and booleans (0, 1): a column, bounds of blocks of 1024 documents, and a side store for arrays. */
export class NumberField {
  readonly kind = "number";
  readonly exists = new Existence();
  /** The lowest value of each document, NaN without value. */
  values: Float64Array = new Float64Array(16).fill(Number.NaN);
  blockMin: Float64Array = new Float64Array(0);
  blockMax: Float64Array = new Float64Array(0);
  /** By document: place in `many` of its count and values, 0 when it has at most one. Empty while no document has two. */
  manyStarts: Uint32Array = new Uint32Array(0);
  /** Count, then values in ascending order. */
  many: Float64Array = new Float64Array(0);
  /** Documents that have 0 and that have 1: what booleans need to be scored by rarity. */
  readonly flags = [0, 0];
  #manyUsed = 1;
  #last = -1;
  readonly #open: OpenFields;

  constructor(open: OpenFields) {
    this.#open = open;
  }

  get isMultiple(): boolean {
    return this.manyStarts.length > 0;
  }

  get memory(): number {
    const { values, manyStarts, many, blockMin, exists } = this;
    return values.byteLength + manyStarts.byteLength + many.byteLength + 2 * blockMin.byteLength + exists.memory;
  }

  add(doc: number, value: number): void {
    if (doc >= this.values.length) {
      const before = this.values.length;
      this.values = grow64(this.values, doc + 1);
      this.values.fill(Number.NaN, before);
    }
    const block = doc >>> blockShift;
    if (block >= this.blockMin.length) this.#growBlocks(block + 1);
    if (value < (this.blockMin[block] as number)) this.blockMin[block] = value;
    if (value > (this.blockMax[block] as number)) this.blockMax[block] = value;
    if (doc !== this.#last) {
      this.#last = doc;
      this.values[doc] = value;
      this.exists.add(doc);
      this.#countFlag(value);
      return;
    }
    this.#addAnother(doc, value);
  }

  #countFlag(value: number): void {
    if (value === 0 || value === 1) this.flags[value] = (this.flags[value] as number) + 1;
  }

  #growBlocks(needed: number): void {
    const before = this.blockMin.length;
    this.blockMin = grow64(this.blockMin, needed);
    this.blockMax = grow64(this.blockMax, needed);
    this.blockMin.fill(Number.POSITIVE_INFINITY, before);
    this.blockMax.fill(Number.NEGATIVE_INFINITY, before);
  }

  #addAnother(doc: number, value: number): void {
    if (doc >= this.manyStarts.length) this.manyStarts = grow32(this.manyStarts, doc + 1);
    let start = this.manyStarts[doc] as number;
    if (start === 0) {
      start = this.#manyUsed;
      this.manyStarts[doc] = start;
      this.many = grow64(this.many, start + 3);
      this.many[start] = 1;
      this.many[start + 1] = this.values[doc] as number;
      this.#manyUsed = start + 2;
      this.#open.push(this);
    }
    const list = this.many.subarray(start + 1, this.#manyUsed);
    if ((value === 0 || value === 1) && !list.includes(value)) this.#countFlag(value);
    // The record of the last document lies at the end, so it can grow in place.
    this.many = grow64(this.many, this.#manyUsed + 1);
    this.many[this.#manyUsed++] = value;
    this.many[start] = (this.many[start] as number) + 1;
  }

  finish(): void {
    const start = this.manyStarts[this.#last] as number;
    const values = this.many.subarray(start + 1, this.#manyUsed);
    values.sort();
    this.values[this.#last] = values[0] as number;
  }

  /** Number of values of a document. */
  countOf(doc: number): number {
    const start = doc < this.manyStarts.length ? (this.manyStarts[doc] as number) : 0;
    if (start !== 0) return this.many[start] as number;
    return doc < this.values.length && !Number.isNaN(this.values[doc] as number) ? 1 : 0;
  }

  /** The value of a document at a position below `countOf`. */
  valueAt(doc: number, position: number): number {
    const start = doc < this.manyStarts.length ? (this.manyStarts[doc] as number) : 0;
    return start === 0 ? (this.values[doc] as number) : (this.many[start + 1 + position] as number);
  }
}

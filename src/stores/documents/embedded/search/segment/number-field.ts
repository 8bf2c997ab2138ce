import { Existence } from "./existence.ts";
import { FlagBits } from "./flag-bits.ts";
import { NumberOrder } from "./number-order.ts";

/** Documents under one pair of bounds. */
export const blockShift = 10;

/** Numbers, dates (epoch milliseconds) and booleans (0, 1): a column, bounds of blocks of 1024 documents, and a side store for arrays. */
export class NumberField {
  readonly kind = "number";
  exists = new Existence();
  /** The lowest value of each document, NaN without value. */
  values: Float64Array = new Float64Array(0);
  blockMin: Float64Array = new Float64Array(0);
  blockMax: Float64Array = new Float64Array(0);
  /** By document: place in `many` of its count and values, 0 when it has at most one. Empty while no document has two. */
  manyStarts: Uint32Array = new Uint32Array(0);
  /** Count, then values in ascending order. */
  many: Float64Array = new Float64Array(0);
  /** Documents that have 0 and that have 1: what booleans need to be scored by rarity. */
  readonly flags = [0, 0];
  /** Of a frozen segment. */
  readonly order = new NumberOrder();
  readonly flagBits = new FlagBits();

  get isMultiple(): boolean {
    return this.manyStarts.length > 0;
  }

  get memory(): number {
    const { values, manyStarts, many, blockMin, exists } = this;
    const columns = values.byteLength + manyStarts.byteLength + many.byteLength + 2 * blockMin.byteLength;
    return columns + exists.memory + this.order.memory + this.flagBits.memory;
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

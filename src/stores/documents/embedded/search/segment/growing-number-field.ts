import type { OpenFields } from "./field-store.ts";
import { grow32, grow64 } from "./growing.ts";
import { blockShift, NumberField } from "./number-field.ts";

/** The numbers of documents as they come. */
export class GrowingNumberField extends NumberField {
  #manyUsed = 1;
  #last = -1;
  readonly #open: OpenFields;

  constructor(open: OpenFields) {
    super();
    this.#open = open;
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
}

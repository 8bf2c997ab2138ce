import type { ListedMatches } from "./matcher.ts";

/** Adds up numbers by document, as many documents as there are calls at most; documents stand in the order in which they came. */
export class DocSums implements ListedMatches {
  count = 0;
  readonly isAscending = false;
  readonly docs: Uint32Array;
  readonly #sums: Float64Array;
  /** Open addressing: the place in `docs` plus one, 0 where nothing is. */
  readonly #slots: Uint32Array;
  readonly #shift: number;

  constructor(calls: number) {
    this.docs = new Uint32Array(calls);
    this.#sums = new Float64Array(calls);
    // At most half full.
    const bits = Math.max(4, 33 - Math.clz32(calls));
    this.#slots = new Uint32Array(2 ** bits);
    this.#shift = 32 - bits;
  }

  add(doc: number, value: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = Math.imul(doc, 0x9e3779b1) >>> this.#shift; ; slot = (slot + 1) & mask) {
      const place = (slots[slot] as number) - 1;
      if (place < 0) {
        slots[slot] = this.count + 1;
        this.docs[this.count] = doc;
        this.#sums[this.count++] = value;
        return;
      }
      if (this.docs[place] === doc) {
        this.#sums[place] = (this.#sums[place] as number) + value;
        return;
      }
    }
  }

  readonly scoreOf = (at: number): number => this.#sums[at] as number;
}

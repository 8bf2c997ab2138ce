import { countBits, hasBit } from "./bits.ts";
import { grow32 } from "./growing.ts";

/** Which documents of a segment are gone. What was handed to a search does not change any more. */
export class Removals {
  count: number;
  #words: Uint32Array;
  #isShared = false;

  constructor(words: Uint32Array = new Uint32Array(4)) {
    this.#words = words;
    this.count = countBits(words);
  }

  get memory(): number {
    return this.#words.byteLength;
  }

  /** Makes room for a document. */
  reach(doc: number): void {
    this.#words = grow32(this.#words, (doc >>> 5) + 1);
  }

  has(doc: number): boolean {
    return hasBit(this.#words, doc);
  }

  add(doc: number): void {
    if (this.has(doc)) return;
    if (this.#isShared) {
      this.#words = this.#words.slice();
      this.#isShared = false;
    }
    this.#words[doc >>> 5] = (this.#words[doc >>> 5] as number) | (1 << (doc & 31));
    this.count++;
  }

  /** The documents that are gone by now, for whoever reads them for a while: the next removal copies them first. */
  share(): Uint32Array {
    this.#isShared = true;
    return this.#words;
  }
}

import { grow32 } from "./growing.ts";

/** Which documents have a value in a field. */
export class Existence {
  words: Uint32Array = new Uint32Array(4);
  /** Documents, removed ones included. */
  count = 0;

  add(doc: number): void {
    const word = doc >>> 5;
    if (word >= this.words.length) this.words = grow32(this.words, word + 1);
    const before = this.words[word] as number;
    const bit = 1 << (doc & 31);
    if ((before & bit) !== 0) return;
    this.words[word] = before | bit;
    this.count++;
  }

  has(doc: number): boolean {
    return ((((this.words[doc >>> 5] ?? 0) as number) >>> (doc & 31)) & 1) === 1;
  }

  get memory(): number {
    return this.words.byteLength;
  }
}

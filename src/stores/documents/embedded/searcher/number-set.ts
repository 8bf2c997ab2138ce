import { hasBit } from "../search/segment/bits.ts";

const chunkBits = 16;
const chunkSize = 2 ** chunkBits;

/** Document numbers, in bits. Numbers lie close together, and may begin anywhere. */
export class NumberSet {
  readonly #chunks = new Map<number, Uint32Array>();
  size = 0;

  /** Once for each number. */
  add(number: number): void {
    const at = Math.floor(number / chunkSize);
    let chunk = this.#chunks.get(at);
    if (chunk === undefined) {
      chunk = new Uint32Array(chunkSize / 32);
      this.#chunks.set(at, chunk);
    }
    const bit = number - at * chunkSize;
    chunk[bit >>> 5] = (chunk[bit >>> 5] ?? 0) | (1 << (bit & 31));
    this.size++;
  }

  has(number: number): boolean {
    const at = Math.floor(number / chunkSize);
    const chunk = this.#chunks.get(at);
    return chunk !== undefined && hasBit(chunk, number - at * chunkSize);
  }
}

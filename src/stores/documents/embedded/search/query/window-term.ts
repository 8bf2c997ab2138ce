import { PostingCursor } from "../segment/postings.ts";
import type { TextField } from "../segment/text-field.ts";
import { windowSize } from "./matcher.ts";

/** Where one term stands in the documents of the present window. */
export class WindowTerm {
  readonly count: number;
  readonly #field: TextField;
  readonly #cursor: PostingCursor;
  readonly #docs: Uint32Array;
  readonly #extras: Uint32Array;
  /** By document of the window: what stands beside it in the postings plus one, 0 when it does not have the term. */
  readonly #beside = new Float64Array(windowSize);

  constructor(field: TextField, ord: number) {
    this.#field = field;
    this.#cursor = new PostingCursor(field.postings, ord);
    this.count = this.#cursor.count;
    this.#docs = new Uint32Array(Math.min(windowSize, this.count));
    this.#extras = new Uint32Array(this.#docs.length);
  }

  /** Reads a window and sets the bits of its documents. */
  read(base: number, end: number, bits: Uint32Array): void {
    this.#beside.fill(0);
    const taken = this.#cursor.take(base, end, this.#docs, this.#extras);
    for (let i = 0; i < taken; i++) {
      const at = (this.#docs[i] as number) - base;
      bits[at >>> 5] = (bits[at >>> 5] as number) | (1 << (at & 31));
      this.#beside[at] = (this.#extras[i] as number) + 1;
    }
  }

  /** Appends the positions in one document, in ascending order. */
  positions(at: number, into: number[]): void {
    const beside = (this.#beside[at] as number) - 1;
    if (beside < 0) return;
    if (beside % 2 === 1) {
      into.push((beside - 1) / 2);
      return;
    }
    const { positions } = this.#field;
    const place = beside / 2;
    const count = positions[place] as number;
    for (let i = 1; i <= count; i++) into.push(positions[place + i] as number);
  }
}

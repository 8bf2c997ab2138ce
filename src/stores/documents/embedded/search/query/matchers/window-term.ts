import { hasBit } from "../../segment/bits.ts";
import { PostingCursor } from "../../segment/postings.ts";
import type { TextField } from "../../segment/text-field.ts";
import { newWindow, windowSize, windowWords } from "./matcher.ts";

/** Where one term stands in the documents of the present window. */
export class WindowTerm {
  readonly count: number;
  readonly #field: TextField;
  readonly #cursor: PostingCursor;
  readonly #docs: Uint32Array;
  readonly #extras: Uint32Array;
  readonly #bits = newWindow();
  /** By document of the window that has the term: what stands beside it in the postings. */
  readonly #beside = new Uint32Array(windowSize);

  constructor(field: TextField, ord: number) {
    this.#field = field;
    this.#cursor = new PostingCursor(field.postings, ord);
    this.count = this.#cursor.count;
    this.#docs = new Uint32Array(Math.min(windowSize, this.count));
    this.#extras = new Uint32Array(this.#docs.length);
  }

  /** Reads a window and sets the bits of its documents. */
  read(base: number, end: number, bits: Uint32Array): void {
    const own = this.#bits;
    const beside = this.#beside;
    own.fill(0);
    const taken = this.#cursor.take(base, end, this.#docs, this.#extras);
    for (let i = 0; i < taken; i++) {
      const at = (this.#docs[i] as number) - base;
      own[at >>> 5] = (own[at >>> 5] as number) | (1 << (at & 31));
      beside[at] = this.#extras[i] as number;
    }
    for (let i = 0; i < windowWords; i++) bits[i] = (bits[i] as number) | (own[i] as number);
  }

  /** Appends the positions in one document, less `offset`, in ascending order. */
  positions(at: number, into: number[], offset = 0): void {
    if (!hasBit(this.#bits, at)) return;
    const beside = this.#beside[at] as number;
    const place = beside >>> 1;
    if ((beside & 1) === 1) {
      into.push(place - offset);
      return;
    }
    const { positions } = this.#field;
    const count = positions[place] as number;
    for (let i = 1; i <= count; i++) into.push((positions[place + i] as number) - offset);
  }
}

/** Those of some words that a field has. */
export const windowTerms = (field: TextField, words: readonly string[]): WindowTerm[] =>
  words.flatMap((word) => {
    const ord = field.dictionary.find(word);
    return ord < 0 ? [] : [new WindowTerm(field, ord)];
  });

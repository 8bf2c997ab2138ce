import type { LentArrays } from "../../lent-arrays.ts";
import { hasBit } from "../../segment/bits.ts";
import { PackedPostings } from "../../segment/packed-postings.ts";
import { PostingCursor } from "../../segment/postings.ts";
import type { TermSpans } from "../../segment/term-spans.ts";
import type { TextField } from "../../segment/text-field.ts";
import { newWindow, windowSize, windowWords } from "./matcher.ts";

/** Where one term stands in the documents of the present window. */
export abstract class WindowTerm {
  abstract readonly count: number;
  readonly #field: TextField;

  constructor(field: TextField) {
    this.#field = field;
  }

  /** Reads a window and sets the bits of its documents. */
  abstract read(base: number, end: number, bits: Uint32Array): void;

  /** Reads a window and clears the bits of other documents. */
  abstract keep(base: number, end: number, bits: Uint32Array): void;

  /** No document from `from` on has the term before this one. */
  abstract next(from: number): number;

  /** What stands beside a document of the window in the postings; -1 when it does not have the term. */
  abstract beside(at: number): number;

  /** Appends the positions in one document, less `offset`, in ascending order. */
  positions(at: number, into: number[], offset = 0): void {
    const beside = this.beside(at);
    if (beside < 0) return;
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

export function windowTerm(field: TextField, ord: number, arrays: LentArrays): WindowTerm {
  const { postings } = field;
  const spans = postings instanceof PackedPostings ? postings.spans(ord) : undefined;
  return spans?.words === undefined ? new ReadTerm(field, ord, arrays) : new RankedTerm(field, spans, spans.words);
}

/** What was read last, of whatever term. */
const docs = new Uint32Array(windowSize);
const extras = new Uint32Array(windowSize);

/** Reads the list of its term window by window. */
class ReadTerm extends WindowTerm {
  readonly count: number;
  readonly #cursor: PostingCursor;
  readonly #arrays: LentArrays;
  readonly #bits = newWindow();
  /** By document of the window that has the term. Many words of a long phrase are never read. */
  #beside: Uint32Array | undefined;
  #base = -1;

  constructor(field: TextField, ord: number, arrays: LentArrays) {
    super(field);
    this.#cursor = new PostingCursor(field.postings, ord);
    this.count = this.#cursor.count;
    this.#arrays = arrays;
  }

  next(): number {
    return this.#cursor.doc;
  }

  read(base: number, end: number, bits: Uint32Array): void {
    this.#take(base, end);
    const own = this.#bits;
    for (let i = 0; i < windowWords; i++) bits[i] = (bits[i] as number) | (own[i] as number);
  }

  keep(base: number, end: number, bits: Uint32Array): void {
    this.#take(base, end);
    const own = this.#bits;
    for (let i = 0; i < windowWords; i++) bits[i] = (bits[i] as number) & (own[i] as number);
  }

  #take(base: number, end: number): void {
    // A word that stands in several places of a phrase is read once.
    if (base === this.#base) return;
    this.#base = base;
    const own = this.#bits;
    own.fill(0);
    const taken = this.#cursor.take(base, end, docs, extras);
    if (taken === 0) return;
    this.#beside ??= this.#arrays.words(windowSize);
    const beside = this.#beside;
    for (let i = 0; i < taken; i++) {
      const at = (docs[i] as number) - base;
      own[at >>> 5] = (own[at >>> 5] as number) | (1 << (at & 31));
      beside[at] = extras[i] as number;
    }
  }

  beside(at: number): number {
    return hasBit(this.#bits, at) ? (this.#beside?.[at] as number) : -1;
  }
}

/** Looks into the list of a frequent term where a document is asked for: its bits say where. */
class RankedTerm extends WindowTerm {
  readonly count: number;
  readonly #spans: TermSpans;
  readonly #words: Uint32Array;
  #base = 0;

  constructor(field: TextField, spans: TermSpans, words: Uint32Array) {
    super(field);
    const { from, to, width } = spans.list;
    this.count = (to - from) / width;
    this.#spans = spans;
    this.#words = words;
  }

  read(base: number, _end: number, bits: Uint32Array): void {
    this.#base = base;
    this.#spans.addTo(base, bits);
  }

  keep(base: number, _end: number, bits: Uint32Array): void {
    this.#base = base;
    this.#spans.keepIn(base, bits);
  }

  next(from: number): number {
    return from;
  }

  beside(at: number): number {
    const doc = this.#base + at;
    if (!hasBit(this.#words, doc)) return -1;
    return this.#spans.list.arena[this.#spans.placeOf(doc) + 1] as number;
  }
}

/** Those of some words that a field has. */
export const windowTerms = (field: TextField, words: readonly string[], arrays: LentArrays): WindowTerm[] =>
  words.flatMap((word) => {
    const ord = field.dictionary.find(word);
    return ord < 0 ? [] : [windowTerm(field, ord, arrays)];
  });

/** Entries of one slice of a growing list by its level; the slice after the last level has the last size. */
export const sliceSizes = [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024] as const;
export const lastLevel = sliceSizes.length - 1;

/** Documents of each term, in ascending order, each with what stands beside it when `width` is 2. */
export interface Postings {
  readonly width: 1 | 2;
  readonly arena: Uint32Array;
  readonly memory: number;
  /** Documents that have the term. */
  count(term: number): number;
  /** Where the list of a term begins. */
  first(term: number): number;
  /** Entries before the first link to another slice. */
  firstRun(term: number): number;
}

/**
 * Reads the list of one term forward. It ends at the entries that were there when it was opened, whatever is appended later.
 */
export class PostingCursor {
  /** The next document; `Infinity` past the end. */
  doc = Number.POSITIVE_INFINITY;
  readonly count: number;
  #left: number;
  #at: number;
  #sliceLeft: number;
  #level = 0;
  readonly #postings: Postings;

  constructor(postings: Postings, term: number) {
    this.#postings = postings;
    this.count = term < 0 ? 0 : postings.count(term);
    this.#left = this.count;
    this.#at = this.count === 0 ? 0 : postings.first(term);
    this.#sliceLeft = term < 0 ? 0 : postings.firstRun(term);
    if (this.#left > 0) this.doc = postings.arena[this.#at] as number;
  }

  /** Reads the documents of a window into `docs` (and what stands beside them into `extras`), skips those before; answers how many. */
  take(base: number, end: number, docs: Uint32Array, extras: Uint32Array, max = docs.length): number {
    if (this.doc >= end) return 0;
    const { arena, width } = this.#postings;
    let at = this.#at;
    let left = this.#left;
    let sliceLeft = this.#sliceLeft;
    let taken = 0;
    let doc = this.doc;
    while (doc < end && taken < max) {
      // One run: entries of this slice, as many as there are and as fit.
      const run = Math.min(sliceLeft, left, max - taken);
      const stop = at + run * width;
      const from = at;
      if (width === 1) {
        for (; at < stop; at++) {
          doc = arena[at] as number;
          if (doc >= end) break;
          if (doc >= base) docs[taken++] = doc;
        }
      } else {
        for (; at < stop; at += 2) {
          doc = arena[at] as number;
          if (doc >= end) break;
          if (doc < base) continue;
          docs[taken] = doc;
          extras[taken++] = arena[at + 1] as number;
        }
      }
      const read = width === 1 ? at - from : (at - from) >>> 1;
      left -= read;
      sliceLeft -= read;
      if (left === 0) {
        doc = Number.POSITIVE_INFINITY;
        break;
      }
      if (sliceLeft === 0) {
        at = arena[at] as number;
        this.#level = Math.min(this.#level + 1, lastLevel);
        sliceLeft = sliceSizes[this.#level] as number;
      }
      doc = arena[at] as number;
    }
    this.#at = at;
    this.#left = left;
    this.#sliceLeft = sliceLeft;
    this.doc = doc;
    return taken;
  }
}

import { grow32 } from "./growing.ts";

/** Entries of one slice by its level; the slice after the last level has the last size. */
const sliceSizes = [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
const lastLevel = sliceSizes.length - 1;

/**
 * Documents of each term, in ascending order. All lists share one array: a list is a chain of slices that grow, each ending with the
 * place of the next, so that a rare term costs a few bytes and a frequent one is read in long runs.
 * With `width` 2 each entry has a second number beside the document (frequency and positions).
 */
export class Postings {
  readonly width: 1 | 2;
  arena: Uint32Array = new Uint32Array(64);
  #used = 0;
  /** By term: place of the first slice. */
  #first: Uint32Array = new Uint32Array(16);
  /** By term: where the next entry goes. */
  #next: Uint32Array = new Uint32Array(16);
  /** By term: where the present slice ends (place of its link). */
  #end: Uint32Array = new Uint32Array(16);
  #level: Uint32Array = new Uint32Array(16);
  #counts: Uint32Array = new Uint32Array(16);
  #last: Uint32Array = new Uint32Array(16);
  #terms = 0;

  constructor(width: 1 | 2) {
    this.width = width;
  }

  get memory(): number {
    return this.arena.byteLength + 6 * this.#first.byteLength;
  }

  /** Documents that have the term. */
  count(term: number): number {
    return term < this.#terms ? (this.#counts[term] as number) : 0;
  }

  first(term: number): number {
    return this.#first[term] as number;
  }

  /** The document added last, -1 when there is none. */
  last(term: number): number {
    return this.count(term) === 0 ? -1 : (this.#last[term] as number);
  }

  append(term: number, doc: number, extra: number): void {
    if (term >= this.#terms) this.#start(term);
    let at = this.#next[term] as number;
    if (at === this.#end[term]) {
      const level = Math.min((this.#level[term] as number) + 1, lastLevel);
      this.#level[term] = level;
      const size = (sliceSizes[level] as number) * this.width;
      const place = this.#allocate(size + 1);
      this.arena[at] = place;
      this.#end[term] = place + size;
      at = place;
    }
    this.arena[at] = doc;
    if (this.width === 2) this.arena[at + 1] = extra;
    this.#next[term] = at + this.width;
    this.#counts[term] = (this.#counts[term] as number) + 1;
    this.#last[term] = doc;
  }

  /** Terms are numbered without gaps; those up to `term` get their first slice. */
  #start(term: number): void {
    const needed = term + 1;
    this.#first = grow32(this.#first, needed);
    this.#next = grow32(this.#next, needed);
    this.#end = grow32(this.#end, needed);
    this.#level = grow32(this.#level, needed);
    this.#counts = grow32(this.#counts, needed);
    this.#last = grow32(this.#last, needed);
    const size = (sliceSizes[0] as number) * this.width;
    for (let t = this.#terms; t <= term; t++) {
      const place = this.#allocate(size + 1);
      this.#first[t] = place;
      this.#next[t] = place;
      this.#end[t] = place + size;
    }
    this.#terms = needed;
  }

  #allocate(size: number): number {
    const place = this.#used;
    this.#used += size;
    this.arena = grow32(this.arena, this.#used);
    return place;
  }
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
    this.#sliceLeft = sliceSizes[0] as number;
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

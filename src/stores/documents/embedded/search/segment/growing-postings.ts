import { grow32 } from "./growing.ts";
import { lastLevel, type Postings, sliceSizes } from "./postings.ts";

/**
 * Documents of each term, in ascending order. All lists share one array: a list is a chain of slices that grow, each ending with the
 * place of the next, so that a rare term costs a few bytes and a frequent one is read in long runs.
 * With `width` 2 each entry has a second number beside the document (frequency and positions).
 */
export class GrowingPostings implements Postings {
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

  firstRun(): number {
    return sliceSizes[0];
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

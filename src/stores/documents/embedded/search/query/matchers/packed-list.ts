import { countBits, hasBit } from "../../segment/bits.ts";
import type { PackedPostings } from "../../segment/packed-postings.ts";
import type { TermSpans } from "../../segment/term-spans.ts";
import type { Explanation } from "../scoring/explanation.ts";
import { type Entries, type ScoredTerm, TermScoring } from "../scoring/term-scoring.ts";
import type { DocSums } from "./doc-sums.ts";
import { type DocTester, type ListedMatches, windowWords } from "./matcher.ts";

/** With fewer documents to score than one in so many of the entries, each is looked for. */
const sparse = 8;
/** Entries of a window that are read as fast as its words. */
const fewEntries = windowWords * 2;

/** The list of one term of a frozen segment, led through windows in ascending order. Nothing of it is copied. */
export class PackedList {
  /** Documents that have the term. */
  readonly count: number;
  readonly scoring: TermScoring;
  readonly #entries: Entries;
  readonly #spans: TermSpans | undefined;
  /** Of a frequent term: all its documents. */
  readonly #words: Uint32Array | undefined;
  /** Place behind the last entry of the list. */
  readonly #last: number;
  /** Places of the entries of the present window: the first one, and the one behind the last. */
  #from: number;
  #to: number;

  constructor(of: ScoredTerm, postings: PackedPostings) {
    const { arena, width } = postings;
    this.count = postings.count(of.term);
    this.scoring = new TermScoring(of);
    this.#entries = { docs: arena, extras: arena, step: width, beside: width - 1 };
    this.#spans = postings.spans(of.term);
    this.#words = this.#spans?.words;
    this.#from = postings.first(of.term);
    this.#to = this.#from;
    this.#last = this.#from + this.count * width;
  }

  /** Documents of the present window that have the term. */
  get entries(): number {
    return (this.#to - this.#from) / this.#entries.step;
  }

  /** The first document behind the present window. */
  get next(): number {
    return this.#to < this.#last ? (this.#entries.docs[this.#to] as number) : Number.POSITIVE_INFINITY;
  }

  /** Goes on to a window. */
  move(base: number, end: number): void {
    const spans = this.#spans;
    if (spans !== undefined) {
      this.#from = spans.find(base);
      this.#to = spans.find(end);
      return;
    }
    const { docs, step } = this.#entries;
    const last = this.#last;
    let at = this.#to;
    while (at < last && (docs[at] as number) < base) at += step;
    this.#from = at;
    while (at < last && (docs[at] as number) < end) at += step;
    this.#to = at;
  }

  /** Sets the bits of the documents of the present window. */
  set(base: number, bits: Uint32Array): void {
    const { docs, step } = this.#entries;
    const to = this.#to;
    if (this.#words !== undefined && to - this.#from > fewEntries * step) {
      this.#spans?.addTo(base, bits);
      return;
    }
    for (let i = this.#from; i < to; i += step) {
      const at = (docs[i] as number) - base;
      bits[at >>> 5] = (bits[at >>> 5] as number) | (1 << (at & 31));
    }
  }

  /** Sets those bits and writes the places that had none yet behind the `count` that are there; answers how many there are now. */
  list(base: number, bits: Uint32Array, places: Uint16Array, count: number): number {
    const { docs, step } = this.#entries;
    const to = this.#to;
    let listed = count;
    for (let i = this.#from; i < to; i += step) {
      const at = (docs[i] as number) - base;
      const word = bits[at >>> 5] as number;
      if (((word >>> (at & 31)) & 1) === 1) continue;
      bits[at >>> 5] = word | (1 << (at & 31));
      places[listed++] = at;
    }
    return listed;
  }

  /** Clears the bits of other documents, where that can be done in place; answers whether it could. */
  keep(base: number, bits: Uint32Array): boolean {
    if (this.#words === undefined) return false;
    this.#spans?.keepIn(base, bits);
    return true;
  }

  /** What no document of a window scores more than, be it the present one or not. */
  bound(base: number): number {
    return this.#spans === undefined ? this.scoring.weight : this.scoring.bound(this.#spans, base);
  }

  /** Adds the scores of those documents of the present window that are in `bits`. */
  score(base: number, bits: Uint32Array, scores: Float64Array): void {
    const { entries } = this;
    const { step } = this.#entries;
    if (this.#words === undefined || entries <= fewEntries || countBits(bits) * sparse >= entries) {
      this.scoring.add(base, bits, scores, this.#entries, this.#from, this.#to);
      return;
    }
    const spans = this.#spans as TermSpans;
    for (let i = 0; i < windowWords; i++) {
      let word = (bits[i] as number) & (this.#words[(base >>> 5) + i] as number);
      while (word !== 0) {
        const place = spans.placeOf(base + (i << 5) + 31 - Math.clz32(word & -word));
        word &= word - 1;
        this.scoring.add(base, bits, scores, this.#entries, place, place + step);
      }
    }
  }

  /** All documents of the list, without windows. */
  all(): ListedMatches {
    const { docs: arena, extras, step, beside } = this.#entries;
    const { count } = this;
    const first = this.#last - count * step;
    const docs = new Uint32Array(count);
    for (let at = 0; at < count; at++) docs[at] = arena[first + at * step] as number;
    const scoreOf = (at: number): number =>
      this.scoring.scoreOf(docs[at] as number, extras[first + at * step + beside] as number);
    return { count, docs, isAscending: true, scoreOf };
  }

  /** For a frequent term. */
  get tester(): DocTester | undefined {
    const words = this.#words;
    return words && { test: (doc) => hasBit(words, doc) };
  }

  /** Adds the scores of all documents of the list, without windows. */
  sum(sums: DocSums): void {
    const { docs, extras, step, beside } = this.#entries;
    const first = this.#last - this.count * step;
    for (let i = first; i < this.#last; i += step) {
      const doc = docs[i] as number;
      sums.add(doc, this.scoring.scoreOf(doc, extras[i + beside] as number));
    }
  }

  /** How the term's part of a score came about; undefined when the document, one of the present window, does not have it. */
  explain(value: number, doc: number): Explanation | undefined {
    const { docs, extras, step, beside } = this.#entries;
    for (let i = this.#from; i < this.#to; i += step)
      if (docs[i] === doc) return this.scoring.explain(value, doc, extras[i + beside]);
    return undefined;
  }
}

import { PostingCursor } from "../segment/postings.ts";
import type { TextField } from "../segment/text-field.ts";
import { decodeLength } from "../segment/text-length.ts";
import { bm25Weight, idf } from "./bm25.ts";
import { type Explanation, explainTerm, given } from "./explanation.ts";
import { addFrequencyScores } from "./frequency-scores.ts";
import { isEmpty, Matcher, newWindow, windowSize, windowWords } from "./matcher.ts";
import { countSloppy, type SloppyPlace, sloppyPlaces } from "./sloppy-phrase.ts";
import type { FieldStatistics } from "./term-statistics.ts";

/** One place of a phrase, and the terms that may stand there (several for a prefix). */
export interface PhraseTerm {
  /** Those that this segment has. */
  readonly ords: readonly number[];
  /** How many documents have each of them, over all segments: also those that this one does not have. */
  readonly docFreqs: readonly number[];
  readonly position: number;
}

/** One term in the present window. */
class PlacedTerm {
  readonly offset: number;
  readonly place: number;
  readonly bits = newWindow();
  readonly #cursor: PostingCursor;
  readonly #docs: Uint32Array;
  readonly #extras: Uint32Array;
  /** By document of the window: what stands beside it in the postings. */
  readonly beside = new Uint32Array(windowSize);

  constructor(field: TextField, ord: number, offset: number, place: number) {
    this.offset = offset;
    this.place = place;
    this.#cursor = new PostingCursor(field.postings, ord);
    this.#docs = new Uint32Array(Math.min(windowSize, this.#cursor.count));
    this.#extras = new Uint32Array(this.#docs.length);
  }

  read(base: number, end: number): void {
    const { bits, beside } = this;
    bits.fill(0);
    const taken = this.#cursor.take(base, end, this.#docs, this.#extras);
    for (let i = 0; i < taken; i++) {
      const at = (this.#docs[i] as number) - base;
      bits[at >>> 5] = (bits[at >>> 5] as number) | (1 << (at & 31));
      beside[at] = this.#extras[i] as number;
    }
  }
}

/** Documents in which the terms stand one after the other, or with `slop` at most so many moves away from that. */
export class PhraseMatcher extends Matcher {
  readonly cost: number;
  readonly #field: TextField;
  readonly #places: readonly (readonly PlacedTerm[])[];
  readonly #slop: number;
  readonly #weight: number;
  readonly #norms: Float64Array;
  readonly #hasNorms: boolean;
  readonly #frequencies = new Float64Array(windowSize);
  readonly #placeBits = newWindow();
  #lists: number[][];
  readonly #repeats: SloppyPlace[];
  readonly #hasChoices: boolean;
  readonly #averageLength: number;
  readonly #isFlat: boolean;

  constructor(
    field: TextField,
    terms: readonly PhraseTerm[],
    slop: number,
    boost: number,
    hasNorms: boolean,
    { docCount, totalTerms, norms, isFlat = false }: FieldStatistics,
  ) {
    super(boost);
    this.#field = field;
    this.#slop = slop;
    const start = terms[0]?.position ?? 0;
    this.#places = terms.map((term, place) =>
      term.ords.map((ord) => new PlacedTerm(field, ord, term.position - start, place)),
    );
    this.#lists = terms.map(() => []);
    this.#repeats = sloppyPlaces(
      terms.map(({ ords }) => ords),
      terms.map(({ position }) => position - start),
    );
    this.#hasChoices = terms.some(({ ords }) => ords.length > 1);
    let lowest = Number.POSITIVE_INFINITY;
    let weight = 0;
    for (const { ords, docFreqs } of terms) {
      lowest = Math.min(
        lowest,
        ords.reduce((sum, ord) => sum + field.postings.count(ord), 0),
      );
      for (const docFreq of docFreqs) weight += idf(docCount, docFreq);
    }
    this.cost = lowest / 2;
    // A phrase is as rare as its terms together: their weights add up.
    const rarity = docCount === 0 ? 0 : (weight * bm25Weight(docCount, 1, boost)) / idf(docCount, 1);
    this.#isFlat = isFlat;
    this.#weight = isFlat ? boost : rarity;
    this.#averageLength = docCount === 0 ? 1 : totalTerms / docCount;
    this.#norms = norms;
    this.#hasNorms = hasNorms;
  }

  fill(base: number, end: number, bits: Uint32Array): void {
    bits.fill(0xffffffff);
    this.keep(base, end, bits);
  }

  override keep(base: number, end: number, bits: Uint32Array): void {
    for (const place of this.#places) {
      const any = this.#placeBits;
      any.fill(0);
      for (const term of place) {
        term.read(base, end);
        for (let i = 0; i < windowWords; i++) any[i] = (any[i] as number) | (term.bits[i] as number);
      }
      for (let i = 0; i < windowWords; i++) bits[i] = (bits[i] as number) & (any[i] as number);
      if (isEmpty(bits)) return;
    }
    for (let i = 0; i < windowWords; i++) {
      let word = bits[i] as number;
      while (word !== 0) {
        const bit = word & -word;
        const at = (i << 5) + 31 - Math.clz32(bit);
        const frequency = this.#frequency(at);
        this.#frequencies[at] = frequency;
        if (frequency === 0) bits[i] = (bits[i] as number) ^ bit;
        word ^= bit;
      }
    }
  }

  /** Adds where the phrase begins in a document of the present window, which it was found to match exactly. */
  addStarts(at: number, into: Set<number>): void {
    this.#readLists(at);
    const [first = [], ...others] = this.#lists;
    for (const start of first) if (others.every((list) => list.includes(start))) into.add(start);
  }

  #frequency(at: number): number {
    this.#readLists(at);
    const lists = this.#lists;
    return this.#slop === 0 ? countExact(lists) : countSloppy(lists, this.#repeats, this.#slop, this.#hasChoices);
  }

  #readLists(at: number): void {
    const lists = this.#lists;
    for (const [i, place] of this.#places.entries()) {
      const list = lists[i] as number[];
      list.length = 0;
      for (const term of place)
        if ((((term.bits[at >>> 5] as number) >>> (at & 31)) & 1) === 1) this.#readPositions(term, at, list);
      if (place.length > 1) list.sort((a, b) => a - b);
    }
  }

  /** Positions less the place in the phrase: in an exact match all are equal. */
  #readPositions(term: PlacedTerm, at: number, list: number[]): void {
    const beside = term.beside[at] as number;
    if ((beside & 1) === 1) {
      list.push((beside >>> 1) - term.offset);
      return;
    }
    const { positions } = this.#field;
    const place = beside >>> 1;
    const count = positions[place] as number;
    for (let i = 1; i <= count; i++) list.push((positions[place + i] as number) - term.offset);
  }

  override score(base: number, end: number, bits: Uint32Array, scores: Float64Array): void {
    const lengths = this.#hasNorms ? this.#field.lengths : undefined;
    addFrequencyScores(base, end, bits, scores, this.#frequencies, this.#weight, this.#norms, lengths);
  }

  override explain(base: number, end: number, at: number): Explanation {
    if (this.#isFlat) return given(this.scoreOf(base, end, at), "constant score");
    const idfValue = this.boost === 0 ? 0 : this.#weight / (this.boost * 2.2);
    return explainTerm(this.scoreOf(base, end, at), "phrase", {
      boost: this.boost,
      idf: { value: idfValue, description: "idf, sum of those of the words", details: [] },
      frequency: this.#frequencies[at] as number,
      length: this.#hasNorms ? decodeLength(this.#field.lengths[base + at] as number) : 1,
      averageLength: this.#averageLength,
    });
  }
}

function countExact(lists: readonly (readonly number[])[]): number {
  const [first = []] = lists;
  if (lists.length === 2) return countCommon(first, lists[1] ?? []);
  let common: readonly number[] = first;
  for (let i = 1; i < lists.length && common.length > 0; i++) {
    const other = new Set(lists[i]);
    common = common.filter((position) => other.has(position));
  }
  return common.length;
}

function countCommon(a: readonly number[], b: readonly number[]): number {
  let count = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const difference = (a[i] as number) - (b[j] as number);
    if (difference === 0) count++;
    // Where two words of the text stand at one place of the phrase's first, each counts.
    if (difference <= 0) i++;
    else j++;
  }
  return count;
}

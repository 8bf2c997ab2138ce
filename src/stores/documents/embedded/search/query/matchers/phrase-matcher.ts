import type { LentArrays } from "../../lent-arrays.ts";
import type { TextField } from "../../segment/text-field.ts";
import { decodeLength } from "../../segment/text-length.ts";
import { bm25Weight, idf } from "../scoring/bm25.ts";
import { type Explanation, explainTerm, given } from "../scoring/explanation.ts";
import { addFrequencyScores, type FrequencyWeight } from "../scoring/frequency-scores.ts";
import type { FieldStatistics } from "../scoring/term-statistics.ts";
import { Effort } from "./effort.ts";
import { FrequencyMatcher } from "./frequency-matcher.ts";
import { isEmpty, newWindow, windowWords } from "./matcher.ts";
import { countSloppy, type SloppyPlace, sloppyPlaces } from "./sloppy-phrase.ts";
import { type WindowTerm, windowTerm } from "./window-term.ts";

/** One place of a phrase, and the terms that may stand there (several for a prefix). */
export interface PhraseTerm {
  /** Those that this segment has. */
  readonly ords: readonly number[];
  /** How many documents have each of them, over all segments: also those that this one does not have. */
  readonly docFreqs: readonly number[];
  readonly position: number;
}

/** What may stand at one place of a phrase. */
interface Place {
  readonly terms: readonly WindowTerm[];
  /** From the first place. */
  readonly offset: number;
}

/** Documents in which the terms stand one after the other, or with `slop` at most so many moves away from that. */
export class PhraseMatcher extends FrequencyMatcher {
  readonly cost: number;
  readonly #places: readonly Place[];
  readonly #slop: number;
  readonly #weight: FrequencyWeight;
  readonly #placeBits = newWindow();
  readonly #effort = new Effort();
  readonly #lists: readonly number[][];
  readonly #repeats: readonly SloppyPlace[];
  readonly #hasChoices: boolean;
  readonly #averageLength: number;
  readonly #isFlat: boolean;

  constructor(
    field: TextField,
    terms: readonly PhraseTerm[],
    slop: number,
    boost: number,
    hasNorms: boolean,
    { docCount, totalTerms, norms, isFlat = false, isPlain = false }: FieldStatistics,
    arrays: LentArrays,
  ) {
    super(boost, arrays);
    this.#slop = slop;
    const start = terms[0]?.position ?? 0;
    const known = new Map<number, WindowTerm>();
    const termOf = (ord: number): WindowTerm => {
      const term = known.get(ord) ?? windowTerm(field, ord, arrays);
      known.set(ord, term);
      return term;
    };
    this.#places = terms.map(({ ords, position }) => ({ terms: ords.map(termOf), offset: position - start }));
    this.#lists = slop === 0 ? [[], []] : terms.map(() => []);
    this.#repeats = slop === 0 ? [] : sloppyPlaces(this.#places);
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
    const rarity = docCount === 0 ? 0 : (weight * bm25Weight({ docCount, isPlain }, 1, boost)) / idf(docCount, 1);
    this.#isFlat = isFlat;
    this.#weight = { weight: isFlat ? boost : rarity, norms, lengths: hasNorms ? field.lengths : undefined };
    this.#averageLength = docCount === 0 ? 1 : totalTerms / docCount;
  }

  override next(from: number): number {
    let next = from;
    for (const { terms } of this.#places) {
      let first = Number.POSITIVE_INFINITY;
      for (const term of terms) first = Math.min(first, term.next(from));
      next = Math.max(next, first);
    }
    return next;
  }

  protected sift(base: number, end: number, bits: Uint32Array): void {
    this.#effort.restart();
    for (const { terms } of this.#places) {
      const [only] = terms;
      if (terms.length === 1 && only !== undefined) only.keep(base, end, bits);
      else this.#keepAny(terms, base, end, bits);
      if (isEmpty(bits)) return;
    }
  }

  #keepAny(terms: readonly WindowTerm[], base: number, end: number, bits: Uint32Array): void {
    const any = this.#placeBits;
    any.fill(0);
    for (const term of terms) term.read(base, end, any);
    for (let i = 0; i < windowWords; i++) bits[i] = (bits[i] as number) & (any[i] as number);
  }

  /** Adds where the phrase begins in a document of the present window, which it was found to match exactly. */
  addStarts(at: number, into: Set<number>): void {
    const count = this.#findStarts(at);
    const [starts = []] = this.#lists;
    for (let i = 0; i < count; i++) into.add(starts[i] as number);
  }

  protected frequency(at: number): number {
    if (this.#slop === 0) return (this.#hasChoices ? undefined : this.#ofSinglePlaces(at)) ?? this.#findStarts(at);
    for (let i = 0; i < this.#places.length; i++) this.#readPlace(i, at, this.#lists[i] as number[]);
    return countSloppy(this.#lists, this.#repeats, this.#slop, this.#hasChoices, this.#effort);
  }

  /** Of most documents the postings themselves say where the one place of a word is; undefined when that is not enough. */
  #ofSinglePlaces(at: number): 0 | 1 | undefined {
    let start = 0;
    for (let i = 0; i < this.#places.length; i++) {
      const { terms, offset } = this.#places[i] as Place;
      const beside = (terms[0] as WindowTerm).beside(at);
      if ((beside & 1) === 0) return undefined;
      const own = (beside >>> 1) - offset;
      if (i === 0) start = own;
      else if (own !== start) return 0;
    }
    return 1;
  }

  /** The first list holds where the phrase begins in a document that it matches exactly; answers how many of them there are. */
  #findStarts(at: number): number {
    const [starts, others] = this.#lists as [number[], number[]];
    this.#readPlace(0, at, starts);
    let count = starts.length;
    for (let i = 1; i < this.#places.length && count > 0; i++) {
      this.#readPlace(i, at, others);
      count = keepCommon(starts, count, others);
    }
    return count;
  }

  /** Positions less the place in the phrase: in an exact match all are equal. */
  #readPlace(i: number, at: number, list: number[]): void {
    const { terms, offset } = this.#places[i] as Place;
    list.length = 0;
    for (const term of terms) term.positions(at, list, offset);
    if (terms.length > 1) list.sort((a, b) => a - b);
    this.#effort.spend(list.length);
  }

  override score(base: number, _end: number, bits: Uint32Array, scores: Float64Array): void {
    addFrequencyScores(base, bits, scores, this.frequencies, this.#weight);
  }

  override explain(base: number, end: number, at: number): Explanation {
    if (this.#isFlat) return given(this.scoreOf(base, end, at), "constant score");
    const { weight, lengths } = this.#weight;
    const idfValue = this.boost === 0 ? 0 : weight / (this.boost * 2.2);
    return explainTerm(this.scoreOf(base, end, at), "phrase", {
      boost: this.boost,
      idf: { value: idfValue, description: "idf, sum of those of the words", details: [] },
      frequency: this.frequencies[at] as number,
      length: lengths === undefined ? 1 : decodeLength(lengths[base + at] as number),
      averageLength: this.#averageLength,
    });
  }
}

/** Moves those of the first `count` that the other list has, too, to the front, and answers how many these are. Both lists ascend. */
function keepCommon(list: number[], count: number, other: readonly number[]): number {
  let kept = 0;
  for (let i = 0, j = 0; i < count && j < other.length; ) {
    const own = list[i] as number;
    const difference = own - (other[j] as number);
    if (difference === 0) list[kept++] = own;
    // Where two words of the text stand at one place of the phrase's first, each counts.
    if (difference <= 0) i++;
    else j++;
  }
  return kept;
}

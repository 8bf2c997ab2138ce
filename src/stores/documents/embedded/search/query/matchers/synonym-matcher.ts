import { PostingCursor } from "../../segment/postings.ts";
import type { TextField } from "../../segment/text-field.ts";
import { bm25Weight } from "../scoring/bm25.ts";
import { addFrequencyScores, type FrequencyWeight } from "../scoring/frequency-scores.ts";
import type { FieldStatistics } from "../scoring/term-statistics.ts";
import { Matcher, windowSize } from "./matcher.ts";

/** Documents that hold any of several terms that mean the same; scored as one term that is as frequent as all of them together. */
export class SynonymMatcher extends Matcher {
  readonly cost: number;
  readonly #field: TextField;
  readonly #cursors: readonly PostingCursor[];
  readonly #docs = new Uint32Array(windowSize);
  readonly #extras = new Uint32Array(windowSize);
  readonly #frequencies = new Uint32Array(windowSize);
  readonly #weight: FrequencyWeight;

  /** `docFreq`: how many documents have the most frequent of the terms. */
  constructor(
    field: TextField,
    ords: readonly number[],
    docFreq: number,
    boost: number,
    hasNorms: boolean,
    statistics: FieldStatistics,
  ) {
    super(boost);
    this.#field = field;
    this.#cursors = ords.map((ord) => new PostingCursor(field.postings, ord));
    this.cost = this.#cursors.reduce((sum, { count }) => sum + count, 0);
    const { norms, isFlat = false } = statistics;
    const weight = isFlat ? boost : bm25Weight(statistics, docFreq, boost);
    this.#weight = { weight, norms, lengths: hasNorms ? field.lengths : undefined };
  }

  fill(base: number, end: number, bits: Uint32Array): void {
    const frequencies = this.#frequencies;
    frequencies.fill(0);
    for (const cursor of this.#cursors) {
      const taken = cursor.take(base, end, this.#docs, this.#extras);
      for (let i = 0; i < taken; i++) {
        const at = (this.#docs[i] as number) - base;
        bits[at >>> 5] = (bits[at >>> 5] as number) | (1 << (at & 31));
        frequencies[at] = (frequencies[at] as number) + this.#field.frequency(this.#extras[i] as number);
      }
    }
  }

  override score(base: number, _end: number, bits: Uint32Array, scores: Float64Array): void {
    addFrequencyScores(base, bits, scores, this.#frequencies, this.#weight);
  }
}

import type { TextField } from "../segment/text-field.ts";
import { Matcher, newWindow, windowSize, windowWords } from "./matcher.ts";
import type { PhraseMatcher } from "./phrase-matcher.ts";
import { addFrequencyScores } from "./synonym-matcher.ts";
import { inverseNorms } from "./term-matcher.ts";
import type { FieldStatistics } from "./term-statistics.ts";

/** Documents that hold any of several phrases, which are one to the score: their frequencies add up. */
export class GraphPhraseMatcher extends Matcher {
  readonly cost: number;
  readonly #field: TextField;
  readonly #phrases: readonly PhraseMatcher[];
  readonly #weight: number;
  readonly #norms: Float64Array;
  readonly #hasNorms: boolean;
  readonly #frequencies = new Float64Array(windowSize);
  readonly #any = newWindow();
  readonly #own = newWindow();

  constructor(
    field: TextField,
    phrases: readonly PhraseMatcher[],
    weight: number,
    hasNorms: boolean,
    { docCount, totalTerms }: FieldStatistics,
  ) {
    super(1);
    this.#field = field;
    this.#phrases = phrases;
    this.#weight = weight;
    this.#norms = inverseNorms(docCount === 0 ? 1 : totalTerms / docCount);
    this.#hasNorms = hasNorms;
    this.cost = phrases.reduce((sum, { cost }) => sum + cost, 0);
  }

  fill(base: number, end: number, bits: Uint32Array): void {
    bits.fill(0xffffffff);
    this.keep(base, end, bits);
  }

  override keep(base: number, end: number, bits: Uint32Array): void {
    const any = this.#any;
    any.fill(0);
    this.#frequencies.fill(0);
    for (const phrase of this.#phrases) {
      this.#own.set(bits);
      phrase.keep(base, end, this.#own);
      phrase.addFrequencies(this.#own, this.#frequencies);
      for (let i = 0; i < windowWords; i++) any[i] = (any[i] as number) | (this.#own[i] as number);
    }
    bits.set(any);
  }

  override score(base: number, end: number, bits: Uint32Array, scores: Float64Array): void {
    addFrequencyScores(
      base,
      end,
      bits,
      scores,
      this.#frequencies,
      this.#weight,
      this.#norms,
      this.#hasNorms ? this.#field.lengths : undefined,
    );
  }
}

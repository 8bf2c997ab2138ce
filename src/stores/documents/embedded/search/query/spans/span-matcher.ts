import type { LentArrays } from "../../lent-arrays.ts";
import { FrequencyMatcher } from "../matchers/frequency-matcher.ts";
import { addFrequencyScores, type FrequencyWeight } from "../scoring/frequency-scores.ts";
import type { SpanSource } from "./span-source.ts";

/** Documents that have a span of a source; those that are less wide count more. */
export class SpanMatcher extends FrequencyMatcher {
  readonly cost: number;
  readonly #source: SpanSource;
  readonly #weight: FrequencyWeight;

  constructor(source: SpanSource, weight: FrequencyWeight, boost: number, arrays: LentArrays) {
    super(boost, arrays);
    this.#source = source;
    this.#weight = weight;
    this.cost = source.cost;
  }

  protected sift(base: number, end: number, bits: Uint32Array): void {
    this.#source.read(base, end);
    this.#source.keep(bits);
  }

  protected frequency(at: number): number {
    let sum = 0;
    for (const { width } of this.#source.spans(at)) sum += 1 / (1 + width);
    return sum;
  }

  override score(base: number, _end: number, bits: Uint32Array, scores: Float64Array): void {
    addFrequencyScores(base, bits, scores, this.frequencies, this.#weight);
  }
}

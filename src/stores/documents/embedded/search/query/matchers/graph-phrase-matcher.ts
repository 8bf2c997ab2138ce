import type { LentArrays } from "../../lent-arrays.ts";
import { hasBit } from "../../segment/bits.ts";
import { addFrequencyScores, type FrequencyWeight } from "../scoring/frequency-scores.ts";
import { FrequencyMatcher } from "./frequency-matcher.ts";
import { newWindow, windowWords } from "./matcher.ts";
import type { PhraseMatcher } from "./phrase-matcher.ts";

/** One of several phrases. */
export interface PhraseWay {
  readonly phrase: PhraseMatcher;
  /** Which way it begins. */
  readonly beginning: number;
  /** Its documents in the present window. */
  readonly bits: Uint32Array;
}

/** Documents that hold any of several phrases, which are one to the score: their frequencies add up. */
export class GraphPhraseMatcher extends FrequencyMatcher {
  readonly cost: number;
  readonly #ways: readonly PhraseWay[];
  readonly #weight: FrequencyWeight;
  readonly #any = newWindow();
  readonly #beginnings: readonly number[];

  constructor(ways: readonly PhraseWay[], weight: FrequencyWeight, arrays: LentArrays) {
    super(1, arrays);
    this.#ways = ways;
    this.#beginnings = [...new Set(ways.map(({ beginning }) => beginning))];
    this.#weight = weight;
    this.cost = ways.reduce((sum, { phrase }) => sum + phrase.cost, 0);
  }

  protected sift(base: number, end: number, bits: Uint32Array): void {
    const any = this.#any;
    any.fill(0);
    for (const { phrase, bits: own } of this.#ways) {
      own.set(bits);
      phrase.keep(base, end, own);
      for (let i = 0; i < windowWords; i++) any[i] = (any[i] as number) | (own[i] as number);
    }
    bits.set(any);
  }

  /** Ways that begin with the same words and at the same place of the text are one occurrence. */
  protected frequency(at: number): number {
    let sum = 0;
    for (const beginning of this.#beginnings) {
      const starts = new Set<number>();
      for (const way of this.#ways)
        if (way.beginning === beginning && hasBit(way.bits, at)) way.phrase.addStarts(at, starts);
      sum += starts.size;
    }
    return sum;
  }

  override score(base: number, _end: number, bits: Uint32Array, scores: Float64Array): void {
    addFrequencyScores(base, bits, scores, this.frequencies, this.#weight);
  }
}

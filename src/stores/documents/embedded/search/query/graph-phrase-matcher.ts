import type { TextField } from "../segment/text-field.ts";
import { addFrequencyScores } from "./frequency-scores.ts";
import { Matcher, newWindow, windowSize, windowWords } from "./matcher.ts";
import type { PhraseMatcher } from "./phrase-matcher.ts";
import type { FieldStatistics } from "./term-statistics.ts";

/** One of several phrases. */
export interface PhraseWay {
  readonly phrase: PhraseMatcher;
  /** Which way it begins. */
  readonly beginning: number;
  /** Its documents in the present window. */
  readonly bits: Uint32Array;
}

const isSet = (bits: Uint32Array, at: number): boolean => (((bits[at >>> 5] as number) >>> (at & 31)) & 1) === 1;

/** Documents that hold any of several phrases, which are one to the score: their frequencies add up. */
export class GraphPhraseMatcher extends Matcher {
  readonly cost: number;
  readonly #field: TextField;
  readonly #ways: readonly PhraseWay[];
  readonly #weight: number;
  readonly #norms: Float64Array;
  readonly #hasNorms: boolean;
  readonly #frequencies = new Float64Array(windowSize);
  readonly #any = newWindow();
  readonly #beginnings: readonly number[];

  constructor(
    field: TextField,
    ways: readonly PhraseWay[],
    weight: number,
    hasNorms: boolean,
    { norms }: FieldStatistics,
  ) {
    super(1);
    this.#field = field;
    this.#ways = ways;
    this.#beginnings = [...new Set(ways.map(({ beginning }) => beginning))];
    this.#weight = weight;
    this.#norms = norms;
    this.#hasNorms = hasNorms;
    this.cost = ways.reduce((sum, { phrase }) => sum + phrase.cost, 0);
  }

  fill(base: number, end: number, bits: Uint32Array): void {
    bits.fill(0xffffffff);
    this.keep(base, end, bits);
  }

  override keep(base: number, end: number, bits: Uint32Array): void {
    const any = this.#any;
    any.fill(0);
    for (const { phrase, bits: own } of this.#ways) {
      own.set(bits);
      phrase.keep(base, end, own);
      for (let i = 0; i < windowWords; i++) any[i] = (any[i] as number) | (own[i] as number);
    }
    bits.set(any);
    for (let at = 0; at < windowSize; at++) if (isSet(bits, at)) this.#frequencies[at] = this.#frequency(at);
  }

  /** Ways that begin with the same words and at the same place of the text are one occurrence. */
  #frequency(at: number): number {
    let sum = 0;
    for (const beginning of this.#beginnings) {
      const starts = new Set<number>();
      for (const way of this.#ways)
        if (way.beginning === beginning && isSet(way.bits, at)) way.phrase.addStarts(at, starts);
      sum += starts.size;
    }
    return sum;
  }

  override score(base: number, end: number, bits: Uint32Array, scores: Float64Array): void {
    const lengths = this.#hasNorms ? this.#field.lengths : undefined;
    addFrequencyScores(base, end, bits, scores, this.#frequencies, this.#weight, this.#norms, lengths);
  }
}

import { addFrequencyScores } from "../frequency-scores.ts";
import { Matcher, windowSize, windowWords } from "../matcher.ts";
import type { SpanSource } from "./span-source.ts";

/** How the frequency of spans becomes a score. */
export interface SpanWeight {
  readonly weight: number;
  readonly norms: Float64Array;
  /** By document; undefined for fields without norms. */
  readonly lengths: Uint8Array | undefined;
}

/** Documents that have a span of a source; those that are less wide count more. */
export class SpanMatcher extends Matcher {
  readonly cost: number;
  readonly #source: SpanSource;
  readonly #weight: SpanWeight;
  readonly #frequencies = new Float64Array(windowSize);

  constructor(source: SpanSource, weight: SpanWeight, boost: number) {
    super(boost);
    this.#source = source;
    this.#weight = weight;
    this.cost = source.cost;
  }

  fill(base: number, end: number, bits: Uint32Array): void {
    bits.fill(0xffffffff);
    this.keep(base, end, bits);
  }

  override keep(base: number, end: number, bits: Uint32Array): void {
    this.#source.read(base, end);
    this.#source.keep(bits);
    for (let i = 0; i < windowWords; i++) {
      let word = bits[i] as number;
      while (word !== 0) {
        const bit = word & -word;
        word ^= bit;
        const at = (i << 5) + 31 - Math.clz32(bit);
        const frequency = this.#frequency(at);
        this.#frequencies[at] = frequency;
        if (frequency === 0) bits[i] = (bits[i] as number) ^ bit;
      }
    }
  }

  #frequency(at: number): number {
    let sum = 0;
    for (const { width } of this.#source.spans(at)) sum += 1 / (1 + width);
    return sum;
  }

  override score(base: number, end: number, bits: Uint32Array, scores: Float64Array): void {
    const { weight, norms, lengths } = this.#weight;
    addFrequencyScores(base, end, bits, scores, this.#frequencies, weight, norms, lengths);
  }
}

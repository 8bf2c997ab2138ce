import { type Explanation, given } from "../scoring/explanation.ts";
import { Matcher, newWindow, windowSize } from "./matcher.ts";

/** Matches `positive`; what also matches `negative` scores less. */
export class BoostingMatcher extends Matcher {
  readonly cost: number;
  readonly #positive: Matcher;
  readonly #negative: Matcher;
  readonly #negativeBoost: number;
  readonly #demoted = newWindow();
  readonly #own = new Float64Array(windowSize);

  constructor(positive: Matcher, negative: Matcher, negativeBoost: number, boost: number) {
    super(boost);
    this.#positive = positive;
    this.#negative = negative;
    this.#negativeBoost = negativeBoost;
    this.cost = positive.cost;
  }

  fill(base: number, end: number, bits: Uint32Array): void {
    this.#positive.fill(base, end, bits);
  }

  override keep(base: number, end: number, bits: Uint32Array): void {
    this.#positive.keep(base, end, bits);
  }

  override score(base: number, end: number, bits: Uint32Array, scores: Float64Array): void {
    this.#own.fill(0);
    this.#positive.score(base, end, bits, this.#own);
    this.#demoted.set(bits);
    this.#negative.keep(base, end, this.#demoted);
    for (let d = 0; d < end - base; d++) {
      const isDemoted = (((this.#demoted[d >>> 5] as number) >>> (d & 31)) & 1) === 1;
      const factor = isDemoted ? this.boost * this.#negativeBoost : this.boost;
      scores[d] = (scores[d] as number) + factor * (this.#own[d] as number);
    }
  }

  override explain(base: number, end: number, at: number): Explanation {
    const positive = this.#positive.explain(base, end, at);
    const factor = Matcher.has(this.#demoted, at) ? this.boost * this.#negativeBoost : this.boost;
    return {
      value: factor * positive.value,
      description: "product of:",
      details: [positive, given(factor, Matcher.has(this.#demoted, at) ? "boost of what is demoted" : "boost")],
    };
  }
}

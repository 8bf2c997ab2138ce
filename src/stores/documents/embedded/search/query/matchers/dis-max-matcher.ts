import type { Explanation } from "../scoring/explanation.ts";
import { Matcher, newWindow, windowSize, windowWords } from "./matcher.ts";

/** The best score of its clauses, plus `tieBreaker` times the others. */
export class DisMaxMatcher extends Matcher {
  readonly cost: number;
  readonly #clauses: readonly Matcher[];
  readonly #tieBreaker: number;
  readonly #matched: readonly Uint32Array[];
  readonly #scratch = newWindow();
  readonly #sum = new Float64Array(windowSize);
  readonly #best = new Float64Array(windowSize);
  readonly #own = new Float64Array(windowSize);

  constructor(clauses: readonly Matcher[], tieBreaker: number, boost: number) {
    super(boost);
    this.#clauses = clauses;
    this.#tieBreaker = tieBreaker;
    this.#matched = clauses.map(newWindow);
    this.cost = clauses.reduce((sum, clause) => sum + clause.cost, 0);
  }

  fill(base: number, end: number, bits: Uint32Array): void {
    for (const [i, clause] of this.#clauses.entries()) {
      const own = this.#matched[i] as Uint32Array;
      own.fill(0);
      clause.fill(base, end, own);
      for (let w = 0; w < windowWords; w++) bits[w] = (bits[w] as number) | (own[w] as number);
    }
  }

  override keep(base: number, end: number, bits: Uint32Array): void {
    const any = this.#scratch;
    any.fill(0);
    for (const [i, clause] of this.#clauses.entries()) {
      const own = this.#matched[i] as Uint32Array;
      own.set(bits);
      clause.keep(base, end, own);
      for (let w = 0; w < windowWords; w++) any[w] = (any[w] as number) | (own[w] as number);
    }
    bits.set(any);
  }

  override score(base: number, end: number, bits: Uint32Array, scores: Float64Array): void {
    const length = end - base;
    this.#sum.fill(0);
    this.#best.fill(0);
    for (const [i, clause] of this.#clauses.entries()) {
      const matched = this.#matched[i] as Uint32Array;
      const own = this.#scratch;
      for (let w = 0; w < windowWords; w++) own[w] = (bits[w] as number) & (matched[w] as number);
      this.#own.fill(0);
      clause.score(base, end, own, this.#own);
      for (let d = 0; d < length; d++) {
        const score = this.#own[d] as number;
        if (score === 0) continue;
        this.#sum[d] = (this.#sum[d] as number) + score;
        if (score > (this.#best[d] as number)) this.#best[d] = score;
      }
    }
    const tie = this.#tieBreaker;
    for (let d = 0; d < length; d++) {
      const best = this.#best[d] as number;
      if (best !== 0) scores[d] = (scores[d] as number) + this.boost * (best + tie * ((this.#sum[d] as number) - best));
    }
  }

  override bound(base: number): number {
    let [sum, best] = [0, 0];
    for (const clause of this.#clauses) {
      const own = clause.bound(base);
      sum += own;
      best = Math.max(best, own);
    }
    return this.boost * (best + this.#tieBreaker * (sum - best));
  }

  override explain(base: number, end: number, at: number): Explanation {
    const details: Explanation[] = [];
    for (const [i, clause] of this.#clauses.entries())
      if (Matcher.has(this.#matched[i] as Uint32Array, at)) details.push(clause.explain(base, end, at));
    let best = 0;
    let sum = 0;
    for (const { value } of details) {
      best = Math.max(best, value);
      sum += value;
    }
    const tie = this.#tieBreaker;
    const description = tie === 0 ? "max of:" : `max plus ${tie} times others of:`;
    return { value: this.boost * (best + tie * (sum - best)), description, details };
  }
}

import type { NumberField } from "../../segment/number-field.ts";
import { isEmpty, Matcher, newWindow, windowSize, windowWords } from "./matcher.ts";

/** Documents that match as many of the clauses as a field of theirs says. */
export class CoveringMatcher extends Matcher {
  readonly cost: number;
  readonly #clauses: readonly Matcher[];
  readonly #needed: NumberField;
  readonly #matched: readonly Uint32Array[];
  readonly #counts = new Uint16Array(windowSize);
  readonly #own = newWindow();
  readonly #scores = new Float64Array(windowSize);

  constructor(clauses: readonly Matcher[], needed: NumberField, maxDoc: number, boost: number) {
    super(boost);
    this.#clauses = clauses;
    this.#needed = needed;
    this.#matched = clauses.map(newWindow);
    this.cost = Math.min(
      maxDoc,
      clauses.reduce((sum, clause) => sum + clause.cost, 0),
    );
  }

  fill(base: number, end: number, bits: Uint32Array): void {
    this.#counts.fill(0);
    for (const [i, clause] of this.#clauses.entries()) {
      const own = this.#matched[i] as Uint32Array;
      own.fill(0);
      clause.fill(base, end, own);
      for (let at = 0; at < end - base; at++) {
        if ((((own[at >>> 5] as number) >>> (at & 31)) & 1) === 1) this.#counts[at] = (this.#counts[at] as number) + 1;
      }
    }
    for (let at = 0; at < end - base; at++) {
      const count = this.#counts[at] as number;
      if (count === 0 || this.#needed.countOf(base + at) === 0) continue;
      if (count >= Math.trunc(this.#needed.valueAt(base + at, 0)))
        bits[at >>> 5] = (bits[at >>> 5] as number) | (1 << (at & 31));
    }
  }

  override score(base: number, end: number, bits: Uint32Array, scores: Float64Array): void {
    this.#scores.fill(0);
    for (const [i, clause] of this.#clauses.entries()) {
      const matched = this.#matched[i] as Uint32Array;
      for (let w = 0; w < windowWords; w++) this.#own[w] = (bits[w] as number) & (matched[w] as number);
      if (!isEmpty(this.#own)) clause.score(base, end, this.#own, this.#scores);
    }
    for (let at = 0; at < end - base; at++)
      scores[at] = (scores[at] as number) + this.boost * (this.#scores[at] as number);
  }
}

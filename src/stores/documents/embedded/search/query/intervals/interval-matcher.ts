import type { LentArrays } from "../../lent-arrays.ts";
import { FrequencyMatcher } from "../matchers/frequency-matcher.ts";
import { newWindow, windowWords } from "../matchers/matcher.ts";
import type { WindowTerm } from "../matchers/window-term.ts";
import type { IntervalSource } from "./interval-sources.ts";

/** Documents that have an interval of a source; many short ones score more, up to the boost. */
export class IntervalMatcher extends FrequencyMatcher {
  readonly cost: number;
  readonly #source: IntervalSource;
  readonly #terms: readonly WindowTerm[];
  readonly #any = newWindow();

  constructor(source: IntervalSource, terms: readonly WindowTerm[], boost: number, arrays: LentArrays) {
    super(boost, arrays);
    this.#source = source;
    this.#terms = terms;
    this.cost = terms.reduce((sum, { count }) => sum + count, 0);
  }

  protected sift(base: number, end: number, bits: Uint32Array): void {
    const any = this.#any;
    any.fill(0);
    for (const term of this.#terms) term.read(base, end, any);
    for (let i = 0; i < windowWords; i++) bits[i] = (bits[i] as number) & (any[i] as number);
  }

  protected frequency(at: number): number {
    const { minExtent } = this.#source;
    let sum = 0;
    for (const { start, end } of this.#source.intervals(at)) sum += 1 / Math.max(end - start + 2 - minExtent, 1);
    return sum;
  }

  override score(_base: number, _end: number, bits: Uint32Array, scores: Float64Array): void {
    for (let i = 0; i < windowWords; i++) {
      let word = bits[i] as number;
      while (word !== 0) {
        const at = (i << 5) + 31 - Math.clz32(word & -word);
        word &= word - 1;
        const frequency = this.frequencies[at] as number;
        scores[at] = (scores[at] as number) + (this.boost * frequency) / (frequency + 1);
      }
    }
  }
}

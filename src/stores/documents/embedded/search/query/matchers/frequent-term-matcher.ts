import { countBits } from "../../segment/bits.ts";
import type { TermSpans } from "../../segment/term-spans.ts";
import type { Explanation } from "../scoring/explanation.ts";
import { type Entries, type ScoredTerm, TermScoring } from "../scoring/term-scoring.ts";
import { Matcher, windowWords } from "./matcher.ts";

/** With fewer documents to score than one in so many of the list, each is looked for. */
const sparse = 16;

/** Documents that hold a term which many have: they are known as bits, and the list is read where scores are wanted. */
export class FrequentTermMatcher extends Matcher {
  readonly cost: number;
  readonly #spans: TermSpans;
  readonly #words: Uint32Array;
  readonly #entries: Entries;
  readonly #scoring: TermScoring;

  constructor(of: ScoredTerm, spans: TermSpans, words: Uint32Array) {
    super(of.boost);
    this.#spans = spans;
    this.#words = words;
    const { arena, width, from, to } = spans.list;
    this.cost = (to - from) / width;
    this.#entries = { docs: arena, extras: arena, step: width, beside: width - 1 };
    this.#scoring = new TermScoring(of);
  }

  override get constantScore(): number | undefined {
    return this.#scoring.constantScore;
  }

  override get exactCount(): number {
    return this.cost;
  }

  fill(base: number, _end: number, bits: Uint32Array): void {
    const words = this.#words;
    const from = base >>> 5;
    const count = Math.min(windowWords, words.length - from);
    for (let i = 0; i < count; i++) bits[i] = words[from + i] as number;
  }

  override keep(base: number, _end: number, bits: Uint32Array): void {
    const words = this.#words;
    const from = base >>> 5;
    const count = Math.max(0, Math.min(windowWords, words.length - from));
    for (let i = 0; i < count; i++) bits[i] = (bits[i] as number) & (words[from + i] as number);
    bits.fill(0, count);
  }

  override bound(base: number): number {
    return this.#scoring.bound(this.#spans, base);
  }

  override score(base: number, end: number, bits: Uint32Array, scores: Float64Array): void {
    const from = this.#spans.find(base);
    const to = this.#spans.find(end);
    const { step } = this.#entries;
    if (countBits(bits) * sparse * step >= to - from) {
      this.#scoring.add(base, bits, scores, this.#entries, from, to);
      return;
    }
    for (let i = 0; i < windowWords; i++) {
      let word = bits[i] as number;
      while (word !== 0) {
        const at = (i << 5) + 31 - Math.clz32(word & -word);
        word &= word - 1;
        const place = this.#spans.placeOf(base + at);
        this.#scoring.add(base, bits, scores, this.#entries, place, place + step);
      }
    }
  }

  override explain(base: number, end: number, at: number): Explanation {
    const { extras, beside } = this.#entries;
    const extra = extras[this.#spans.placeOf(base + at) + beside];
    return this.#scoring.explain(this.scoreOf(base, end, at), base + at, extra);
  }
}

import { PackedPostings } from "../../segment/packed-postings.ts";
import { PostingCursor } from "../../segment/postings.ts";
import type { TermSpans } from "../../segment/term-spans.ts";
import type { Explanation } from "../scoring/explanation.ts";
import { type Entries, type ScoredTerm, TermScoring } from "../scoring/term-scoring.ts";
import { FrequentTermMatcher } from "./frequent-term-matcher.ts";
import { Matcher, newWindow, windowSize, windowWords } from "./matcher.ts";

/** Documents that hold one term, scored by BM25. */
export function matchTerm(of: ScoredTerm): Matcher {
  const { postings } = of.field;
  const spans = postings instanceof PackedPostings ? postings.spans(of.term) : undefined;
  return spans?.words === undefined ? new TermMatcher(of, spans) : new FrequentTermMatcher(of, spans, spans.words);
}

/** Reads the list of its term window by window. */
class TermMatcher extends Matcher {
  readonly cost: number;
  readonly #cursor: PostingCursor;
  readonly #entries: Entries;
  readonly #scoring: TermScoring;
  readonly #spans: TermSpans | undefined;
  #own: Uint32Array | undefined;
  #taken = 0;

  constructor(of: ScoredTerm, spans: TermSpans | undefined) {
    super(of.boost);
    this.#spans = spans;
    this.#cursor = new PostingCursor(of.field.postings, of.term);
    this.cost = this.#cursor.count;
    const docs = new Uint32Array(Math.min(windowSize, this.cost));
    const extras = of.field.kind === "text" ? new Uint32Array(docs.length) : docs;
    this.#entries = { docs, extras, step: 1, beside: 0 };
    this.#scoring = new TermScoring(of);
  }

  override get constantScore(): number | undefined {
    return this.#scoring.constantScore;
  }

  override get exactCount(): number {
    return this.cost;
  }

  override next(): number {
    return this.#cursor.doc;
  }

  fill(base: number, end: number, bits: Uint32Array): void {
    const { docs, extras } = this.#entries;
    const taken = this.#cursor.take(base, end, docs, extras);
    this.#taken = taken;
    for (let i = 0; i < taken; i++) {
      const at = (docs[i] as number) - base;
      bits[at >>> 5] = (bits[at >>> 5] as number) | (1 << (at & 31));
    }
  }

  override keep(base: number, end: number, bits: Uint32Array): void {
    this.#own ??= newWindow();
    const own = this.#own;
    own.fill(0);
    this.fill(base, end, own);
    for (let i = 0; i < windowWords; i++) bits[i] = (bits[i] as number) & (own[i] as number);
  }

  override bound(base: number): number {
    return this.#spans === undefined ? this.#scoring.weight : this.#scoring.bound(this.#spans, base);
  }

  override score(base: number, _end: number, bits: Uint32Array, scores: Float64Array): void {
    this.#scoring.add(base, bits, scores, this.#entries, 0, this.#taken);
  }

  override explain(base: number, end: number, at: number): Explanation {
    const { docs, extras } = this.#entries;
    const place = docs.subarray(0, this.#taken).indexOf(base + at);
    return this.#scoring.explain(this.scoreOf(base, end, at), base + at, extras[place]);
  }
}

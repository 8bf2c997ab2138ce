import { PackedPostings } from "../../segment/packed-postings.ts";
import { PostingCursor } from "../../segment/postings.ts";
import type { Explanation } from "../scoring/explanation.ts";
import { type Entries, type ScoredTerm, TermScoring } from "../scoring/term-scoring.ts";
import { AnyTermMatcher } from "./any-term-matcher.ts";
import { BoolMatcher } from "./bool-matcher.ts";
import { Matcher, NoneMatcher, newWindow, windowSize, windowWords } from "./matcher.ts";
import { PackedList } from "./packed-list.ts";
import { PackedTermMatcher } from "./packed-term-matcher.ts";

/** Documents that hold one term, scored by BM25. */
export function matchTerm(of: ScoredTerm): Matcher {
  const { postings } = of.field;
  return postings instanceof PackedPostings
    ? new PackedTermMatcher(new PackedList(of, postings), of.boost)
    : new TermMatcher(of);
}

/** Documents that any of some matchers finds; their scores add up. */
export function matchAny(should: readonly Matcher[], maxDoc: number, boost = 1): Matcher {
  const there = should.filter((clause) => !(clause instanceof NoneMatcher));
  const packed = there.filter((clause) => clause instanceof PackedTermMatcher);
  return boost === 1 && packed.length === there.length
    ? new AnyTermMatcher(packed.map(({ list }) => list))
    : new BoolMatcher({ should, minimumShouldMatch: 1 }, maxDoc, boost);
}

/** Reads the list of its term, of a segment that still grows, window by window. */
class TermMatcher extends Matcher {
  readonly cost: number;
  readonly #cursor: PostingCursor;
  readonly #entries: Entries;
  readonly #scoring: TermScoring;
  #own: Uint32Array | undefined;
  #taken = 0;

  constructor(of: ScoredTerm) {
    super(of.boost);
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

  override bound(): number {
    return this.#scoring.weight;
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

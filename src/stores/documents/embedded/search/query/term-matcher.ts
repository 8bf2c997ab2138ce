import type { KeywordField } from "../segment/keyword-field.ts";
import { PostingCursor } from "../segment/postings.ts";
import type { TextField } from "../segment/text-field.ts";
import { decodeLength } from "../segment/text-length.ts";
import { bm25Weight, idf } from "./bm25.ts";
import { type Explanation, explainIdf, explainTerm, given } from "./explanation.ts";
import { Matcher, newWindow, windowSize, windowWords } from "./matcher.ts";
import type { FieldStatistics } from "./term-statistics.ts";

/** Documents that hold one term; scored by BM25. */
export class TermMatcher extends Matcher {
  readonly cost: number;
  readonly #cursor: PostingCursor;
  readonly #docs: Uint32Array;
  readonly #extras: Uint32Array;
  readonly #text: TextField | undefined;
  readonly #weight: number;
  readonly #norms: Float64Array | undefined;
  readonly #plain: number;
  readonly #inverse: Float64Array;
  /** By length: the score of one occurrence, which is what most documents have. */
  #once: Float64Array | undefined;
  #own: Uint32Array | undefined;
  readonly #field: KeywordField | TextField;
  readonly #term: number;
  readonly #statistics: FieldStatistics;
  readonly #docFreq: number | undefined;
  #taken = 0;

  /** `docFreq` replaces that of the term where several terms stand for one (fuzzy queries). */
  constructor(
    field: KeywordField | TextField,
    term: number,
    boost: number,
    hasNorms: boolean,
    statistics: FieldStatistics,
    docFreq?: number,
  ) {
    super(boost);
    this.#cursor = new PostingCursor(field.postings, term);
    this.cost = this.#cursor.count;
    this.#docs = new Uint32Array(Math.min(windowSize, this.cost));
    this.#field = field;
    this.#term = term;
    this.#statistics = statistics;
    this.#docFreq = docFreq;
    this.#text = field.kind === "text" ? field : undefined;
    this.#extras = this.#text === undefined ? this.#docs : new Uint32Array(this.#docs.length);
    const { docCount, norms, isFlat = false } = statistics;
    this.#weight = isFlat ? boost : bm25Weight(docCount, docFreq ?? statistics.docFreq(term), boost);
    this.#norms = hasNorms && field.kind === "text" ? norms : undefined;
    this.#plain = norms[1] as number;
    this.#inverse = norms;
  }

  /** Without text there are no lengths to tell documents apart. */
  override get constantScore(): number | undefined {
    return this.#text === undefined ? this.#weight - this.#weight / (1 + this.#plain) : undefined;
  }

  override get exactCount(): number {
    return this.cost;
  }

  override next(): number {
    return this.#cursor.doc;
  }

  fill(base: number, end: number, bits: Uint32Array): void {
    const docs = this.#docs;
    const taken = this.#cursor.take(base, end, docs, this.#extras);
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

  override score(base: number, _end: number, bits: Uint32Array, scores: Float64Array): void {
    const docs = this.#docs;
    const extras = this.#extras;
    const text = this.#text;
    const norms = this.#norms;
    const weight = this.#weight;
    const taken = this.#taken;
    if (text === undefined) {
      const plain = weight - weight / (1 + this.#plain);
      for (let i = 0; i < taken; i++) {
        const at = (docs[i] as number) - base;
        if ((((bits[at >>> 5] as number) >>> (at & 31)) & 1) === 1) scores[at] = (scores[at] as number) + plain;
      }
      return;
    }
    const { lengths } = text;
    this.#once ??= this.#inverse.map((inverse) => weight - weight / (1 + inverse));
    const once = this.#once;
    for (let i = 0; i < taken; i++) {
      const doc = docs[i] as number;
      const at = doc - base;
      if ((((bits[at >>> 5] as number) >>> (at & 31)) & 1) === 0) continue;
      const extra = extras[i] as number;
      const length = norms === undefined ? 1 : (lengths[doc] as number);
      if ((extra & 1) === 1) {
        scores[at] = (scores[at] as number) + (once[length] as number);
        continue;
      }
      const inverse = norms === undefined ? this.#plain : (norms[length] as number);
      scores[at] = (scores[at] as number) + weight - weight / (1 + text.frequency(extra) * inverse);
    }
  }

  override explain(base: number, end: number, at: number): Explanation {
    const { docCount, totalTerms, isFlat } = this.#statistics;
    if (isFlat === true) return given(this.scoreOf(base, end, at), "constant score");
    const docFreq = this.#docFreq ?? this.#statistics.docFreq(this.#term);
    const text = this.#text;
    let frequency = 1;
    for (let i = 0; i < this.#taken; i++)
      if (this.#docs[i] === base + at) frequency = text?.frequency(this.#extras[i] as number) ?? 1;
    return explainTerm(this.scoreOf(base, end, at), this.#field.dictionary.term(this.#term), {
      boost: this.boost,
      idf: explainIdf(idf(docCount, docFreq), docFreq, docCount),
      frequency,
      length: this.#norms === undefined ? 1 : decodeLength(text?.lengths[base + at] ?? 1),
      averageLength: docCount === 0 ? 1 : totalTerms / docCount,
    });
  }
}

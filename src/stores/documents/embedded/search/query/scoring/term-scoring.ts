import type { KeywordField } from "../../segment/keyword-field.ts";
import type { Impacts } from "../../segment/leading-entries.ts";
import type { TermSpans } from "../../segment/term-spans.ts";
import type { TextField } from "../../segment/text-field.ts";
import { decodeLength } from "../../segment/text-length.ts";
import { bm25Weight, idf } from "./bm25.ts";
import { type Explanation, explainIdf, explainTerm, given } from "./explanation.ts";
import type { FieldStatistics } from "./term-statistics.ts";

/** A term that is scored. */
export interface ScoredTerm {
  readonly field: KeywordField | TextField;
  readonly term: number;
  readonly boost: number;
  readonly hasNorms: boolean;
  readonly statistics: FieldStatistics;
  /** Replaces that of the term where several terms stand for one (fuzzy queries). */
  readonly docFreq?: number | undefined;
}

/** Entries of postings: documents, and what stands beside them, which may be in the same array. */
export interface Entries {
  readonly docs: Uint32Array;
  readonly extras: Uint32Array;
  /** From one entry to the next. */
  readonly step: number;
  /** From a document to what stands beside it, when that is in the same array. */
  readonly beside: number;
}

/** Of fewer the scores are worked out one by one: there are 256 lengths. */
const manyEntries = 128;

/** The score of one term by BM25. */
export class TermScoring implements Impacts {
  /** Scores stay below it. */
  readonly weight: number;
  readonly #of: ScoredTerm;
  readonly #text: TextField | undefined;
  readonly #norms: Float64Array | undefined;
  readonly #plain: number;
  readonly #inverse: Float64Array;
  /** By length: the score of one occurrence, which is what most documents have. */
  #once: Float64Array | undefined;

  constructor(of: ScoredTerm) {
    const { field, term, boost, hasNorms, statistics, docFreq } = of;
    this.#of = of;
    this.#text = field.kind === "text" ? field : undefined;
    const { norms, isFlat = false } = statistics;
    this.weight = isFlat ? boost : bm25Weight(statistics, docFreq ?? statistics.docFreq(term), boost);
    this.#norms = hasNorms && field.kind === "text" ? norms : undefined;
    this.#plain = norms[1] as number;
    this.#inverse = norms;
  }

  /** Without text there are no lengths to tell documents apart. */
  get constantScore(): number | undefined {
    return this.#text === undefined ? this.#saturated(this.#plain) : undefined;
  }

  frequency(extra: number): number {
    return this.#text === undefined ? 1 : this.#text.frequency(extra);
  }

  length(doc: number): number {
    return this.#text?.lengths[doc] ?? 1;
  }

  impact(frequency: number, length: number): number {
    const norms = this.#norms;
    return frequency * (norms === undefined ? this.#plain : (norms[length] as number));
  }

  /** What no document of a span scores more than. */
  bound(spans: TermSpans, base: number): number {
    return this.#saturated(spans.best(base, this));
  }

  #saturated(impact: number): number {
    return this.weight - this.weight / (1 + impact);
  }

  /** The score of a document with what stands beside it in the postings. */
  scoreOf(doc: number, extra: number): number {
    return this.#saturated(this.impact(this.frequency(extra), this.length(doc)));
  }

  /** Adds the scores of those entries whose documents are in `bits`, from one place up to another. */
  add(base: number, bits: Uint32Array, scores: Float64Array, entries: Entries, from: number, to: number): void {
    const { docs, extras, step, beside } = entries;
    const text = this.#text;
    const norms = this.#norms;
    const weight = this.weight;
    if (text === undefined) {
      const plain = this.#saturated(this.#plain);
      for (let i = from; i < to; i += step) {
        const at = (docs[i] as number) - base;
        if ((((bits[at >>> 5] as number) >>> (at & 31)) & 1) === 1) scores[at] = (scores[at] as number) + plain;
      }
      return;
    }
    const { lengths } = text;
    if (to - from >= manyEntries * step) this.#once ??= this.#inverse.map((inverse) => weight - weight / (1 + inverse));
    const once = this.#once;
    for (let i = from; i < to; i += step) {
      const doc = docs[i] as number;
      const at = doc - base;
      if ((((bits[at >>> 5] as number) >>> (at & 31)) & 1) === 0) continue;
      const extra = extras[i + beside] as number;
      const length = norms === undefined ? 1 : (lengths[doc] as number);
      if (once !== undefined && (extra & 1) === 1) {
        scores[at] = (scores[at] as number) + (once[length] as number);
        continue;
      }
      const inverse = norms === undefined ? this.#plain : (norms[length] as number);
      scores[at] = (scores[at] as number) + (weight - weight / (1 + text.frequency(extra) * inverse));
    }
  }

  /** How such a score came about. */
  explain(value: number, doc: number, extra: number | undefined): Explanation {
    const { field, term, boost, statistics, docFreq = statistics.docFreq(term) } = this.#of;
    const { docCount, totalTerms, isFlat } = statistics;
    if (isFlat === true) return given(value, "constant score");
    const text = this.#text;
    return explainTerm(value, field.dictionary.term(term), {
      boost,
      idf: explainIdf(idf(docCount, docFreq), docFreq, docCount),
      frequency: text === undefined || extra === undefined ? 1 : text.frequency(extra),
      length: this.#norms === undefined ? 1 : decodeLength(text?.lengths[doc] ?? 1),
      averageLength: docCount === 0 ? 1 : totalTerms / docCount,
    });
  }
}

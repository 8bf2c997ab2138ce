import { countGone } from "../../segment/count-gone.ts";
import type { FieldStore } from "../../segment/field-store.ts";
import { findStore } from "../../segment/key-view.ts";
import type { KeywordField } from "../../segment/keyword-field.ts";
import type { SegmentSnapshot } from "../../segment/segment.ts";
import type { TextField } from "../../segment/text-field.ts";
import { flatNorms, inverseNorms } from "./bm25.ts";

type TermsField = KeywordField | TextField;

/** What the score of a term needs to know of its field, over all segments of the collection. */
export interface FieldStatistics {
  /** Documents with a value. */
  readonly docCount: number;
  /** Terms over all documents. */
  readonly totalTerms: number;
  /** By length in one byte; see {@link inverseNorms}. */
  readonly norms: Float64Array;
  /** Documents that have a term of the segment at hand. */
  docFreq(ord: number): number;
  /** Each term counts the same, however rare or frequent it is (`similarity: "boolean"`). */
  readonly isFlat?: boolean;
  /** Weights lack the factor k1 + 1. */
  readonly isPlain?: boolean;
}

/** The same, where each term counts the same. */
export function flat(statistics: FieldStatistics): FieldStatistics {
  const { docCount, totalTerms } = statistics;
  return { docCount, totalTerms, norms: flatNorms, isFlat: true, docFreq: (ord) => statistics.docFreq(ord) };
}

/**
 * Fields and terms of one collection over all its segments, as one search sees them. Scores must not depend on where a document lies, and a
 * query that stands for several terms must choose the same ones everywhere.
 */
export class TermStatistics {
  /** In the order of their documents. */
  readonly segments: readonly SegmentSnapshot[];
  readonly #chosen = new Map<string, unknown>();
  /** Of documents that are given to `percolate`: these the reference engine scores as Lucene does by itself, whatever the mapping says of similarity. */
  readonly isPlain: boolean;
  #liveDocs: number | undefined;

  constructor(segments: readonly SegmentSnapshot[], isPlain = false) {
    this.segments = segments;
    this.isPlain = isPlain;
  }

  /** Documents and nested objects, removed ones included. */
  get maxDoc(): number {
    let sum = 0;
    for (const { counts } of this.segments) for (const count of counts.values()) sum += count;
    return sum;
  }

  /** Documents and nested objects that are there. */
  get liveDocs(): number {
    this.#liveDocs ??= this.maxDoc - this.segments.reduce((sum, snapshot) => sum + countGone(snapshot), 0);
    return this.#liveDocs;
  }

  /** The stores of a field, in the order of the segments; those without a value of it are left out. */
  stores(spacePath: string, path: string): readonly FieldStore[] {
    return this.segments.flatMap(({ segment }) => {
      const space = segment.space(spacePath);
      return space === undefined ? [] : (findStore(space.fields, path) ?? []);
    });
  }

  termStores(spacePath: string, path: string): readonly TermsField[] {
    return this.stores(spacePath, path).filter((store) => store.kind === "keyword" || store.kind === "text");
  }

  of(spacePath: string, path: string, own: TermsField): FieldStatistics {
    const stores = this.segments.length === 1 ? [own] : this.termStores(spacePath, path);
    return new SummedStatistics(own, stores, this.isPlain);
  }

  /** What is the same in all segments of a search is looked for once: `key` names it. */
  *once<T>(key: string, choose: () => Generator<void, T>): Generator<void, T> {
    // The cast: a key names one kind of thing.
    if (this.#chosen.has(key)) return this.#chosen.get(key) as T;
    const chosen = yield* choose();
    this.#chosen.set(key, chosen);
    return chosen;
  }
}

class SummedStatistics implements FieldStatistics {
  readonly docCount: number;
  readonly totalTerms: number;
  readonly #own: TermsField;
  readonly #stores: readonly TermsField[];
  readonly isPlain: boolean;

  constructor(own: TermsField, stores: readonly TermsField[], isPlain: boolean) {
    this.isPlain = isPlain;
    this.#own = own;
    this.#stores = stores;
    let [docCount, totalTerms] = [0, 0];
    for (const store of stores) {
      docCount += store.docCount;
      totalTerms += store.totalTerms;
    }
    this.docCount = docCount;
    this.totalTerms = totalTerms;
  }

  get norms(): Float64Array {
    return inverseNorms(this.docCount === 0 ? 1 : this.totalTerms / this.docCount);
  }

  docFreq(ord: number): number {
    if (this.#stores.length === 1) return this.#own.postings.count(ord);
    return docFreqOf(this.#own.dictionary.term(ord), this.#stores);
  }
}

/** Documents that have a term in any of the stores. */
export function docFreqOf(term: string, stores: readonly TermsField[]): number {
  let sum = 0;
  for (const { dictionary, postings } of stores) {
    const ord = dictionary.find(term);
    if (ord >= 0) sum += postings.count(ord);
  }
  return sum;
}

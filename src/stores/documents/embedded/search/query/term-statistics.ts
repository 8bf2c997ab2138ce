import type { FieldStore } from "../segment/field-store.ts";
import { findStore } from "../segment/key-view.ts";
import type { KeywordField } from "../segment/keyword-field.ts";
import type { SegmentSnapshot } from "../segment/segment.ts";
import type { TextField } from "../segment/text-field.ts";

type TermsField = KeywordField | TextField;

/** What the score of a term needs to know of its field, over all segments of the collection. */
export interface FieldStatistics {
  /** Documents with a value. */
  readonly docCount: number;
  /** Terms over all documents. */
  readonly totalTerms: number;
  /** Documents that have a term of the segment at hand. */
  docFreq(ord: number): number;
  /** Each term counts the same, however rare or frequent it is (`similarity: "boolean"`). */
  readonly isFlat?: boolean;
}

/** The same, where each term counts the same. */
export function flat(statistics: FieldStatistics): FieldStatistics {
  const { docCount, totalTerms } = statistics;
  return { docCount, totalTerms, isFlat: true, docFreq: (ord) => statistics.docFreq(ord) };
}

/**
 * Fields and terms of one collection over all its segments, as one search sees them. Scores must not depend on where a document lies, and a
 * query that stands for several terms must choose the same ones everywhere.
 */
export class TermStatistics {
  readonly #segments: readonly SegmentSnapshot[];
  readonly #chosen = new Map<string, unknown>();

  constructor(segments: readonly SegmentSnapshot[]) {
    this.#segments = segments;
  }

  /** The stores of a field, in the order of the segments; those without a value of it are left out. */
  stores(spacePath: string, path: string): readonly FieldStore[] {
    return this.#segments.flatMap(({ segment }) => {
      const space = segment.space(spacePath);
      return space === undefined ? [] : (findStore(space.fields, path) ?? []);
    });
  }

  termStores(spacePath: string, path: string): readonly TermsField[] {
    return this.stores(spacePath, path).filter((store) => store.kind === "keyword" || store.kind === "text");
  }

  of(spacePath: string, path: string, own: TermsField): FieldStatistics {
    if (this.#segments.length === 1) return new OwnStatistics(own);
    return new SummedStatistics(own, this.termStores(spacePath, path));
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

class OwnStatistics implements FieldStatistics {
  readonly #field: TermsField;

  constructor(field: TermsField) {
    this.#field = field;
  }

  get docCount(): number {
    return this.#field.docCount;
  }

  get totalTerms(): number {
    return this.#field.totalTerms;
  }

  docFreq(ord: number): number {
    return this.#field.postings.count(ord);
  }
}

class SummedStatistics implements FieldStatistics {
  readonly docCount: number;
  readonly totalTerms: number;
  readonly #own: TermsField;
  readonly #stores: readonly TermsField[];

  constructor(own: TermsField, stores: readonly TermsField[]) {
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

  docFreq(ord: number): number {
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

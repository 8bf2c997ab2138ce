import type { Dictionary } from "./dictionary.ts";
import { Existence } from "./existence.ts";
import type { Postings } from "./postings.ts";

/** Whole terms: a dictionary, the documents of each term, and the terms of each document. */
export class KeywordField {
  readonly kind = "keyword";
  exists = new Existence();
  readonly dictionary: Dictionary;
  readonly postings: Postings;
  /** By document: its first term + 1, 0 without value. */
  ords: Uint32Array = new Uint32Array(16);
  /** By document: place in `many` of its count and terms, 0 when it has at most one. Empty while no document has two. */
  manyStarts: Uint32Array = new Uint32Array(0);
  many: Uint32Array = new Uint32Array(0);
  /** Terms over all documents, for the average that scores need. */
  totalTerms = 0;

  constructor(dictionary: Dictionary, postings: Postings) {
    this.dictionary = dictionary;
    this.postings = postings;
  }

  get docCount(): number {
    return this.exists.count;
  }

  get isMultiple(): boolean {
    return this.manyStarts.length > 0;
  }

  get memory(): number {
    const { dictionary, postings, ords, manyStarts, many, exists } = this;
    return (
      dictionary.memory + postings.memory + ords.byteLength + manyStarts.byteLength + many.byteLength + exists.memory
    );
  }

  countOf(doc: number): number {
    const start = doc < this.manyStarts.length ? (this.manyStarts[doc] as number) : 0;
    if (start !== 0) return this.many[start] as number;
    return doc < this.ords.length && this.ords[doc] !== 0 ? 1 : 0;
  }

  /** The number of a term of a document, at a position below `countOf`. */
  ordAt(doc: number, position: number): number {
    const start = doc < this.manyStarts.length ? (this.manyStarts[doc] as number) : 0;
    return start === 0 ? (this.ords[doc] as number) - 1 : (this.many[start + 1 + position] as number);
  }
}

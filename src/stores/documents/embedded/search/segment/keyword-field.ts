import { Dictionary } from "./dictionary.ts";
import { Existence } from "./existence.ts";
import { grow32 } from "./growing.ts";
import { Postings } from "./postings.ts";

/** Whole terms: a dictionary, the documents of each term, and the terms of each document. */
export class KeywordField {
  readonly kind = "keyword";
  readonly exists = new Existence();
  readonly dictionary = new Dictionary();
  readonly postings = new Postings(1);
  /** By document: its first term + 1, 0 without value. */
  ords: Uint32Array = new Uint32Array(16);
  /** By document: place in `many` of its count and terms, 0 when it has at most one. Empty while no document has two. */
  manyStarts: Uint32Array = new Uint32Array(0);
  many: Uint32Array = new Uint32Array(0);
  /** Terms over all documents, for the average that scores need. */
  totalTerms = 0;
  #manyUsed = 1;
  #last = -1;

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

  add(doc: number, term: string): void {
    const ord = this.dictionary.add(term);
    // A term that a document repeats counts once.
    if (this.postings.last(ord) === doc) return;
    this.postings.append(ord, doc, 0);
    this.totalTerms++;
    if (doc !== this.#last) {
      this.#last = doc;
      this.ords = grow32(this.ords, doc + 1);
      this.ords[doc] = ord + 1;
      this.exists.add(doc);
      return;
    }
    this.#addAnother(doc, ord);
  }

  #addAnother(doc: number, ord: number): void {
    this.manyStarts = grow32(this.manyStarts, doc + 1);
    let start = this.manyStarts[doc] as number;
    if (start === 0) {
      start = this.#manyUsed;
      this.manyStarts[doc] = start;
      this.many = grow32(this.many, start + 3);
      this.many[start] = 1;
      this.many[start + 1] = (this.ords[doc] as number) - 1;
      this.#manyUsed = start + 2;
    }
    this.many = grow32(this.many, this.#manyUsed + 1);
    this.many[this.#manyUsed++] = ord;
    this.many[start] = (this.many[start] as number) + 1;
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

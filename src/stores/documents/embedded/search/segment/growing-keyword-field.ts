import { grow32 } from "./growing.ts";
import { GrowingDictionary } from "./growing-dictionary.ts";
import { GrowingPostings } from "./growing-postings.ts";
import { KeywordField } from "./keyword-field.ts";

/** The terms of documents as they come. */
export class GrowingKeywordField extends KeywordField {
  declare readonly dictionary: GrowingDictionary;
  declare readonly postings: GrowingPostings;
  #manyUsed = 1;
  #last = -1;

  constructor() {
    super(new GrowingDictionary(), new GrowingPostings(1));
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
}

import type { Dictionary } from "./dictionary.ts";
import { Existence } from "./existence.ts";
import type { Postings } from "./postings.ts";

/**
 * Analysed text: a dictionary, the documents of each term with frequency and positions, and the length of each document's text.
 * What stands beside a document in the postings is, when the term occurs once, its position times two plus one; else twice the place of
 * count and positions in `positions`.
 */
export class TextField {
  readonly kind = "text";
  exists = new Existence();
  readonly dictionary: Dictionary;
  readonly postings: Postings;
  positions: Uint32Array = new Uint32Array(0);
  /** By document: its length in one byte. */
  lengths: Uint8Array = new Uint8Array(0);
  /** Words over all documents. */
  totalTerms = 0;
  /** Documents with at least one word: a text without words exists, but weighs nothing in scores. */
  docCount = 0;

  constructor(dictionary: Dictionary, postings: Postings) {
    this.dictionary = dictionary;
    this.postings = postings;
  }

  get memory(): number {
    const { dictionary, postings, positions, lengths, exists } = this;
    return dictionary.memory + postings.memory + positions.byteLength + lengths.byteLength + exists.memory;
  }

  /** How often the term occurs, from what stands beside the document in the postings. */
  frequency(extra: number): number {
    return (extra & 1) === 1 ? 1 : (this.positions[extra >>> 1] as number);
  }
}

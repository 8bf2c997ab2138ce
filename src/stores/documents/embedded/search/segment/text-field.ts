import type { Analyzer } from "../../../mapping/analysis/analysis.ts";
import { Tokens } from "../../../mapping/analysis/tokens.ts";
import { Dictionary } from "./dictionary.ts";
import { Existence } from "./existence.ts";
import type { OpenFields } from "./field-store.ts";
import { grow8, grow32 } from "./growing.ts";
import { Postings } from "./postings.ts";
import { encodeLength } from "./text-length.ts";

/** Larger than any number of words in a document: a term and the place of its word share one number to be sorted. */
const wordsLimit = 2 ** 26;

/**
 * Analysed text: a dictionary, the documents of each term with frequency and positions, and the length of each document's text.
 * What stands beside a document in the postings is, when the term occurs once, its position times two plus one; else twice the place of
 * count and positions in `positions`.
 */
export class TextField {
  readonly kind = "text";
  readonly exists = new Existence();
  readonly dictionary = new Dictionary();
  readonly postings = new Postings(2);
  positions: Uint32Array = new Uint32Array(16);
  /** By document: its length in one byte. */
  lengths: Uint8Array = new Uint8Array(16);
  /** Words over all documents. */
  totalTerms = 0;
  /** Documents with at least one word: a text without words exists, but weighs nothing in scores. */
  docCount = 0;
  #positionsUsed = 0;
  #last = -1;
  #nextPosition = 0;
  #overlaps = 0;
  #keys: Float64Array = new Float64Array(64);
  #places: Uint32Array = new Uint32Array(64);
  #count = 0;
  readonly #open: OpenFields;

  constructor(open: OpenFields) {
    this.#open = open;
  }

  get memory(): number {
    const { dictionary, postings, positions, lengths, exists } = this;
    return dictionary.memory + postings.memory + positions.byteLength + lengths.byteLength + exists.memory;
  }

  add(doc: number, text: string, analyzer: Analyzer, gap: number): void {
    if (doc !== this.#last) {
      this.#last = doc;
      this.#count = 0;
      this.#overlaps = 0;
      this.#nextPosition = 0;
      this.#open.push(this);
    } else {
      this.#nextPosition += gap;
    }
    scratch.clear();
    this.#nextPosition = analyzer.analyze(text, scratch, this.#nextPosition);
    const { count, terms, positions } = scratch;
    if (this.#count + count > this.#keys.length) this.#growKeys(this.#count + count);
    let before = -1;
    for (let i = 0; i < count && this.#count < wordsLimit - 1; i++) {
      const position = positions[i] as number;
      if (position === before) this.#overlaps++;
      before = position;
      const at = this.#count++;
      this.#keys[at] = this.dictionary.add(terms[i] as string) * wordsLimit + at;
      this.#places[at] = position;
    }
  }

  #growKeys(needed: number): void {
    const keys = new Float64Array(needed * 2);
    keys.set(this.#keys);
    this.#keys = keys;
    this.#places = grow32(this.#places, keys.length);
  }

  finish(): void {
    const doc = this.#last;
    const count = this.#count;
    this.exists.add(doc);
    const keys = this.#keys.subarray(0, count);
    sortKeys(keys);
    for (let i = 0; i < count; ) {
      const term = Math.floor((keys[i] as number) / wordsLimit);
      const next = (term + 1) * wordsLimit;
      let end = i + 1;
      while (end < count && (keys[end] as number) < next) end++;
      const place = this.#places[(keys[i] as number) - term * wordsLimit] as number;
      this.postings.append(term, doc, end === i + 1 ? place * 2 + 1 : this.#writePositions(i, end, term) * 2);
      i = end;
    }
    this.totalTerms += count;
    if (count > 0) this.docCount++;
    this.lengths = grow8(this.lengths, doc + 1);
    this.lengths[doc] = encodeLength(count - this.#overlaps);
    if (this.#keys.length > 100_000) {
      this.#keys = new Float64Array(64);
      this.#places = new Uint32Array(64);
    }
  }

  #writePositions(from: number, to: number, term: number): number {
    const place = this.#positionsUsed;
    this.#positionsUsed += 1 + to - from;
    this.positions = grow32(this.positions, this.#positionsUsed);
    this.positions[place] = to - from;
    for (let i = from; i < to; i++) {
      this.positions[place + 1 + i - from] = this.#places[(this.#keys[i] as number) - term * wordsLimit] as number;
    }
    return place;
  }

  /** How often the term occurs, from what stands beside the document in the postings. */
  frequency(extra: number): number {
    return (extra & 1) === 1 ? 1 : (this.positions[extra >>> 1] as number);
  }
}

const scratch = new Tokens();

/** Most texts are short, and for those the native sort costs more than it saves. */
function sortKeys(keys: Float64Array): void {
  if (keys.length > 24) {
    keys.sort();
    return;
  }
  for (let i = 1; i < keys.length; i++) {
    const key = keys[i] as number;
    let at = i - 1;
    while (at >= 0 && (keys[at] as number) > key) {
      keys[at + 1] = keys[at] as number;
      at--;
    }
    keys[at + 1] = key;
  }
}

import type { Analyzer } from "../../../mapping/analysis/analysis.ts";
import { Tokens } from "../../../mapping/analysis/tokens.ts";
import type { OpenFields } from "./field-store.ts";
import { grow8, grow32 } from "./growing.ts";
import { GrowingDictionary } from "./growing-dictionary.ts";
import { GrowingPostings } from "./growing-postings.ts";
import { TextField } from "./text-field.ts";
import { encodeLength } from "./text-length.ts";

/** Larger than any number of words in a document: a term and the place of its word share one number to be sorted. */
const wordsLimit = 2 ** 26;

/** The texts of documents as they come. */
export class GrowingTextField extends TextField {
  declare readonly dictionary: GrowingDictionary;
  declare readonly postings: GrowingPostings;
  #positionsUsed = 0;
  #last = -1;
  #nextPosition = 0;
  #overlaps = 0;
  #keys: Float64Array = new Float64Array(64);
  #places: Uint32Array = new Uint32Array(64);
  #count = 0;
  readonly #open: OpenFields;
  readonly #countsTerms: boolean;

  /** `countsTerms`: false for fields that know only whether a document has a term. */
  constructor(open: OpenFields, countsTerms = true) {
    super(new GrowingDictionary(), new GrowingPostings(2));
    this.#open = open;
    this.#countsTerms = countsTerms;
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
    let distinct = 0;
    for (let i = 0; i < count; ) {
      const term = Math.floor((keys[i] as number) / wordsLimit);
      const next = (term + 1) * wordsLimit;
      let end = i + 1;
      while (end < count && (keys[end] as number) < next) end++;
      const place = this.#places[(keys[i] as number) - term * wordsLimit] as number;
      const isSingle = end === i + 1 || !this.#countsTerms;
      this.postings.append(term, doc, isSingle ? place * 2 + 1 : this.#writePositions(i, end, term) * 2);
      distinct++;
      i = end;
    }
    this.totalTerms += this.#countsTerms ? count : distinct;
    if (count > 0) this.docCount++;
    this.lengths = grow8(this.lengths, doc + 1);
    this.lengths[doc] = encodeLength(this.#countsTerms ? count - this.#overlaps : distinct);
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

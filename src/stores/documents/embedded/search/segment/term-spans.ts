import { countOf } from "./bits.ts";
import { type Impacts, LeadingEntries } from "./leading-entries.ts";

/** Documents of one span; matchers go by windows of the same size. */
export const spanSize = 4_096;
const spanShift = 12;
const spanWords = spanSize / 32;

/** Terms of fewer documents are read and scored as fast without. */
const fewDocs = 1_024;
/** With this share of the documents a set of bits is no larger than the list. */
const rarity = 64;

/** Where the list of a term lies in the postings of a frozen segment. */
export interface TermList {
  readonly arena: Uint32Array;
  readonly width: 1 | 2;
  /** Place of the first entry in the arena, and of the one behind the last. */
  readonly from: number;
  readonly to: number;
}

/** Where in the list of a term of a frozen segment each span of documents begins and how good its best is; a frequent term also as a set of bits. */
export class TermSpans {
  /** By document; as long as its spans. Undefined for a term that is not frequent. */
  readonly words: Uint32Array | undefined;
  readonly list: TermList;
  /** By word of {@link words}: how many of the documents of its span stand in the words before it. */
  readonly #ranks: Uint16Array | undefined;
  /** By span: place of its first entry in the arena; one more for the end. */
  readonly #starts: Uint32Array;
  /** Made when it is asked for. */
  #leading: LeadingEntries | undefined;

  constructor(list: TermList) {
    const { arena, width, from, to } = list;
    this.list = list;
    const spans = ((arena[to - width] as number) >>> spanShift) + 1;
    const isFrequent = ((to - from) / width) * rarity >= (arena[to - width] as number);
    const words = isFrequent ? new Uint32Array(spans * spanWords) : undefined;
    this.words = words;
    this.#starts = new Uint32Array(spans + 1).fill(to);
    let span = -1;
    for (let at = from; at < to; at += width) {
      const doc = arena[at] as number;
      if (words !== undefined) words[doc >>> 5] = (words[doc >>> 5] as number) | (1 << (doc & 31));
      while (span < doc >>> spanShift) this.#starts[++span] = at;
    }
    this.#ranks = words && ranksOf(words);
  }

  /** Undefined for a term that is not worth it. */
  static of(list: TermList): TermSpans | undefined {
    const { width, from, to } = list;
    return (to - from) / width < fewDocs ? undefined : new TermSpans(list);
  }

  get memory(): number {
    return (
      (this.words?.byteLength ?? 0) +
      (this.#ranks?.byteLength ?? 0) +
      this.#starts.byteLength +
      (this.#leading?.memory ?? 0)
    );
  }

  /** The first entry of a document or of one behind it. */
  find(doc: number): number {
    const { arena, width, to } = this.list;
    const span = doc >>> spanShift;
    if (span >= this.#starts.length - 1) return to;
    let low = this.#starts[span] as number;
    if ((doc & (spanSize - 1)) === 0) return low;
    let high = this.#starts[span + 1] as number;
    while (low < high) {
      const middle = low + (((high - low) / width) >>> 1) * width;
      if ((arena[middle] as number) < doc) low = middle + width;
      else high = middle;
    }
    return low;
  }

  /** Sets the bits of the documents of one span, from `base` on, that have the term, which is a frequent one. */
  addTo(base: number, bits: Uint32Array): void {
    const words = this.words as Uint32Array;
    const from = base >>> 5;
    const count = Math.min(spanWords, words.length - from);
    for (let i = 0; i < count; i++) bits[i] = (bits[i] as number) | (words[from + i] as number);
  }

  /** Clears the bits of the others. */
  keepIn(base: number, bits: Uint32Array): void {
    const words = this.words as Uint32Array;
    const from = base >>> 5;
    if (from >= words.length) bits.fill(0);
    else for (let i = 0; i < spanWords; i++) bits[i] = (bits[i] as number) & (words[from + i] as number);
  }

  /** The entry of a document that has the term, which is a frequent one. */
  placeOf(doc: number): number {
    const word = doc >>> 5;
    const before = ((this.words as Uint32Array)[word] as number) & ((1 << (doc & 31)) - 1);
    const rank = ((this.#ranks as Uint16Array)[word] as number) + countOf(before);
    return (this.#starts[doc >>> spanShift] as number) + rank * this.list.width;
  }

  /** The impact of the best entry of a span of documents. */
  best(base: number, impacts: Impacts): number {
    this.#leading ??= new LeadingEntries(this.list, this.#starts, impacts);
    return this.#leading.best(base >>> spanShift, impacts);
  }
}

function ranksOf(words: Uint32Array): Uint16Array {
  const ranks = new Uint16Array(words.length);
  let rank = 0;
  for (let i = 0; i < words.length; i++) {
    if (i % spanWords === 0) rank = 0;
    ranks[i] = rank;
    rank += countOf(words[i] as number);
  }
  return ranks;
}

import type { Dictionary, TermBounds } from "./dictionary.ts";
import type { TermBytes } from "./term-bytes.ts";

const encoder = new TextEncoder();

/** Aggregations ask for the terms of such dictionaries again and again; more would take too much memory. */
const keptTerms = 16_384;
/** About what a kept term takes. */
const keptBytes = 48;

/** The terms of a field of a frozen segment: numbered in their order, so that nothing beside their bytes is needed. */
export class SortedDictionary implements Dictionary {
  readonly size: number;
  readonly terms: TermBytes;
  #ranks: Float64Array | undefined;
  readonly #texts: (string | undefined)[] = [];

  constructor(terms: TermBytes, size: number) {
    this.terms = terms;
    this.size = size;
  }

  get memory(): number {
    return this.terms.memory + (this.#ranks?.byteLength ?? 0) + this.#texts.length * keptBytes;
  }

  find(term: string): number {
    const bytes = encoder.encode(term);
    const at = this.#position(bytes, false);
    return at < this.size && this.terms.compareTo(at, bytes) === 0 ? at : -1;
  }

  byteLength(ord: number): number {
    return this.terms.byteLength(ord);
  }

  term(ord: number): string {
    if (this.size > keptTerms) return this.terms.term(ord);
    if (this.#texts.length === 0) this.#texts.length = this.size;
    let text = this.#texts[ord];
    if (text === undefined) {
      text = this.terms.term(ord);
      this.#texts[ord] = text;
    }
    return text;
  }

  compare(a: number, b: number): number {
    return a - b;
  }

  *sorted(): Generator<void, Uint32Array> {
    return Uint32Array.from({ length: this.size }, (_, ord) => ord);
  }

  // biome-ignore lint/correctness/useYield: two searches in the order, and nothing to wait for
  *range({ low, high, excludeLow, excludeHigh }: TermBounds): Generator<void, number[]> {
    const from = low === undefined ? 0 : this.#position(encoder.encode(low), excludeLow === true);
    const to = high === undefined ? this.size : this.#position(encoder.encode(high), excludeHigh !== true);
    const found: number[] = [];
    for (let ord = from; ord < to; ord++) found.push(ord);
    return found;
  }

  *ranks(): Generator<void, Float64Array> {
    this.#ranks ??= Float64Array.from({ length: this.size }, (_, ord) => ord);
    return this.#ranks;
  }

  rankOf(text: string): number {
    const bytes = encoder.encode(text);
    const at = this.#position(bytes, false);
    return at < this.size && this.terms.compareTo(at, bytes) === 0 ? at : at - 0.5;
  }

  /** The first term that is not below (with `after`: is above) a text. */
  #position(bytes: Uint8Array, after: boolean): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const compared = this.terms.compareTo(middle, bytes);
      if (compared < 0 || (after && compared === 0)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

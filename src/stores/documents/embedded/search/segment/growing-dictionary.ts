import type { Dictionary, TermBounds } from "./dictionary.ts";
import { growInt32 } from "./growing.ts";
import { TermBytes } from "./term-bytes.ts";

const encoder = new TextEncoder();

/**
 * The terms of one field, numbered in the order in which they came. Terms lie in one buffer as UTF-8, found by a hash table:
 * a million terms cost their bytes and 16 more each, and nothing for the garbage collector to walk.
 */
export class GrowingDictionary implements Dictionary {
  size = 0;
  readonly terms = new TermBytes();
  #hashes: Int32Array = new Int32Array(16);
  /** Open addressing; 0 is empty, else term + 1. */
  #table: Int32Array = new Int32Array(32);
  #scratch: Uint8Array = new Uint8Array(256);
  #sorted: Uint32Array = new Uint32Array(0);
  #ranks: Float64Array = new Float64Array(0);
  #rankedSize = -1;

  get memory(): number {
    return (
      this.terms.memory +
      this.#hashes.byteLength +
      this.#table.byteLength +
      this.#sorted.byteLength +
      this.#ranks.byteLength
    );
  }

  find(term: string): number {
    const length = this.#encode(term);
    const hash = hashOf(this.#scratch, length);
    return (this.#table[this.#slot(hash, length)] as number) - 1;
  }

  add(term: string): number {
    const length = this.#encode(term);
    const hash = hashOf(this.#scratch, length);
    const slot = this.#slot(hash, length);
    const known = this.#table[slot] as number;
    if (known !== 0) return known - 1;
    const ord = this.size++;
    this.terms.append(ord, this.#scratch, 0, length);
    this.#hashes = growInt32(this.#hashes, ord + 1);
    this.#hashes[ord] = hash;
    this.#table[slot] = ord + 1;
    if (this.size * 2 > this.#table.length) this.#rehash();
    return ord;
  }

  byteLength(ord: number): number {
    return this.terms.byteLength(ord);
  }

  term(ord: number): string {
    return this.terms.term(ord);
  }

  compare(a: number, b: number): number {
    return this.terms.compare(a, this.terms, b);
  }

  *sorted(): Generator<void, Uint32Array> {
    const size = this.size;
    const known = this.#sorted;
    if (known.length >= size) return known;
    const added = new Uint32Array(size - known.length);
    for (let i = 0; i < added.length; i++) added[i] = known.length + i;
    const sortedTail = yield* this.#sort(added);
    const merged = new Uint32Array(size);
    for (let i = 0, left = 0, right = 0; i < size; i++) {
      const takeLeft =
        left < known.length &&
        (right === sortedTail.length || this.compare(known[left] as number, sortedTail[right] as number) < 0);
      merged[i] = takeLeft ? (known[left++] as number) : (sortedTail[right++] as number);
      if ((i & 0xffff) === 0xffff) yield;
    }
    if (merged.length > this.#sorted.length) this.#sorted = merged;
    return merged;
  }

  /**
   * Numbers of the terms between two bounds, in no order; undefined bounds are open.
   * Terms that came since the last sort are looked at one by one, as long as they are few.
   */
  *range(bounds: TermBounds): Generator<void, number[]> {
    const { low, high } = bounds;
    if (this.size - this.#sorted.length > 2000 + (this.#sorted.length >>> 6)) yield* this.sorted();
    const order = this.#sorted;
    const size = this.size;
    const from = low === undefined ? 0 : this.#position(order, low, bounds.excludeLow === true);
    const to = high === undefined ? order.length : this.#position(order, high, bounds.excludeHigh !== true);
    const found: number[] = [];
    for (let i = from; i < to; i++) found.push(order[i] as number);
    const lowBytes = low === undefined ? undefined : encoder.encode(low);
    const highBytes = high === undefined ? undefined : encoder.encode(high);
    for (let ord = order.length; ord < size; ord++) {
      const fromLow = lowBytes === undefined ? 1 : this.terms.compareTo(ord, lowBytes);
      const fromHigh = highBytes === undefined ? -1 : this.terms.compareTo(ord, highBytes);
      if (fromLow < 0 || fromHigh > 0) continue;
      if ((fromLow === 0 && bounds.excludeLow === true) || (fromHigh === 0 && bounds.excludeHigh === true)) continue;
      found.push(ord);
    }
    return found;
  }

  /** The first place whose term is not below (with `after`: is above) a text. */
  #position(order: Uint32Array, text: string, after: boolean): number {
    const bytes = encoder.encode(text);
    let low = 0;
    let high = order.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const compared = this.terms.compareTo(order[middle] as number, bytes);
      if (compared < 0 || (after && compared === 0)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * A number for each term that sorts as the terms do. Between two full sorts, terms that came later get places between their neighbours,
   * so that a sorted search after each write does not sort a large dictionary again.
   */
  *ranks(): Generator<void, Float64Array> {
    const size = this.size;
    if (this.#rankedSize === size) return this.#ranks;
    const known = this.#sorted.length;
    const isTail = known > 0 && size - known <= 2000 + (known >>> 6);
    const order = isTail ? this.#sorted : yield* this.sorted();
    const ranks = new Float64Array(size);
    for (let i = 0; i < order.length; i++) {
      if ((order[i] as number) < size) ranks[order[i] as number] = i;
      if ((i & 0x1ffff) === 0x1ffff) yield;
    }
    if (isTail) this.#rankTail(order, known, size, ranks);
    this.#ranks = ranks;
    this.#rankedSize = size;
    return ranks;
  }

  /** Where a text would stand among the ranks; that of the term itself when there is one. */
  rankOf(text: string, ranks: Float64Array): number {
    const ord = this.find(text);
    if (ord >= 0 && ord < ranks.length) return ranks[ord] as number;
    const order = this.#sorted;
    const bytes = encoder.encode(text);
    const at = this.#position(order, text, false);
    // The order may be newer than the ranks: neighbours that the ranks do not know are passed over.
    let left = at - 1;
    while (left >= 0 && (order[left] as number) >= ranks.length) left--;
    let right = at;
    while (right < order.length && (order[right] as number) >= ranks.length) right++;
    let low = left < 0 ? -1 : (ranks[order[left] as number] as number);
    let high = right === order.length ? Math.max(low + 1, ranks.length) : (ranks[order[right] as number] as number);
    for (let tail = order.length; tail < ranks.length; tail++) {
      const rank = ranks[tail] as number;
      if (this.terms.compareTo(tail, bytes) < 0) low = Math.max(low, rank);
      else high = Math.min(high, rank);
    }
    return (low + high) / 2;
  }

  #rankTail(order: Uint32Array, known: number, size: number, ranks: Float64Array): void {
    const tail: number[] = [];
    for (let ord = known; ord < size; ord++) tail.push(ord);
    tail.sort((a, b) => this.compare(a, b));
    for (const [i, ord] of tail.entries()) {
      let low = 0;
      let high = order.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (this.compare(order[middle] as number, ord) < 0) low = middle + 1;
        else high = middle;
      }
      ranks[ord] = low - 1 + (i + 1) / (tail.length + 1);
    }
  }

  /** Merge sort over short runs, so that it can yield between them. */
  *#sort(ords: Uint32Array): Generator<void, Uint32Array> {
    const run = 1024;
    for (let from = 0; from < ords.length; from += run) {
      ords.subarray(from, from + run).sort((a, b) => this.compare(a, b));
      yield;
    }
    let source: Uint32Array = ords;
    let target: Uint32Array = new Uint32Array(ords.length);
    for (let width = run; width < source.length; width *= 2) {
      let work = 0;
      for (let from = 0; from < source.length; from += 2 * width) {
        const middle = Math.min(from + width, source.length);
        const end = Math.min(from + 2 * width, source.length);
        for (let to = from, left = from, right = middle; to < end; to++) {
          const takeLeft =
            left < middle && (right >= end || this.compare(source[left] as number, source[right] as number) <= 0);
          target[to] = takeLeft ? (source[left++] as number) : (source[right++] as number);
          if ((++work & 0x1fff) === 0) yield;
        }
      }
      [source, target] = [target, source];
    }
    return source;
  }

  #encode(term: string): number {
    const length = term.length;
    if (this.#scratch.length < length * 3) this.#scratch = new Uint8Array(length * 3);
    const scratch = this.#scratch;
    for (let i = 0; i < length; i++) {
      const code = term.charCodeAt(i);
      if (code > 127) return encoder.encodeInto(term, scratch).written;
      scratch[i] = code;
    }
    return length;
  }

  #slot(hash: number, length: number): number {
    const table = this.#table;
    const mask = table.length - 1;
    let slot = hash & mask;
    for (;;) {
      const ord = (table[slot] as number) - 1;
      if (ord < 0) return slot;
      if (this.#hashes[ord] === hash && this.#equals(ord, length)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #equals(ord: number, length: number): boolean {
    const { bytes, starts } = this.terms;
    const start = starts[ord] as number;
    if ((starts[ord + 1] as number) - start !== length) return false;
    for (let i = 0; i < length; i++) if (bytes[start + i] !== this.#scratch[i]) return false;
    return true;
  }

  #rehash(): void {
    const table = new Int32Array(this.#table.length * 2);
    const mask = table.length - 1;
    for (let ord = 0; ord < this.size; ord++) {
      let slot = (this.#hashes[ord] as number) & mask;
      while (table[slot] !== 0) slot = (slot + 1) & mask;
      table[slot] = ord + 1;
    }
    this.#table = table;
  }
}

// Differs from process to process, so that nobody can prepare terms that collide.
const seed = (Math.random() * 0x7fffffff) | 0;

function hashOf(bytes: Uint8Array, length: number): number {
  let hash = seed;
  for (let i = 0; i < length; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x5bd1e995) ^ (hash >>> 15);
  hash = Math.imul(hash ^ (hash >>> 13), 0x5bd1e995);
  return hash ^ (hash >>> 15);
}

import type { Budget } from "../budget.ts";
import type { Dictionary } from "../segment/dictionary.ts";
import { TermBytes } from "../segment/term-bytes.ts";
import { malformed } from "./parameters.ts";

/** More than any distance that is asked for. */
const far = 200;
/** Memory grows with the square of it. */
const maxLength = 2_000;
/** What dictionaries say of terms that share so many bytes or more. */
const longest = 255;

/**
 * Finds the terms of dictionaries that are at most some edits away from a word; exchanged neighbours may count as one edit.
 *
 * Terms are walked in their order: what a term shares with the one before it is not computed again, and where no end could bring a beginning
 * near enough, all terms with that beginning are left out.
 */
export class CloseTerms {
  readonly #wanted: Int32Array;
  readonly #limit: number;
  readonly #transpositions: boolean;
  /** Distances of the beginnings of the present term, by its length in characters, from the beginnings of the word. */
  readonly #rows: Uint8Array[];
  readonly #lowest: Uint8Array;
  /** Bytes and characters of the present term, by length in characters. */
  readonly #ends: Int32Array;
  readonly #chars: Int32Array;

  /** Error (400): a word too long for the distances of all its beginnings. */
  constructor(wanted: readonly string[], limit: number, transpositions: boolean) {
    if (wanted.length > maxLength)
      throw malformed(
        `A word of ${wanted.length} characters is too long to look for similar ones: at most ${maxLength}.`,
      );
    this.#wanted = Int32Array.from(wanted, (char) => char.codePointAt(0) ?? 0);
    this.#limit = limit;
    this.#transpositions = transpositions;
    const depths = wanted.length + limit + 2;
    this.#rows = Array.from({ length: depths + 1 }, () => new Uint8Array(wanted.length + 2).fill(far));
    this.#rows[0]?.set(wanted.map((_, j) => Math.min(j, far)).concat(Math.min(wanted.length, far)));
    this.#lowest = new Uint8Array(depths + 1);
    this.#ends = new Int32Array(depths + 1);
    this.#chars = new Int32Array(depths + 1);
  }

  /** Calls `found` with the number of each such term that begins with `prefix`, and its distance. */
  *of(
    dictionary: Dictionary,
    prefix: string,
    budget: Budget,
    found: (ord: number, edits: number) => void,
  ): Generator<void, void> {
    const known = dictionary.shared?.();
    const order = known === undefined ? yield* dictionary.sorted() : undefined;
    const size = order?.length ?? dictionary.size;
    const { terms } = dictionary;
    const begin = new TextEncoder().encode(prefix);
    let depth = 0;
    let last = -1;
    let isDead = false;
    for (let at = firstFrom(terms, order, size, begin); at < size; at++) {
      if ((at & 63) === 0) yield* budget.pause();
      const dead = isDead ? (this.#ends[depth] as number) : longest;
      // A tight loop: most terms are left out here.
      if (known !== undefined && dead < longest) while (at < size && (known[at] as number) >= dead) at++;
      if (at === size) return;
      const ord = order === undefined ? at : (order[at] as number);
      const quick = last < 0 ? 0 : (known?.[at] ?? longest);
      const shared = quick < longest ? quick : sharedBytes(terms, last, ord);
      last = ord;
      if (isDead && shared >= dead) continue;
      if (shared < begin.length && !startsWith(terms, ord, begin, begin.length)) return;
      while (depth > 0 && (this.#ends[depth] as number) > shared) depth--;
      const length = terms.byteLength(ord);
      isDead = false;
      while (!isDead && (this.#ends[depth] as number) < length) isDead = this.#isTooFar(terms, ord, depth++);
      if (isDead) continue;
      const edits = this.#editsAt(depth);
      if (edits <= this.#limit) found(ord, edits);
    }
  }

  /** Whether one term is near enough. */
  isNear(term: string): boolean {
    const bytes = new TextEncoder().encode(term);
    const terms = new TermBytes();
    terms.append(0, bytes, 0, bytes.length);
    let depth = 0;
    while ((this.#ends[depth] as number) < bytes.length) if (this.#isTooFar(terms, 0, depth++)) return false;
    return this.#editsAt(depth) <= this.#limit;
  }

  /** The distance of a term of so many characters; one that is too short ends before the band reaches the end of the word. */
  #editsAt(length: number): number {
    if (length + this.#limit < this.#wanted.length) return far;
    return (this.#rows[length] as Uint8Array)[this.#wanted.length] as number;
  }

  /** Adds the character behind `depth` characters; true when no end can bring the term near enough. */
  #isTooFar(terms: TermBytes, ord: number, depth: number): boolean {
    const wanted = this.#wanted;
    const columns = wanted.length;
    const limit = this.#limit;
    const start = terms.starts[ord] as number;
    const { code, size } = charAt(terms.bytes, start + (this.#ends[depth] as number));
    const i = depth + 1;
    this.#ends[i] = (this.#ends[depth] as number) + size;
    this.#chars[i] = code;
    if (i > columns + limit) return true;
    const above = this.#rows[depth] as Uint8Array;
    const row = this.#rows[i] as Uint8Array;
    const before = i > 1 && this.#transpositions ? (this.#rows[i - 2] as Uint8Array) : undefined;
    const previous = this.#chars[depth] as number;
    // Outside of this band every distance is beyond the limit.
    const from = Math.max(1, i - limit);
    const to = Math.min(columns, i + limit);
    row[from - 1] = from === 1 ? Math.min(i, far) : far;
    let lowest = row[from - 1] as number;
    for (let j = from; j <= to; j++) {
      const letter = wanted[j - 1] as number;
      let cost = (above[j - 1] as number) + (letter === code ? 0 : 1);
      const longer = (above[j] as number) + 1;
      const shorter = (row[j - 1] as number) + 1;
      if (longer < cost) cost = longer;
      if (shorter < cost) cost = shorter;
      if (before !== undefined && j > 1 && letter === previous && wanted[j - 2] === code) {
        const exchanged = (before[j - 2] as number) + 1;
        if (exchanged < cost) cost = exchanged;
      }
      if (cost > far) cost = far;
      row[j] = cost;
      if (cost < lowest) lowest = cost;
    }
    row[to + 1] = far;
    this.#lowest[i] = lowest;
    if (lowest <= limit) return false;
    // An exchange reaches over one row.
    return !this.#transpositions || (this.#lowest[depth] as number) >= limit;
  }
}

function charAt(bytes: Uint8Array, at: number): { readonly code: number; readonly size: number } {
  const first = bytes[at] as number;
  if (first < 0x80) return { code: first, size: 1 };
  const second = (bytes[at + 1] as number) & 0x3f;
  if (first < 0xe0) return { code: ((first & 0x1f) << 6) | second, size: 2 };
  const third = (bytes[at + 2] as number) & 0x3f;
  if (first < 0xf0) return { code: ((first & 0x0f) << 12) | (second << 6) | third, size: 3 };
  const fourth = (bytes[at + 3] as number) & 0x3f;
  return { code: ((first & 0x07) << 18) | (second << 12) | (third << 6) | fourth, size: 4 };
}

function sharedBytes(terms: TermBytes, a: number, b: number): number {
  const { bytes, starts } = terms;
  const fromA = starts[a] as number;
  const fromB = starts[b] as number;
  const most = Math.min(terms.byteLength(a), terms.byteLength(b));
  let shared = 0;
  while (shared < most && bytes[fromA + shared] === bytes[fromB + shared]) shared++;
  return shared;
}

function startsWith(terms: TermBytes, ord: number, prefix: Uint8Array, length: number): boolean {
  if (terms.byteLength(ord) < length) return false;
  const start = terms.starts[ord] as number;
  for (let i = 0; i < length; i++) if (terms.bytes[start + i] !== prefix[i]) return false;
  return true;
}

/** The first place whose term is not below a text. */
function firstFrom(terms: TermBytes, order: Uint32Array | undefined, size: number, text: Uint8Array): number {
  let low = 0;
  let high = size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (terms.compareTo(order === undefined ? middle : (order[middle] as number), text) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

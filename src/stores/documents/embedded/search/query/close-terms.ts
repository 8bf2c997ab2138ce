import type { Budget } from "../budget.ts";
import type { Dictionary } from "../segment/dictionary.ts";
import type { TermBytes } from "../segment/term-bytes.ts";
import { EditAutomaton } from "./edit-automaton.ts";

/** What dictionaries say of terms that share so many bytes or more. */
const longest = 255;

/** Made once: what one word has taught them serves the next. By limit. */
const automatons = {
  plain: [0, 1, 2].map((limit) => new EditAutomaton(limit, false)),
  exchanging: [0, 1, 2].map((limit) => new EditAutomaton(limit, true)),
};

/**
 * Finds the terms of dictionaries that are at most some edits away from a word; exchanged neighbours may count as one edit.
 *
 * Terms are walked in their order: what a term shares with the one before it is not computed again, and where no end could bring a beginning
 * near enough, all terms with that beginning are left out.
 */
export class CloseTerms {
  readonly #wanted: Int32Array;
  readonly #places: Int32Array | undefined;
  readonly #automaton: EditAutomaton;
  /** States behind the beginnings of the present term, by length in characters. */
  readonly #states: Int32Array;
  /** Bytes of these beginnings. */
  readonly #ends: Int32Array;

  /** `limit`: two edits at most. */
  constructor(wanted: readonly string[], limit: number, transpositions: boolean) {
    this.#wanted = Int32Array.from(wanted, (char) => char.codePointAt(0) ?? 0);
    this.#places = placesOf(this.#wanted);
    const automaton = automatons[transpositions ? "exchanging" : "plain"][limit];
    if (automaton === undefined) throw new TypeError(`There is no automaton for ${limit} edits.`);
    this.#automaton = automaton;
    // A text longer than the word by more than the limit is too far away.
    const depths = wanted.length + limit + 3;
    this.#states = new Int32Array(depths);
    this.#states[0] = this.#automaton.start;
    this.#ends = new Int32Array(depths);
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
    const { starts } = terms;
    const { limit } = this.#automaton;
    const ends = this.#ends;
    const begin = new TextEncoder().encode(prefix);
    let depth = 0;
    let last = -1;
    let isDead = false;
    for (let at = firstFrom(terms, order, size, begin); at < size; at++) {
      if ((at & 63) === 0) yield* budget.pause();
      const dead = isDead ? (ends[depth] as number) : longest;
      // A tight loop: most terms are left out here.
      if (known !== undefined && dead < longest) while (at < size && (known[at] as number) >= dead) at++;
      if (at === size) return;
      const ord = order === undefined ? at : (order[at] as number);
      const quick = last < 0 ? 0 : known === undefined ? longest : (known[at] as number);
      const shared = quick < longest ? quick : sharedBytes(terms, last, ord);
      last = ord;
      if (isDead && shared >= dead) continue;
      if (shared < begin.length && !startsWith(terms, ord, begin, begin.length)) return;
      while (depth > 0 && (ends[depth] as number) > shared) depth--;
      depth = this.#walk(terms.bytes, starts[ord] as number, starts[ord + 1] as number, depth);
      isDead = depth < 0;
      if (isDead) depth = -depth;
      else if (this.#editsAt(depth) <= limit) found(ord, this.#editsAt(depth));
    }
  }

  /** Whether one term is near enough. */
  isNear(term: string): boolean {
    const bytes = new TextEncoder().encode(term);
    const depth = this.#walk(bytes, 0, bytes.length, 0);
    return depth >= 0 && this.#editsAt(depth) <= this.#automaton.limit;
  }

  #editsAt(length: number): number {
    return this.#automaton.edits(this.#states[length] as number, this.#wanted.length - length);
  }

  /**
   * Reads a term from behind so many of its characters on. Answers how many it has; negative, how many of them it takes until no end could bring it
   * near enough.
   */
  #walk(bytes: Uint8Array, start: number, stop: number, depth: number): number {
    const automaton = this.#automaton;
    const places = this.#places;
    const states = this.#states;
    const ends = this.#ends;
    const { limit, allMatches } = automaton;
    let state = states[depth] as number;
    let read = depth;
    for (let at = start + (ends[depth] as number); at < stop; ) {
      const first = bytes[at] as number;
      let matches: number;
      if (first < ascii && places !== undefined) {
        at++;
        matches = (((places[first] as number) << limit) >>> read) & allMatches;
      } else {
        const size = sizeOf(first);
        matches = this.#matchesOf(codePointAt(bytes, at, size), read);
        at += size;
      }
      state = automaton.next(state, matches);
      states[++read] = state;
      ends[read] = at - start;
      if (automaton.isDead(state)) return -read;
    }
    return read;
  }

  #matchesOf(code: number, depth: number): number {
    const wanted = this.#wanted;
    const { limit } = this.#automaton;
    const to = Math.min(wanted.length - 1, depth + limit);
    let matches = 0;
    for (let place = Math.max(0, depth - limit); place <= to; place++)
      if (wanted[place] === code) matches |= 1 << (place - depth + limit);
    return matches;
  }
}

/** Bits of places that are moved by two must still fit into 32. */
const fewChars = 29;
const ascii = 0x80;

/** By character of one byte: the places in a short word that it has. */
function placesOf(wanted: Int32Array): Int32Array | undefined {
  if (wanted.length > fewChars) return undefined;
  const places = new Int32Array(ascii);
  for (const [place, code] of wanted.entries())
    if (code < ascii) places[code] = (places[code] as number) | (1 << place);
  return places;
}

const sizeOf = (first: number): number => (first < ascii ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4);

function codePointAt(bytes: Uint8Array, at: number, size: number): number {
  if (size === 1) return bytes[at] as number;
  let code = (bytes[at] as number) & (0x7f >> size);
  for (let i = 1; i < size; i++) code = (code << 6) | ((bytes[at + i] as number) & 0x3f);
  return code;
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

import type { Budget } from "../../budget.ts";
import type { Dictionary } from "../../segment/dictionary.ts";
import type { TermBytes } from "../../segment/term-bytes.ts";
import { charBits, lengthShift, mostLength, sketchOf } from "../../segment/term-sketch.ts";
import { codePointAt, sizeOf } from "../../segment/utf8.ts";
import { EditAutomaton } from "./edit-automaton.ts";

const encoder = new TextEncoder();

/** Made once: what one word has taught them serves the next. By limit. */
const automatons = {
  plain: [0, 1, 2].map((limit) => new EditAutomaton(limit, false)),
  exchanging: [0, 1, 2].map((limit) => new EditAutomaton(limit, true)),
};

/** Looked at before others may have their turn. */
const stride = 4096;

/**
 * Finds the terms of dictionaries that are at most some edits away from a word; exchanged neighbours may count as one edit.
 *
 * An edit brings in one character and takes out one at most: all but a few terms are left out for the characters they have or lack, by their sketches.
 */
export class CloseTerms {
  readonly #wanted: Int32Array;
  readonly #places: Int32Array | undefined;
  readonly #automaton: EditAutomaton;
  readonly #sketch: number;

  /** `limit`: two edits at most. */
  constructor(wanted: readonly string[], limit: number, transpositions: boolean) {
    this.#wanted = Int32Array.from(wanted, (char) => char.codePointAt(0) ?? 0);
    this.#places = placesOf(this.#wanted);
    const bytes = encoder.encode(wanted.join(""));
    this.#sketch = sketchOf(bytes, 0, bytes.length);
    const automaton = automatons[transpositions ? "exchanging" : "plain"][limit];
    if (automaton === undefined) throw new TypeError(`There is no automaton for ${limit} edits.`);
    this.#automaton = automaton;
  }

  /** Calls `found` with the number of each such term that begins with `prefix`, and its distance; in no order. */
  *of(
    { terms, size }: Dictionary,
    prefix: string,
    budget: Budget,
    found: (ord: number, edits: number) => void,
  ): Generator<void, void> {
    const begin = encoder.encode(prefix);
    const { limit } = this.#automaton;
    const { bytes, starts } = terms;
    for (let from = 0; from < size; from += stride) {
      yield* budget.pause();
      const to = Math.min(size, from + stride);
      const sketches = terms.sketches(to);
      for (let ord = this.#next(sketches, from, to); ord >= 0; ord = this.#next(sketches, ord + 1, to)) {
        if (begin.length === 0 || startsWith(terms, ord, begin)) {
          const edits = this.#edits(bytes, starts[ord] as number, starts[ord + 1] as number);
          if (edits <= limit) found(ord, edits);
        }
      }
    }
  }

  /** The next term between two that could be near enough, -1 when there is none. */
  #next(sketches: Int32Array, from: number, to: number): number {
    const { limit } = this.#automaton;
    const { length } = this.#wanted;
    const shortest = Math.min(mostLength, length - limit);
    const span = Math.min(mostLength, length + limit) - shortest;
    const own = this.#sketch & charBits;
    const foreign = ~this.#sketch & charBits;
    // Each edit takes one bit of both away. Branches that go now this way and now that would cost more than all of it.
    const first = limit > 0 ? 0 : -1;
    const second = limit > 1 ? 0 : -1;
    for (let ord = from; ord < to; ord++) {
      const sketch = sketches[ord] as number;
      const beyond = (sketch >>> lengthShift) - shortest;
      let added = sketch & foreign;
      let missing = ~sketch & own;
      added &= (added - 1) | first;
      missing &= (missing - 1) | first;
      added &= (added - 1) | second;
      missing &= (missing - 1) | second;
      if ((added | missing | ((beyond | (span - beyond)) >>> 31)) === 0) return ord;
    }
    return -1;
  }

  /** Whether one term is near enough. */
  isNear(term: string): boolean {
    const automaton = this.#automaton;
    const { limit } = automaton;
    const { length } = this.#wanted;
    // A character takes two units at most.
    if (term.length < length - limit || term.length > 2 * (length + limit)) return false;
    let state = automaton.start;
    let read = 0;
    for (let at = 0; at < term.length; read++) {
      const code = term.codePointAt(at) as number;
      at += code > 0xffff ? 2 : 1;
      state = automaton.next(state, this.#matchesOf(code, read));
      if (automaton.isDead(state)) return false;
    }
    return automaton.edits(state, length - read) <= limit;
  }

  /** Edits between the word and a term; more than the limit when they are too many. */
  #edits(bytes: Uint8Array, start: number, stop: number): number {
    const automaton = this.#automaton;
    const places = this.#places;
    const { limit, allMatches } = automaton;
    let state = automaton.start;
    let read = 0;
    for (let at = start; at < stop; read++) {
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
      if (automaton.isDead(state)) return limit + 1;
    }
    return automaton.edits(state, this.#wanted.length - read);
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

function startsWith(terms: TermBytes, ord: number, prefix: Uint8Array): boolean {
  if (terms.byteLength(ord) < prefix.length) return false;
  const start = terms.starts[ord] as number;
  for (let i = 0; i < prefix.length; i++) if (terms.bytes[start + i] !== prefix[i]) return false;
  return true;
}

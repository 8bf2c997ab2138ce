import { countOf, hasBit } from "../../segment/bits.ts";
import { spanSize } from "../../segment/term-spans.ts";
import { type Explanation, given } from "../scoring/explanation.ts";

/** Documents are matched in windows: small enough for the caches, large enough that calls do not count. */
export const windowSize: number = spanSize;
export const windowWords = windowSize / 32;

/** A set of documents of one window. */
export function newWindow(): Uint32Array {
  return new Uint32Array(windowWords);
}

/**
 * A compiled query over one space. The caller leads it through windows of ascending documents; `base` is a multiple of 32, `end` at most
 * `base + windowSize`, and bit `n` of a window stands for document `base + n`.
 */
export abstract class Matcher {
  /** About how many documents match; the cheapest clause of a conjunction goes first. */
  abstract readonly cost: number;
  readonly boost: number;

  constructor(boost = 1) {
    this.boost = boost;
  }

  /** Sets the bits of all matching documents; `bits` comes empty. */
  abstract fill(base: number, end: number, bits: Uint32Array): void;

  /** Clears the bits of the documents that do not match. */
  keep(base: number, end: number, bits: Uint32Array): void {
    this.#scratch ??= newWindow();
    const own = this.#scratch;
    own.fill(0);
    this.fill(base, end, own);
    for (let i = 0; i < windowWords; i++) bits[i] = (bits[i] as number) & (own[i] as number);
  }

  /**
   * Adds to `scores` the score of each document in `bits`, all of which match. Called after `fill` or `keep` of the same window.
   * A constant score unless a subclass knows better.
   */
  score(base: number, end: number, bits: Uint32Array, scores: Float64Array): void {
    addConstant(bits, end - base, this.boost, scores);
  }

  /**
   * No match of the window scores more; infinite where that is not known. `fill` or `keep` of the window may still be to come.
   */
  bound(_base: number): number {
    return this.constantScore ?? Number.POSITIVE_INFINITY;
  }

  /**
   * Clears the bits of matches that score `floor` or less, as far as that is known without scoring them. Called between `fill` or `keep` and
   * `score` of the same window.
   */
  narrow(base: number, bits: Uint32Array, floor: number): void {
    if (isBelow(this.bound(base), floor)) bits.fill(0);
  }

  /**
   * The matches of the window that may score more than `floor`, scored, where that takes less than to narrow all of them: what has to be looked at is few
   * documents, not all words. Called after `fill`; some may be removed documents. `scores` of other documents stay as they are.
   */
  contenders(_base: number, _floor: number, _scores: Float64Array): Contenders | undefined {
    return undefined;
  }

  /** The score of each match when it is the same for all, so that nobody needs to compute it. */
  get constantScore(): number | undefined {
    return this.score === Matcher.prototype.score ? this.boost : undefined;
  }

  /** How many documents of a whole segment match, removed ones included, where that is known without looking. */
  get exactCount(): number | undefined {
    return undefined;
  }

  /** All matches of the segment, removed documents included, where they are few and known one by one. */
  get listed(): ListedMatches | undefined {
    return undefined;
  }

  /** Looks at single documents in any order, where one look is all that it takes. */
  get tester(): DocTester | undefined {
    return undefined;
  }

  /**
   * How the score of one match came about. Called after `score` of the same window; `at` counts from `base`.
   * A subclass that is made of others says so in `details`.
   */
  explain(base: number, end: number, at: number): Explanation {
    return given(this.scoreOf(base, end, at), this.constantScore === undefined ? "score of:" : "constant score");
  }

  /** The score of one match; called after `fill` or `keep` of its window. */
  scoreOf(base: number, end: number, at: number): number {
    const bits = newWindow();
    bits[at >>> 5] = 1 << (at & 31);
    const scores = new Float64Array(windowSize);
    this.score(base, end, bits, scores);
    return scores[at] as number;
  }

  /** Whether a document of the window is among the matches of the last `fill` or `keep`. */
  protected static has(bits: Uint32Array, at: number): boolean {
    return (((bits[at >>> 5] as number) >>> (at & 31)) & 1) === 1;
  }

  /** No document from `from` on matches before this one; windows that lie before it need not be filled. */
  next(from: number): number {
    return from;
  }

  /** Made when it is needed: a query may have hundreds of matchers for each segment. */
  #scratch: Uint32Array | undefined;
}

/** Windows take longer than a look at each of so many matches. A guess, below what is taken without giving others their turn. */
export const fewMatches = 4_096;

/** Documents of a window, each once and in any order: places counted from its base. */
export interface Contenders {
  readonly count: number;
  readonly places: Uint16Array;
}

export interface DocTester {
  /** Whether the document matches. */
  test(doc: number): boolean;
}

/** Documents, each once, and their scores by place. */
export interface ListedMatches {
  readonly count: number;
  readonly docs: Uint32Array;
  readonly isAscending: boolean;
  readonly scoreOf: (at: number) => number;
}

/** Whether scores up to a bound do not exceed another score, whatever the order in which their parts are added. */
export const isBelow = (bound: number, floor: number): boolean => Math.fround(bound * (1 + 1e-9)) <= floor;

export function addConstant(bits: Uint32Array, length: number, value: number, scores: Float64Array): void {
  const words = (length + 31) >>> 5;
  for (let i = 0; i < words; i++) {
    let word = bits[i] as number;
    while (word !== 0) {
      const at = (i << 5) + 31 - Math.clz32(word & -word);
      scores[at] = (scores[at] as number) + value;
      word &= word - 1;
    }
  }
}

/** Sets the scores of the documents in `bits` to 0, and perhaps those of neighbours. */
export function clearScores(bits: Uint32Array, scores: Float64Array): void {
  for (let i = 0; i < windowWords; i++) {
    const word = bits[i] as number;
    if (word === 0) continue;
    // A few of 32, as of rare words, or all of them.
    if (countOf(word) > 4) scores.fill(0, i << 5, (i + 1) << 5);
    else for (let left = word; left !== 0; left &= left - 1) scores[(i << 5) + 31 - Math.clz32(left & -left)] = 0;
  }
}

export function isEmpty(bits: Uint32Array): boolean {
  for (let i = 0; i < windowWords; i++) if (bits[i] !== 0) return false;
  return true;
}

/** Clears the bits behind the end of a shorter window. */
export function clearFrom(bits: Uint32Array, length: number): void {
  const word = length >>> 5;
  if (word >= bits.length) return;
  bits[word] = (bits[word] as number) & ((1 << (length & 31)) - 1);
  bits.fill(0, word + 1);
}

/** Sets the bits of a whole window. */
export function fillAll(bits: Uint32Array, length: number): void {
  const full = length >>> 5;
  bits.fill(0xffffffff, 0, full);
  if ((length & 31) !== 0) bits[full] = (1 << (length & 31)) - 1;
}

export class AllMatcher extends Matcher {
  readonly cost: number;

  constructor(maxDoc: number, boost = 1) {
    super(boost);
    this.cost = maxDoc;
  }

  fill(base: number, end: number, bits: Uint32Array): void {
    fillAll(bits, end - base);
  }

  override keep(): void {}

  override get tester(): DocTester {
    return { test: () => true };
  }
}

export class NoneMatcher extends Matcher {
  readonly cost = 0;

  override next(): number {
    return Number.POSITIVE_INFINITY;
  }

  fill(): void {}

  override keep(_base: number, _end: number, bits: Uint32Array): void {
    bits.fill(0);
  }

  override score(): void {}
}

/** A set that is known as a whole, and so is how many it has. Words past its end are empty. */
export class BitmapMatcher extends Matcher {
  readonly cost: number;
  readonly #words: Uint32Array;

  constructor(words: Uint32Array, cost: number, boost = 1) {
    super(boost);
    this.#words = words;
    this.cost = cost;
  }

  fill(base: number, _end: number, bits: Uint32Array): void {
    const from = base >>> 5;
    const count = Math.min(windowWords, this.#words.length - from);
    for (let i = 0; i < count; i++) bits[i] = this.#words[from + i] as number;
  }

  override keep(base: number, _end: number, bits: Uint32Array): void {
    const from = base >>> 5;
    const words = this.#words;
    for (let i = 0; i < windowWords; i++) bits[i] = (bits[i] as number) & (words[from + i] ?? 0);
  }

  override get exactCount(): number {
    return this.cost;
  }

  override get tester(): DocTester {
    return this;
  }

  test(doc: number): boolean {
    return hasBit(this.#words, doc);
  }
}

/** Documents that pass a test on their columns. The test is a method, so that each kind has its own loop. */
export abstract class TestMatcher extends Matcher implements DocTester {
  abstract test(doc: number): boolean;

  override get tester(): DocTester {
    return this;
  }

  override keep(base: number, _end: number, bits: Uint32Array): void {
    for (let i = 0; i < windowWords; i++) {
      let word = bits[i] as number;
      if (word === 0) continue;
      let kept = word;
      const start = base + (i << 5);
      while (word !== 0) {
        const bit = word & -word;
        if (!this.test(start + 31 - Math.clz32(bit))) kept ^= bit;
        word ^= bit;
      }
      bits[i] = kept;
    }
  }

  fill(base: number, end: number, bits: Uint32Array): void {
    for (let doc = base; doc < end; doc++) {
      if (this.test(doc)) bits[(doc - base) >>> 5] = (bits[(doc - base) >>> 5] as number) | (1 << (doc & 31));
    }
  }
}

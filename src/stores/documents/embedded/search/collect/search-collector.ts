import {
  type Contenders,
  clearScores,
  isBelow,
  isEmpty,
  type Matcher,
  newWindow,
  windowWords,
} from "../query/matchers/matcher.ts";
import { countBits, hasBit } from "../segment/bits.ts";
import type { SortSource } from "../sort/sort-source.ts";
import type { GroupedDocs } from "./grouped-docs.ts";
import { isBehind } from "./is-behind.ts";
import { TopDocs } from "./top-docs.ts";
import type { WindowCollector } from "./windows.ts";

/** What one search does with the matches of one segment. */
export interface SearchCollectorOptions {
  readonly matcher: Matcher;
  readonly top: TopDocs | GroupedDocs;
  /** One for each key; undefined is the score. Empty: by score. */
  readonly sources: readonly (SortSource | undefined)[];
  readonly directions: readonly number[];
  readonly needsScores: boolean;
  /** Nobody but the order of the hits asks for scores. */
  readonly scoresOnlyOrder: boolean;
  readonly minScore: number | undefined;
  readonly postFilter: Matcher | undefined;
  /** Keys of `search_after`: only what comes behind them is kept. */
  readonly after: Float64Array | undefined;
  /** By score: what scores no more cannot enter. */
  readonly floor: number;
  /** Gets the matches before the post filter, with their scores. */
  readonly aggregations:
    | { collect(base: number, end: number, bits: Uint32Array, scores: Float64Array): Generator<void, void> }
    | undefined;
  /** After so many matches there is no need for more. */
  readonly limit: number;
  /** On the clock of `performance.now()`: when to stop, whatever is left. */
  readonly until: number;
  /** For the scores of one window; whatever is in it. */
  readonly scores: Float64Array;
}

/** Counts matches, feeds aggregations, and keeps the best by score or by sort keys. */
export class SearchCollector implements WindowCollector {
  total = 0;
  readonly #options: SearchCollectorOptions;
  /** All matches score the same: their scores stand in `#scores` once and for all. */
  readonly #isConstant: boolean;
  readonly #scores: Float64Array;
  readonly #keys: Float64Array;
  /** Made when they are needed. */
  #filtered: Uint32Array | undefined;
  #near: Uint32Array | undefined;
  #isCountKnown = false;
  readonly #canNarrow: boolean;

  constructor(options: SearchCollectorOptions) {
    this.#options = options;
    const { constantScore } = options.matcher;
    this.#scores = options.scores;
    this.#isConstant = constantScore !== undefined;
    if (constantScore !== undefined) this.#scores.fill(constantScore);
    const { sources, directions, limit, scoresOnlyOrder } = options;
    const isByScore = sources.length === 1 && sources[0] === undefined && directions[0] === -1;
    this.#canNarrow = isByScore && scoresOnlyOrder && !this.#isConstant && limit === Number.POSITIVE_INFINITY;
    this.#keys = new Float64Array(Math.max(1, options.sources.length));
  }

  /** Matches are not counted here: what cannot get among the best is left out. */
  leaveOutTheRest(): void {
    this.#isCountKnown = true;
  }

  get isDone(): boolean {
    const { limit, until, top } = this.#options;
    if (this.#isCountKnown && (top.size === 0 || (top.isFull && this.#isConstant))) return true;
    return this.total >= limit || (until !== Number.POSITIVE_INFINITY && performance.now() > until);
  }

  canSkip(base: number): boolean {
    return this.#isCountKnown && this.#canNarrow && isBelow(this.#options.matcher.bound(base), this.#floor());
  }

  collect(base: number, end: number, bits: Uint32Array): void {
    const { matcher, needsScores, minScore, postFilter, sources, top } = this.#options;
    const scores = this.#scores;
    const floor = this.#canNarrow ? this.#floor() : Number.NEGATIVE_INFINITY;
    const isNarrow = floor > Number.NEGATIVE_INFINITY;
    const contenders = isNarrow && top instanceof TopDocs ? matcher.contenders(base, floor, scores) : undefined;
    const scored = isNarrow && contenders === undefined ? this.#narrowed(base, bits, floor) : bits;
    if (needsScores && contenders === undefined) {
      if (!this.#isConstant && (scored === bits || !isEmpty(scored))) {
        clearScores(scored, scores);
        matcher.score(base, end, scored, scores);
      }
      if (minScore !== undefined) this.#dropBelow(minScore, bits);
    }
    let matches = bits;
    if (postFilter !== undefined) {
      this.#filtered ??= newWindow();
      matches = this.#filtered;
      matches.set(bits);
      postFilter.keep(base, end, matches);
    }
    this.total += countBits(matches);
    if (this.total >= this.#options.limit) this.#cut(matches);
    if (top.size === 0) return;
    if (sources.length !== 1 || sources[0] !== undefined) {
      this.#byKeys(base, matches);
    } else if (contenders !== undefined) {
      this.#offerContenders(base, matches, contenders);
    } else if (scored === bits) {
      this.#byScore(base, matches);
    } else {
      for (let i = 0; i < windowWords; i++) scored[i] = (scored[i] as number) & (matches[i] as number);
      this.#byScore(base, scored);
    }
  }

  /** The matches that may score more than the worst of the best. */
  #narrowed(base: number, bits: Uint32Array, floor: number): Uint32Array {
    this.#near ??= newWindow();
    const near = this.#near;
    near.set(bits);
    this.#options.matcher.narrow(base, near, floor);
    return near;
  }

  #floor(): number {
    const { top, floor } = this.#options;
    return top.isFull ? Math.max(floor, top.worst) : floor;
  }

  /** `collect` has left in the bits what aggregations are to see, and their scores. */
  collectLong(base: number, end: number, bits: Uint32Array): Generator<void, void> | undefined {
    return this.#options.aggregations?.collect(base, end, bits, this.#scores);
  }

  /** Takes away the last matches of a window, so that there are no more than wanted. */
  #cut(bits: Uint32Array): void {
    const { limit } = this.#options;
    for (let i = windowWords - 1; i >= 0 && this.total > limit; i--) {
      while (bits[i] !== 0 && this.total > limit) {
        bits[i] = (bits[i] as number) & ~(1 << (31 - Math.clz32(bits[i] as number)));
        this.total--;
      }
    }
  }

  #dropBelow(minScore: number, bits: Uint32Array): void {
    for (let i = 0; i < windowWords; i++) {
      let word = bits[i] as number;
      while (word !== 0) {
        const bit = word & -word;
        if (Math.fround(this.#scores[(i << 5) + 31 - Math.clz32(bit)] as number) < minScore)
          bits[i] = (bits[i] as number) ^ bit;
        word ^= bit;
      }
    }
  }

  #offerContenders(base: number, matches: Uint32Array, { count, places }: Contenders): void {
    const { top, after, directions } = this.#options;
    const scores = this.#scores;
    const keys = this.#keys;
    let floor = this.#floor();
    for (let i = 0; i < count; i++) {
      const at = places[i] as number;
      const score = Math.fround(scores[at] as number);
      // They come in any order: of equals a later one may be the lower document.
      if (score < floor || !hasBit(matches, at)) continue;
      keys[0] = score;
      if (after !== undefined && !isBehind(keys, after, directions)) continue;
      top.offer(base + at, keys);
      floor = this.#floor();
    }
  }

  #byScore(base: number, bits: Uint32Array): void {
    const { top, directions, after } = this.#options;
    const scores = this.#scores;
    const keys = this.#keys;
    const isDescending = directions[0] === -1;
    let floor = isDescending ? this.#floor() : Number.NEGATIVE_INFINITY;
    for (let i = 0; i < windowWords; i++) {
      let word = bits[i] as number;
      // Of equals the first are the best.
      if (this.#isConstant && top.isFull) return;
      while (word !== 0) {
        const at = (i << 5) + 31 - Math.clz32(word & -word);
        word &= word - 1;
        // Scores are floats, so that equal ones are equal here too.
        const score = Math.fround(scores[at] as number);
        if (score <= floor) continue;
        keys[0] = score;
        if (after !== undefined && !isBehind(keys, after, directions)) continue;
        top.offer(base + at, keys);
        if (isDescending) floor = this.#floor();
      }
    }
  }

  #byKeys(base: number, matches: Uint32Array): void {
    const { top, directions, sources, after } = this.#options;
    const keys = this.#keys;
    const scores = this.#scores;
    const [first] = sources;
    const isDescending = directions[0] === -1;
    // Keys outside these cannot enter; equal ones may, by the keys behind.
    let low = top.isFull && isDescending ? top.worst : Number.NEGATIVE_INFINITY;
    let high = top.isFull && !isDescending ? top.worst : Number.POSITIVE_INFINITY;
    const begin = after?.[0];
    this.#near ??= newWindow();
    const bits = this.#near;
    bits.set(matches);
    first?.narrow(
      base,
      bits,
      begin === undefined || isDescending ? low : Math.max(low, begin),
      begin === undefined || !isDescending ? high : Math.min(high, begin),
    );
    for (let i = 0; i < windowWords; i++) {
      let word = bits[i] as number;
      while (word !== 0) {
        const at = (i << 5) + 31 - Math.clz32(word & -word);
        word &= word - 1;
        const doc = base + at;
        const key = first === undefined ? Math.fround(scores[at] as number) : first.key(doc);
        if (key < low || key > high) continue;
        keys[0] = key;
        for (let k = 1; k < sources.length; k++) {
          const source = sources[k];
          keys[k] = source === undefined ? Math.fround(scores[at] as number) : source.key(doc);
        }
        if (after !== undefined && !isBehind(keys, after, directions)) continue;
        top.offer(doc, keys);
        if (top.isFull) {
          if (isDescending) low = top.worst;
          else high = top.worst;
        }
      }
    }
  }
}

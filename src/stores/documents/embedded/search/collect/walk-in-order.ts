import { Heap } from "../heap.ts";
import type { QueryContext } from "../query/context.ts";
import { AllMatcher, type Matcher } from "../query/matchers/matcher.ts";
import { countBits, hasBit, listBits, wordsFor } from "../segment/bits.ts";
import type { DocGroups } from "../segment/geo-order.ts";
import type { SortSource } from "../sort/sort-source.ts";
import { SpareArrays } from "../spare-arrays.ts";
import { isBehind } from "./is-behind.ts";
import type { TopDocs } from "./top-docs.ts";
import { matchBits } from "./windows.ts";

/** A sort by the values of fields, of which the best are wanted. */
export interface ValueSort {
  readonly sources: readonly SortSource[];
  /** By key: 1 ascending, -1 descending. */
  readonly directions: readonly number[];
  /** Keys of `search_after`. */
  readonly after: Float64Array | undefined;
  readonly top: TopDocs;
}

/** What it costs to look up the key of a document, beside whether the document matches. */
const keyCost = 8;

interface Walk extends ValueSort {
  /** The matches, removed documents left out; undefined for all. */
  readonly matches: Uint32Array | undefined;
}

/**
 * Finds the best of a frozen segment by looking at documents in the order of the first key. Answers how many match; undefined, and nothing is
 * done, where that order is not known.
 */
export function* collectInOrder(
  matcher: Matcher,
  sort: ValueSort,
  context: QueryContext,
): Generator<void, number | undefined> {
  const { sources, directions, top } = sort;
  const [first] = sources;
  const docs = first === undefined ? undefined : yield* first.order(directions[0] === -1, context.budget);
  const groups = docs === undefined && directions[0] === 1 ? first?.groups() : undefined;
  const walkBest =
    docs !== undefined
      ? (walk: Walk) => walkInOrder(walk, docs, context)
      : groups !== undefined
        ? (walk: Walk) => walkGroups(walk, groups, context)
        : undefined;
  if (walkBest === undefined) return undefined;
  const { maxDoc, snapshot } = context;
  if (matcher instanceof AllMatcher) {
    yield* walkBest({ ...sort, matches: undefined });
    return maxDoc - snapshot.deletedCount;
  }
  const matches = yield* matchBits(matcher, context, emptySet(maxDoc));
  const known = snapshot.deletedCount === 0 ? matcher.exactCount : undefined;
  const total = known ?? countBits(matches);
  const walk = { ...sort, matches };
  // Few matches lie far from one another in any order.
  if (keyCost * total * total < top.size * maxDoc) yield* offerAll(walk, context);
  else yield* walkBest(walk);
  if (matches.length <= mostSpareWords) spareSets.give(matches);
  return total;
}

/** Sets of so many words are kept, of two million documents. */
const mostSpareWords = 1 << 16;
const spareSets = new SpareArrays<Uint32Array>(() => new Uint32Array(0));

function emptySet(maxDoc: number): Uint32Array {
  const words = wordsFor(maxDoc);
  const spare = words <= mostSpareWords ? spareSets.take() : undefined;
  return spare?.length === words ? spare.fill(0) : new Uint32Array(words);
}

function* offerAll(walk: Walk, context: QueryContext): Generator<void, void> {
  const offers = new Offers(walk, context);
  const { matches = new Uint32Array(0) } = walk;
  const some = new Uint32Array(32 * wordsAtOnce);
  for (let word = 0; word < matches.length; word += wordsAtOnce) {
    const words = matches.subarray(word, word + wordsAtOnce);
    const count = listBits(words, words.length, word << 5, some);
    for (let i = 0; i < count; i++) offers.offer(some[i] as number);
    yield* context.budget.pause();
  }
}

const wordsAtOnce = 128;

/** `docs`: those that have a first key, ascending by it and then by document. */
function* walkInOrder(walk: Walk, docs: Uint32Array, context: QueryContext): Generator<void, void> {
  const { directions } = walk;
  const [first] = walk.sources;
  if (first === undefined) return;
  const offers = new Offers(walk, context);
  const begin = walk.after?.[0];
  if (directions[0] === 1) {
    const start = begin === undefined ? 0 : firstAbove(docs, first, begin, false);
    for (let at = start; at < docs.length; at++) {
      if ((at & 4_095) === 4_095) yield* context.budget.pause();
      const doc = docs[at] as number;
      // Keys lie all over the memory, matches close together: they are asked first.
      if (!offers.isWanted(doc)) continue;
      if (offers.isFullBefore(first.key(doc))) return;
      offers.offer(doc);
    }
  } else {
    let end = begin === undefined ? docs.length : firstAbove(docs, first, begin, true);
    for (let seen = 1; end > 0; seen++) {
      if ((seen & 4_095) === 0) yield* context.budget.pause();
      const doc = docs[end - 1] as number;
      if (!offers.isWanted(doc)) {
        end--;
        continue;
      }
      const key = first.key(doc);
      if (offers.isFullBefore(key)) return;
      // Documents with the same key come in their own order.
      const start = firstOfEqual(docs, first, key, end - 1);
      for (let at = start; at < end && !offers.isFullBefore(key); at++) {
        if (offers.isWanted(docs[at] as number)) offers.offer(docs[at] as number);
        if ((at & 4_095) === 4_095) yield* context.budget.pause();
      }
      end = start;
    }
  }
  if (!offers.isFull) yield* offers.offerMissing(docs);
}

/** The groups that may have the lowest keys first. */
function* walkGroups(walk: Walk, { docs, size, bounds }: DocGroups, context: QueryContext): Generator<void, void> {
  const offers = new Offers(walk, context);
  const { top } = walk;
  // A heap: of thousands of groups a few are asked for.
  const nearest = new Heap<number>((a, b) => (bounds[a] as number) < (bounds[b] as number));
  for (let group = 0; group < bounds.length; group++) nearest.add(group);
  for (let group = nearest.take(); group !== undefined; group = nearest.take()) {
    if (top.isFull && (bounds[group] as number) > top.worst) return;
    const end = Math.min(docs.length, (group + 1) * size);
    for (let at = group * size; at < end; at++) {
      const doc = docs[at] as number;
      if (offers.isWanted(doc)) offers.offer(doc);
    }
    yield* context.budget.pause();
  }
  if (!offers.isFull) yield* offers.offerMissing(docs);
}

/** The first place whose key is not below (with `isBehindEqual`: is above) another one. */
function firstAbove(
  docs: Uint32Array,
  source: SortSource,
  key: number,
  isBehindEqual: boolean,
  from = 0,
  to = docs.length,
): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const own = source.key(docs[middle] as number);
    if (own < key || (isBehindEqual && own === key)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first place with the same key as the one at `at`; most keys are there once. */
function firstOfEqual(docs: Uint32Array, source: SortSource, key: number, at: number): number {
  let step = 1;
  while (at >= step && source.key(docs[at - step] as number) === key) step *= 2;
  return firstAbove(docs, source, key, false, Math.max(0, at - step), at);
}

/** Gives documents with their keys to the best. */
class Offers {
  readonly #walk: Walk;
  readonly #context: QueryContext;
  readonly #keys: Float64Array;

  constructor(walk: Walk, context: QueryContext) {
    this.#walk = walk;
    this.#context = context;
    this.#keys = new Float64Array(walk.sources.length);
  }

  get isFull(): boolean {
    return this.#walk.top.isFull;
  }

  /** Whether nothing with a first key can enter any more, nor what comes behind it. */
  isFullBefore(key: number): boolean {
    const { top, sources, directions } = this.#walk;
    if (!top.isFull) return false;
    // Of equals the first are the best, unless there are keys behind.
    if (key === top.worst) return sources.length === 1;
    return key > top.worst === (directions[0] === 1);
  }

  isWanted(doc: number): boolean {
    const { matches } = this.#walk;
    return matches === undefined ? !hasBit(this.#context.snapshot.deleted, doc) : hasBit(matches, doc);
  }

  /** Of a document that is wanted. */
  offer(doc: number): void {
    const { sources, directions, after, top } = this.#walk;
    for (let k = 0; k < sources.length; k++) this.#keys[k] = (sources[k] as SortSource).key(doc);
    if (after === undefined || isBehind(this.#keys, after, directions)) top.offer(doc, this.#keys);
  }

  /** Documents without a key are the last. */
  *offerMissing(docs: Uint32Array): Generator<void, void> {
    const { maxDoc, budget } = this.#context;
    if (docs.length === maxDoc) return;
    const seen = new Uint32Array((maxDoc + 31) >>> 5).fill(0xffffffff);
    for (const doc of docs) seen[doc >>> 5] = (seen[doc >>> 5] as number) & ~(1 << (doc & 31));
    const missing = new Uint32Array(32);
    for (let word = 0; word < seen.length; word++) {
      const count = listBits(seen.subarray(word, word + 1), 1, word << 5, missing);
      for (let i = 0; i < count && (missing[i] as number) < maxDoc; i++)
        if (this.isWanted(missing[i] as number)) this.offer(missing[i] as number);
      if ((word & 255) === 255) yield* budget.pause();
    }
  }
}

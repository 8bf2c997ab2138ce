import type { QueryContext } from "../query/context.ts";
import { windowSize } from "../query/matchers/matcher.ts";
import { grow64 } from "../segment/growing.ts";
import { SpareArrays } from "../spare-arrays.ts";
import { type AggregationRun, type SubAggregations, scoreOf, spend } from "./aggregator.ts";

/** Of the same length. */
interface Lists {
  docs: Uint32Array;
  owners: Uint32Array;
}

/** What a document takes in both. */
const bytesInLists = 8;
/** Longer ones are not kept for the next search; two of these take 8 MiB. A guess. */
const longestSpare = 1 << 19;
const spareLists = new SpareArrays<Lists>(() => ({ docs: new Uint32Array(0), owners: new Uint32Array(0) }), 2);

interface Part extends Lists {
  readonly part: number;
  readonly context: QueryContext;
  /** Empty where nobody needs scores. */
  scores: Float64Array;
  /** What the aggregation wants to know again of each; empty when it gave nothing. */
  values: Float64Array;
  count: number;
}

/** Between two looks at the clock. */
const renumberedAtOnce = 1 << 16;

/** Says where the documents of a segment belong. */
export interface Placing {
  /** A bucket, -1 for none. `value` is what was given with the document. */
  place(doc: number, owner: number, value: number): number;
}

/** Documents of all segments, kept until their buckets are known and handed on to sub-aggregations then. */
export class DeferredDocs {
  readonly #run: AggregationRun;
  readonly #withScores: boolean;
  readonly #parts: Part[] = [];

  constructor(run: AggregationRun, withScores: boolean) {
    this.#run = run;
    this.#withScores = withScores;
  }

  get parts(): readonly Part[] {
    return this.#parts;
  }

  /** Leaves out the documents whose owner has no number, and gives the others that number - 1 as their owner. */
  *renumber(numbers: Int32Array): Generator<void, void> {
    for (const part of this.#parts) {
      const { count } = part;
      part.count = 0;
      for (let from = 0; from < count; from += renumberedAtOnce) {
        renumber(part, from, Math.min(count, from + renumberedAtOnce), numbers);
        yield* part.context.budget.pause();
      }
    }
  }

  enter(context: QueryContext): void {
    const scores = new Float64Array(0);
    const lists = spareLists.take();
    spend(this.#run, lists.docs.length * bytesInLists);
    this.#parts.push({ part: this.#run.part, context, ...lists, scores, values: scores, count: 0 });
  }

  add(docs: Uint32Array, owners: Uint32Array, count: number, values?: Float64Array): void {
    const part = this.#parts[this.#parts.length - 1];
    if (part === undefined) return;
    const needed = part.count + count;
    if (needed > part.docs.length) grow(this.#run, part, needed);
    part.docs.set(docs.subarray(0, count), part.count);
    part.owners.set(owners.subarray(0, count), part.count);
    if (this.#withScores) {
      if (needed > part.scores.length) part.scores = grown(this.#run, part.scores, part.docs.length);
      for (let i = 0; i < count; i++)
        part.scores[part.count + i] = scoreOf(this.#run, docs[i] as number, part.context.space);
    }
    if (values !== undefined) {
      if (needed > part.values.length) part.values = grown(this.#run, part.values, part.docs.length);
      part.values.set(values.subarray(0, count), part.count);
    }
    part.count = needed;
  }

  /**
   * Leads the sub-aggregations through everything that was kept; `place` makes the function that places the documents of a segment. Without it they
   * are where they belong.
   */
  *replay(subs: SubAggregations, place?: (part: number, context: QueryContext) => Placing): Generator<void, void> {
    const { part: current, base, scores, scoredPath } = this.#run;
    for (const [at, part] of this.#parts.entries()) {
      this.#run.part = part.part;
      this.#run.scoredPath = part.context.space.path;
      for (const [, aggregator] of subs.aggregators) yield* aggregator.enter(part.context);
      yield* this.#replayPart(part, subs, place?.(at, part.context));
    }
    Object.assign(this.#run, { part: current, base, scores, scoredPath });
    for (const { docs, owners } of this.#parts) if (docs.length <= longestSpare) spareLists.give({ docs, owners });
    this.#parts.length = 0;
    for (const [, aggregator] of subs.aggregators) yield* aggregator.finish();
  }

  *#replayPart(part: Part, subs: SubAggregations, placing: Placing | undefined): Generator<void, void> {
    const placed = placing === undefined ? undefined : new Placed(placing);
    const scores = new Float64Array(windowSize);
    this.#run.scores = scores;
    for (let from = 0; from < part.count; ) {
      // Scores are looked up by the place of a document in its window.
      const base = (part.docs[from] as number) & ~(windowSize - 1);
      const end = endOfWindow(part, from, base);
      if (this.#withScores)
        for (let i = from; i < end; i++) scores[(part.docs[i] as number) - base] = part.scores[i] as number;
      this.#run.base = base;
      if (placed === undefined)
        handOn(subs, part.docs.subarray(from, end), part.owners.subarray(from, end), end - from);
      else handOn(subs, placed.docs, placed.buckets, placed.take(part, from, end));
      from = end;
      yield* part.context.budget.pause();
    }
  }
}

/** Appends documents of a part to those before `count`. */
function renumber(part: Part, from: number, end: number, numbers: Int32Array): void {
  const { docs, owners, scores } = part;
  let kept = part.count;
  for (let i = from; i < end; i++) {
    const number = numbers[owners[i] as number] ?? 0;
    if (number === 0) continue;
    docs[kept] = docs[i] as number;
    if (scores.length > 0) scores[kept] = scores[i] as number;
    owners[kept++] = number - 1;
  }
  part.count = kept;
}

/** The first document of a part from `from` on that is in another window, or one more than fit a block: several owners may keep a document. */
function endOfWindow({ docs, count }: Part, from: number, base: number): number {
  const most = Math.min(count, from + windowSize);
  let end = from;
  while (end < most && (docs[end] as number) >= base && (docs[end] as number) < base + windowSize) end++;
  return end;
}

/** Documents of one window that have a bucket. */
class Placed {
  readonly docs = new Uint32Array(windowSize);
  readonly buckets = new Uint32Array(windowSize);
  readonly #placing: Placing;

  constructor(placing: Placing) {
    this.#placing = placing;
  }

  /** Answers how many there are. */
  take({ docs, owners, values }: Part, from: number, end: number): number {
    let taken = 0;
    for (let i = from; i < end; i++) {
      const doc = docs[i] as number;
      const bucket = this.#placing.place(doc, owners[i] as number, values[i] ?? Number.NaN);
      if (bucket < 0) continue;
      this.docs[taken] = doc;
      this.buckets[taken++] = bucket;
    }
    return taken;
  }
}

function handOn({ aggregators }: SubAggregations, docs: Uint32Array, buckets: Uint32Array, count: number): void {
  if (count > 0) for (const [, aggregator] of aggregators) aggregator.collect(docs, buckets, count);
}

function grow(run: AggregationRun, part: Part, needed: number): void {
  const size = Math.max(1024, needed, 2 * part.docs.length);
  spend(run, (size - part.docs.length) * bytesInLists);
  const docs = new Uint32Array(size);
  docs.set(part.docs);
  const owners = new Uint32Array(size);
  owners.set(part.owners);
  part.docs = docs;
  part.owners = owners;
}

function grown(run: AggregationRun, numbers: Float64Array, size: number): Float64Array {
  spend(run, (size - numbers.length) * Float64Array.BYTES_PER_ELEMENT);
  return grow64(numbers, size);
}

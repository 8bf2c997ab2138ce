import type { JSONObject } from "../../../../../kernel/index.ts";
import { Budget } from "../budget.ts";
import type { IndexSearchRequest } from "../collection-index.ts";
import type { SearchPart } from "../hits/finish-hits.ts";
import type { QueryContext } from "../query/context.ts";
import { windowSize } from "../query/matchers/matcher.ts";
import { listBits, wordsFor } from "../segment/bits.ts";
import { SpareArrays } from "../spare-arrays.ts";
import {
  type AggregationRun,
  type Aggregator,
  BucketAggregator,
  type SubAggregations,
  subResults,
} from "./aggregator.ts";
import { createAggregations } from "./create-aggregation.ts";

/** Documents times aggregations between two looks at the clock: at some 30 ns each, a millisecond. */
const stepWork = 32_768;
const leastStep = 64;

/** How many aggregations the largest one of a list is, with all that lie in it. */
function largestOf({ aggregators }: SubAggregations): number {
  return Math.max(1, ...aggregators.map(([, aggregator]) => sizeOf(aggregator)));
}

function sizeOf(aggregator: Aggregator): number {
  if (!(aggregator instanceof BucketAggregator)) return 1;
  return aggregator.subs.aggregators.reduce((sum, [, sub]) => sum + sizeOf(sub), 1);
}

const spareDocs = new SpareArrays<Uint32Array>(() => new Uint32Array(windowSize));
/** At the top everything belongs to bucket 0. */
const topOwners = new Uint32Array(windowSize);

/** All aggregations of one search, over all its segments. */
export class Aggregations {
  readonly #run: AggregationRun;
  readonly #tree: SubAggregations;
  /** Those that get the documents of the present segment. */
  #waiting: readonly Aggregator[] = [];
  readonly #budget = new Budget();
  /** Documents that each aggregation gets at once. */
  readonly #step: number;
  readonly #docs = spareDocs.take();

  constructor(body: JSONObject, parts: readonly SearchPart[], request: IndexSearchRequest) {
    this.#run = {
      request,
      parts,
      part: 0,
      base: 0,
      scores: new Float64Array(0),
      scoredPath: "",
      needsScores: false,
      buckets: 0,
      bytes: 0,
      budget: parts[0]?.context.budget ?? new Budget(),
    };
    this.#tree = createAggregations(body, this.#run);
    this.#step = Math.max(leastStep, Math.min(windowSize, Math.floor(stepWork / largestOf(this.#tree))));
  }

  get needsScores(): boolean {
    return this.#run.needsScores;
  }

  /** The documents of a segment follow. */
  *enter(part: number, context: QueryContext): Generator<void, void> {
    this.#run.part = part;
    this.#waiting = this.#tree.aggregators.map(([, aggregator]) => aggregator);
    for (const aggregator of this.#waiting) yield* aggregator.enter(context);
  }

  /** Yields when the step is over: the more aggregations there are, the fewer documents are given to each at once. */
  *collect(base: number, end: number, bits: Uint32Array, scores: Float64Array): Generator<void, void> {
    const count = listBits(bits, wordsFor(end - base), base, this.#docs);
    this.#run.base = base;
    this.#run.scores = scores;
    for (let from = 0; from < count; from += this.#step) {
      const docs = from === 0 ? this.#docs : this.#docs.subarray(from);
      for (const aggregator of this.#waiting) {
        aggregator.collect(docs, topOwners, Math.min(this.#step, count - from));
        if (!this.#budget.isSpent) continue;
        yield;
        this.#budget.restart();
      }
    }
  }

  /** All documents of the segment that was entered match, and none was removed: some aggregations need not see each. */
  *collectWhole(context: QueryContext): Generator<void, void> {
    const waiting: Aggregator[] = [];
    for (const aggregator of this.#waiting) if (!(yield* aggregator.collectWhole(context))) waiting.push(aggregator);
    this.#waiting = waiting;
  }

  /** Whether some aggregation has to see the documents of the segment one by one. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Call it when all segments have been collected. */
  *result(): Generator<void, JSONObject> {
    for (const [, aggregator] of this.#tree.aggregators) yield* aggregator.finish();
    spareDocs.give(this.#docs);
    return subResults(this.#tree, 0);
  }
}

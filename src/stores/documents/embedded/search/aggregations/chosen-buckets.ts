import type { QueryContext } from "../query/context.ts";
import { growInt32 } from "../segment/growing.ts";
import { type AggregationRun, type Aggregator, BucketAggregator, type SubAggregations } from "./aggregator.ts";
import { DeferredDocs } from "./deferred.ts";
import { isSingleBucket, type Order } from "./order.ts";
import { TopHitsAggregator } from "./top-hits.ts";

/**
 * Sub-aggregations of those buckets alone that are answered: documents wait until all of them are counted. Most of the buckets of a field with many
 * values are left out, and each would have had buckets of its own.
 */
export class ChosenBuckets {
  readonly #subs: SubAggregations;
  readonly #docs: DeferredDocs;
  /** By bucket: what it is called below, + 1. */
  #numbers: Int32Array = new Int32Array(16);
  #chosen = 0;

  constructor(run: AggregationRun, subs: SubAggregations) {
    this.#subs = subs;
    this.#docs = new DeferredDocs(run, run.needsScores);
  }

  /** Waiting costs more than it saves when all that is below is a number for each bucket, or when buckets are chosen by such numbers. */
  static areWorthIt({ aggregators }: SubAggregations, order: readonly Order[]): boolean {
    return (
      order.every(({ path }) => path === "_key" || path === "_count") &&
      aggregators.some(([, one]) => one instanceof TopHitsAggregator || hasManyBuckets(one))
    );
  }

  enter(context: QueryContext): void {
    this.#docs.enter(context);
  }

  add(docs: Uint32Array, buckets: Uint32Array, count: number): void {
    this.#docs.add(docs, buckets, count);
  }

  choose(bucket: number): void {
    this.#numbers = growInt32(this.#numbers, bucket + 1);
    this.#numbers[bucket] = ++this.#chosen;
  }

  /** To be called when all are chosen. */
  *finish(): Generator<void, void> {
    yield* this.#docs.renumber(this.#numbers);
    yield* this.#docs.replay(this.#subs);
  }

  /** What a bucket is called below; one without documents has a number that nobody knows there. */
  numberOf(bucket: number): number {
    const number = this.#numbers[bucket] ?? 0;
    return number === 0 ? this.#chosen : number - 1;
  }
}

const hasManyBuckets = (one: Aggregator): boolean => one instanceof BucketAggregator && !isSingleBucket(one);

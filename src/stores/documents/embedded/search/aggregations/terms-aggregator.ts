import type { JSONObject } from "../../../../../kernel/index.ts";
import { type AggregationRun, countBuckets, type SubAggregations } from "./aggregator.ts";
import { compareBuckets, type Order, selectBest } from "./order.ts";
import { TermBuckets, type TermSource } from "./terms.ts";

export interface TermsOptions {
  readonly size: number;
  /** As the request has it; it changes nothing but what is said of the error. */
  readonly shardSize: number | undefined;
  readonly minDocCount: number;
  readonly order: readonly Order[];
  /** Says of each bucket that its count is exact. */
  readonly showsError: boolean;
}

/** One bucket for each value of a field; those with the most documents first unless asked otherwise. Counts are exact. */
export class TermsAggregator extends TermBuckets {
  readonly #options: TermsOptions;
  readonly #compare: (a: number, b: number) => number;

  constructor(run: AggregationRun, subs: SubAggregations, source: TermSource, options: TermsOptions) {
    super(run, subs, "terms", source);
    this.#options = options;
    this.#compare = compareBuckets(this.buckets, options.order, subs, "terms");
  }

  result(owner: number): JSONObject {
    const { size, minDocCount } = this.#options;
    const all = this.bucketsOf(owner);
    const { counts } = this.buckets;
    const candidates = all.filter((bucket) => (counts[bucket] as number) >= minDocCount);
    const best = selectBest(candidates, size, this.#compare);
    countBuckets(this.run, best.length);
    let others = 0;
    for (const bucket of candidates) others += counts[bucket] as number;
    for (const bucket of best) others -= counts[bucket] as number;
    const error = this.#error(all.length);
    const buckets = best.map((bucket) => ({
      ...this.keyOf(bucket),
      doc_count: counts[bucket],
      ...(this.#options.showsError ? { doc_count_error_upper_bound: error } : {}),
      ...this.bucketResults(bucket),
    }));
    return {
      doc_count_error_upper_bound: error,
      sum_other_doc_count: others,
      buckets: this.finishBuckets(buckets),
    };
  }

  /** Counts are exact, but the reference engine says that it cannot know (-1) where its shards may have left out rare terms. */
  #error(candidates: number): number {
    const { size, shardSize = Math.floor(size * 1.5) + 10, order } = this.#options;
    const [first] = order;
    const isSure = first === undefined || first.path === "_key" || (first.path === "_count" && first.descending);
    return isSure || candidates < Math.max(size, shardSize) ? 0 : -1;
  }
}

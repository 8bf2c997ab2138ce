import type { JSONObject } from "../../../../../kernel/index.ts";
import type { QueryContext } from "../query/context.ts";
import { type AggregationRun, countBuckets, type SubAggregations, subResults } from "./aggregator.ts";
import { ChosenBuckets } from "./chosen-buckets.ts";
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

/** The buckets of one owner that are answered. */
interface Choice {
  readonly best: readonly number[];
  /** Documents in the other ones that could have been. */
  readonly others: number;
  /** Buckets in all. */
  readonly of: number;
}

/** One bucket for each value of a field; those with the most documents first unless asked otherwise. Counts are exact. */
export class TermsAggregator extends TermBuckets {
  readonly #options: TermsOptions;
  readonly #compare: (a: number, b: number) => number;
  /** Undefined when sub-aggregations see documents as they come. */
  readonly #chosen: ChosenBuckets | undefined;
  /** By owner, where they had to be made before the answer. */
  readonly #choices = new Map<number, Choice>();

  constructor(run: AggregationRun, subs: SubAggregations, source: TermSource, options: TermsOptions) {
    super(run, subs, "terms", source);
    this.#options = options;
    this.#compare = compareBuckets(this.buckets, options.order, subs, "terms");
    if (ChosenBuckets.areWorthIt(subs, options.order)) this.#chosen = new ChosenBuckets(run, subs);
  }

  override *enterSubs(context: QueryContext): Generator<void, void> {
    if (this.#chosen === undefined) yield* super.enterSubs(context);
    else this.#chosen.enter(context);
  }

  override forward(docs: Uint32Array, count: number): void {
    if (this.#chosen === undefined) super.forward(docs, count);
    else if (count > 0) this.#chosen.add(docs, this.blockBuckets, count);
  }

  override *finish(): Generator<void, void> {
    if (this.#chosen === undefined) return yield* super.finish();
    const { owners } = this.buckets;
    for (let owner = 0; owner < owners; owner++) {
      const choice = this.#choose(owner);
      this.#choices.set(owner, choice);
      for (const bucket of choice.best) this.#chosen.choose(bucket);
      if ((owner & 63) === 63) yield* this.run.budget.pause();
    }
    yield* this.#chosen.finish();
  }

  #choose(owner: number): Choice {
    const { size, minDocCount } = this.#options;
    const all = this.bucketsOf(owner);
    const { counts } = this.buckets;
    const candidates = all.filter((bucket) => (counts[bucket] as number) >= minDocCount);
    const best = selectBest(candidates, size, this.#compare);
    let others = 0;
    for (const bucket of candidates) others += counts[bucket] as number;
    for (const bucket of best) others -= counts[bucket] as number;
    return { best, others, of: all.length };
  }

  override bucketResults(bucket: number): JSONObject {
    return subResults(this.subs, this.#chosen?.numberOf(bucket) ?? bucket);
  }

  result(owner: number): JSONObject {
    const { best, others, of } = this.#choices.get(owner) ?? this.#choose(owner);
    const { counts } = this.buckets;
    countBuckets(this.run, best.length);
    const error = this.#error(of);
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

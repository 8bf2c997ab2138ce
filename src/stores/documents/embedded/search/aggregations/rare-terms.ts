import type { JSONObject } from "../../../../../kernel/index.ts";
import { type AggregationRun, countBuckets, type SubAggregations } from "./aggregator.ts";
import { compareKeys } from "./order.ts";
import { TermBuckets, type TermSource } from "./terms.ts";

/** One bucket for each value that few documents have, the rarest first. Counts are exact. */
export class RareTermsAggregator extends TermBuckets {
  readonly #most: number;

  constructor(run: AggregationRun, subs: SubAggregations, source: TermSource, most: number) {
    super(run, subs, "rare_terms", source);
    this.#most = most;
  }

  result(owner: number): JSONObject {
    const { counts, keys } = this.buckets;
    const rare = this.bucketsOf(owner).filter((bucket) => (counts[bucket] as number) <= this.#most);
    rare.sort((a, b) => (counts[a] as number) - (counts[b] as number) || compareKeys(keys[a], keys[b]));
    countBuckets(this.run, rare.length);
    const buckets = rare.map((bucket) => ({
      ...this.keyOf(bucket),
      doc_count: counts[bucket],
      ...this.bucketResults(bucket),
    }));
    return { buckets: this.finishBuckets(buckets) };
  }
}

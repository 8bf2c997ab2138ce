import type { JSONObject } from "../../../../../kernel/index.ts";
import type { QueryContext } from "../query/context.ts";
import { grow64 } from "../segment/growing.ts";
import { type AggregationRun, countBuckets, type SubAggregations } from "./aggregator.ts";
import { countBackground } from "./background.ts";
import { compareKeys } from "./order.ts";
import type { Significance } from "./significance.ts";
import { TermBuckets, type TermSource } from "./terms.ts";

export interface SignificantTermsOptions {
  readonly size: number;
  readonly minDocCount: number;
  readonly significance: Significance;
  /** Undefined: all documents. */
  readonly backgroundFilter: unknown;
}

/** One bucket for each value that is more frequent among the documents found than elsewhere, the most telling first. */
export class SignificantTermsAggregator extends TermBuckets {
  readonly #options: SignificantTermsOptions;
  readonly #field: string;
  readonly #contexts: QueryContext[] = [];
  /** Documents by owner. */
  #found: Float64Array = new Float64Array(16);
  #background = { size: 0, counts: new Map<string | number, number>() };

  constructor(run: AggregationRun, subs: SubAggregations, source: TermSource, options: SignificantTermsOptions) {
    super(run, subs, "significant_terms", source);
    this.#options = options;
    this.#field = source.values.field;
  }

  override *open(context: QueryContext): Generator<void, void> {
    this.#contexts.push(context);
    yield* super.open(context);
  }

  override collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const owner = owners[i] as number;
      if (owner >= this.#found.length) this.#found = grow64(this.#found, owner + 1);
      this.#found[owner] = (this.#found[owner] as number) + 1;
    }
    super.collect(docs, owners, count);
  }

  override *collectWhole(context: QueryContext): Generator<void, boolean> {
    const isCollected = yield* super.collectWhole(context);
    if (isCollected) this.#found[0] = (this.#found[0] as number) + context.maxDoc;
    return isCollected;
  }

  override *finish(): Generator<void, void> {
    yield* super.finish();
    const wanted = new Set(this.buckets.keys);
    const background = { size: 0, counts: new Map<string | number, number>() };
    for (const context of this.#contexts) {
      const field = context.field(this.#field);
      const { backgroundFilter: filter } = this.#options;
      const isPartial = this.run.request.visible !== undefined;
      const { size, counts } = yield* countBackground(context, field, wanted, filter, isPartial);
      background.size += size;
      for (const [value, count] of counts) background.counts.set(value, (background.counts.get(value) ?? 0) + count);
    }
    this.#background = background;
  }

  get #live(): number {
    let sum = 0;
    for (const statistics of new Set(this.#contexts.map((context) => context.statistics))) sum += statistics.liveDocs;
    return sum;
  }

  /** Here the reference engine writes booleans as such, and as texts everywhere else. */
  #keyOf(bucket: number): JSONObject {
    const key = this.keyOf(bucket);
    return this.format.kind === "boolean" ? { ...key, key_as_string: key.key !== 0 } : key;
  }

  result(owner: number): JSONObject {
    if (!this.isMapped) return { buckets: this.finishBuckets([]) };
    const { size: most, minDocCount, significance } = this.#options;
    const { size, counts: usual } = this.#background;
    const { counts, keys } = this.buckets;
    const found = owner < 0 ? 0 : (this.#found[owner] ?? 0);
    const scored = this.bucketsOf(owner).flatMap((bucket) => {
      const own = counts[bucket] as number;
      const background = usual.get(keys[bucket] as string | number) ?? 0;
      const score = own < minDocCount ? 0 : significance(own, found, background, size);
      return score > 0 ? [{ bucket, score, background }] : [];
    });
    scored.sort((a, b) => b.score - a.score || compareKeys(keys[b.bucket], keys[a.bucket]));
    const best = scored.slice(0, most);
    countBuckets(this.run, best.length);
    const buckets = best.map(({ bucket, score, background }) => ({
      ...this.#keyOf(bucket),
      doc_count: counts[bucket],
      score,
      bg_count: background,
      ...this.bucketResults(bucket),
    }));
    // Of a bucket without documents, the reference engine answers how many are there now.
    return { doc_count: found, bg_count: owner < 0 ? this.#live : size, buckets: this.finishBuckets(buckets) };
  }
}

import type { JSONObject } from "../../../../../kernel/index.ts";
import type { FieldNode } from "../../../mapping/compile-mapping.ts";
import type { DateFormat } from "../../../mapping/dates/date-format.ts";
import { type TimeZone, utc } from "../../../mapping/dates/time-zone.ts";
import type { QueryContext } from "../query/context.ts";
import { malformed } from "../query/parameters.ts";
import { parseTerm } from "../query/term-clauses.ts";
import type { KeywordField } from "../segment/keyword-field.ts";
import type { NumberField } from "../segment/number-field.ts";
import {
  type AggregationRun,
  aggregatedField,
  BucketAggregator,
  countBuckets,
  printDecimal,
  type SubAggregations,
  subResults,
} from "./aggregator.ts";
import { BucketCache, Buckets } from "./buckets.ts";
import { metricAt, type Order } from "./order.ts";
import { assertHistogramOfRanges, startsOfRanges } from "./range-buckets.ts";
import type { Rounding } from "./rounding.ts";
import { compareKeys } from "./terms.ts";

export interface HistogramOptions {
  readonly place: "histogram" | "date_histogram";
  readonly field: string;
  readonly rounding: Rounding;
  readonly minDocCount: number;
  readonly order: readonly Order[];
  readonly missing: unknown;
  readonly keyed: boolean;
  readonly zone: TimeZone;
  readonly format: DateFormat | undefined;
  readonly extendedBounds: readonly [number, number] | undefined;
  readonly hardBounds: readonly [number, number] | undefined;
}

/** The starts of all buckets between the extremes of a field, while they are few: a document then finds its bucket by arithmetic. */
const maxStarts = 20_000;

/** Buckets of equal width, or of calendar units, over numbers or dates. */
export class HistogramAggregator extends BucketAggregator {
  readonly #options: HistogramOptions;
  readonly #buckets = new Buckets();
  #store: NumberField | undefined;
  #ranges: KeywordField | undefined;
  #node: FieldNode | undefined;
  #missing = Number.NaN;
  #starts: Float64Array = new Float64Array(0);
  /** Where the last bucket ends, and buckets per unit of value. */
  #end = 0;
  #scale = 0;
  #cache = new BucketCache(0);

  constructor(run: AggregationRun, subs: SubAggregations, options: HistogramOptions) {
    super(run, subs);
    this.#options = options;
  }

  *open(context: QueryContext): Generator<void, void> {
    const { field: path, place, missing } = this.#options;
    const field = aggregatedField(context, path, place);
    this.#store = undefined;
    if (field === undefined) return;
    this.#ranges = undefined;
    if (field.node.family === "range") {
      this.#node = field.node;
      assertHistogramOfRanges(field.node, place, missing);
      this.#ranges = field.store?.kind === "keyword" ? field.store : undefined;
      return;
    }
    if (field.node.family !== "number")
      throw malformed(`[${place}] needs a number or date; field "${path}" is of type ${field.node.type}.`);
    this.#node = field.node;
    this.#missing = missing === undefined ? Number.NaN : Number(parseTerm(field.node, missing));
    if (field.store?.kind !== "number") return;
    this.#store = field.store;
    this.#starts = this.#startsOf(field.store);
    this.#cache = new BucketCache(this.#starts.length);
    const last = this.#starts.length - 1;
    if (last >= 0) {
      this.#end = this.#options.rounding.next(this.#starts[last] as number);
      this.#scale = last / Math.max(1, (this.#starts[last] as number) - (this.#starts[0] as number));
    }
    yield* context.budget.pause();
  }

  #startsOf(store: NumberField): Float64Array {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < store.blockMin.length; i++) {
      low = Math.min(low, store.blockMin[i] as number);
      high = Math.max(high, store.blockMax[i] as number);
    }
    const { rounding } = this.#options;
    const starts: number[] = [];
    if (low > high) return new Float64Array(0);
    for (let start = rounding.floor(low); start <= high; start = rounding.next(start)) {
      if (starts.length >= maxStarts) return new Float64Array(0);
      starts.push(start);
    }
    return Float64Array.from(starts);
  }

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    if (this.#ranges !== undefined) {
      this.#collectRanges(this.#ranges, docs, owners, count);
      this.flush();
      return;
    }
    const store = this.#store;
    if (store !== undefined && !store.isMultiple) {
      this.#collectSingle(store.values, docs, owners, count);
      this.flush();
      return;
    }
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      const owner = owners[i] as number;
      const own = store === undefined ? 0 : store.countOf(doc);
      if (own === 0) {
        if (!Number.isNaN(this.#missing)) this.#add(doc, this.#bucketOf(owner, this.#missing));
        continue;
      }
      let last = -1;
      for (let v = 0; v < own; v++) {
        const bucket = this.#bucketOf(owner, store?.valueAt(doc, v) ?? 0);
        // A document counts once in a bucket, however many of its values lie in it.
        if (bucket !== last) this.#add(doc, bucket);
        last = bucket;
      }
    }
    this.flush();
  }

  /** A document counts in every bucket that one of its ranges touches. */
  #collectRanges(store: KeywordField, docs: Uint32Array, owners: Uint32Array, count: number): void {
    const { rounding, hardBounds, place } = this.#options;
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      for (const start of startsOfRanges(store, doc, rounding, hardBounds, place))
        this.#add(doc, this.#buckets.find(owners[i] as number, start));
    }
  }

  #collectSingle(values: Float64Array, docs: Uint32Array, owners: Uint32Array, count: number): void {
    const missing = this.#missing;
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      const own = doc < values.length ? (values[doc] as number) : Number.NaN;
      const value = Number.isNaN(own) ? missing : own;
      if (!Number.isNaN(value)) this.#add(doc, this.#bucketOf(owners[i] as number, value));
    }
  }

  #bucketOf(owner: number, value: number): number {
    const { rounding, hardBounds } = this.#options;
    if (hardBounds !== undefined && (value < hardBounds[0] || value > hardBounds[1])) return -1;
    const starts = this.#starts;
    const last = starts.length - 1;
    if (last < 0 || value < (starts[0] as number)) return this.#buckets.find(owner, rounding.floor(value));
    let at = Math.min(last, Math.floor((value - (starts[0] as number)) * this.#scale));
    while ((starts[at] as number) > value) at--;
    while (at < last && (starts[at + 1] as number) <= value) at++;
    if (at === last && value >= this.#end) return this.#buckets.find(owner, rounding.floor(value));
    let bucket = this.#cache.get(owner, at);
    if (bucket < 0) {
      bucket = this.#buckets.find(owner, starts[at] as number);
      this.#cache.set(owner, at, bucket);
    }
    return bucket;
  }

  #add(doc: number, bucket: number): void {
    if (bucket < 0) return;
    this.#buckets.counts[bucket] = (this.#buckets.counts[bucket] as number) + 1;
    this.emit(doc, bucket);
  }

  result(owner: number): JSONObject {
    const { counts, keys } = this.#buckets;
    const { minDocCount, order, keyed } = this.#options;
    const found = this.#buckets.of(owner).sort((a, b) => compareKeys(keys[a], keys[b]));
    let buckets: JSONObject[] = [];
    let expected = Number.NaN;
    const bounds = this.#options.extendedBounds;
    const fillTo = (limit: number): void => {
      while (minDocCount === 0 && expected < limit) {
        countBuckets(this.run, 1);
        buckets.push({ ...this.#key(expected), doc_count: 0, ...subResults(this.subs, -1) });
        expected = this.#options.rounding.next(expected);
      }
    };
    if (bounds !== undefined) expected = this.#options.rounding.floor(bounds[0]);
    for (const bucket of found) {
      const key = Number(keys[bucket]);
      fillTo(key);
      if ((counts[bucket] as number) >= minDocCount) {
        buckets.push({ ...this.#key(key), doc_count: counts[bucket], ...subResults(this.subs, bucket) });
      }
      expected = this.#options.rounding.next(key);
    }
    if (bounds !== undefined) fillTo(bounds[1] + 1e-9);
    const [first] = order;
    if (first !== undefined && !(first.path === "_key" && !first.descending)) buckets = sortBuckets(buckets, order);
    buckets = this.finishBuckets(buckets);
    if (!keyed) return { buckets };
    return {
      buckets: Object.fromEntries(
        buckets.map((bucket) => [String(bucket.key_as_string ?? printDecimal(Number(bucket.key))), bucket]),
      ),
    };
  }

  #key(key: number): JSONObject {
    const { place, format, zone } = this.#options;
    if (place === "histogram") return { key };
    const printer = format ?? this.#node?.format;
    return {
      key_as_string: printer === undefined ? new Date(key).toISOString() : printer.print(key, zone ?? utc),
      key,
    };
  }
}

function sortBuckets(buckets: readonly JSONObject[], order: readonly Order[]): JSONObject[] {
  return buckets.toSorted((a, b) => {
    for (const { path, descending } of order) {
      const left = metricAt(a, path);
      const right = metricAt(b, path);
      if (left !== right) return left < right === descending ? 1 : -1;
    }
    return 0;
  });
}

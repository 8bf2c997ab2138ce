import type { JSONObject } from "../../../../../kernel/index.ts";
import type { QueryContext } from "../query/context.ts";
import { malformed } from "../query/parameters.ts";
import type { KeywordField } from "../segment/keyword-field.ts";
import type { NumberField } from "../segment/number-field.ts";
import {
  type AggregationRun,
  aggregatedField,
  BucketAggregator,
  countBuckets,
  type SubAggregations,
  subResults,
} from "./aggregator.ts";
import { BucketCache } from "./bucket-cache.ts";
import { BucketStarts } from "./bucket-starts.ts";
import { Buckets } from "./buckets.ts";
import { NumberSource, type ValueOptions } from "./number-source.ts";
import { compareBuckets, type Order } from "./order.ts";
import { assertHistogramOfRanges, startsOfRanges } from "./range-buckets.ts";
import type { Rounding } from "./rounding.ts";
import { isPrinted, plainFormat, type ValueFormat } from "./value-format.ts";

export interface HistogramOptions {
  readonly place: "histogram" | "date_histogram";
  readonly values: ValueOptions;
  readonly rounding: Rounding;
  readonly minDocCount: number;
  readonly order: readonly Order[];
  readonly keyed: boolean;
  /** Buckets there are whether they have documents or not. */
  readonly extendedBounds: Bounds;
  /** Buckets outside are left out; they are compared by their keys. */
  readonly hardBounds: Bounds;
}

/** Read with the format of the field, hence late. */
export type Bounds = ((format: ValueFormat, now: number) => readonly [number, number]) | undefined;

/** The starts of all buckets between the extremes of a field are listed while they are few. */
const maxStarts = 20_000;

/** Buckets of equal width, or of calendar units, over numbers or dates. */
export class HistogramAggregator extends BucketAggregator {
  readonly #options: HistogramOptions;
  readonly #buckets: Buckets;
  readonly #source: NumberSource;
  readonly #compare: ((a: number, b: number) => number) | undefined;
  #ranges: KeywordField | undefined;
  #starts = BucketStarts.none;
  #cache: BucketCache;
  #isBound = false;
  #extended: readonly [number, number] | undefined;
  #hard: readonly [number, number] | undefined;

  constructor(run: AggregationRun, subs: SubAggregations, options: HistogramOptions) {
    super(run, subs);
    this.#options = options;
    const { place, order } = options;
    this.#buckets = new Buckets(run);
    this.#cache = new BucketCache(this.#buckets, 0, () => "");
    this.#source = new NumberSource(options.values, place, place === "histogram" ? "number" : "date");
    const [first] = order;
    const isUsual = first === undefined || (first.path === "_key" && !first.descending);
    this.#compare = isUsual ? undefined : compareBuckets(this.#buckets, order, subs, place);
    if (place === "histogram") this.#readBounds(plainFormat, run.request.now);
  }

  #readBounds(format: ValueFormat, now: number): void {
    const { extendedBounds, hardBounds, place, rounding } = this.#options;
    const extended = extendedBounds?.(format, now);
    const hard = hardBounds?.(format, now);
    if (extended !== undefined && hard !== undefined && (extended[0] < hard[0] || extended[1] > hard[1]))
      throw malformed(`[${place}.extended_bounds] must lie inside "hard_bounds".`);
    this.#isBound = true;
    this.#extended = extended;
    this.#hard =
      place === "histogram" || hard === undefined ? hard : [floorOf(rounding, hard[0]), floorOf(rounding, hard[1])];
  }

  *open(context: QueryContext): Generator<void, void> {
    if (this.#openRanges(context)) return;
    this.#source.open(context);
    if (this.#options.place === "date_histogram") this.#readBounds(this.#source.format, context.now);
    const { store } = this.#source;
    const starts = store === undefined ? BucketStarts.none : this.#startsOf(store);
    this.#starts = starts;
    this.#cache = new BucketCache(this.#buckets, starts.length, (at) => starts.start(at));
    yield* context.budget.pause();
  }

  /** Whether the field holds ranges. */
  #openRanges(context: QueryContext): boolean {
    const { values, place } = this.#options;
    const field = aggregatedField(context, values.field, place);
    this.#ranges = undefined;
    if (field?.node.family !== "range") return false;
    assertHistogramOfRanges(field.node, place, values.missing);
    this.#source.describe(field.node, context.now);
    if (place === "date_histogram") this.#readBounds(this.#source.format, context.now);
    this.#ranges = field.store?.kind === "keyword" ? field.store : undefined;
    return true;
  }

  #startsOf(store: NumberField): BucketStarts {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < store.blockMin.length; i++) {
      low = Math.min(low, store.blockMin[i] as number);
      high = Math.max(high, store.blockMax[i] as number);
    }
    const { rounding } = this.#options;
    const starts: number[] = [];
    if (low > high) return BucketStarts.none;
    let end = rounding.floor(low);
    for (let start = end; start <= high; start = end) {
      if (starts.length >= maxStarts) return BucketStarts.none;
      starts.push(start);
      end = rounding.next(start);
    }
    return BucketStarts.of(starts, end);
  }

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    if (this.#ranges !== undefined) {
      this.#collectRanges(this.#ranges, docs, owners, count);
      return;
    }
    const { store, missing } = this.#source;
    if (store === undefined && Number.isNaN(missing)) return;
    if (store?.isMultiple !== true) {
      if (!this.#collectColumn(docs, owners, count))
        this.#collectSingle(store?.values ?? noValues, docs, owners, count);
      return;
    }
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      const owner = owners[i] as number;
      const own = store.countOf(doc);
      if (own === 0 && !Number.isNaN(missing)) this.#add(doc, this.#bucketOf(owner, missing));
      let last = -1;
      for (let v = 0; v < own; v++) {
        const bucket = this.#bucketOf(owner, store.valueAt(doc, v));
        // A document counts once in a bucket, however many of its values lie in it.
        if (bucket !== last) this.#add(doc, bucket);
        last = bucket;
      }
    }
    this.flush();
  }

  /** A document counts in every bucket that one of its ranges touches. */
  #collectRanges(store: KeywordField, docs: Uint32Array, owners: Uint32Array, count: number): void {
    const { rounding, place } = this.#options;
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      for (const start of startsOfRanges(store, doc, rounding, this.#hard, place))
        this.#add(doc, this.#buckets.find(owners[i] as number, start));
    }
    this.flush();
  }

  /** False, and nothing is done, where something has to be known of each value. */
  #collectColumn(docs: Uint32Array, owners: Uint32Array, count: number): boolean {
    const { column, missing } = this.#source;
    if (column === undefined || this.#hard !== undefined || this.#starts.length === 0) return false;
    const without = this.#starts.findAll(column, docs, count, this.slots);
    if (without > 0 && !Number.isNaN(missing)) return false;
    this.#cache.count(this.slots, owners, count);
    this.forwardSlots(docs, count, without);
    return true;
  }

  #collectSingle(values: Float64Array, docs: Uint32Array, owners: Uint32Array, count: number): void {
    const { missing } = this.#source;
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      const value = doc < values.length ? (values[doc] as number) : Number.NaN;
      this.#add(doc, this.#bucketOf(owners[i] as number, Number.isNaN(value) ? missing : value));
    }
    this.flush();
  }

  /** -1 without a value, and outside of hard bounds. */
  #bucketOf(owner: number, value: number): number {
    const { rounding } = this.#options;
    if (Number.isNaN(value)) return -1;
    if (this.#hard !== undefined && !this.#isInside(this.#hard, value)) return -1;
    const at = this.#starts.find(value);
    return at < 0 ? this.#buckets.find(owner, rounding.floor(value)) : this.#cache.bucket(owner, at);
  }

  /** Of numbers the last bucket counts, of dates the one before. */
  #isInside([low, high]: readonly [number, number], value: number): boolean {
    const { rounding, place } = this.#options;
    const key = rounding.floor(value);
    if (place === "date_histogram") return key >= low && key < high;
    const start = key - rounding.offset;
    return start >= low && start <= high;
  }

  #add(doc: number, bucket: number): void {
    if (bucket < 0) return;
    this.#buckets.counts[bucket] = (this.#buckets.counts[bucket] as number) + 1;
    this.emit(doc, bucket);
  }

  override keyText(key: number): string {
    return this.#source.format.print(key);
  }

  result(owner: number): JSONObject {
    // No segment has said how the field writes its dates.
    if (!this.#isBound) this.#readBounds(this.#source.format, this.run.request.now);
    const list = this.#list(owner);
    if (this.#compare !== undefined) this.#sort(list, this.#compare);
    const { counts } = this.#buckets;
    const buckets = this.finishBuckets(
      list.map(({ key, bucket }) => ({
        ...this.#key(key),
        doc_count: bucket < 0 ? 0 : counts[bucket],
        ...subResults(this.subs, bucket),
      })),
    );
    if (!this.#options.keyed) return { buckets };
    return {
      buckets: Object.fromEntries(
        buckets.map((bucket) => [
          String(bucket.key_as_string ?? this.#source.format.print(Number(bucket.key))),
          bucket,
        ]),
      ),
    };
  }

  /** Bounds of dates are moved by the offset, as the buckets are. */
  #extendedStarts(): readonly [number, number] | undefined {
    const { place, rounding } = this.#options;
    const bounds = this.#extended;
    if (bounds === undefined || place === "histogram") return bounds;
    return [floorOf(rounding, bounds[0] + rounding.offset), floorOf(rounding, bounds[1] + rounding.offset)];
  }

  /** The buckets that are answered, by key; those without documents have the number -1. */
  #list(owner: number): { readonly key: number; readonly bucket: number }[] {
    const { counts, keys } = this.#buckets;
    const { minDocCount, rounding } = this.#options;
    const found = this.#buckets.of(owner).sort((a, b) => Number(keys[a]) - Number(keys[b]));
    const list: { key: number; bucket: number }[] = [];
    let expected = Number.NaN;
    const add = (key: number, bucket: number): void => {
      countBuckets(this.run, 1);
      list.push({ key, bucket });
      expected = rounding.next(key);
    };
    const fillTo = (limit: number, isIn: (key: number) => boolean): void => {
      while (minDocCount === 0 && isIn(expected) && expected <= limit) add(expected, -1);
    };
    const bounds = this.#extendedStarts();
    if (bounds !== undefined) {
      if (Number.isFinite(bounds[0])) expected = rounding.floor(bounds[0]);
      else if (found.length === 0 && Number.isFinite(bounds[1])) expected = rounding.floor(bounds[1]);
    }
    for (const bucket of found) {
      const key = Number(keys[bucket]);
      fillTo(key, (at) => at < key);
      if ((counts[bucket] as number) >= minDocCount) add(key, bucket);
      else expected = rounding.next(key);
    }
    if (bounds !== undefined && Number.isFinite(bounds[1])) fillTo(bounds[1], (at) => at <= bounds[1]);
    return list;
  }

  #sort(list: { readonly key: number; readonly bucket: number }[], compare: (a: number, b: number) => number): void {
    // Buckets without documents get numbers, so that they can be compared as the others.
    const numbered = list.map((entry) => {
      const bucket = entry.bucket >= 0 ? entry.bucket : this.#buckets.addLoose(entry.key);
      return { entry, bucket };
    });
    numbered.sort((a, b) => compare(a.bucket, b.bucket));
    for (const [i, { entry }] of numbered.entries()) list[i] = entry;
  }

  #key(key: number): JSONObject {
    const { format } = this.#source;
    return isPrinted(format) ? { key_as_string: format.print(key), key } : { key };
  }
}

const noValues = new Float64Array(0);

const floorOf = (rounding: Rounding, value: number): number => (Number.isFinite(value) ? rounding.floor(value) : value);

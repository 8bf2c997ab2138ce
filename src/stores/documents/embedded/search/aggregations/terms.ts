import { isPlainObject, type JSONObject } from "../../../../../kernel/index.ts";
import type { FieldNode } from "../../../mapping/compile-mapping.ts";
import type { QueryContext } from "../query/context.ts";
import { compileTermPattern } from "../query/lucene-regexp.ts";
import { malformed } from "../query/parameters.ts";
import { parseTerm } from "../query/term-clauses.ts";
import type { KeywordField } from "../segment/keyword-field.ts";
import type { NumberField } from "../segment/number-field.ts";
import {
  type AggregationRun,
  aggregatedField,
  BucketAggregator,
  printTerm,
  printValue,
  type SubAggregations,
  subResults,
} from "./aggregator.ts";
import { BucketCache, Buckets } from "./buckets.ts";
import { StatsAggregator } from "./metrics.ts";
import { metricAt, type Order } from "./order.ts";

export interface TermsOptions {
  readonly field: string;
  readonly size: number;
  /** As the request has it; it changes nothing but what is said of the error. */
  readonly shardSize: number | undefined;
  readonly minDocCount: number;
  readonly order: readonly Order[];
  readonly missing: unknown;
  readonly include: unknown;
  readonly exclude: unknown;
}

/** One bucket for each value of a field; those with the most documents first unless asked otherwise. Counts are exact. */
export class TermsAggregator extends BucketAggregator {
  readonly #options: TermsOptions;
  readonly #buckets = new Buckets(this.run);
  #store: KeywordField | NumberField | undefined;
  #node: FieldNode | undefined;
  #cache = new BucketCache(0);
  #missing: string | number | undefined;
  /** By term: whether it is wanted; empty without include and exclude. */
  #wanted = new Uint8Array(0);
  readonly #filter: ((key: string) => boolean) | undefined;

  constructor(run: AggregationRun, subs: SubAggregations, options: TermsOptions) {
    super(run, subs);
    this.#options = options;
    this.#filter = termFilter(options.include, options.exclude);
  }

  *open(context: QueryContext): Generator<void, void> {
    const { field: path, missing } = this.#options;
    const field = aggregatedField(context, path, "terms");
    this.#store = undefined;
    this.#missing = undefined;
    if (field === undefined) {
      if (typeof missing === "string" || typeof missing === "number") this.#missing = missing;
      return;
    }
    const { node, store } = field;
    if (node.family === "geo_point")
      throw malformed(`[terms] field "${path}" of type geo_point cannot be aggregated; use geohash_grid.`);
    this.#node = node;
    this.#store = store?.kind === "keyword" || store?.kind === "number" ? store : undefined;
    // A keyword stands in as it is written, without its normalizer.
    const isPlain = node.type === "keyword" && missing !== undefined;
    const parsed = missing === undefined ? undefined : isPlain ? String(missing) : parseTerm(node, missing);
    const isWanted = this.#filter === undefined || this.#filter(String(missing));
    if (isWanted && (typeof parsed === "string" || typeof parsed === "number")) this.#missing = parsed;
    this.#cache = new BucketCache(store?.kind === "keyword" ? store.dictionary.size : 0);
    if (store?.kind === "keyword" && this.#filter !== undefined) yield* this.#chooseTerms(store, this.#filter, context);
  }

  *#chooseTerms(store: KeywordField, filter: (key: string) => boolean, context: QueryContext): Generator<void, void> {
    this.#wanted = new Uint8Array(store.dictionary.size);
    for (let ord = 0; ord < this.#wanted.length; ord++) {
      if (filter(printTerm(this.#node, store.dictionary.term(ord)))) this.#wanted[ord] = 1;
      if ((ord & 511) === 511) yield* context.budget.pause();
    }
  }

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    const store = this.#store;
    if (store?.kind === "keyword") this.#collectTerms(store, docs, owners, count);
    else if (store?.kind === "number") this.#collectNumbers(store, docs, owners, count);
    else if (this.#missing !== undefined)
      for (let i = 0; i < count; i++) this.#addMissing(docs[i] as number, owners[i] as number);
    this.flush();
  }

  /** One value each, nothing below and nothing left out: counting is all there is to do. */
  #countTerms(store: KeywordField, docs: Uint32Array, owners: Uint32Array, count: number): void {
    const { ords } = store;
    let lastOwner = -1;
    let table: Int32Array | undefined;
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      const owner = owners[i] as number;
      if (owner !== lastOwner) {
        table = this.#cache.table(owner);
        lastOwner = owner;
      }
      const ord = doc < ords.length ? (ords[doc] as number) - 1 : -1;
      if (ord < 0) continue;
      const bucket = table === undefined || ord >= table.length ? -1 : (table[ord] as number) - 1;
      if (bucket >= 0) {
        const { counts } = this.#buckets;
        counts[bucket] = (counts[bucket] as number) + 1;
        continue;
      }
      this.#addOrd(store, doc, owner, ord);
      table = this.#cache.table(owner);
    }
  }

  #collectTerms(store: KeywordField, docs: Uint32Array, owners: Uint32Array, count: number): void {
    const isPlain = !store.isMultiple && this.#filter === undefined && this.#missing === undefined;
    if (isPlain && this.subs.aggregators.length === 0) {
      this.#countTerms(store, docs, owners, count);
      return;
    }
    const { ords } = store;
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      const owner = owners[i] as number;
      const ord = doc < ords.length ? (ords[doc] as number) - 1 : -1;
      if (ord < 0) {
        if (this.#missing !== undefined) this.#addMissing(doc, owner);
        continue;
      }
      this.#addOrd(store, doc, owner, ord);
      if (!store.isMultiple) continue;
      const own = store.countOf(doc);
      for (let v = 1; v < own; v++) this.#addOrd(store, doc, owner, store.ordAt(doc, v));
    }
  }

  #addOrd(store: KeywordField, doc: number, owner: number, ord: number): void {
    if (this.#filter !== undefined && this.#wanted[ord] !== 1) return;
    let bucket = this.#cache.get(owner, ord);
    if (bucket < 0) {
      bucket = this.#buckets.find(owner, store.dictionary.term(ord));
      this.#cache.set(owner, ord, bucket);
    }
    this.#add(doc, bucket);
  }

  #collectNumbers(store: NumberField, docs: Uint32Array, owners: Uint32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      const owner = owners[i] as number;
      const own = store.countOf(doc);
      if (own === 0 && this.#missing !== undefined) this.#addMissing(doc, owner);
      let last = Number.NaN;
      for (let v = 0; v < own; v++) {
        const value = store.valueAt(doc, v);
        if (value === last) continue;
        last = value;
        if (this.#filter === undefined || this.#filter(String(value))) this.#add(doc, this.#buckets.find(owner, value));
      }
    }
  }

  #addMissing(doc: number, owner: number): void {
    if (this.#missing !== undefined) this.#add(doc, this.#buckets.find(owner, this.#missing));
  }

  #add(doc: number, bucket: number): void {
    this.#buckets.counts[bucket] = (this.#buckets.counts[bucket] as number) + 1;
    this.emit(doc, bucket);
  }

  result(owner: number): JSONObject {
    const { size, minDocCount, order } = this.#options;
    const { counts, keys } = this.#buckets;
    const candidates = this.#buckets.of(owner).filter((bucket) => (counts[bucket] as number) >= minDocCount);
    // Only orders by sub-aggregations need their results for every bucket.
    const metrics = new Map<number, JSONObject>();
    if (order.some((one) => one.path !== "_key" && one.path !== "_count")) {
      for (const bucket of candidates) metrics.set(bucket, subResults(this.subs, bucket));
    }
    const best = selectBest(candidates, size, (a, b) => {
      for (const { path, descending } of order) {
        const compared =
          path === "_key"
            ? compareKeys(keys[a], keys[b])
            : path === "_count"
              ? (counts[a] as number) - (counts[b] as number)
              : compareMetrics(this.#metric(metrics.get(a), path), this.#metric(metrics.get(b), path), descending);
        if (compared !== 0) return descending ? -compared : compared;
      }
      return compareKeys(keys[a], keys[b]);
    });
    let others = 0;
    for (const bucket of candidates) others += counts[bucket] as number;
    for (const bucket of best) others -= counts[bucket] as number;
    const buckets = best.map((bucket) => ({
      ...this.#key(keys[bucket] as string | number),
      doc_count: counts[bucket],
      ...(metrics.get(bucket) ?? subResults(this.subs, bucket)),
    }));
    return {
      doc_count_error_upper_bound: this.#error(this.#buckets.of(owner).length),
      sum_other_doc_count: others,
      buckets: this.finishBuckets(buckets),
    };
  }

  /** The lowest and the highest of no numbers are infinite. */
  #metric(bucket: JSONObject | undefined, path: string): number {
    const value = metricAt(bucket, path);
    if (!Number.isNaN(value)) return value;
    const [name = "", member] = path.split(".");
    const aggregator = this.subs.aggregators.find(([own]) => own === name)?.[1];
    const kind = aggregator instanceof StatsAggregator ? (member ?? aggregator.kind) : undefined;
    if (kind === "max") return Number.NEGATIVE_INFINITY;
    return kind === "min" ? Number.POSITIVE_INFINITY : value;
  }

  /** Counts are exact, but the reference engine says that it cannot know (-1) where its shards may have left out rare terms. */
  #error(candidates: number): number {
    const { size, shardSize = Math.floor(size * 1.5) + 10, order } = this.#options;
    const [first] = order;
    const isSure = first === undefined || first.path === "_key" || (first.path === "_count" && first.descending);
    return isSure || candidates < Math.max(size, shardSize) ? 0 : -1;
  }

  #key(key: string | number): JSONObject {
    if (typeof key === "string") return { key: printTerm(this.#node, key) };
    const text = printValue(this.#node, key);
    return text === undefined ? { key } : { key, key_as_string: text };
  }
}

/** The first `size` in order. When they are few among many, the rest is only compared with the worst of them. */
function selectBest(candidates: readonly number[], size: number, compare: (a: number, b: number) => number): number[] {
  if (size > 2000 || candidates.length < 4 * size) return candidates.toSorted(compare).slice(0, size);
  const best: number[] = [];
  for (const candidate of candidates) {
    if (best.length === size && compare(candidate, best[size - 1] as number) >= 0) continue;
    let low = 0;
    let high = best.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compare(best[middle] as number, candidate) <= 0) low = middle + 1;
      else high = middle;
    }
    best.splice(low, 0, candidate);
    if (best.length > size) best.pop();
  }
  return best;
}

export function compareKeys(a: string | number | undefined, b: string | number | undefined): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const left = String(a);
  const right = String(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** What has no value comes last, whatever the direction. */
function compareMetrics(a: number, b: number, descending: boolean): number {
  if (Number.isNaN(a) || Number.isNaN(b))
    return Number.isNaN(a) === Number.isNaN(b) ? 0 : Number.isNaN(a) !== descending ? 1 : -1;
  // Infinities are equal to themselves, their difference is no number.
  return a === b ? 0 : a - b;
}

/** Terms to take and to leave: a list of exact values or a regular expression each. */
function termFilter(include: unknown, exclude: unknown): ((key: string) => boolean) | undefined {
  const includes = testOf(include, "include");
  const excludes = testOf(exclude, "exclude");
  if (includes === undefined && excludes === undefined) return undefined;
  return (key) => (includes === undefined || includes(key)) && !(excludes?.(key) ?? false);
}

function testOf(value: unknown, name: string): ((key: string) => boolean) | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value)) {
    const wanted = new Set(value.map(String));
    return (key) => wanted.has(key);
  }
  if (isPlainObject(value) || typeof value !== "string")
    throw malformed(`[terms.${name}] must be a list or a regular expression (partitions are not supported).`);
  return compileTermPattern(value).matches;
}

import type { JSONObject } from "../../../../../kernel/index.ts";
import { matchBits } from "../collect/windows.ts";
import type { QueryContext } from "../query/context.ts";
import { hasBit } from "../segment/bits.ts";
import { grow64 } from "../segment/growing.ts";
import { type AggregationRun, BucketAggregator, countBuckets, type SubAggregations, subResults } from "./aggregator.ts";

/** Counts by bucket, where the number of buckets for each owner is known. */
export abstract class FixedBuckets extends BucketAggregator {
  #counts: Float64Array = new Float64Array(16);

  count(bucket: number): number {
    return this.#counts[bucket] ?? 0;
  }

  counted(bucket: number): void {
    if (bucket >= this.#counts.length) this.#counts = grow64(this.#counts, bucket + 1);
    this.#counts[bucket] = (this.#counts[bucket] as number) + 1;
  }

  add(doc: number, bucket: number): void {
    this.counted(bucket);
    this.emit(doc, bucket);
  }

  single(owner: number): JSONObject {
    return { doc_count: this.count(owner), ...subResults(this.subs, owner) };
  }
}

/** One bucket for each owner, with the same number. */
export abstract class OneBucket extends FixedBuckets {
  readonly isSingle = true;

  result(owner: number): JSONObject {
    return this.single(owner);
  }
}

/** The documents that also match a query. */
export class FilterAggregator extends OneBucket {
  readonly #query: unknown;
  #bits: Uint32Array = new Uint32Array(0);

  constructor(run: AggregationRun, subs: SubAggregations, query: unknown) {
    super(run, subs);
    this.#query = query;
  }

  *open(context: QueryContext): Generator<void, void> {
    this.#bits = yield* matchBits(yield* context.compile(this.#query), context);
  }

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      if (hasBit(this.#bits, doc)) this.add(doc, owners[i] as number);
    }
    this.flush();
  }
}

export interface FiltersOptions {
  /** Names are undefined when the filters came as a list. */
  readonly filters: readonly { readonly name: string | undefined; readonly query: unknown }[];
  readonly other: string | undefined;
  readonly keyed: boolean;
}

/** A bucket for each of several queries, and one for what matches none. */
export class FiltersAggregator extends FixedBuckets {
  readonly #options: FiltersOptions;
  #bits: Uint32Array[] = [];

  constructor(run: AggregationRun, subs: SubAggregations, options: FiltersOptions) {
    super(run, subs);
    this.#options = options;
  }

  *open(context: QueryContext): Generator<void, void> {
    this.#bits = [];
    for (const { query } of this.#options.filters)
      this.#bits.push(yield* matchBits(yield* context.compile(query), context));
  }

  get #width(): number {
    return this.#options.filters.length + 1;
  }

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    const { other } = this.#options;
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      const first = (owners[i] as number) * this.#width;
      let matched = false;
      for (let f = 0; f < this.#bits.length; f++) {
        if (!hasBit(this.#bits[f] as Uint32Array, doc)) continue;
        matched = true;
        this.add(doc, first + f);
      }
      if (!matched && other !== undefined) this.add(doc, first + this.#width - 1);
    }
    this.flush();
  }

  result(owner: number): JSONObject {
    const { filters, other, keyed } = this.#options;
    countBuckets(this.run, filters.length);
    const named = filters.map(({ name }, f) => [name, this.single(owner < 0 ? -1 : owner * this.#width + f)] as const);
    if (other !== undefined) named.push([other, this.single(owner < 0 ? -1 : (owner + 1) * this.#width - 1)]);
    const names = new Map(named.map(([name, bucket]) => [bucket, name]));
    const finished = this.finishBuckets([...names.keys()]);
    if (!keyed) return { buckets: finished };
    return { buckets: Object.fromEntries(finished.map((bucket) => [String(names.get(bucket)), bucket])) };
  }
}

import type { JSONObject } from "../../../../../kernel/index.ts";
import { forEachWindow, matchBits } from "../collect/windows.ts";
import type { QueryContext } from "../query/context.ts";
import { AllMatcher } from "../query/matcher.ts";
import { hasBit, listBits, wordsFor } from "../segment/bits.ts";
import type { FieldStore } from "../segment/field-store.ts";
import { grow64 } from "../segment/growing.ts";
import {
  type AggregationRun,
  aggregatedField,
  BucketAggregator,
  type SubAggregations,
  subResults,
} from "./aggregator.ts";

/** Counts by bucket, where the number of buckets for each owner is known. */
abstract class FixedBuckets extends BucketAggregator {
  #counts: Float64Array = new Float64Array(16);

  count(bucket: number): number {
    return this.#counts[bucket] ?? 0;
  }

  add(doc: number, bucket: number): void {
    if (bucket >= this.#counts.length) this.#counts = grow64(this.#counts, bucket + 1);
    this.#counts[bucket] = (this.#counts[bucket] as number) + 1;
    this.emit(doc, bucket);
  }

  single(owner: number): JSONObject {
    return { doc_count: this.count(owner), ...subResults(this.subs, owner) };
  }
}

/** The documents that also match a query. */
export class FilterAggregator extends FixedBuckets {
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

  result(owner: number): JSONObject {
    return this.single(owner);
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
      for (const [f, bits] of this.#bits.entries()) {
        if (!hasBit(bits, doc)) continue;
        matched = true;
        this.add(doc, first + f);
      }
      if (!matched && other !== undefined) this.add(doc, first + this.#width - 1);
    }
    this.flush();
  }

  result(owner: number): JSONObject {
    const { filters, other, keyed } = this.#options;
    const named = filters.map(({ name }, f) => [name, this.single(owner < 0 ? -1 : owner * this.#width + f)] as const);
    if (other !== undefined) named.push([other, this.single(owner < 0 ? -1 : (owner + 1) * this.#width - 1)]);
    if (keyed) return { buckets: Object.fromEntries(named.map(([name, bucket]) => [String(name), bucket])) };
    return { buckets: this.finishBuckets(named.map(([, bucket]) => bucket)) };
  }
}

/** The documents without value in a field. */
export class MissingAggregator extends FixedBuckets {
  readonly #path: string;
  #store: FieldStore | undefined;

  constructor(run: AggregationRun, subs: SubAggregations, path: string) {
    super(run, subs);
    this.#path = path;
  }

  *open(context: QueryContext): Generator<void, void> {
    this.#store = aggregatedField(context, this.#path, "missing")?.store;
    yield* context.budget.pause();
  }

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      if (this.#store?.exists.has(doc) !== true) this.add(doc, owners[i] as number);
    }
    this.flush();
  }

  result(owner: number): JSONObject {
    return this.single(owner);
  }
}

/** All documents, whatever the query says. */
export class GlobalAggregator extends FixedBuckets {
  *open(): Generator<void, void> {}

  override *enter(context: QueryContext): Generator<void, void> {
    yield* this.enterSubs(context);
    const docs = new Uint32Array(4096);
    const owners = new Uint32Array(4096);
    yield* forEachWindow(new AllMatcher(context.maxDoc), context, {
      collect: (base, end, bits) => {
        const count = listBits(bits, wordsFor(end - base), base, docs);
        for (let i = 0; i < count; i++) this.add(docs[i] as number, owners[i] as number);
        this.flush();
      },
    });
  }

  /** The matches of the query do not matter. */
  collect(): void {}

  result(owner: number): JSONObject {
    return this.single(owner);
  }
}

/** The nested objects of the documents above. */
export class NestedAggregator extends FixedBuckets {
  readonly #path: string;
  #context: QueryContext | undefined;

  constructor(run: AggregationRun, subs: SubAggregations, path: string) {
    super(run, subs);
    this.#path = path;
  }

  *open(): Generator<void, void> {}

  override *enter(context: QueryContext): Generator<void, void> {
    this.#context = context.inside(this.#path);
    yield* this.enterSubs(this.#context);
  }

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    const context = this.#context;
    if (context === undefined || context.maxDoc === 0) return;
    const { space, maxDoc } = context;
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      const end = Math.min(maxDoc, space.firstChild(doc + 1));
      for (let child = space.firstChild(doc); child < end; child++) this.add(child, owners[i] as number);
    }
    this.flush();
  }

  result(owner: number): JSONObject {
    return this.single(owner);
  }
}

/** Back from nested objects to the documents that hold them; each counts once. */
export class ReverseNestedAggregator extends FixedBuckets {
  readonly #path: string;
  #parents: Uint32Array[] = [];
  readonly #last: number[] = [];

  constructor(run: AggregationRun, subs: SubAggregations, path: string) {
    super(run, subs);
    this.#path = path;
  }

  *open(): Generator<void, void> {}

  override *enter(context: QueryContext): Generator<void, void> {
    this.#last.length = 0;
    this.#parents = [];
    for (
      let space: QueryContext["space"] | undefined = context.space;
      space !== undefined && space.path !== this.#path;
      space = space.parent
    ) {
      if (space.path !== "") this.#parents.push(space.parentOf);
    }
    yield* this.enterSubs(context.inside(this.#path));
  }

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const owner = owners[i] as number;
      let doc = docs[i] as number;
      for (const parents of this.#parents) doc = parents[doc] as number;
      if (this.#last[owner] === doc) continue;
      this.#last[owner] = doc;
      this.add(doc, owner);
    }
    this.flush();
  }

  result(owner: number): JSONObject {
    return this.single(owner);
  }
}

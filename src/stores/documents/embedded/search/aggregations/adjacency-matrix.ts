import type { JSONObject } from "../../../../../kernel/index.ts";
import { matchBits } from "../collect/windows.ts";
import type { QueryContext } from "../query/context.ts";
import { hasBit } from "../segment/bits.ts";
import { type AggregationRun, countBuckets, type SubAggregations, subResults } from "./aggregator.ts";
import { FixedBuckets } from "./filters.ts";

export interface NamedFilter {
  readonly name: string;
  readonly query: unknown;
}

/** A bucket for each of several queries and for each two of them together; those without documents are left out. */
export class AdjacencyMatrixAggregator extends FixedBuckets {
  readonly #filters: readonly NamedFilter[];
  readonly #separator: string;
  readonly #width: number;
  #bits: Uint32Array[] = [];

  /** `filters` in the order of their names. */
  constructor(run: AggregationRun, subs: SubAggregations, filters: readonly NamedFilter[], separator: string) {
    super(run, subs);
    this.#filters = filters;
    this.#separator = separator;
    this.#width = (filters.length * (filters.length + 1)) / 2;
  }

  *open(context: QueryContext): Generator<void, void> {
    this.#bits = [];
    for (const { query } of this.#filters) this.#bits.push(yield* matchBits(yield* context.compile(query), context));
  }

  /** Of the filters `a` and `b`, or of one with itself. */
  #bucket(owner: number, a: number, b: number): number {
    return owner * this.#width + (b * (b + 1)) / 2 + a;
  }

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    const matching: number[] = [];
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      const owner = owners[i] as number;
      matching.length = 0;
      for (let f = 0; f < this.#bits.length; f++) {
        if (!hasBit(this.#bits[f] as Uint32Array, doc)) continue;
        matching.push(f);
        for (const other of matching) this.add(doc, this.#bucket(owner, other, f));
      }
    }
    this.flush();
  }

  result(owner: number): JSONObject {
    const found: { readonly key: string; readonly bucket: number }[] = [];
    for (const [a, { name }] of this.#filters.entries()) {
      for (let b = a; b < this.#filters.length; b++) {
        const bucket = owner < 0 ? -1 : this.#bucket(owner, a, b);
        const key = a === b ? name : `${name}${this.#separator}${this.#filters[b]?.name}`;
        if (this.count(bucket) > 0) found.push({ key, bucket });
      }
    }
    found.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    countBuckets(this.run, found.length);
    const buckets = found.map(({ key, bucket }) => ({
      key,
      doc_count: this.count(bucket),
      ...subResults(this.subs, bucket),
    }));
    return { buckets: this.finishBuckets(buckets) };
  }
}

import type { JSONObject } from "../../../../../kernel/index.ts";
import type { FieldNode } from "../../../mapping/compile-mapping.ts";
import type { DateFormat } from "../../../mapping/dates/date-format.ts";
import type { QueryContext } from "../query/context.ts";
import { malformed } from "../query/parameters.ts";
import type { FieldStore } from "../segment/field-store.ts";
import {
  type AggregationRun,
  aggregatedField,
  BucketAggregator,
  printTerm,
  type SubAggregations,
  subResults,
} from "./aggregator.ts";
import { Buckets } from "./buckets.ts";
import type { Rounding } from "./rounding.ts";
import { compareKeys } from "./terms.ts";

export interface CompositeSource {
  readonly name: string;
  readonly field: string;
  readonly rounding: Rounding | undefined;
  readonly descending: boolean;
  readonly missingBucket: boolean;
  readonly format: DateFormat | undefined;
}

type KeyPart = string | number | null;

/** Buckets for all combinations of several sources, in order, page by page (`after`). */
export class CompositeAggregator extends BucketAggregator {
  readonly #sources: readonly CompositeSource[];
  readonly #size: number;
  readonly #after: readonly KeyPart[] | undefined;
  readonly #buckets = new Buckets();
  readonly #parts: KeyPart[][] = [];
  #stores: (FieldStore | undefined)[] = [];
  #nodes: (FieldNode | undefined)[] = [];

  constructor(
    run: AggregationRun,
    subs: SubAggregations,
    sources: readonly CompositeSource[],
    size: number,
    after: readonly KeyPart[] | undefined,
  ) {
    super(run, subs);
    this.#sources = sources;
    this.#size = size;
    this.#after = after;
  }

  *open(context: QueryContext): Generator<void, void> {
    const fields = this.#sources.map((source) => aggregatedField(context, source.field, `composite.${source.name}`));
    for (const [i, field] of fields.entries()) {
      if (field?.node.family === "geo_point")
        throw malformed(`[composite.${this.#sources[i]?.name}] a geo_point cannot be a source.`);
    }
    this.#stores = fields.map((field) => field?.store);
    this.#nodes = fields.map((field, i) => field?.node ?? this.#nodes[i]);
    yield* context.budget.pause();
  }

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      const values = this.#sources.map((source, s) => this.#values(source, this.#stores[s], doc));
      if (values.every((own) => own.length > 0)) this.#combine(doc, owners[i] as number, values, []);
    }
    this.flush();
  }

  #values(source: CompositeSource, store: FieldStore | undefined, doc: number): KeyPart[] {
    const values: KeyPart[] = [];
    const count = store === undefined || store.kind === "text" || store.kind === "geo_shape" ? 0 : store.countOf(doc);
    for (let v = 0; v < count; v++) {
      if (store?.kind === "keyword") values.push(store.dictionary.term(store.ordAt(doc, v)));
      else if (store?.kind === "number")
        values.push(source.rounding?.floor(store.valueAt(doc, v)) ?? store.valueAt(doc, v));
    }
    if (values.length === 0 && source.missingBucket) values.push(null);
    return values;
  }

  #combine(doc: number, owner: number, values: readonly (readonly KeyPart[])[], parts: readonly KeyPart[]): void {
    const at = parts.length;
    if (at < values.length) {
      for (const value of values[at] ?? []) this.#combine(doc, owner, values, [...parts, value]);
      return;
    }
    if (this.#after !== undefined && this.#compare(parts, this.#after) <= 0) return;
    const bucket = this.#buckets.find(owner, JSON.stringify(parts));
    this.#parts[bucket] ??= [...parts];
    this.#buckets.counts[bucket] = (this.#buckets.counts[bucket] as number) + 1;
    this.emit(doc, bucket);
  }

  #compare(a: readonly KeyPart[], b: readonly KeyPart[]): number {
    for (const [i, { descending }] of this.#sources.entries()) {
      const left = a[i] ?? null;
      const right = b[i] ?? null;
      if (left === right) continue;
      const compared = left === null ? -1 : right === null ? 1 : compareKeys(left, right);
      if (compared !== 0) return descending ? -compared : compared;
    }
    return 0;
  }

  result(owner: number): JSONObject {
    const found = this.#buckets.of(owner).sort((a, b) => this.#compare(this.#parts[a] ?? [], this.#parts[b] ?? []));
    const page = found.slice(0, this.#size);
    const buckets = page.map((bucket) => ({
      key: this.#key(this.#parts[bucket] ?? []),
      doc_count: this.#buckets.counts[bucket],
      ...subResults(this.subs, bucket),
    }));
    const last = buckets[buckets.length - 1];
    return { ...(last === undefined ? {} : { after_key: last.key }), buckets: this.finishBuckets(buckets) };
  }

  #key(parts: readonly KeyPart[]): JSONObject {
    return Object.fromEntries(
      this.#sources.map(({ name, format, rounding }, i) => {
        const part = parts[i] ?? null;
        const node = this.#nodes[i];
        if (typeof part === "string") return [name, printTerm(node, part)];
        if (part !== null && node?.type === "boolean") return [name, part === 1];
        return [name, part !== null && format !== undefined && rounding !== undefined ? format.print(part) : part];
      }),
    );
  }
}

import type { JSONObject } from "../../../../../kernel/index.ts";
import type { QueryContext } from "../query/context.ts";
import { grow64 } from "../segment/growing.ts";
import { type AggregationRun, BucketAggregator, countBuckets, type SubAggregations, subResults } from "./aggregator.ts";
import { NumberSource, type ValueOptions } from "./number-source.ts";
import { isPrinted, plainFormat, type ValueFormat } from "./value-format.ts";

export interface RangeBucket {
  readonly key: string | undefined;
  /** Included; -Infinity when open. */
  readonly from: number;
  /** Not included; Infinity when open. */
  readonly to: number;
}

export type Measure = (doc: number) => readonly number[];

export interface RangesOptions {
  readonly place: "range" | "date_range" | "geo_distance";
  readonly values: ValueOptions;
  /** Bounds are read with the format of the field, hence late. */
  readonly ranges: (format: ValueFormat, now: number) => readonly RangeBucket[];
  readonly keyed: boolean;
  /** The numbers of a document, ascending, where they are not the field's values (distances). */
  readonly measure?: (context: QueryContext) => Measure | undefined;
}

/** Buckets between given bounds; they may overlap. */
export class RangesAggregator extends BucketAggregator {
  readonly #options: RangesOptions;
  readonly #source: NumberSource;
  #ranges: readonly RangeBucket[];
  #measure: Measure | undefined;
  #counts: Float64Array = new Float64Array(16);
  /** By document of a block: bounds are looked up in columns. */
  #froms: Float64Array = new Float64Array(0);
  #tos: Float64Array = new Float64Array(0);

  constructor(run: AggregationRun, subs: SubAggregations, options: RangesOptions) {
    super(run, subs);
    this.#options = options;
    const unmapped = options.place === "date_range" ? "date" : "number";
    this.#source = new NumberSource(options.values, options.place, unmapped);
    this.#ranges = [];
  }

  #read(format: ValueFormat, now: number): void {
    this.#ranges = sorted(this.#options.ranges(format, now));
    this.#froms = Float64Array.from(this.#ranges, ({ from }) => from);
    this.#tos = Float64Array.from(this.#ranges, ({ to }) => to);
  }

  *open(context: QueryContext): Generator<void, void> {
    const { measure } = this.#options;
    yield* context.budget.pause();
    if (measure === undefined) {
      this.#source.open(context);
      this.#read(this.#source.format, context.now);
    } else {
      this.#measure = measure(context);
      this.#read(plainFormat, context.now);
    }
  }

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    const { store, missing } = this.#source;
    const measure = this.#measure;
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      const owner = owners[i] as number;
      let before = Number.NaN;
      if (measure !== undefined) {
        for (const value of measure(doc)) {
          this.#add(doc, owner, value, before);
          before = value;
        }
        continue;
      }
      const own = store === undefined ? 0 : store.countOf(doc);
      if (own === 0 && !Number.isNaN(missing)) this.#add(doc, owner, missing, before);
      for (let v = 0; v < own; v++) {
        const value = store?.valueAt(doc, v) ?? Number.NaN;
        this.#add(doc, owner, value, before);
        before = value;
      }
    }
    this.flush();
  }

  /** Values of a document come in ascending order, so a range that holds the one before has counted it. */
  #add(doc: number, owner: number, value: number, before: number): void {
    const [froms, tos] = [this.#froms, this.#tos];
    for (let r = 0; r < froms.length; r++) {
      const [from, to] = [froms[r] as number, tos[r] as number];
      if (!(value >= from && value < to) || (before >= from && before < to)) continue;
      const bucket = owner * froms.length + r;
      if (bucket >= this.#counts.length) this.#counts = grow64(this.#counts, bucket + 1);
      this.#counts[bucket] = (this.#counts[bucket] as number) + 1;
      this.emit(doc, bucket);
    }
  }

  result(owner: number): JSONObject {
    const { keyed } = this.#options;
    const { format } = this.#source;
    // No segment has said how the field writes its values.
    if (this.#ranges.length === 0) this.#read(format, this.run.request.now);
    countBuckets(this.run, this.#ranges.length);
    const buckets = this.#ranges.map(({ key, from, to }, r): JSONObject => {
      const bucket = owner < 0 ? -1 : owner * this.#ranges.length + r;
      const print = (value: number): string => (Number.isFinite(value) ? format.print(value) : "*");
      return {
        key: key ?? `${print(from)}-${print(to)}`,
        ...bound("from", from, format),
        ...bound("to", to, format),
        doc_count: this.#counts[bucket] ?? 0,
        ...subResults(this.subs, bucket),
      };
    });
    const finished = this.finishBuckets(buckets);
    if (!keyed) return { buckets: finished };
    return { buckets: Object.fromEntries(finished.map(({ key, ...bucket }) => [String(key), bucket])) };
  }
}

function bound(name: "from" | "to", value: number, format: ValueFormat): JSONObject {
  if (!Number.isFinite(value)) return {};
  return isPrinted(format) ? { [name]: value, [`${name}_as_string`]: format.print(value) } : { [name]: value };
}

function sorted(ranges: readonly RangeBucket[]): readonly RangeBucket[] {
  return ranges.toSorted((a, b) => a.from - b.from || a.to - b.to);
}

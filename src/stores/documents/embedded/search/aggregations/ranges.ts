import type { JSONObject } from "../../../../../kernel/index.ts";
import type { DateFormat } from "../../../mapping/dates/date-format.ts";
import type { QueryContext } from "../query/context.ts";
import { malformed } from "../query/parameters.ts";
import { grow64 } from "../segment/growing.ts";
import type { NumberField } from "../segment/number-field.ts";
import {
  type AggregationRun,
  aggregatedField,
  BucketAggregator,
  printDecimal,
  type SubAggregations,
  subResults,
} from "./aggregator.ts";

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
  readonly field: string;
  /** Bounds are read with the format of the field, hence late. */
  readonly ranges: (format: DateFormat | undefined) => readonly RangeBucket[];
  readonly format: DateFormat | undefined;
  readonly keyed: boolean;
  /** The numbers of a document, ascending, where they are not the field's values (distances). */
  readonly measure?: (context: QueryContext) => Measure | undefined;
}

/** Buckets between given bounds; they may overlap. */
export class RangesAggregator extends BucketAggregator {
  readonly #options: RangesOptions;
  #ranges: readonly RangeBucket[];
  #format: DateFormat | undefined;
  #store: NumberField | undefined;
  #measure: Measure | undefined;
  #counts: Float64Array = new Float64Array(16);

  constructor(run: AggregationRun, subs: SubAggregations, options: RangesOptions) {
    super(run, subs);
    this.#options = options;
    this.#format = options.format;
    this.#ranges = sorted(options.ranges(options.format));
  }

  *open(context: QueryContext): Generator<void, void> {
    const { field: path, place, measure, format } = this.#options;
    this.#store = undefined;
    this.#measure = measure?.(context);
    yield* context.budget.pause();
    if (measure !== undefined) return;
    const field = aggregatedField(context, path, place);
    if (field === undefined) return;
    if (field.node.family !== "number")
      throw malformed(`[${place}] needs a number or date; field "${path}" is of type ${field.node.type}.`);
    this.#format = format ?? field.node.format;
    this.#ranges = sorted(this.#options.ranges(this.#format));
    this.#store = field.store?.kind === "number" ? field.store : undefined;
  }

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    const store = this.#store;
    const measure = this.#measure;
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      const owner = owners[i] as number;
      if (measure !== undefined) {
        let before = Number.NaN;
        for (const value of measure(doc)) {
          this.#add(doc, owner, value, before);
          before = value;
        }
      } else if (store !== undefined) {
        const own = store.countOf(doc);
        let before = Number.NaN;
        for (let v = 0; v < own; v++) {
          const value = store.valueAt(doc, v);
          this.#add(doc, owner, value, before);
          before = value;
        }
      }
    }
    this.flush();
  }

  /** Values of a document come in ascending order, so a range that holds the one before has counted it. */
  #add(doc: number, owner: number, value: number, before: number): void {
    const ranges = this.#ranges;
    for (let r = 0; r < ranges.length; r++) {
      const { from, to } = ranges[r] as RangeBucket;
      if (!(value >= from && value < to) || (before >= from && before < to)) continue;
      const bucket = owner * ranges.length + r;
      if (bucket >= this.#counts.length) this.#counts = grow64(this.#counts, bucket + 1);
      this.#counts[bucket] = (this.#counts[bucket] as number) + 1;
      this.emit(doc, bucket);
    }
  }

  result(owner: number): JSONObject {
    const { keyed, place } = this.#options;
    const buckets = this.#ranges.map(({ key, from, to }, r): JSONObject => {
      const bucket = owner < 0 ? -1 : owner * this.#ranges.length + r;
      const print = (value: number): string => this.#print(value);
      const name =
        key ??
        `${from === Number.NEGATIVE_INFINITY ? "*" : print(from)}-${to === Number.POSITIVE_INFINITY ? "*" : print(to)}`;
      const isDate = place === "date_range";
      return {
        key: name,
        ...(from === Number.NEGATIVE_INFINITY ? {} : { from, ...(isDate ? { from_as_string: print(from) } : {}) }),
        ...(to === Number.POSITIVE_INFINITY ? {} : { to, ...(isDate ? { to_as_string: print(to) } : {}) }),
        doc_count: this.#counts[bucket] ?? 0,
        ...subResults(this.subs, bucket),
      };
    });
    const finished = this.finishBuckets(buckets);
    if (!keyed) return { buckets: finished };
    return { buckets: Object.fromEntries(finished.map(({ key, ...bucket }) => [String(key), bucket])) };
  }

  #print(value: number): string {
    if (this.#options.place === "date_range") return this.#format?.print(value) ?? new Date(value).toISOString();
    return printDecimal(value);
  }
}

function sorted(ranges: readonly RangeBucket[]): readonly RangeBucket[] {
  return ranges.toSorted((a, b) => a.from - b.from || a.to - b.to);
}

import type { JSONObject } from "../../../../../kernel/index.ts";
import { decodeIp } from "../../../mapping/types/ip.ts";
import type { QueryContext } from "../query/context.ts";
import { malformed } from "../query/parameters.ts";
import { grow64 } from "../segment/growing.ts";
import type { KeywordField } from "../segment/keyword-field.ts";
import {
  type AggregationRun,
  aggregatedField,
  BucketAggregator,
  countBuckets,
  type SubAggregations,
  subResults,
} from "./aggregator.ts";

export interface IpRange {
  readonly key: string;
  /** As the field keeps addresses; undefined is open. */
  readonly from: string | undefined;
  /** Not included. */
  readonly to: string | undefined;
}

export interface IpRangesOptions {
  readonly field: string;
  readonly ranges: readonly IpRange[];
  readonly keyed: boolean;
  /** An address as the field keeps it. */
  readonly missing: string | undefined;
}

/** Buckets of addresses between bounds or in networks; they may overlap. */
export class IpRangesAggregator extends BucketAggregator {
  readonly #options: IpRangesOptions;
  readonly #ranges: readonly IpRange[];
  #counts: Float64Array = new Float64Array(16);
  #store: KeywordField | undefined;
  /** By range and term: whether it lies in it. */
  #bounds: readonly (readonly boolean[])[] = [];

  constructor(run: AggregationRun, subs: SubAggregations, options: IpRangesOptions) {
    super(run, subs);
    this.#options = options;
    this.#ranges = options.ranges.toSorted(
      (a, b) => compareBounds(a.from, b.from, "") || compareBounds(a.to, b.to, "g"),
    );
  }

  *open(context: QueryContext): Generator<void, void> {
    const field = aggregatedField(context, this.#options.field, "ip_range");
    if (field !== undefined && field.node.type !== "ip")
      throw malformed(
        `[ip_range] needs a field of type ip; field "${this.#options.field}" is of type ${field.node.type}.`,
      );
    this.#store = field?.store?.kind === "keyword" ? field.store : undefined;
    this.#bounds = [];
    const store = this.#store;
    if (store === undefined) return;
    const bounds: boolean[][] = this.#ranges.map(() => new Array<boolean>(store.dictionary.size).fill(false));
    for (let ord = 0; ord < store.dictionary.size; ord++) {
      const term = store.dictionary.term(ord);
      for (const [r, range] of this.#ranges.entries()) (bounds[r] as boolean[])[ord] = contains(range, term);
      if ((ord & 511) === 511) yield* context.budget.pause();
    }
    this.#bounds = bounds;
  }

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    const store = this.#store;
    const { missing } = this.#options;
    const width = this.#ranges.length;
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      const first = (owners[i] as number) * width;
      const own = store?.countOf(doc) ?? 0;
      for (let r = 0; r < width; r++) {
        let isIn = own === 0 && missing !== undefined && contains(this.#ranges[r] as IpRange, missing);
        for (let v = 0; v < own && !isIn; v++) isIn = this.#bounds[r]?.[store?.ordAt(doc, v) ?? -1] === true;
        if (isIn) this.#add(doc, first + r);
      }
    }
    this.flush();
  }

  #add(doc: number, bucket: number): void {
    if (bucket >= this.#counts.length) this.#counts = grow64(this.#counts, bucket + 1);
    this.#counts[bucket] = (this.#counts[bucket] as number) + 1;
    this.emit(doc, bucket);
  }

  /** A bucket above that was made to fill a gap has none, unlike ranges of numbers: as in the reference engine. */
  result(owner: number): JSONObject {
    const ranges = owner < 0 ? [] : this.#ranges;
    countBuckets(this.run, ranges.length);
    const buckets = ranges.map(({ key, from, to }, r): JSONObject => {
      const bucket = owner * ranges.length + r;
      return {
        key,
        ...(from === undefined ? {} : { from: decodeIp(from) }),
        ...(to === undefined ? {} : { to: decodeIp(to) }),
        doc_count: this.#counts[bucket] ?? 0,
        ...subResults(this.subs, bucket),
      };
    });
    const finished = this.finishBuckets(buckets);
    if (!this.#options.keyed) return { buckets: finished };
    return { buckets: Object.fromEntries(finished.map(({ key, ...bucket }) => [String(key), bucket])) };
  }
}

const contains = ({ from, to }: IpRange, address: string): boolean =>
  (from === undefined || address >= from) && (to === undefined || address < to);

/** `open` stands for an open bound: it lies before, or behind, all addresses. */
function compareBounds(a: string | undefined, b: string | undefined, open: string): number {
  const [left, right] = [a ?? open, b ?? open];
  return left < right ? -1 : left > right ? 1 : 0;
}

import type { JSONObject } from "../../../../../../kernel/index.ts";
import type { QueryContext } from "../../query/context.ts";
import { malformed } from "../../query/parameters.ts";
import {
  type AggregationRun,
  BucketAggregator,
  countBuckets,
  type SubAggregations,
  spend,
  subResults,
} from "../aggregator.ts";
import { DeferredValues } from "../deferred-values.ts";
import { NumberSource, type ValueOptions } from "../number-source.ts";
import { isPrinted } from "../value-format.ts";
import { nearestGroups, type ValueGroup } from "./nearest-groups.ts";

interface Outcome {
  readonly groups: readonly ValueGroup[];
  /** Number of the first bucket, for the sub-aggregations. */
  readonly first: number;
}

const place = "variable_width_histogram";
const valueBytes = 48;

/** A given number of buckets, which are as wide as the values lie: what is near to each other is in one. */
export class VariableWidthHistogram extends BucketAggregator {
  readonly #source: NumberSource;
  readonly #most: number;
  /** By owner: how often each value is there. */
  readonly #counts: (Map<number, number> | undefined)[] = [];
  readonly #outcomes: (Outcome | undefined)[] = [];
  readonly #deferred: DeferredValues | undefined;

  constructor(run: AggregationRun, subs: SubAggregations, values: ValueOptions, most: number) {
    super(run, subs);
    this.#source = new NumberSource(values, place);
    this.#most = most;
    if (subs.aggregators.length > 0) this.#deferred = new DeferredValues(run);
  }

  *open(): Generator<void, void> {}

  override *enter(context: QueryContext): Generator<void, void> {
    this.#source.open(context);
    if (this.#source.format.kind === "date")
      throw malformed(`[${place}] does not take dates: use "auto_date_histogram".`);
    this.#deferred?.enter(context);
    yield* context.budget.pause();
  }

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    const { store, missing } = this.#source;
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      const owner = owners[i] as number;
      const own = store?.countOf(doc) ?? 0;
      for (let v = own === 0 ? -1 : 0; v < own; v++) {
        const value = v < 0 ? missing : (store?.valueAt(doc, v) ?? Number.NaN) + 0;
        if (Number.isNaN(value)) continue;
        this.#count(owner, value);
        this.#deferred?.add(doc, owner, value);
      }
    }
    this.#deferred?.flush();
  }

  #count(owner: number, value: number): void {
    let counts = this.#counts[owner];
    if (counts === undefined) {
      counts = new Map();
      for (let i = this.#counts.length; i < owner; i++) this.#counts.push(undefined);
      this.#counts[owner] = counts;
    }
    const before = counts.get(value);
    if (before === undefined) spend(this.run, valueBytes);
    counts.set(value, (before ?? 0) + 1);
  }

  override *finish(): Generator<void, void> {
    let first = 0;
    for (const counts of this.#counts) {
      if (counts === undefined) {
        this.#outcomes.push(undefined);
        continue;
      }
      const values = Float64Array.from(counts.keys()).sort();
      const sizes = values.map((value) => counts.get(value) ?? 0);
      const groups = yield* nearestGroups(values, sizes, this.#most, this.run.budget);
      this.#outcomes.push({ groups, first });
      first += groups.length;
    }
    yield* this.#deferred?.replay(this.subs, (owner, value) => this.#bucketOf(owner, value)) ?? [];
  }

  #bucketOf(owner: number, value: number): number {
    const outcome = this.#outcomes[owner];
    if (outcome === undefined) return -1;
    const { groups, first } = outcome;
    let [low, high] = [0, groups.length - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (value <= (groups[middle] as ValueGroup).max) high = middle;
      else low = middle + 1;
    }
    return first + low;
  }

  result(owner: number): JSONObject {
    const { groups, first } = this.#outcomes[owner] ?? { groups: [], first: 0 };
    const { format } = this.#source;
    countBuckets(this.run, groups.length);
    const printed = (name: string, value: number): JSONObject =>
      isPrinted(format) ? { [name]: value, [`${name}_as_string`]: format.print(value) } : { [name]: value };
    const buckets = groups.map(({ centroid, min, max, count }, i) => ({
      ...printed("min", min),
      ...printed("key", centroid),
      ...printed("max", max),
      doc_count: count,
      ...subResults(this.subs, first + i),
    }));
    return { buckets: this.finishBuckets(buckets) };
  }
}

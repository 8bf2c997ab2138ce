import type { JSONObject } from "../../../../../kernel/index.ts";
import type { QueryContext } from "../query/context.ts";
import {
  type AggregationRun,
  BucketAggregator,
  countBuckets,
  type SubAggregations,
  spend,
  subResults,
} from "./aggregator.ts";
import { AutoRounding, type AutoUnit, fittingUnit, stepsFor } from "./auto-rounding.ts";
import { DeferredValues } from "./deferred-values.ts";
import { NumberSource, type ValueOptions } from "./number-source.ts";
import { isPrinted } from "./value-format.ts";

/** Dates of one owner, by the unit that is fine enough so far. */
interface Progress {
  unit: number;
  counts: Map<number, number>;
  low: number;
  high: number;
}

interface Outcome {
  readonly interval: string;
  readonly keys: readonly number[];
  readonly counts: readonly number[];
  /** Number of the first bucket, for the sub-aggregations. */
  readonly first: number;
  readonly rounding: AutoRounding;
  /** By rounded key: the position of its bucket. */
  readonly places: ReadonlyMap<number, number>;
}

const keyBytes = 48;

/** About as many buckets of dates as asked for, whatever time they cover: of seconds up to hundreds of years. */
export class AutoHistogramAggregator extends BucketAggregator {
  readonly #source: NumberSource;
  readonly #wanted: number;
  readonly #roundings: readonly AutoRounding[];
  readonly #owners: (Progress | undefined)[] = [];
  readonly #outcomes: (Outcome | undefined)[] = [];
  readonly #deferred: DeferredValues | undefined;

  constructor(
    run: AggregationRun,
    subs: SubAggregations,
    values: ValueOptions,
    wanted: number,
    units: readonly AutoUnit[],
  ) {
    super(run, subs);
    this.#source = new NumberSource(values, "auto_date_histogram", "date");
    this.#wanted = wanted;
    this.#roundings = units.map((unit) => new AutoRounding(unit, values.zone));
    if (subs.aggregators.length > 0) this.#deferred = new DeferredValues(run);
  }

  *open(): Generator<void, void> {}

  override *enter(context: QueryContext): Generator<void, void> {
    this.#source.open(context);
    this.#deferred?.enter(context);
    yield* context.budget.pause();
  }

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    const { store, missing } = this.#source;
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      const owner = owners[i] as number;
      const progress = this.#progress(owner);
      let last = Number.NaN;
      const own = store?.countOf(doc) ?? 0;
      for (let v = own === 0 ? -1 : 0; v < own; v++) {
        const value = v < 0 ? missing : (store?.valueAt(doc, v) ?? Number.NaN);
        if (Number.isNaN(value)) continue;
        const key = (this.#roundings[progress.unit] as AutoRounding).floor(value);
        // Dates of one bucket count once, those that are merged later do not.
        if (key === last) continue;
        last = key;
        this.#count(progress, key);
        this.#deferred?.add(doc, owner, value);
      }
    }
    this.#deferred?.flush();
  }

  #progress(owner: number): Progress {
    let progress = this.#owners[owner];
    if (progress === undefined) {
      progress = { unit: 0, counts: new Map(), low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY };
      for (let i = this.#owners.length; i < owner; i++) this.#owners.push(undefined);
      this.#owners[owner] = progress;
    }
    return progress;
  }

  #count(progress: Progress, key: number): void {
    const before = progress.counts.get(key);
    progress.counts.set(key, (before ?? 0) + 1);
    if (before !== undefined) return;
    spend(this.run, keyBytes);
    progress.low = Math.min(progress.low, key);
    progress.high = Math.max(progress.high, key);
    this.#widen(progress);
  }

  /** Takes a longer unit while there are more keys, or more time, than the present one has buckets for. */
  #widen(progress: Progress): void {
    const wanted = this.#wanted;
    while (progress.unit < this.#roundings.length - 1) {
      const { mostSteps, unit } = this.#roundings[progress.unit] as AutoRounding;
      const most = wanted * mostSteps;
      if (progress.counts.size <= most && progress.high - progress.low <= most * unit.roughMs) return;
      this.#round(progress, progress.unit + 1);
    }
  }

  #round(progress: Progress, unit: number): void {
    const rounding = this.#roundings[unit] as AutoRounding;
    const counts = new Map<number, number>();
    for (const [key, count] of progress.counts) {
      const rounded = rounding.floor(key);
      counts.set(rounded, (counts.get(rounded) ?? 0) + count);
    }
    progress.unit = unit;
    progress.counts = counts;
    progress.low = rounding.floor(progress.low);
    progress.high = rounding.floor(progress.high);
  }

  override *finish(): Generator<void, void> {
    let first = 0;
    for (const [owner, progress] of this.#owners.entries()) {
      if (progress === undefined || progress.counts.size === 0) continue;
      const outcome = this.#decide(progress, first);
      for (let i = this.#outcomes.length; i < owner; i++) this.#outcomes.push(undefined);
      this.#outcomes[owner] = outcome;
      first += outcome.keys.length;
      yield* this.run.budget.pause();
    }
    if (this.#deferred === undefined) return;
    yield* this.#deferred.replay(this.subs, (owner, value) => {
      const outcome = this.#outcomes[owner];
      return outcome === undefined ? -1 : this.#placeOf(outcome, value);
    });
  }

  #placeOf(outcome: Outcome, value: number): number {
    const place = outcome.places.get(outcome.rounding.floor(value));
    return place === undefined ? -1 : outcome.first + place;
  }

  #decide(progress: Progress, first: number): Outcome {
    const wanted = this.#wanted;
    this.#round(progress, fittingUnit(this.#roundings, progress.unit, progress.low, progress.high, wanted));
    const all = (): number[] => {
      const { rounding } = this.#roundings[progress.unit] as AutoRounding;
      const keys: number[] = [];
      for (let key = progress.low; key <= progress.high; key = rounding.next(key)) keys.push(key);
      return keys;
    };
    let keys = all();
    while (progress.unit < this.#roundings.length - 1) {
      if (keys.length <= wanted * (this.#roundings[progress.unit] as AutoRounding).mostSteps) break;
      this.#round(progress, progress.unit + 1);
      keys = all();
    }
    const rounding = this.#roundings[progress.unit] as AutoRounding;
    const step = stepsFor(rounding.unit, keys.length, wanted);
    const places = new Map(keys.map((key, i) => [key, Math.floor(i / step)]));
    const merged = keys.filter((_, i) => i % step === 0);
    const counts = merged.map(() => 0);
    for (const [key, count] of progress.counts) {
      const place = places.get(key) ?? 0;
      counts[place] = (counts[place] ?? 0) + count;
    }
    return { interval: `${step}${rounding.unit.letter}`, keys: merged, counts, first, rounding, places };
  }

  result(owner: number): JSONObject {
    const outcome = this.#outcomes[owner];
    if (outcome === undefined)
      return { buckets: this.finishBuckets([]), interval: `1${this.#roundings[0]?.unit.letter}` };
    const { keys, counts, first, interval } = outcome;
    const { format } = this.#source;
    countBuckets(this.run, keys.length);
    const buckets = keys.map((key, i) => ({
      ...(isPrinted(format) ? { key_as_string: format.print(key) } : {}),
      key,
      doc_count: counts[i],
      ...subResults(this.subs, first + i),
    }));
    return { buckets: this.finishBuckets(buckets), interval };
  }
}

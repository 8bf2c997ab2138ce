import type { JSONObject } from "../../../../../kernel/index.ts";
import { utc } from "../../../mapping/dates/time-zone.ts";
import type { QueryContext } from "../query/context.ts";
import { malformed } from "../query/parameters.ts";
import { grow64 } from "../segment/growing.ts";
import { MetricAggregator } from "./metric-aggregator.ts";
import { NumberSource, type ValueOptions } from "./number-source.ts";
import { single } from "./stats.ts";
import { formatOf } from "./value-format.ts";

/** The average of one field, where another says how much each document counts. */
export class WeightedAverageAggregator extends MetricAggregator {
  readonly #value: NumberSource;
  readonly #weight: NumberSource;
  readonly #format: string | undefined;
  #sums: Float64Array = new Float64Array(16);
  #weights: Float64Array = new Float64Array(16);

  constructor(place: string, value: ValueOptions, weight: ValueOptions, format: string | undefined) {
    super();
    this.#value = new NumberSource(value, `${place}.value`);
    this.#weight = new NumberSource(weight, `${place}.weight`);
    this.#format = format;
  }

  // biome-ignore lint/correctness/useYield: the interface is a generator
  *enter(context: QueryContext): Generator<void, void> {
    this.#value.open(context);
    this.#weight.open(context);
  }

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    const value = this.#value.store;
    const weight = this.#weight.store;
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      const weights = weight?.countOf(doc) ?? 0;
      const values = value?.countOf(doc) ?? 0;
      if (weights > 1 && (values > 0 || !Number.isNaN(this.#value.missing)))
        throw malformed("[weighted_avg.weight] needs a field with one value in each document.");
      const factor = weights === 0 ? this.#weight.missing : (weight?.valueAt(doc, 0) ?? Number.NaN);
      if (Number.isNaN(factor)) continue;
      const owner = owners[i] as number;
      for (let v = values === 0 ? -1 : 0; v < values; v++) {
        const one = v < 0 ? this.#value.missing : (value?.valueAt(doc, v) ?? Number.NaN);
        if (!Number.isNaN(one)) this.#add(owner, one, factor);
      }
    }
  }

  #add(owner: number, value: number, weight: number): void {
    if (owner >= this.#sums.length) {
      this.#sums = grow64(this.#sums, owner + 1);
      this.#weights = grow64(this.#weights, owner + 1);
    }
    this.#sums[owner] = (this.#sums[owner] as number) + value * weight;
    this.#weights[owner] = (this.#weights[owner] as number) + weight;
  }

  result(owner: number): JSONObject {
    const average = (this.#sums[owner] ?? 0) / (this.#weights[owner] ?? 0);
    const { format: field } = this.#value;
    const own = this.#format;
    const format = own === undefined ? field : formatOf(undefined, { ...plainOptions, format: own }, "weighted_avg");
    return single(Number.isFinite(average) ? average : null, format);
  }
}

const plainOptions = { zone: utc, valueType: undefined };

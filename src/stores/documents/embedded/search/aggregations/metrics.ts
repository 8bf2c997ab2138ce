import type { JSONObject } from "../../../../../kernel/index.ts";
import type { FieldNode } from "../../../mapping/compile-mapping.ts";
import type { QueryContext } from "../query/context.ts";
import { malformed } from "../query/parameters.ts";
import { parseTerm } from "../query/term-clauses.ts";
import type { FieldStore } from "../segment/field-store.ts";
import { grow64 } from "../segment/growing.ts";
import type { KeywordField } from "../segment/keyword-field.ts";
import type { NumberField } from "../segment/number-field.ts";
import { Aggregator, aggregatedField, printValue } from "./aggregator.ts";

/** Takes the numbers of one field; what it does with them is a subclass. */
export abstract class NumberAggregator extends Aggregator {
  readonly place: string;
  readonly #path: string;
  readonly #missing: unknown;
  #store: NumberField | undefined;
  #default = Number.NaN;
  node: FieldNode | undefined;

  constructor(place: string, path: string, missing: unknown) {
    super();
    this.place = place;
    this.#path = path;
    this.#missing = missing;
  }

  // Nothing to wait for, but other aggregations have.
  // biome-ignore lint/correctness/useYield: the interface is a generator
  *enter(context: QueryContext): Generator<void, void> {
    const field = aggregatedField(context, this.#path, this.place);
    this.#store = undefined;
    if (field === undefined) return;
    if (field.node.family !== "number") {
      throw malformed(`[${this.place}] needs a number or date; field "${this.#path}" is of type ${field.node.type}.`);
    }
    this.node = field.node;
    this.#store = field.store?.kind === "number" ? field.store : undefined;
    this.#default = this.#missing === undefined ? Number.NaN : Number(parseTerm(field.node, this.#missing));
  }

  abstract add(owner: number, value: number): void;

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    const store = this.#store;
    const byDefault = this.#default;
    const values = store?.values;
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      const owner = owners[i] as number;
      const value = values !== undefined && doc < values.length ? (values[doc] as number) : Number.NaN;
      if (Number.isNaN(value)) {
        if (!Number.isNaN(byDefault)) this.add(owner, byDefault);
        continue;
      }
      this.add(owner, value);
      if (store?.isMultiple !== true) continue;
      const own = store.countOf(doc);
      for (let v = 1; v < own; v++) this.add(owner, store.valueAt(doc, v));
    }
  }
}

const noSpread: JSONObject = {
  sum_of_squares: null,
  variance: null,
  variance_population: null,
  variance_sampling: null,
  std_deviation: null,
  std_deviation_population: null,
  std_deviation_sampling: null,
  std_deviation_bounds: {
    upper: null,
    lower: null,
    upper_population: null,
    lower_population: null,
    upper_sampling: null,
    lower_sampling: null,
  },
};

export type StatName = "min" | "max" | "avg" | "sum" | "stats" | "extended_stats";

/** Minimum, maximum, sum and what follows from them. */
export class StatsAggregator extends NumberAggregator {
  readonly kind: StatName;
  readonly #sigma: number;
  #counts: Float64Array = new Float64Array(16);
  #sums: Float64Array = new Float64Array(16);
  #squares: Float64Array = new Float64Array(16);
  #mins: Float64Array = new Float64Array(16).fill(Number.POSITIVE_INFINITY);
  #maxs: Float64Array = new Float64Array(16).fill(Number.NEGATIVE_INFINITY);

  constructor(kind: StatName, place: string, path: string, missing: unknown, sigma: number) {
    super(place, path, missing);
    this.kind = kind;
    this.#sigma = sigma;
  }

  add(owner: number, value: number): void {
    if (owner >= this.#counts.length) this.#grow(owner + 1);
    this.#counts[owner] = (this.#counts[owner] as number) + 1;
    this.#sums[owner] = (this.#sums[owner] as number) + value;
    this.#squares[owner] = (this.#squares[owner] as number) + value * value;
    if (value < (this.#mins[owner] as number)) this.#mins[owner] = value;
    if (value > (this.#maxs[owner] as number)) this.#maxs[owner] = value;
  }

  #grow(needed: number): void {
    const before = this.#counts.length;
    this.#counts = grow64(this.#counts, needed);
    this.#sums = grow64(this.#sums, needed);
    this.#squares = grow64(this.#squares, needed);
    this.#mins = grow64(this.#mins, needed).fill(Number.POSITIVE_INFINITY, before);
    this.#maxs = grow64(this.#maxs, needed).fill(Number.NEGATIVE_INFINITY, before);
  }

  result(owner: number): JSONObject {
    const count = this.#counts[owner] ?? 0;
    const sum = this.#sums[owner] ?? 0;
    const some = count > 0;
    const stats: JSONObject = {
      count,
      min: some ? this.#mins[owner] : null,
      max: some ? this.#maxs[owner] : null,
      avg: some ? sum / count : null,
      sum,
    };
    if (this.kind === "stats" || this.kind === "extended_stats") {
      if (this.kind === "extended_stats") Object.assign(stats, this.#extended(owner, count, sum));
      return !this.#hasTexts || !some ? stats : { ...stats, ...this.#printed(stats) };
    }
    const value = stats[this.kind];
    const text = this.#hasTexts && typeof value === "number" ? printValue(this.node, value) : undefined;
    return text === undefined ? { value } : { value, value_as_string: text };
  }

  /** Dates and booleans are answered as texts, too. */
  get #hasTexts(): boolean {
    return this.node?.format !== undefined || this.node?.type === "boolean";
  }

  #printed(stats: JSONObject): JSONObject {
    const printed: JSONObject = {};
    // In spite of their names, those of booleans are no texts to the reference engine.
    const isFlag = this.node?.type === "boolean";
    for (const name of ["min", "max", "avg", "sum"])
      printed[`${name}_as_string`] = isFlag ? Number(stats[name]) !== 0 : printValue(this.node, Number(stats[name]));
    return printed;
  }

  #extended(owner: number, count: number, sum: number): JSONObject {
    const squares = this.#squares[owner] ?? 0;
    if (count === 0) return noSpread;
    const mean = sum / count;
    const variance = Math.max(0, squares / count - mean * mean);
    const sampling = count > 1 ? Math.max(0, (squares - (sum * sum) / count) / (count - 1)) : undefined;
    const deviation = Math.sqrt(variance);
    const samplingDeviation = sampling === undefined ? undefined : Math.sqrt(sampling);
    const spread = this.#sigma * deviation;
    const samplingSpread = samplingDeviation === undefined ? undefined : this.#sigma * samplingDeviation;
    // One value has no spread of samples; the reference engine writes that as text.
    return {
      sum_of_squares: squares,
      variance,
      variance_population: variance,
      variance_sampling: sampling ?? "NaN",
      std_deviation: deviation,
      std_deviation_population: deviation,
      std_deviation_sampling: samplingDeviation ?? "NaN",
      std_deviation_bounds: {
        upper: mean + spread,
        lower: mean - spread,
        upper_population: mean + spread,
        lower_population: mean - spread,
        upper_sampling: samplingSpread === undefined ? "NaN" : mean + samplingSpread,
        lower_sampling: samplingSpread === undefined ? "NaN" : mean - samplingSpread,
      },
    };
  }
}

/** Counts the values of a field of any type. */
export class ValueCountAggregator extends Aggregator {
  readonly #path: string;
  #store: FieldStore | undefined;
  #isRange = false;
  #counts: Float64Array = new Float64Array(16);

  constructor(path: string) {
    super();
    this.#path = path;
  }

  // biome-ignore lint/correctness/useYield: the interface is a generator
  *enter(context: QueryContext): Generator<void, void> {
    const field = aggregatedField(context, this.#path, "value_count");
    this.#isRange = field?.node.family === "range";
    this.#store = field?.store;
  }

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    const store = this.#store;
    if (store === undefined || store.kind === "text") return;
    for (let i = 0; i < count; i++) {
      const owner = owners[i] as number;
      if (owner >= this.#counts.length) this.#counts = grow64(this.#counts, owner + 1);
      const own = store.countOf(docs[i] as number);
      // All ranges of a document are one value to the reference engine.
      this.#counts[owner] = (this.#counts[owner] as number) + (this.#isRange ? Math.min(1, own) : own);
    }
  }

  result(owner: number): JSONObject {
    return { value: this.#counts[owner] ?? 0 };
  }
}

/** Counts different values, exactly. */
export class CardinalityAggregator extends Aggregator {
  readonly #path: string;
  #store: FieldStore | undefined;
  /** By owner: numbers, or terms of earlier segments. */
  readonly #values: Set<number | string>[] = [];
  /** By owner: terms of the present segment. */
  #ords: Set<number>[] = [];
  #seen = new Uint8Array(0);
  #isRange = false;

  constructor(path: string) {
    super();
    this.#path = path;
  }

  *enter(context: QueryContext): Generator<void, void> {
    yield* this.#keepTerms(context);
    const field = aggregatedField(context, this.#path, "cardinality");
    this.#store = field?.store;
    this.#isRange = field?.node.family === "range";
    this.#ords = [];
    this.#seen = new Uint8Array(this.#store?.kind === "keyword" ? this.#store.dictionary.size : 0);
  }

  /** All ranges of a document are one value to the reference engine. */
  #addRanges(store: KeywordField, doc: number, owner: number): void {
    const terms: string[] = [];
    for (let v = 0; v < store.countOf(doc); v++) terms.push(store.dictionary.term(store.ordAt(doc, v)));
    if (terms.length > 0) this.#setOf(owner).add(terms.sort().join());
  }

  /** Numbers of terms mean something in their segment only. */
  *#keepTerms(context: QueryContext): Generator<void, void> {
    const store = this.#store;
    if (store?.kind !== "keyword") return;
    for (const [owner, ords] of this.#ords.entries()) {
      for (const ord of ords) this.#setOf(owner).add(store.dictionary.term(ord));
      yield* context.budget.pause();
    }
  }

  #setOf(owner: number): Set<number | string> {
    for (let i = this.#values.length; i <= owner; i++) this.#values.push(new Set());
    return this.#values[owner] as Set<number | string>;
  }

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    const store = this.#store;
    if (store === undefined || store.kind === "text") return;
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      const owner = owners[i] as number;
      if (this.#isRange && store.kind === "keyword") {
        this.#addRanges(store, doc, owner);
        continue;
      }
      const own = store.countOf(doc);
      for (let v = 0; v < own; v++) {
        if (store.kind === "keyword") this.#addOrd(owner, store.ordAt(doc, v));
        else if (store.kind === "number") this.#setOf(owner).add(store.valueAt(doc, v));
        else this.#setOf(owner).add(`${store.latAt(doc, v)},${store.lonAt(doc, v)}`);
      }
    }
  }

  #addOrd(owner: number, ord: number): void {
    if (owner === 0) {
      if (this.#seen[ord] === 1) return;
      this.#seen[ord] = 1;
    }
    for (let i = this.#ords.length; i <= owner; i++) this.#ords.push(new Set());
    this.#ords[owner]?.add(ord);
  }

  result(owner: number): JSONObject {
    const values = this.#values[owner];
    const ords = this.#ords[owner];
    if (values === undefined || values.size === 0) return { value: ords?.size ?? 0 };
    let count = values.size;
    const store = this.#store;
    if (store?.kind === "keyword") for (const ord of ords ?? []) if (!values.has(store.dictionary.term(ord))) count++;
    return { value: count };
  }
}

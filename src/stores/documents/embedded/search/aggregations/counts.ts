import type { JSONObject } from "../../../../../kernel/index.ts";
import type { QueryContext } from "../query/context.ts";
import { fillAll } from "../query/matchers/matcher.ts";
import { countBits, listBits, wordsFor } from "../segment/bits.ts";
import { hasValues, type ValueStore } from "../segment/field-store.ts";
import { grow64 } from "../segment/growing.ts";
import type { KeywordField } from "../segment/keyword-field.ts";
import { type AggregationRun, aggregatedField, spend } from "./aggregator.ts";
import { MetricAggregator } from "./metric-aggregator.ts";
import { missingNumber, missingTerm, type ValueOptions, wholeOf } from "./number-source.ts";
import { formatOf } from "./value-format.ts";

/** The values of one field of any type, and what stands in for documents without one. */
abstract class AnyValueAggregator extends MetricAggregator {
  readonly run: AggregationRun;
  readonly #place: string;
  readonly #options: ValueOptions;
  store: ValueStore | undefined;
  missing: number | string | undefined;
  /** All ranges of a document are one value to the reference engine. */
  isRange = false;

  constructor(run: AggregationRun, place: string, options: ValueOptions) {
    super();
    this.run = run;
    this.#place = place;
    this.#options = options;
  }

  open(context: QueryContext): void {
    const { field: path, missing } = this.#options;
    const field = aggregatedField(context, path, this.#place);
    this.store = hasValues(field?.store) ? field.store : undefined;
    this.isRange = field?.node.family === "range";
    if (missing === undefined) return;
    const isNumber = field?.node.family === "number";
    const format = formatOf(field?.node, this.#options, this.#place);
    this.missing = isNumber
      ? wholeOf(field.node, missingNumber(missing, format, context.now, this.#place))
      : missingTerm(field?.node, missing);
  }
}

/** Counts the values of a field of any type. */
export class ValueCountAggregator extends AnyValueAggregator {
  #counts: Float64Array = new Float64Array(16);

  // biome-ignore lint/correctness/useYield: the interface is a generator
  *enter(context: QueryContext): Generator<void, void> {
    this.open(context);
  }

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    const { store } = this;
    const least = this.missing === undefined ? 0 : 1;
    if (store === undefined && least === 0) return;
    for (let i = 0; i < count; i++) {
      const owner = owners[i] as number;
      if (owner >= this.#counts.length) this.#counts = grow64(this.#counts, owner + 1);
      const all = store === undefined ? 0 : store.countOf(docs[i] as number);
      const own = this.isRange ? Math.min(1, all) : all;
      this.#counts[owner] = (this.#counts[owner] as number) + Math.max(own, least);
    }
  }

  result(owner: number): JSONObject {
    return { value: this.#counts[owner] ?? 0 };
  }
}

/** Dictionaries with more terms than this keep the terms of each bucket in sets. */
const maxBitTerms = 1 << 19;
/** About what an entry of a set takes, with its string. */
const entryBytes = { number: 32, string: 96 } as const;

/** Counts different values, exactly. */
export class CardinalityAggregator extends AnyValueAggregator {
  /** By owner: numbers, or terms of earlier segments. */
  readonly #values: (Set<number | string> | undefined)[] = [];
  /** By owner: terms of the present segment. */
  #bits: (Uint32Array | undefined)[] = [];

  *enter(context: QueryContext): Generator<void, void> {
    yield* this.#keepTerms(context);
    this.open(context);
    this.#bits = [];
  }

  /** Numbers of terms mean something in their segment only. */
  *#keepTerms(context: QueryContext): Generator<void, void> {
    const { store } = this;
    if (store?.kind !== "keyword") return;
    for (const [owner, bits] of this.#bits.entries()) {
      if (bits === undefined) continue;
      const values = this.#setOf(owner);
      const before = values.size;
      for (const ord of ordsOf(bits)) values.add(store.dictionary.term(ord));
      spend(this.run, (values.size - before) * entryBytes.string);
      yield* context.budget.pause();
    }
  }

  #setOf(owner: number): Set<number | string> {
    let set = this.#values[owner];
    if (set === undefined) {
      set = new Set();
      for (let i = this.#values.length; i < owner; i++) this.#values.push(undefined);
      this.#values[owner] = set;
    }
    return set;
  }

  #bitsOf(owner: number, store: KeywordField): Uint32Array {
    let bits = this.#bits[owner];
    if (bits === undefined) {
      bits = new Uint32Array(wordsFor(store.dictionary.size));
      spend(this.run, bits.byteLength);
      for (let i = this.#bits.length; i < owner; i++) this.#bits.push(undefined);
      this.#bits[owner] = bits;
    }
    return bits;
  }

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    const { store } = this;
    if (store?.kind === "keyword" && this.isRange) this.#collectRanges(store, docs, owners, count);
    else if (store?.kind === "keyword" && (store.dictionary.size <= maxBitTerms || owners[count - 1] === 0))
      this.#collectTerms(store, docs, owners, count);
    else this.#collectValues(store, docs, owners, count);
  }

  /** Every term of a whole segment is one of some document. */
  override *collectWhole({ budget }: QueryContext): Generator<void, boolean> {
    const { store, missing } = this;
    if (store === undefined) return missing === undefined;
    if (store.kind !== "keyword" || this.isRange || missing !== undefined) return false;
    const { size } = store.dictionary;
    fillAll(this.#bitsOf(0, store), size);
    yield* budget.pause();
    return true;
  }

  #collectRanges(store: KeywordField, docs: Uint32Array, owners: Uint32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      const own = store.countOf(doc);
      const terms = Array.from({ length: own }, (_, v) => store.dictionary.term(store.ordAt(doc, v)));
      if (own === 0) continue;
      const values = this.#setOf(owners[i] as number);
      const before = values.size;
      values.add(terms.sort().join());
      spend(this.run, (values.size - before) * entryBytes.string);
    }
  }

  #collectTerms(store: KeywordField, docs: Uint32Array, owners: Uint32Array, count: number): void {
    const { ords, isMultiple } = store;
    const length = ords.length;
    const { missing } = this;
    let last = -1;
    let bits: Uint32Array = new Uint32Array(0);
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      const owner = owners[i] as number;
      const ord = doc < length ? (ords[doc] as number) - 1 : -1;
      if (ord < 0) {
        if (missing !== undefined) this.#setOf(owner).add(missing);
        continue;
      }
      if (owner !== last) {
        bits = this.#bitsOf(owner, store);
        last = owner;
      }
      bits[ord >>> 5] = (bits[ord >>> 5] as number) | (1 << (ord & 31));
      if (!isMultiple) continue;
      const own = store.countOf(doc);
      for (let v = 1; v < own; v++) {
        const other = store.ordAt(doc, v);
        bits[other >>> 5] = (bits[other >>> 5] as number) | (1 << (other & 31));
      }
    }
  }

  #collectValues(store: ValueStore | undefined, docs: Uint32Array, owners: Uint32Array, count: number): void {
    const { missing } = this;
    if (store === undefined && missing === undefined) return;
    let last = -1;
    let values: Set<number | string> = new Set();
    let before = 0;
    const bytes = store?.kind === "number" ? entryBytes.number : entryBytes.string;
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      const owner = owners[i] as number;
      if (owner !== last) {
        spend(this.run, (values.size - before) * bytes);
        values = this.#setOf(owner);
        before = values.size;
        last = owner;
      }
      const own = store === undefined ? 0 : store.countOf(doc);
      if (own === 0 && missing !== undefined) values.add(missing);
      for (let v = 0; v < own; v++) {
        if (store?.kind === "number") values.add(store.valueAt(doc, v));
        else if (store?.kind === "keyword") values.add(store.dictionary.term(store.ordAt(doc, v)));
        else if (store !== undefined) values.add(`${store.latAt(doc, v)},${store.lonAt(doc, v)}`);
      }
    }
    spend(this.run, (values.size - before) * bytes);
  }

  result(owner: number): JSONObject {
    const values = this.#values[owner];
    const bits = this.#bits[owner];
    const inSegment = bits === undefined ? 0 : countBits(bits);
    if (values === undefined || values.size === 0) return { value: inSegment };
    let count = values.size;
    const { store } = this;
    if (store?.kind === "keyword" && bits !== undefined)
      for (const ord of ordsOf(bits)) if (!values.has(store.dictionary.term(ord))) count++;
    return { value: count };
  }
}

function ordsOf(bits: Uint32Array): Uint32Array {
  const ords = new Uint32Array(countBits(bits));
  listBits(bits, bits.length, 0, ords);
  return ords;
}

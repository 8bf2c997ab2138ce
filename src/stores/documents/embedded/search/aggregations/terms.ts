import type { JSONObject } from "../../../../../kernel/index.ts";
import type { FieldNode } from "../../../mapping/compile-mapping.ts";
import type { QueryContext } from "../query/context.ts";
import { malformed } from "../query/parameters.ts";
import { parseTerm } from "../query/term-clauses.ts";
import type { KeywordField } from "../segment/keyword-field.ts";
import type { NumberField } from "../segment/number-field.ts";
import {
  type AggregationRun,
  aggregatedField,
  BucketAggregator,
  printTerm,
  type SubAggregations,
  subResults,
} from "./aggregator.ts";
import { BucketCache } from "./bucket-cache.ts";
import { Buckets } from "./buckets.ts";
import { liveNumbers, liveTerms } from "./live-values.ts";
import { printDouble } from "./number-pattern.ts";
import { fractionTypes, missingNumber, missingTerm, type ValueOptions, wholeOf } from "./number-source.ts";
import { type TermFilter, termFilter } from "./term-filter.ts";
import { formatOf, isPrinted, plainFormat, type ValueFormat } from "./value-format.ts";

export interface TermSource {
  readonly values: ValueOptions;
  readonly include: unknown;
  readonly exclude: unknown;
  /** Terms that no matching document has make buckets too. */
  readonly takesAll: boolean;
}

/** Ordinals of whole numbers that lie this close together. */
const maxSpan = 1 << 20;
const wholeTypes: ReadonlySet<string> = new Set(["integer", "short", "byte", "long", "boolean"]);

/** Puts documents into one bucket for each value of a field; what is answered of them is a subclass. */
export abstract class TermBuckets extends BucketAggregator {
  readonly place: string;
  readonly buckets: Buckets;
  readonly #source: TermSource;
  #store: KeywordField | NumberField | undefined;
  node: FieldNode | undefined;
  format: ValueFormat = plainFormat;
  #cache: BucketCache;
  #missing: string | number | undefined;
  /** Lowest number, for ordinals of numbers; NaN where numbers have none. */
  #low = Number.NaN;
  /** Documents of the segment. */
  #maxDoc = 0;
  /** By term: whether it is wanted; empty without include and exclude. */
  #wanted = new Uint8Array(0);
  #filter: TermFilter | undefined;
  /** Every value of the field, for buckets without documents. */
  readonly #all = new Set<string | number>();

  constructor(run: AggregationRun, subs: SubAggregations, place: string, source: TermSource) {
    super(run, subs);
    this.place = place;
    this.#source = source;
    this.buckets = new Buckets(run);
    this.#cache = new BucketCache(this.buckets, 0, () => "");
    termFilter(source.include, source.exclude, place);
  }

  get isMapped(): boolean {
    return this.node !== undefined;
  }

  *open(context: QueryContext): Generator<void, void> {
    const { values, include, exclude, takesAll } = this.#source;
    const field = aggregatedField(context, values.field, this.place);
    this.#store = undefined;
    this.#maxDoc = context.maxDoc;
    this.#low = Number.NaN;
    if (field?.node.family === "geo_point") {
      throw malformed(
        `[${this.place}] field "${values.field}" of type geo_point cannot be aggregated; use geohash_grid.`,
      );
    }
    if (field === undefined && this.isMapped) return;
    this.node = field?.node;
    if (values.valueType === "string" && this.node?.family === "number")
      throw malformed(`[${this.place}.value_type] numbers cannot be taken for strings; leave it out.`);
    this.format = formatOf(this.node, values, this.place);
    const { now } = context;
    const read = (text: string): number => missingNumber(text, this.format, now, `${this.place}.include`);
    const filter = termFilter(include, exclude, this.place, read, (text) => this.#spell(text));
    this.#filter = filter;
    if (filter?.hasPattern === true && this.node !== undefined && this.node.type !== "keyword")
      throw malformed(
        `[${this.place}] regular expressions choose keywords; give a list of values for field "${values.field}".`,
      );
    this.#missing = this.#missingKey(now);
    if (field === undefined) return;
    const { store } = field;
    this.#store = store?.kind === "keyword" || store?.kind === "number" ? store : undefined;
    if (store?.kind === "keyword") {
      const { dictionary } = store;
      this.#cache = new BucketCache(this.buckets, dictionary.size, (ord) => dictionary.term(ord));
      if (filter !== undefined) yield* this.#chooseTerms(store, filter, context);
      if (takesAll) yield* this.#keepTerms(store, context);
    } else if (store?.kind === "number") {
      this.#openNumbers(store, field.node);
      if (takesAll) yield* this.#keepNumbers(store, context);
    }
  }

  /** The value of a list as keys are written: one address can be written in several ways. */
  #spell(text: string): string {
    return this.node?.type === "ip" ? printTerm(this.node, String(parseTerm(this.node, text))) : text;
  }

  #missingKey(now: number): string | number | undefined {
    const { missing, valueType } = this.#source.values;
    if (missing === undefined) return undefined;
    const isNumber =
      this.node === undefined ? valueType !== undefined && valueType !== "string" : this.node.family === "number";
    if (isNumber) {
      const value = wholeOf(this.node, missingNumber(missing, this.format, now, this.place));
      return this.#filter?.takesNumber(value) === false ? undefined : value;
    }
    // A keyword stands in as it is written, without its normalizer.
    const term = missingTerm(this.node, missing);
    return this.#filter?.takesTerm(printTerm(this.node, term)) === false ? undefined : term;
  }

  #openNumbers(store: NumberField, node: FieldNode): void {
    const low = store.blockMin.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    const high = store.blockMax.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    if (!wholeTypes.has(node.type) || !(high - low < maxSpan) || this.#filter !== undefined) return;
    this.#low = low;
    this.#cache = new BucketCache(this.buckets, high - low + 1, (ord) => ord + low);
  }

  *#chooseTerms(store: KeywordField, filter: TermFilter, context: QueryContext): Generator<void, void> {
    this.#wanted = new Uint8Array(store.dictionary.size);
    for (let ord = 0; ord < this.#wanted.length; ord++) {
      if (filter.takesTerm(printTerm(this.node, store.dictionary.term(ord)))) this.#wanted[ord] = 1;
      if ((ord & 511) === 511) yield* context.budget.pause();
    }
  }

  *#keepTerms(store: KeywordField, context: QueryContext): Generator<void, void> {
    const live = yield* liveTerms(store, context);
    for (let ord = 0; ord < live.length; ord++) {
      if (live[ord] === 1 && (this.#filter === undefined || this.#wanted[ord] === 1))
        this.#all.add(store.dictionary.term(ord));
    }
  }

  *#keepNumbers(store: NumberField, context: QueryContext): Generator<void, void> {
    for (const value of yield* liveNumbers(store, context))
      if (this.#filter?.takesNumber(value) !== false) this.#all.add(value);
  }

  /** Of a whole segment the lists of the terms say how many documents have each. */
  override *collectWhole({ budget }: QueryContext): Generator<void, boolean> {
    const store = this.#store;
    if (this.blockDocs.length > 0 || this.#filter !== undefined || this.#missing !== undefined) return false;
    if (store?.kind !== "keyword") return store === undefined;
    for (let ord = 0; ord < store.dictionary.size; ord++) {
      const bucket = this.#cache.bucket(0, ord);
      const { counts } = this.buckets;
      counts[bucket] = (counts[bucket] as number) + store.postings.count(ord);
      if ((ord & 255) === 255) yield* budget.pause();
    }
    return true;
  }

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    const store = this.#store;
    if (store?.kind === "keyword") this.#collectTerms(store, docs, owners, count);
    else if (store?.kind === "number") this.#collectNumbers(store, docs, owners, count);
    else if (this.#missing !== undefined)
      for (let i = 0; i < count; i++) this.#addMissing(docs[i] as number, owners[i] as number);
    this.flush();
  }

  /** One value each and nothing left out: a look into a table for each document. */
  #countTerms(ords: Uint32Array, docs: Uint32Array, owners: Uint32Array, count: number): void {
    const { slots } = this;
    let without = 0;
    for (let i = 0; i < count; i++) {
      const ord = (ords[docs[i] as number] as number) - 1;
      slots[i] = ord;
      without -= ord >> 31;
    }
    this.#cache.count(slots, owners, count);
    this.forwardSlots(docs, count, without);
  }

  #collectTerms(store: KeywordField, docs: Uint32Array, owners: Uint32Array, count: number): void {
    const { ords } = store;
    const isColumn = !store.isMultiple && ords.length >= this.#maxDoc;
    if (isColumn && this.#filter === undefined && this.#missing === undefined) {
      this.#countTerms(ords, docs, owners, count);
      return;
    }
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      const owner = owners[i] as number;
      const ord = doc < ords.length ? (ords[doc] as number) - 1 : -1;
      if (ord < 0) {
        if (this.#missing !== undefined) this.#addMissing(doc, owner);
        continue;
      }
      this.#addOrd(doc, owner, ord);
      if (!store.isMultiple) continue;
      const own = store.countOf(doc);
      for (let v = 1; v < own; v++) this.#addOrd(doc, owner, store.ordAt(doc, v));
    }
  }

  #addOrd(doc: number, owner: number, ord: number): void {
    if (this.#filter === undefined || this.#wanted[ord] === 1) this.#add(doc, this.#cache.bucket(owner, ord));
  }

  #numberBucket(owner: number, value: number): number {
    if (Number.isNaN(this.#low)) return this.buckets.find(owner, value);
    return this.#cache.bucket(owner, value - this.#low);
  }

  #collectNumbers(store: NumberField, docs: Uint32Array, owners: Uint32Array, count: number): void {
    const filter = this.#filter;
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      const owner = owners[i] as number;
      const own = store.countOf(doc);
      if (own === 0 && this.#missing !== undefined) this.#addMissing(doc, owner);
      let last = Number.NaN;
      for (let v = 0; v < own; v++) {
        // A bucket for zero, not one for each of its signs.
        const value = store.valueAt(doc, v) + 0;
        if (value === last) continue;
        last = value;
        if (filter === undefined || filter.takesNumber(value)) this.#add(doc, this.#numberBucket(owner, value));
      }
    }
  }

  #addMissing(doc: number, owner: number): void {
    if (this.#missing !== undefined) this.#add(doc, this.buckets.find(owner, this.#missing));
  }

  #add(doc: number, bucket: number): void {
    const { counts } = this.buckets;
    counts[bucket] = (counts[bucket] as number) + 1;
    this.emit(doc, bucket);
  }

  /** The buckets of an owner; with `takesAll` those of every value. */
  bucketsOf(owner: number): number[] {
    if (owner >= 0) for (const key of this.#all) this.buckets.find(owner, key);
    return this.buckets.of(owner);
  }

  override keyText(key: number): string {
    return fractionTypes.has(this.node?.type ?? "") ? printDouble(key) : super.keyText(key);
  }

  /** `key` and, where it has one, `key_as_string`. */
  keyOf(bucket: number): JSONObject {
    const key = this.buckets.keys[bucket] as string | number;
    if (typeof key === "string") return { key: printTerm(this.node, key) };
    return isPrinted(this.format) ? { key, key_as_string: this.format.print(key) } : { key };
  }

  bucketResults(bucket: number): JSONObject {
    return subResults(this.subs, bucket);
  }
}

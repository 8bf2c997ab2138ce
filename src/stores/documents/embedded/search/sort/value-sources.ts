import type { GeoPoint } from "../../../mapping/types/field-type.ts";
import type { Budget } from "../budget.ts";
import { metresBetween, metresToBox, planeMetresBetween } from "../query/geo/geo-distance.ts";
import { windowWords } from "../query/matchers/matcher.ts";
import { coordinatesBetween, numbersBetween, numbersMissing } from "../segment/between.ts";
import { decodeLat, decodeLon, encodeLat, type GeoField } from "../segment/geo-field.ts";
import type { DocGroups } from "../segment/geo-order.ts";
import type { KeywordField } from "../segment/keyword-field.ts";
import type { NumberField } from "../segment/number-field.ts";
import { PackedPostings } from "../segment/packed-postings.ts";
import type { SortMode } from "./parse-sort.ts";
import { Reduction } from "./reduction.ts";
import { SortSource } from "./sort-source.ts";

/** Of latitude; a little less than the true 111195, to be on the safe side of rounding. */
const metresPerDegree = 111_190;

/** The bits of a word from a place on: documents behind the end of a column. */
const beyond = (from: number): number => (from <= 0 ? -1 : from >= 32 ? 0 : -1 << from);

const lastKey = (isDescending: boolean): number => (isDescending ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);

export class NumberSource extends SortSource {
  readonly #field: NumberField;
  readonly #missing: number;
  readonly #reduction: Reduction;
  readonly #print: (value: number) => unknown;
  readonly #parse: (value: unknown) => number;

  constructor(
    field: NumberField,
    missing: number,
    reduction: Reduction,
    print: (value: number) => unknown,
    parse: (value: unknown) => number,
  ) {
    super();
    this.#field = field;
    this.#missing = missing;
    this.#reduction = reduction;
    this.#print = print;
    this.#parse = parse;
  }

  override narrow(base: number, bits: Uint32Array, low: number, high: number): void {
    if (this.#field.isMultiple || (low === Number.NEGATIVE_INFINITY && high === Number.POSITIVE_INFINITY)) return;
    const { values } = this.#field;
    const isMissingInside = this.#missing >= low && this.#missing <= high;
    for (let i = 0; i < windowWords; i++) {
      const word = bits[i] as number;
      if (word === 0) continue;
      const start = base + (i << 5);
      const stop = Math.min(start + 32, values.length);
      let inside = numbersBetween(values, start, stop, low, high);
      if (isMissingInside) inside |= numbersMissing(values, start, stop) | beyond(stop - start);
      bits[i] = word & inside;
    }
  }

  override *order(isDescending: boolean, budget: Budget): Generator<void, Uint32Array | undefined> {
    if (this.#missing !== lastKey(isDescending)) return undefined;
    return yield* this.#field.order.of(this.#field, () => budget.pause());
  }

  key(doc: number): number {
    const field = this.#field;
    if (field.isMultiple && field.countOf(doc) > 1) return this.#reduce(doc);
    const value = doc < field.values.length ? (field.values[doc] as number) : Number.NaN;
    return Number.isNaN(value) ? this.#missing : value;
  }

  #reduce(doc: number): number {
    this.#reduction.clear();
    this.addTo(this.#reduction, doc);
    return this.#reduction.result;
  }

  override addTo(reduction: Reduction, doc: number): void {
    const count = this.#field.countOf(doc);
    for (let i = 0; i < count; i++) reduction.add(this.#field.valueAt(doc, i));
  }

  value(doc: number): unknown {
    const key = this.key(doc);
    return Number.isFinite(key) ? this.#print(key) : null;
  }

  override print(key: number): unknown {
    return this.#print(key);
  }

  keyOf(value: unknown): number {
    return value === null ? this.#missing : this.#parse(value);
  }
}

export class KeywordSource extends SortSource {
  readonly #field: KeywordField;
  readonly #ranks: Float64Array;
  readonly #missing: number;
  readonly #missingOrdering: number | string;
  readonly #isMax: boolean;
  readonly #print: ((term: string) => string) | undefined;
  readonly #rankOf: (value: unknown) => number;

  constructor(
    field: KeywordField,
    ranks: Float64Array,
    missing: number,
    missingOrdering: number | string,
    isMax: boolean,
    print: ((term: string) => string) | undefined,
    rankOf: (value: unknown) => number,
  ) {
    super();
    this.#field = field;
    this.#ranks = ranks;
    this.#missing = missing;
    this.#missingOrdering = missingOrdering;
    this.#isMax = isMax;
    this.#print = print;
    this.#rankOf = rankOf;
  }

  /** The lists of the terms one after the other, as they lie in a frozen segment. */
  // biome-ignore lint/correctness/useYield: nothing to wait for
  override *order(isDescending: boolean): Generator<void, Uint32Array | undefined> {
    const { postings, isMultiple } = this.#field;
    const isKnown = !isMultiple && this.#missing === lastKey(isDescending) && postings instanceof PackedPostings;
    return isKnown ? postings.arena : undefined;
  }

  #ord(doc: number): number {
    const field = this.#field;
    if (!field.isMultiple) return doc < field.ords.length ? (field.ords[doc] as number) - 1 : -1;
    const count = field.countOf(doc);
    let best = -1;
    for (let i = 0; i < count; i++) {
      const ord = field.ordAt(doc, i);
      const isBetter = best < 0 || (this.#ranks[ord] as number) > (this.#ranks[best] as number) === this.#isMax;
      if (isBetter) best = ord;
    }
    return best;
  }

  key(doc: number): number {
    const ord = this.#ord(doc);
    return ord < 0 ? this.#missing : (this.#ranks[ord] as number);
  }

  override addTo(reduction: Reduction, doc: number): void {
    const ord = this.#ord(doc);
    if (ord >= 0) reduction.add(this.#ranks[ord] as number);
  }

  override ordering(doc: number): number | string {
    const ord = this.#ord(doc);
    return ord < 0 ? this.#missingOrdering : this.#field.dictionary.term(ord);
  }

  value(doc: number): unknown {
    const ord = this.#ord(doc);
    if (ord < 0 && typeof this.#missingOrdering === "number") return null;
    const term = ord < 0 ? String(this.#missingOrdering) : this.#field.dictionary.term(ord);
    return this.#print === undefined ? term : this.#print(term);
  }

  keyOf(value: unknown): number {
    return value === null ? this.#missing : this.#rankOf(value);
  }
}

export class GeoSource extends SortSource {
  readonly #field: GeoField;
  readonly #points: readonly GeoPoint[];
  readonly #metres: number;
  readonly #missing: number;
  readonly #reduction: Reduction;

  readonly #distance: typeof metresBetween;

  constructor(field: GeoField, points: readonly GeoPoint[], metres: number, mode: SortMode, isPlane: boolean) {
    super();
    this.#distance = isPlane ? planeMetresBetween : metresBetween;
    this.#field = field;
    this.#points = points;
    this.#metres = metres;
    this.#missing = Number.POSITIVE_INFINITY;
    this.#reduction = new Reduction(mode, "none");
  }

  /** The difference in latitude alone is a distance that the true one cannot fall below. */
  override narrow(base: number, bits: Uint32Array, _low: number, high: number): void {
    const [first] = this.#points;
    if (first === undefined || high === Number.POSITIVE_INFINITY) return;
    if (this.#points.length > 1 || this.#field.isMultiple) return;
    const { lats } = this.#field;
    const degrees = (high * this.#metres) / metresPerDegree;
    const south = encodeLat(Math.max(-90, first.lat - degrees)) - 1;
    const north = encodeLat(Math.min(90, first.lat + degrees)) + 1;
    for (let i = 0; i < windowWords; i++) {
      const word = bits[i] as number;
      if (word === 0) continue;
      const start = base + (i << 5);
      bits[i] = word & coordinatesBetween(lats, start, Math.min(start + 32, lats.length), south, north);
    }
  }

  override groups(): DocGroups | undefined {
    const [first] = this.#points;
    const { order } = this.#field;
    if (first === undefined || this.#points.length > 1 || this.#distance !== metresBetween) return undefined;
    return order?.bounded(
      (south, north, west, east) => metresToBox(first.lat, first.lon, south, north, west, east) / this.#metres,
    );
  }

  key(doc: number): number {
    const field = this.#field;
    const [first] = this.#points;
    if (!field.isMultiple && this.#points.length === 1 && first !== undefined) {
      if (!field.exists.has(doc)) return this.#missing;
      const lat = decodeLat(field.lats[doc] as number);
      return this.#distance(first.lat, first.lon, lat, decodeLon(field.lons[doc] as number)) / this.#metres;
    }
    const count = field.countOf(doc);
    if (count === 0) return this.#missing;
    this.#reduction.clear();
    this.addTo(this.#reduction, doc);
    return this.#reduction.result;
  }

  override addTo(reduction: Reduction, doc: number): void {
    const field = this.#field;
    const count = field.countOf(doc);
    for (let i = 0; i < count; i++) {
      const lat = decodeLat(field.latAt(doc, i));
      const lon = decodeLon(field.lonAt(doc, i));
      for (const point of this.#points) reduction.add(this.#distance(point.lat, point.lon, lat, lon) / this.#metres);
    }
  }

  value(doc: number): unknown {
    const key = this.key(doc);
    return Number.isFinite(key) ? key : "Infinity";
  }

  keyOf(value: unknown): number {
    return value === null || value === "Infinity" ? this.#missing : Number(value);
  }
}

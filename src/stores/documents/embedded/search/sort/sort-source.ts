import { compileDateFormat } from "../../../mapping/dates/date-format.ts";
import type { GeoPoint } from "../../../mapping/types/field-type.ts";
import { decodeIp } from "../../../mapping/types/ip.ts";
import { matchBits } from "../collect/windows.ts";
import { compileQuery } from "../query/compile-query.ts";
import type { QueryContext, QueryField } from "../query/context.ts";
import { metresBetween } from "../query/geo-distance.ts";
import { malformed } from "../query/parameters.ts";
import { parseTerm } from "../query/term-clauses.ts";
import { hasBit } from "../segment/bits.ts";
import { decodeLat, decodeLon, type GeoField } from "../segment/geo-field.ts";
import type { KeywordField } from "../segment/keyword-field.ts";
import type { NumberField } from "../segment/number-field.ts";
import type { Space } from "../segment/space.ts";
import type { SortKey, SortMode } from "./parse-sort.ts";

/** One key of a sort over the documents of one segment. Keys are numbers that order as the values do. */
export abstract class SortSource {
  /** The keys as a column, where they are one: NaN is missing, and `missing` its key. */
  readonly column: Float64Array | undefined = undefined;
  readonly missing: number = 0;
  /** True when the key is surely greater than a limit; spares computing it. */
  isBeyond(_doc: number, _limit: number): boolean {
    return false;
  }

  /** All values of a document that has some, for a reduction over several documents. */
  addTo(reduction: Reduction, doc: number): void {
    const key = this.key(doc);
    if (Number.isFinite(key)) reduction.add(key);
  }

  abstract key(doc: number): number;
  /** The value as answered in a hit; null when the document has none. */
  abstract value(doc: number): unknown;
  /** The key of a value of `search_after`. */
  abstract keyOf(value: unknown): number;
}

/** Of latitude; a little less than the true 111195, to be on the safe side of rounding. */
const metresPerDegree = 111_190;

/** Stands for the keys that the collector has itself: score and document. */
export class DocSource extends SortSource {
  key(doc: number): number {
    return doc;
  }

  value(doc: number): unknown {
    return doc;
  }

  keyOf(value: unknown): number {
    return Number(value);
  }
}

function medianOf(values: number[]): number {
  values.sort((a, b) => a - b);
  const middle = values.length >> 1;
  const upper = values[middle] as number;
  return values.length % 2 === 1 ? upper : ((values[middle - 1] as number) + upper) / 2;
}

const decimalTypes: ReadonlySet<string> = new Set(["float", "half_float", "double", "scaled_float", "geo_point"]);

/** Reduces the values of a document to one. */
class Reduction {
  readonly #mode: SortMode;
  readonly #isWhole: boolean;
  #values: number[] = [];

  /** Averages of whole numbers are whole numbers to the reference engine. */
  constructor(mode: SortMode, isWhole: boolean) {
    this.#mode = mode;
    this.#isWhole = isWhole;
  }

  clear(): void {
    this.#values.length = 0;
  }

  add(value: number): void {
    this.#values.push(value);
  }

  /** NaN without values. */
  get result(): number {
    const values = this.#values;
    if (values.length === 0) return Number.NaN;
    let sum = 0;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const value of values) {
      sum += value;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (this.#mode === "min") return low;
    if (this.#mode === "max") return high;
    if (this.#mode === "sum") return sum;
    const between = this.#mode === "avg" ? sum / values.length : medianOf(values);
    return this.#isWhole ? Math.round(between) : between;
  }
}

class NumberSource extends SortSource {
  readonly #field: NumberField;
  override readonly column: Float64Array | undefined;
  override readonly missing: number;
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
    this.missing = missing;
    this.column = field.isMultiple ? undefined : field.values;
    this.#reduction = reduction;
    this.#print = print;
    this.#parse = parse;
  }

  key(doc: number): number {
    const field = this.#field;
    if (field.isMultiple && field.countOf(doc) > 1) return this.#reduce(doc);
    const value = doc < field.values.length ? (field.values[doc] as number) : Number.NaN;
    return Number.isNaN(value) ? this.missing : value;
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

  keyOf(value: unknown): number {
    return value === null ? this.missing : this.#parse(value);
  }
}

class KeywordSource extends SortSource {
  readonly #field: KeywordField;
  readonly #ranks: Float64Array;
  readonly #missing: number;
  readonly #isMax: boolean;
  readonly #isIp: boolean;
  readonly #rankOf: (value: unknown) => number;

  constructor(
    field: KeywordField,
    ranks: Float64Array,
    missing: number,
    isMax: boolean,
    isIp: boolean,
    rankOf: (value: unknown) => number,
  ) {
    super();
    this.#field = field;
    this.#ranks = ranks;
    this.#missing = missing;
    this.#isMax = isMax;
    this.#isIp = isIp;
    this.#rankOf = rankOf;
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

  value(doc: number): unknown {
    const ord = this.#ord(doc);
    if (ord < 0) return null;
    const term = this.#field.dictionary.term(ord);
    return this.#isIp ? decodeIp(term) : term;
  }

  keyOf(value: unknown): number {
    return value === null ? this.#missing : this.#rankOf(value);
  }
}

class GeoSource extends SortSource {
  readonly #field: GeoField;
  readonly #points: readonly GeoPoint[];
  readonly #metres: number;
  readonly #missing: number;
  readonly #reduction: Reduction;

  constructor(field: GeoField, points: readonly GeoPoint[], metres: number, mode: SortMode) {
    super();
    this.#field = field;
    this.#points = points;
    this.#metres = metres;
    this.#missing = Number.POSITIVE_INFINITY;
    this.#reduction = new Reduction(mode, false);
  }

  /** The difference in latitude alone is a distance that the true one cannot fall below. */
  override isBeyond(doc: number, limit: number): boolean {
    const [first] = this.#points;
    if (first === undefined || this.#points.length > 1 || this.#field.isMultiple || doc >= this.#field.lats.length)
      return false;
    const degrees = Math.abs(first.lat - decodeLat(this.#field.lats[doc] as number));
    return (degrees * metresPerDegree) / this.#metres > limit;
  }

  key(doc: number): number {
    const field = this.#field;
    const [first] = this.#points;
    if (!field.isMultiple && this.#points.length === 1 && first !== undefined) {
      if (!field.exists.has(doc)) return this.#missing;
      const lat = decodeLat(field.lats[doc] as number);
      return metresBetween(first.lat, first.lon, lat, decodeLon(field.lons[doc] as number)) / this.#metres;
    }
    const count = field.countOf(doc);
    if (count === 0) return this.#missing;
    this.#reduction.clear();
    for (let i = 0; i < count; i++) {
      const lat = decodeLat(field.latAt(doc, i));
      const lon = decodeLon(field.lonAt(doc, i));
      for (const point of this.#points)
        this.#reduction.add(metresBetween(point.lat, point.lon, lat, lon) / this.#metres);
    }
    return this.#reduction.result;
  }

  value(doc: number): unknown {
    const key = this.key(doc);
    return Number.isFinite(key) ? key : "Infinity";
  }

  keyOf(value: unknown): number {
    return value === null || value === "Infinity" ? this.#missing : Number(value);
  }
}

/** Values of nested objects, reduced to one for the document that holds them. */
class NestedSource extends SortSource {
  readonly #inner: SortSource;
  readonly #space: Space;
  readonly #allowed: Uint32Array | undefined;
  readonly #missing: number;
  readonly #reduction: Reduction;
  readonly #isText: boolean;

  constructor(
    inner: SortSource,
    space: Space,
    allowed: Uint32Array | undefined,
    missing: number,
    reduction: Reduction,
    isText: boolean,
  ) {
    super();
    this.#inner = inner;
    this.#space = space;
    this.#allowed = allowed;
    this.#missing = missing;
    this.#reduction = reduction;
    this.#isText = isText;
  }

  key(doc: number): number {
    const end = this.#space.firstChild(doc + 1);
    this.#reduction.clear();
    for (let child = this.#space.firstChild(doc); child < end; child++) {
      if (this.#allowed !== undefined && !hasBit(this.#allowed, child)) continue;
      this.#inner.addTo(this.#reduction, child);
    }
    const result = this.#reduction.result;
    return Number.isNaN(result) ? this.#missing : result;
  }

  value(doc: number): unknown {
    const key = this.key(doc);
    if (!Number.isFinite(key)) return null;
    if (!this.#isText) return key;
    const end = this.#space.firstChild(doc + 1);
    for (let child = this.#space.firstChild(doc); child < end; child++) {
      if (this.#inner.key(child) === key) return this.#inner.value(child);
    }
    return null;
  }

  keyOf(value: unknown): number {
    return value === null ? this.#missing : this.#inner.keyOf(value);
  }
}

class MissingSource extends SortSource {
  readonly #key: number;

  constructor(key: number) {
    super();
    this.#key = key;
  }

  key(): number {
    return this.#key;
  }

  value(): unknown {
    return null;
  }

  keyOf(): number {
    return this.#key;
  }
}

/** Makes a key ready for one segment. Errors: `unexpected_bad_request` for fields that are not mapped or cannot be sorted on. */
export function* openSortSource(key: SortKey, context: QueryContext): Generator<void, SortSource> {
  if (key.kind !== "field" && key.kind !== "geo") return new DocSource();
  const last = key.descending ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const inside = key.kind === "field" && key.nested !== undefined ? context.inside(key.nested.path) : context;
  const field = inside.field(key.field);
  if (field === undefined) {
    if (key.unmapped) return new MissingSource(last);
    if (context.mapping.fields.has(key.field)) return new MissingSource(last);
    throw malformed(
      `[sort] field "${key.field}" is not in the mapping, so it cannot be sorted on (or give "unmapped_type").`,
    );
  }
  if (key.kind === "geo") {
    if (field.node.family !== "geo_point")
      throw malformed(`[sort._geo_distance] "${key.field}" is not a geo_point field.`);
    if (field.store?.kind !== "geo_point") return new MissingSource(Number.POSITIVE_INFINITY);
    return new GeoSource(field.store, key.points, key.metres, key.mode);
  }
  if (field.node.docValues === false || field.node.family === "geo_point") {
    throw malformed(
      `[sort] field "${key.field}" of type ${field.node.type} cannot be sorted on; use a keyword, number or date.`,
    );
  }
  const source = yield* openField(key, field, last);
  if (key.nested === undefined) return source;
  if (key.mode === "median") throw malformed(`[sort.${key.field}.mode] "median" does not go over nested objects.`);
  const { filter } = key.nested;
  const allowed = filter === undefined ? undefined : yield* matchBits(yield* compileQuery(filter, inside), inside);
  return new NestedSource(
    source,
    inside.space,
    allowed,
    last,
    reductionOf(key, field),
    field.node.family === "keyword",
  );
}

function* openField(key: SortKey & { kind: "field" }, field: QueryField, last: number): Generator<void, SortSource> {
  const { node, store } = field;
  if (store?.kind === "keyword") {
    const ranks = yield* store.dictionary.ranks();
    const isIp = node.type === "ip";
    const rankOf = (value: unknown): number => {
      const term = String(isIp ? parseTerm(node, value) : value);
      return store.dictionary.rankOf(term, ranks);
    };
    return new KeywordSource(store, ranks, missingKey(key.missing, last, rankOf), key.mode === "max", isIp, rankOf);
  }
  if (store?.kind !== "number") return new MissingSource(key.missing === "_first" ? -last : last);
  const parse = (value: unknown): number => Number(parseTerm(node, value));
  const format = key.format === undefined ? undefined : compileDateFormat(key.format);
  const print = (value: number): unknown => (format === undefined ? value : format.print(value));
  const parseAfter = (value: unknown): number =>
    typeof value === "number"
      ? value
      : format !== undefined && typeof value === "string"
        ? (format.parse(value) ?? parse(value))
        : parse(value);
  return new NumberSource(store, missingKey(key.missing, last, parse), reductionOf(key, field), print, parseAfter);
}

function reductionOf(key: SortKey & { kind: "field" }, field: QueryField): Reduction {
  return new Reduction(key.mode, !decimalTypes.has(field.node.type));
}

function missingKey(missing: unknown, last: number, parse: (value: unknown) => number): number {
  if (missing === "_last") return last;
  return missing === "_first" ? -last : parse(missing);
}

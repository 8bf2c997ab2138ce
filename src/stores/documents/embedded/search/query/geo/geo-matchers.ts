import type { GeoPoint } from "../../../../mapping/types/field-type.ts";
import type { LentArrays } from "../../lent-arrays.ts";
import { coordinatesBetween } from "../../segment/between.ts";
import { countBits, wordsFor } from "../../segment/bits.ts";
import {
  ceilLat,
  ceilLon,
  decodeLat,
  decodeLon,
  encodeLat,
  encodeLon,
  type GeoField,
} from "../../segment/geo-field.ts";
import { fewMatches, type ListedMatches, TestMatcher, windowWords } from "../matchers/matcher.ts";
import { Circle, latitudeSpan, longitudeSpan } from "./geo-distance.ts";

/** A box in encoded coordinates, both bounds included; `left > right` crosses the date line. */
export interface Box {
  readonly south: number;
  readonly north: number;
  readonly left: number;
  readonly right: number;
}

/**
 * Undefined when no point can lie in the box. 90 and 180 are beyond the last encoded value, which stands for places just before them: as a lower
 * bound, 90 leaves nothing, and 180 goes on at -180, as in Lucene.
 */
export function encodeBox(top: number, left: number, bottom: number, right: number): Box | undefined {
  if (bottom >= 90) return undefined;
  if (left >= 180 && right < 180) return encodeBox(top, -180, bottom, right);
  return { south: ceilLat(bottom), north: encodeLat(top), left: ceilLon(left), right: encodeLon(right) };
}

/** Documents with a point that passes a test; a box around all that can pass is looked at first. */
export abstract class PointMatcher extends TestMatcher {
  readonly cost: number;
  readonly #field: GeoField;
  readonly #box: Box;
  readonly #arrays: LentArrays;
  /** Documents that may match, where they are few. */
  readonly #near: readonly Uint32Array[] | undefined;
  #found: Uint32Array | undefined;
  #count: number | undefined;

  constructor(field: GeoField, box: Box, boost: number, arrays: LentArrays) {
    super(boost);
    this.#field = field;
    this.#arrays = arrays;
    this.#box = box;
    const near = field.order?.near(box.south, box.north, box.left, box.right);
    const candidates = near?.reduce((sum, { length }) => sum + length, 0) ?? field.exists.count / 2;
    this.cost = candidates;
    // Where most points are near, a loop over the column is faster.
    if (candidates < field.exists.count / 8) this.#near = near;
  }

  test(doc: number): boolean {
    const field = this.#field;
    if (field.isMultiple && field.countOf(doc) > 1) return this.#testMany(doc);
    if (doc >= field.lats.length) return false;
    const lat = field.lats[doc] as number;
    const { south, north } = this.#box;
    if (lat < south || lat > north) return false;
    return this.#inside(lat, field.lons[doc] as number) && field.exists.has(doc);
  }

  /** Of those that are near; few of them are {@link listed}. */
  override get exactCount(): number | undefined {
    const near = this.#near;
    if (near === undefined || this.cost <= fewMatches) return undefined;
    this.#count ??= countBits(this.#findNear(near));
    return this.#count;
  }

  override get listed(): ListedMatches | undefined {
    const near = this.#near;
    if (near === undefined || this.cost > fewMatches) return undefined;
    const docs = new Uint32Array(this.cost);
    let count = 0;
    for (const some of near) for (const doc of some) if (this.test(doc)) docs[count++] = doc;
    return { count, docs, isAscending: false, scoreOf: () => this.boost };
  }

  #findNear(near: readonly Uint32Array[]): Uint32Array {
    if (this.#found !== undefined) return this.#found;
    const found = this.#arrays.words(wordsFor(this.#field.lats.length));
    for (const docs of near) {
      for (let i = 0; i < docs.length; i++) {
        const doc = docs[i] as number;
        if (this.test(doc)) found[doc >>> 5] = (found[doc >>> 5] as number) | (1 << (doc & 31));
      }
    }
    this.#found = found;
    return found;
  }

  /** Most documents lie north or south of the box: a loop over one column says so. */
  override fill(base: number, end: number, bits: Uint32Array): void {
    if (this.#near !== undefined) {
      const found = this.#findNear(this.#near);
      const from = base >>> 5;
      const count = Math.min(windowWords, found.length - from);
      for (let i = 0; i < count; i++) bits[i] = found[from + i] as number;
      return;
    }
    const { isMultiple, lats } = this.#field;
    if (isMultiple) {
      super.fill(base, end, bits);
      return;
    }
    const { south, north } = this.#box;
    const limit = Math.min(end, lats.length);
    for (let start = base; start < limit; start += 32) {
      let word = coordinatesBetween(lats, start, Math.min(start + 32, limit), south, north);
      let kept = word;
      while (word !== 0) {
        const bit = word & -word;
        word ^= bit;
        if (!this.test(start + 31 - Math.clz32(bit))) kept ^= bit;
      }
      bits[(start - base) >>> 5] = kept;
    }
  }

  #testMany(doc: number): boolean {
    const count = this.#field.countOf(doc);
    for (let i = 0; i < count; i++) {
      const lat = this.#field.latAt(doc, i);
      if (lat >= this.#box.south && lat <= this.#box.north && this.#inside(lat, this.#field.lonAt(doc, i))) return true;
    }
    return false;
  }

  #inside(lat: number, lon: number): boolean {
    const { left, right } = this.#box;
    const isInside = left <= right ? lon >= left && lon <= right : lon >= left || lon <= right;
    return isInside && this.accepts(lat, lon);
  }

  /** The exact test, in encoded coordinates. */
  abstract accepts(lat: number, lon: number): boolean;
}

export class BoxMatcher extends PointMatcher {
  accepts(): boolean {
    return true;
  }
}

export class DistanceMatcher extends PointMatcher {
  readonly #circle: Circle;

  constructor(field: GeoField, centre: GeoPoint, metres: number, boost: number, arrays: LentArrays) {
    super(field, boxAround(centre, metres), boost, arrays);
    this.#circle = new Circle(centre.lat, centre.lon, metres);
  }

  accepts(lat: number, lon: number): boolean {
    return this.#circle.has(decodeLat(lat), decodeLon(lon));
  }
}

function boxAround({ lat, lon }: GeoPoint, metres: number): Box {
  // A little more than needed: the exact test decides.
  const dLat = latitudeSpan(metres) + 1e-6;
  const dLon = longitudeSpan(metres, lat) + 1e-6;
  const [south, north] = [encodeLat(Math.max(-90, lat - dLat)), encodeLat(Math.min(90, lat + dLat))];
  if (dLon >= 180) return { south, north, left: encodeLon(-180), right: encodeLon(180) };
  const wrap = (value: number): number => (value < -180 ? value + 360 : value > 180 ? value - 360 : value);
  return { south, north, left: encodeLon(wrap(lon - dLon)), right: encodeLon(wrap(lon + dLon)) };
}

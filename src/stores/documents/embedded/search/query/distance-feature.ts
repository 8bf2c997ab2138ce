import { parseDateMath } from "../../../mapping/dates/date-math.ts";
import { utc } from "../../../mapping/dates/time-zone.ts";
import { decodeLat, decodeLon, type GeoField } from "../segment/geo-field.ts";
import type { NumberField } from "../segment/number-field.ts";
import { readPoints } from "../sort/parse-sort.ts";
import type { ClauseTable } from "./clause-table.ts";
import { durationMs } from "./function-score.ts";
import { metresBetween, parseDistance } from "./geo/geo-distance.ts";
import { NoneMatcher, TestMatcher } from "./matchers/matcher.ts";
import { boostOf, clauseBody, malformed, onlyKnown, textOf } from "./parameters.ts";

export const distanceFeatureClauses: ClauseTable = {
  /** `{field, origin, pivot}`: what lies nearer to a date or a point scores more; at the pivot it is half of the boost. */
  distance_feature(body, context) {
    const place = "distance_feature";
    const object = clauseBody(body, place);
    onlyKnown(object, ["field", "origin", "pivot"], place);
    const path = textOf(object.field, `${place}.field`);
    const { origin, pivot } = object;
    if (origin === undefined || pivot === undefined) throw malformed(`[${place}] needs "origin" and "pivot".`);
    const boost = boostOf(object, place);
    const field = context.field(path);
    if (field === undefined) {
      if (context.mapping.fields.has(path)) return new NoneMatcher();
      throw malformed(`[${place}] field "${path}" is not in the mapping.`);
    }
    const { node, store } = field;
    if (node.family === "geo_point") {
      const [point] = readPoints(origin, `${place}.origin`);
      if (point === undefined) throw malformed(`[${place}.origin] must be a point.`);
      const metres = parseDistance(pivot, `${place}.pivot`);
      if (!(metres > 0)) throw malformed(`[${place}.pivot] must be greater than 0.`);
      return store?.kind === "geo_point"
        ? new NearPoint(store, point.lat, point.lon, metres, boost)
        : new NoneMatcher();
    }
    if (node.format === undefined)
      throw malformed(`[${place}] needs a date or geo_point; "${path}" is of type ${node.type}.`);
    const isScalar = typeof origin === "string" || typeof origin === "number";
    const at = isScalar ? parseDateMath(origin, node.format, context.now, true, utc) : undefined;
    if (at === undefined) throw malformed(`[${place}.origin] ${JSON.stringify(origin)} is not a date.`);
    const span = durationMs(pivot, `${place}.pivot`);
    if (!(span > 0)) throw malformed(`[${place}.pivot] must be greater than 0.`);
    return store?.kind === "number" ? new NearTime(store, at, span, boost) : new NoneMatcher();
  },
};

/** Documents with a value, scored by how near the nearest one lies. */
abstract class NearMatcher extends TestMatcher {
  abstract override readonly cost: number;
  readonly #pivot: number;

  constructor(pivot: number, boost: number) {
    super(boost);
    this.#pivot = pivot;
  }

  abstract distance(doc: number): number;

  override score(base: number, end: number, bits: Uint32Array, scores: Float64Array): void {
    const pivot = this.#pivot;
    for (let at = 0; at < end - base; at++) {
      if ((((bits[at >>> 5] as number) >>> (at & 31)) & 1) === 0) continue;
      scores[at] = (scores[at] as number) + this.boost * (pivot / (pivot + this.distance(base + at)));
    }
  }
}

class NearTime extends NearMatcher {
  readonly cost: number;
  readonly #store: NumberField;
  readonly #origin: number;

  constructor(store: NumberField, origin: number, pivot: number, boost: number) {
    super(pivot, boost);
    this.#store = store;
    this.#origin = origin;
    this.cost = store.exists.count;
  }

  test(doc: number): boolean {
    return this.#store.countOf(doc) > 0;
  }

  distance(doc: number): number {
    let nearest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.#store.countOf(doc); i++)
      nearest = Math.min(nearest, Math.abs(this.#store.valueAt(doc, i) - this.#origin));
    return nearest;
  }
}

class NearPoint extends NearMatcher {
  readonly cost: number;
  readonly #store: GeoField;
  readonly #lat: number;
  readonly #lon: number;

  constructor(store: GeoField, lat: number, lon: number, pivot: number, boost: number) {
    super(pivot, boost);
    this.#store = store;
    this.#lat = lat;
    this.#lon = lon;
    this.cost = store.exists.count;
  }

  test(doc: number): boolean {
    return this.#store.countOf(doc) > 0;
  }

  distance(doc: number): number {
    const store = this.#store;
    let nearest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < store.countOf(doc); i++) {
      const [lat, lon] = [decodeLat(store.latAt(doc, i)), decodeLon(store.lonAt(doc, i))];
      nearest = Math.min(nearest, metresBetween(this.#lat, this.#lon, lat, lon));
    }
    return nearest;
  }
}

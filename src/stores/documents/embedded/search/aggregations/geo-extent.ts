import type { JSONObject } from "../../../../../kernel/index.ts";
import type { QueryContext } from "../query/context.ts";
import { decodeLat, decodeLon, type GeoField } from "../segment/geo-field.ts";
import { Aggregator } from "./aggregator.ts";
import { geoStore } from "./geo-grid.ts";

interface Extent {
  count: number;
  latSum: number;
  lonSum: number;
  top: number;
  bottom: number;
  left: number;
  right: number;
  /** Bounds of the points east and west of Greenwich, to find the narrower box over the date line. */
  positiveLeft: number;
  negativeRight: number;
}

/** The box around points (`geo_bounds`) or their middle (`geo_centroid`). */
export class ExtentAggregator extends Aggregator {
  readonly #place: "geo_bounds" | "geo_centroid";
  readonly #path: string;
  readonly #wrap: boolean;
  readonly #extents: (Extent | undefined)[] = [];
  readonly #missing: { readonly lat: number; readonly lon: number } | undefined;
  #store: GeoField | undefined;

  constructor(
    place: "geo_bounds" | "geo_centroid",
    path: string,
    wrap: boolean,
    missing: { readonly lat: number; readonly lon: number } | undefined,
  ) {
    super();
    this.#missing = missing;
    this.#place = place;
    this.#path = path;
    this.#wrap = wrap;
  }

  *enter(context: QueryContext): Generator<void, void> {
    this.#store = geoStore(context, this.#path, this.#place);
    yield* context.budget.pause();
  }

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    const store = this.#store;
    const missing = this.#missing;
    if (store === undefined && missing === undefined) return;
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      const owner = owners[i] as number;
      const own = store === undefined ? 0 : store.countOf(doc);
      if (own === 0 && missing !== undefined) this.#add(owner, missing.lat, missing.lon);
      for (let v = 0; v < own; v++)
        this.#add(owner, decodeLat(store?.latAt(doc, v) ?? 0), decodeLon(store?.lonAt(doc, v) ?? 0));
    }
  }

  #add(owner: number, lat: number, lon: number): void {
    let extent = this.#extents[owner];
    if (extent === undefined) {
      const [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
      extent = {
        count: 0,
        latSum: 0,
        lonSum: 0,
        top: low,
        bottom: high,
        left: high,
        right: low,
        positiveLeft: high,
        negativeRight: low,
      };
      this.#extents[owner] = extent;
    }
    extent.count++;
    extent.latSum += lat;
    extent.lonSum += lon;
    extent.top = Math.max(extent.top, lat);
    extent.bottom = Math.min(extent.bottom, lat);
    extent.left = Math.min(extent.left, lon);
    extent.right = Math.max(extent.right, lon);
    if (lon >= 0) extent.positiveLeft = Math.min(extent.positiveLeft, lon);
    else extent.negativeRight = Math.max(extent.negativeRight, lon);
  }

  result(owner: number): JSONObject {
    const extent = this.#extents[owner];
    if (this.#place === "geo_centroid") {
      if (extent === undefined) return { count: 0 };
      return {
        location: { lat: extent.latSum / extent.count, lon: extent.lonSum / extent.count },
        count: extent.count,
      };
    }
    if (extent === undefined) return {};
    const { top, bottom, left, right, positiveLeft, negativeRight } = extent;
    const isSplit = this.#wrap && Number.isFinite(positiveLeft) && Number.isFinite(negativeRight);
    const wraps = isSplit && 360 + negativeRight - positiveLeft < right - left;
    return {
      bounds: {
        top_left: { lat: top, lon: wraps ? positiveLeft : left },
        bottom_right: { lat: bottom, lon: wraps ? negativeRight : right },
      },
    };
  }
}

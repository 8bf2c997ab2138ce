import type { JSONObject } from "../../../../../kernel/index.ts";
import { encodeGeohash } from "../../../mapping/types/geo-point.ts";
import type { QueryContext } from "../query/context.ts";
import { malformed } from "../query/parameters.ts";
import { decodeLat, decodeLon, type GeoField } from "../segment/geo-field.ts";
import {
  type AggregationRun,
  Aggregator,
  aggregatedField,
  BucketAggregator,
  type SubAggregations,
  subResults,
} from "./aggregator.ts";
import { Buckets } from "./buckets.ts";

function geoStore(context: QueryContext, path: string, place: string): GeoField | undefined {
  const field = aggregatedField(context, path, place);
  if (field === undefined) return undefined;
  if (field.node.family !== "geo_point")
    throw malformed(`[${place}] needs a geo_point; field "${path}" is of type ${field.node.type}.`);
  return field.store?.kind === "geo_point" ? field.store : undefined;
}

export type GridCell = (lat: number, lon: number) => string;

export const geohashCell =
  (precision: number): GridCell =>
  (lat, lon) =>
    encodeGeohash(lat, lon, precision);

/** `zoom/x/y` of map tiles. */
export function tileCell(zoom: number): GridCell {
  const tiles = 2 ** zoom;
  const limit = (value: number): number => Math.max(0, Math.min(tiles - 1, Math.floor(value)));
  return (lat, lon) => {
    const sin = Math.sin((Math.max(-85.05112878, Math.min(85.05112878, lat)) * Math.PI) / 180);
    const x = limit(((lon + 180) / 360) * tiles);
    const y = limit((0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * tiles);
    return `${zoom}/${x}/${y}`;
  };
}

/** Cells of a grid, those with the most documents first. */
export class GridAggregator extends BucketAggregator {
  readonly #place: string;
  readonly #path: string;
  readonly #cell: GridCell;
  readonly #size: number;
  readonly #buckets = new Buckets(this.run);
  #store: GeoField | undefined;

  constructor(run: AggregationRun, subs: SubAggregations, place: string, path: string, cell: GridCell, size: number) {
    super(run, subs);
    this.#place = place;
    this.#path = path;
    this.#cell = cell;
    this.#size = size;
  }

  *open(context: QueryContext): Generator<void, void> {
    this.#store = geoStore(context, this.#path, this.#place);
    yield* context.budget.pause();
  }

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    const store = this.#store;
    if (store === undefined) return;
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      const own = store.countOf(doc);
      const seen: number[] = [];
      for (let v = 0; v < own; v++) {
        const key = this.#cell(decodeLat(store.latAt(doc, v)), decodeLon(store.lonAt(doc, v)));
        const bucket = this.#buckets.find(owners[i] as number, key);
        if (seen.includes(bucket)) continue;
        if (own > 1) seen.push(bucket);
        this.#buckets.counts[bucket] = (this.#buckets.counts[bucket] as number) + 1;
        this.emit(doc, bucket);
      }
    }
    this.flush();
  }

  result(owner: number): JSONObject {
    const { counts, keys } = this.#buckets;
    const found = this.#buckets
      .of(owner)
      .sort((a, b) => (counts[b] as number) - (counts[a] as number) || compareCells(String(keys[b]), String(keys[a])));
    const buckets = found
      .slice(0, this.#size)
      .map((bucket) => ({ key: keys[bucket], doc_count: counts[bucket], ...subResults(this.subs, bucket) }));
    return { buckets: this.finishBuckets(buckets) };
  }
}

/** Cells of one precision, in the order of their numbers. */
function compareCells(a: string, b: string): number {
  const left = a.split("/");
  const right = b.split("/");
  if (left.length === 1) return a < b ? -1 : a > b ? 1 : 0;
  return Number(left[1]) - Number(right[1]) || Number(left[2]) - Number(right[2]);
}

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
  #store: GeoField | undefined;

  constructor(place: "geo_bounds" | "geo_centroid", path: string, wrap: boolean) {
    super();
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
    if (store === undefined) return;
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      const own = store.countOf(doc);
      for (let v = 0; v < own; v++)
        this.#add(owners[i] as number, decodeLat(store.latAt(doc, v)), decodeLon(store.lonAt(doc, v)));
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

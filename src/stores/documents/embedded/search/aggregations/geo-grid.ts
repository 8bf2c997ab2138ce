import type { JSONObject } from "../../../../../kernel/index.ts";
import { encodeGeohash } from "../../../mapping/types/geo-point.ts";
import type { QueryContext } from "../query/context.ts";
import { readBox } from "../query/geo/geo-clauses.ts";
import { malformed } from "../query/parameters.ts";
import { decodeLat, decodeLon, type GeoField } from "../segment/geo-field.ts";
import {
  type AggregationRun,
  aggregatedField,
  BucketAggregator,
  countBuckets,
  type SubAggregations,
  subResults,
} from "./aggregator.ts";
import { Buckets } from "./buckets.ts";

/** Errors (400): a field of another type. */
export function geoStore(context: QueryContext, path: string, place: string): GeoField | undefined {
  const field = aggregatedField(context, path, place);
  if (field === undefined) return undefined;
  if (field.node.family !== "geo_point")
    throw malformed(`[${place}] needs a geo_point; field "${path}" is of type ${field.node.type}.`);
  return field.store?.kind === "geo_point" ? field.store : undefined;
}

/** Whether a place is looked at. */
export type GeoTest = (lat: number, lon: number) => boolean;

/** Names the cell of a place; `id` is a number that no other cell has, or the name where numbers do not reach. */
export interface GridCell {
  id(lat: number, lon: number): number | string;
  name(lat: number, lon: number): string;
}

/** Numbers of cells are exact up to here. */
const maxIdBits = 50;

export function geohashCell(precision: number): GridCell {
  const bits = 5 * precision;
  const [columns, rows] = [2 ** Math.ceil(bits / 2), 2 ** Math.floor(bits / 2)];
  const name = (lat: number, lon: number): string => encodeGeohash(lat, lon, precision);
  if (bits > maxIdBits) return { id: name, name };
  const place = (share: number, count: number): number => Math.max(0, Math.min(count - 1, Math.floor(share * count)));
  return { id: (lat, lon) => place((lon + 180) / 360, columns) * rows + place((lat + 90) / 180, rows), name };
}

/** The test for the bounds of a grid; undefined without any. */
export function boundsTest(value: unknown, place: string): GeoTest | undefined {
  if (value === undefined) return undefined;
  const { top, left, bottom, right } = readBox(value, `${place}.bounds`);
  return (lat, lon) =>
    lat <= top && lat >= bottom && (left <= right ? lon >= left && lon <= right : lon >= left || lon <= right);
}

/** `zoom/x/y` of map tiles. */
export function tileCell(zoom: number): GridCell {
  const tiles = 2 ** zoom;
  const limit = (value: number): number => Math.max(0, Math.min(tiles - 1, Math.floor(value)));
  const column = (lon: number): number => limit(((lon + 180) / 360) * tiles);
  const row = (lat: number): number => {
    const sin = Math.sin((Math.max(-85.05112878, Math.min(85.05112878, lat)) * Math.PI) / 180);
    return limit((0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * tiles);
  };
  const name = (lat: number, lon: number): string => `${zoom}/${column(lon)}/${row(lat)}`;
  return { id: 2 * zoom > maxIdBits ? name : (lat, lon) => column(lon) * tiles + row(lat), name };
}

export interface GridOptions {
  readonly field: string;
  readonly cell: GridCell;
  readonly size: number;
  readonly bounds: GeoTest | undefined;
  readonly missing: { readonly lat: number; readonly lon: number } | undefined;
}

/** Cells of a grid, those with the most documents first. */
export class GridAggregator extends BucketAggregator {
  readonly #place: string;
  readonly #options: GridOptions;
  readonly #buckets: Buckets;
  readonly #names: string[] = [];
  #store: GeoField | undefined;

  constructor(run: AggregationRun, subs: SubAggregations, place: string, options: GridOptions) {
    super(run, subs);
    this.#place = place;
    this.#options = options;
    this.#buckets = new Buckets(run);
  }

  *open(context: QueryContext): Generator<void, void> {
    this.#store = geoStore(context, this.#options.field, this.#place);
    yield* context.budget.pause();
  }

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    const store = this.#store;
    const { missing } = this.#options;
    if (store === undefined && missing === undefined) return;
    const seen: number[] = [];
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      const owner = owners[i] as number;
      const own = store === undefined ? 0 : store.countOf(doc);
      if (own === 0 && missing !== undefined) this.#add(doc, owner, missing.lat, missing.lon, seen);
      for (let v = 0; v < own; v++)
        this.#add(doc, owner, decodeLat(store?.latAt(doc, v) ?? 0), decodeLon(store?.lonAt(doc, v) ?? 0), seen);
      seen.length = 0;
    }
    this.flush();
  }

  /** `seen` has the buckets that the document is in already. */
  #add(doc: number, owner: number, lat: number, lon: number, seen: number[]): void {
    const { cell, bounds } = this.#options;
    if (bounds !== undefined && !bounds(lat, lon)) return;
    const bucket = this.#buckets.find(owner, cell.id(lat, lon));
    if (bucket === this.#names.length) this.#names.push(cell.name(lat, lon));
    if (seen.includes(bucket)) return;
    seen.push(bucket);
    this.#buckets.counts[bucket] = (this.#buckets.counts[bucket] as number) + 1;
    this.emit(doc, bucket);
  }

  result(owner: number): JSONObject {
    const { counts } = this.#buckets;
    const names = this.#names;
    const found = this.#buckets
      .of(owner)
      .sort(
        (a, b) => (counts[b] as number) - (counts[a] as number) || compareCells(String(names[b]), String(names[a])),
      );
    const best = found.slice(0, this.#options.size);
    countBuckets(this.run, best.length);
    const buckets = best.map((bucket) => ({
      key: names[bucket],
      doc_count: counts[bucket],
      ...subResults(this.subs, bucket),
    }));
    return { buckets: this.finishBuckets(buckets) };
  }
}

/** Cells of one precision, in the order of their numbers. */
export function compareCells(a: string, b: string): number {
  const left = a.split("/");
  const right = b.split("/");
  if (left.length === 1) return a < b ? -1 : a > b ? 1 : 0;
  return Number(left[1]) - Number(right[1]) || Number(left[2]) - Number(right[2]);
}

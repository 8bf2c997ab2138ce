import { Existence } from "./existence.ts";
import type { GeoOrder } from "./geo-order.ts";

export {
  ceilLat,
  ceilLon,
  decodeLat,
  decodeLon,
  encodeLat,
  encodeLon,
} from "../../../mapping/shapes/coordinate-codes.ts";

/** Points: two columns, and a side store for documents with several. */
export class GeoField {
  readonly kind = "geo_point";
  exists = new Existence();
  lats: Int32Array = new Int32Array(0);
  lons: Int32Array = new Int32Array(0);
  /** By document: place in `many` of its count and points, 0 when it has at most one. */
  manyStarts: Uint32Array = new Uint32Array(0);
  /** Count, then latitude and longitude of each point. */
  many: Int32Array = new Int32Array(0);
  /** Neighbours in space side by side; absent where documents have several points, where there are few, and while documents are added. */
  order: GeoOrder | undefined;

  get isMultiple(): boolean {
    return this.manyStarts.length > 0;
  }

  get memory(): number {
    const many = this.manyStarts.byteLength + this.many.byteLength;
    return 2 * this.lats.byteLength + many + this.exists.memory + (this.order?.memory ?? 0);
  }

  countOf(doc: number): number {
    const start = doc < this.manyStarts.length ? (this.manyStarts[doc] as number) : 0;
    if (start !== 0) return this.many[start] as number;
    return this.exists.has(doc) ? 1 : 0;
  }

  latAt(doc: number, position: number): number {
    const start = doc < this.manyStarts.length ? (this.manyStarts[doc] as number) : 0;
    return start === 0 ? (this.lats[doc] as number) : (this.many[start + 1 + 2 * position] as number);
  }

  lonAt(doc: number, position: number): number {
    const start = doc < this.manyStarts.length ? (this.manyStarts[doc] as number) : 0;
    return start === 0 ? (this.lons[doc] as number) : (this.many[start + 2 + 2 * position] as number);
  }
}

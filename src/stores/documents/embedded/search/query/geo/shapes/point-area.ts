import type { Position } from "../../../../../mapping/shapes/geometry.ts";
import { decodeLat, decodeLon, encodeLat, encodeLon } from "../../../segment/geo-field.ts";
import {
  type Area,
  candidate,
  crossing,
  type Holding,
  inside,
  outside,
  type Place,
  type Triangle,
  unrelated,
} from "./area.ts";

/** A point, rounded as the points of documents are. */
export class PointArea implements Area {
  readonly west: number;
  readonly east: number;
  readonly south: number;
  readonly north: number;
  readonly size = 1;

  constructor([lon, lat]: Position) {
    this.west = decodeLon(encodeLon(lon));
    this.east = this.west;
    this.south = decodeLat(encodeLat(lat));
    this.north = this.south;
  }

  has(x: number, y: number): boolean {
    return x === this.west && y === this.south;
  }

  placeOf(t: Triangle): Place {
    if (!t.has(this.west, this.south)) return outside;
    return t.kind === "point" ? inside : crossing;
  }

  heldBy(t: Triangle): Holding {
    return t.has(this.west, this.south) ? candidate : unrelated;
  }
}

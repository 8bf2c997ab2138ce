import {
  type Area,
  candidate,
  crossing,
  type Holding,
  inside,
  notWithin,
  outside,
  type Place,
  type Triangle,
  unrelated,
} from "./area.ts";
import { Edges } from "./edges.ts";

/** A box that does not cross the date line; its bounds are rounded to the grid of the documents' coordinates. */
export class BoxArea implements Area {
  readonly west: number;
  readonly east: number;
  readonly south: number;
  readonly north: number;
  readonly size = 4;
  readonly #edges: Edges;

  constructor(west: number, east: number, south: number, north: number) {
    this.west = west;
    this.east = east;
    this.south = south;
    this.north = north;
    this.#edges = new Edges(
      [
        [west, south],
        [east, south],
        [east, north],
        [west, north],
      ],
      true,
    );
  }

  has(x: number, y: number): boolean {
    return x >= this.west && x <= this.east && y >= this.south && y <= this.north;
  }

  placeOf(t: Triangle): Place {
    if (t.isBeside(this.west, this.east, this.south, this.north)) return outside;
    if (t.west >= this.west && t.east <= this.east && t.south >= this.south && t.north <= this.north) return inside;
    const touches =
      this.has(t.ax, t.ay) ||
      this.has(t.bx, t.by) ||
      this.has(t.cx, t.cy) ||
      t.has(this.west, this.south) ||
      this.#edges.crossTriangle(t, true);
    return touches ? crossing : outside;
  }

  heldBy(t: Triangle): Holding {
    if (t.isBeside(this.west, this.east, this.south, this.north)) return unrelated;
    if (this.has(t.ax, t.ay) || this.has(t.bx, t.by) || this.has(t.cx, t.cy)) return notWithin;
    const edges = this.#edges;
    const ab = edges.cross(t.ax, t.ay, t.bx, t.by, true);
    const bc = edges.cross(t.bx, t.by, t.cx, t.cy, true);
    const ca = edges.cross(t.cx, t.cy, t.ax, t.ay, true);
    if ((ab && t.ab) || (bc && t.bc) || (ca && t.ca)) return notWithin;
    return ab || bc || ca || t.has(this.west, this.south) ? candidate : unrelated;
  }
}

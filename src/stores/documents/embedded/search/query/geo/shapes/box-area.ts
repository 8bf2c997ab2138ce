import {
  type Area,
  crossing,
  type Holding,
  heldBetween,
  inside,
  notWithin,
  outside,
  type Place,
  side,
  type Triangle,
  unrelated,
} from "./area.ts";

/** A box that does not cross the date line; its bounds are rounded to the grid of the documents' coordinates. */
export class BoxArea implements Area {
  readonly west: number;
  readonly east: number;
  readonly south: number;
  readonly north: number;
  readonly size = 4;

  constructor(west: number, east: number, south: number, north: number) {
    this.west = west;
    this.east = east;
    this.south = south;
    this.north = north;
  }

  has(x: number, y: number): boolean {
    return x >= this.west && x <= this.east && y >= this.south && y <= this.north;
  }

  placeOf(t: Triangle): Place {
    if (t.isBeside(this.west, this.east, this.south, this.north)) return outside;
    if (t.west >= this.west && t.east <= this.east && t.south >= this.south && t.north <= this.north) return inside;
    const touches =
      this.#meets(t.ax, t.ay, t.bx, t.by) ||
      this.#meets(t.bx, t.by, t.cx, t.cy) ||
      this.#meets(t.cx, t.cy, t.ax, t.ay) ||
      t.has(this.west, this.south);
    return touches ? crossing : outside;
  }

  heldBy(t: Triangle): Holding {
    if (t.isBeside(this.west, this.east, this.south, this.north)) return unrelated;
    if (t.kind === "point") return unrelated;
    // A line holds nothing; one that crosses or touches the border divides what else might.
    if (t.kind === "line")
      return t.ab && !this.#surrounds(t) && this.#meets(t.ax, t.ay, t.bx, t.by) ? notWithin : unrelated;
    if (this.has(t.ax, t.ay) || this.has(t.bx, t.by) || this.has(t.cx, t.cy)) return notWithin;
    const ab = this.#meets(t.ax, t.ay, t.bx, t.by);
    const bc = this.#meets(t.bx, t.by, t.cx, t.cy);
    const ca = this.#meets(t.cx, t.cy, t.ax, t.ay);
    return heldBetween(t, ab, bc, ca, this.west, this.south);
  }

  /** Whether a triangle lies in the box without touching its border. */
  #surrounds({ west, east, south, north }: Triangle): boolean {
    return west > this.west && east < this.east && south > this.south && north < this.north;
  }

  /** Whether the way from one place to another has a point in the box: neither lies beside the other, nor are all corners on one side of it. */
  #meets(ax: number, ay: number, bx: number, by: number): boolean {
    const { west, east, south, north } = this;
    if ((ax < west && bx < west) || (ax > east && bx > east)) return false;
    if ((ay < south && by < south) || (ay > north && by > north)) return false;
    const first = side(ax, ay, bx, by, west, south);
    if (first === 0) return true;
    return !(
      side(ax, ay, bx, by, east, south) === first &&
      side(ax, ay, bx, by, east, north) === first &&
      side(ax, ay, bx, by, west, north) === first
    );
  }
}

/** How a triangle of a document lies to a shape of a query. */
export const outside = 0;
export const crossing = 1;
export const inside = 2;
export type Place = typeof outside | typeof crossing | typeof inside;

/** What a triangle says about whether its shape contains the shape of a query. */
export const unrelated = 0;
export const candidate = 1;
export const notWithin = 2;
export type Holding = typeof unrelated | typeof candidate | typeof notWithin;

/** A triangle of a document in degrees, and the box around it. Points and pieces of lines have corners at one place. */
export class Triangle {
  ax = 0;
  ay = 0;
  bx = 0;
  by = 0;
  cx = 0;
  cy = 0;
  west = 0;
  east = 0;
  south = 0;
  north = 0;
  kind: "point" | "line" | "triangle" = "triangle";
  /** Sides that are edges of the document's shape. */
  ab = false;
  bc = false;
  ca = false;

  /** The corners are set; `edges` says which sides are edges of the shape. Corners that rounding brought together make a line or a point. */
  take(edges: number): void {
    this.ab = (edges & 1) !== 0;
    this.bc = (edges & 2) !== 0;
    this.ca = (edges & 4) !== 0;
    const isFirst = this.ax === this.bx && this.ay === this.by;
    const isLast = this.ax === this.cx && this.ay === this.cy;
    if (isFirst && isLast) this.kind = "point";
    else if (isFirst) {
      this.kind = "line";
      this.bx = this.cx;
      this.by = this.cy;
      this.ab = this.bc;
      this.cx = this.ax;
      this.cy = this.ay;
    } else this.kind = isLast || (this.bx === this.cx && this.by === this.cy) ? "line" : "triangle";
    this.west = Math.min(this.ax, this.bx, this.cx);
    this.east = Math.max(this.ax, this.bx, this.cx);
    this.south = Math.min(this.ay, this.by, this.cy);
    this.north = Math.max(this.ay, this.by, this.cy);
  }

  isBeside(west: number, east: number, south: number, north: number): boolean {
    return this.east < west || this.west > east || this.north < south || this.south > north;
  }

  /** Sides and corners belong to it. */
  has(x: number, y: number): boolean {
    if (x < this.west || x > this.east || y < this.south || y > this.north) return false;
    const a = side(this.ax, this.ay, this.bx, this.by, x, y);
    const b = side(this.bx, this.by, this.cx, this.cy, x, y);
    const c = side(this.cx, this.cy, this.ax, this.ay, x, y);
    return !((a > 0 || b > 0 || c > 0) && (a < 0 || b < 0 || c < 0));
  }
}

/** A part of a query's shape. */
export interface Area {
  readonly west: number;
  readonly east: number;
  readonly south: number;
  readonly north: number;
  /** Edges that a test may have to look at: what it costs. */
  readonly size: number;
  /** Whether it has a point; its border belongs to it. */
  has(x: number, y: number): boolean;
  placeOf(triangle: Triangle): Place;
  /** Whether the document's shape may hold this part, judged by one of its triangles. */
  heldBy(triangle: Triangle): Holding;
}

/** Whether a triangle may hold an area that meets some of its sides; none of its corners lies in the area, of which it may have a point. */
export function heldBetween(t: Triangle, ab: boolean, bc: boolean, ca: boolean, x: number, y: number): Holding {
  if ((ab && t.ab) || (bc && t.bc) || (ca && t.ca)) return notWithin;
  return ab || bc || ca || t.has(x, y) ? candidate : unrelated;
}

/** Positive when a point lies to the left of the way from `a` to `b`, 0 when on its line: the sign of a difference of two products, as Lucene takes it. */
export function side(ax: number, ay: number, bx: number, by: number, x: number, y: number): number {
  const left = (bx - ax) * (y - ay);
  const right = (x - ax) * (by - ay);
  return left > right ? 1 : left < right ? -1 : 0;
}

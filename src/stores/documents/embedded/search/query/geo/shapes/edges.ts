import type { Position } from "../../../../../mapping/shapes/geometry.ts";
import { side, type Triangle } from "./area.ts";

/** The edges of a line or ring: four numbers each, and the box around all. */
export class Edges {
  readonly coordinates: Float64Array;
  readonly west: number;
  readonly east: number;
  readonly south: number;
  readonly north: number;

  constructor(positions: readonly Position[], isRing: boolean) {
    const count = isRing ? positions.length : positions.length - 1;
    this.coordinates = new Float64Array(count * 4);
    for (let i = 0; i < count; i++) {
      const [ax, ay] = positions[i] as Position;
      const [bx, by] = positions[(i + 1) % positions.length] as Position;
      this.coordinates.set([ax, ay, bx, by], i * 4);
    }
    let [west, east, south, north] = [
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ];
    for (const [x, y] of positions) {
      west = Math.min(west, x);
      east = Math.max(east, x);
      south = Math.min(south, y);
      north = Math.max(north, y);
    }
    this.west = west;
    this.east = east;
    this.south = south;
    this.north = north;
  }

  get count(): number {
    return this.coordinates.length / 4;
  }

  get firstX(): number {
    return this.coordinates[0] as number;
  }

  get firstY(): number {
    return this.coordinates[1] as number;
  }

  /** Whether a ring of these edges has a point: one on an edge is in. */
  surrounds(x: number, y: number): boolean {
    if (x < this.west || x > this.east || y < this.south || y > this.north) return false;
    const all = this.coordinates;
    let isIn = false;
    for (let i = 0; i < all.length; i += 4) {
      const ay = all[i + 1] as number;
      const by = all[i + 3] as number;
      if ((y < ay && y < by) || (y > ay && y > by)) continue;
      const ax = all[i] as number;
      const bx = all[i + 2] as number;
      if (isOnEdge(ax, ay, bx, by, x, y)) return true;
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) isIn = !isIn;
    }
    return isIn;
  }

  /** Whether a point lies on an edge. */
  touch(x: number, y: number): boolean {
    const all = this.coordinates;
    for (let i = 0; i < all.length; i += 4)
      if (isOnEdge(all[i] as number, all[i + 1] as number, all[i + 2] as number, all[i + 3] as number, x, y))
        return true;
    return false;
  }

  /**
   * Whether an edge crosses a side of a triangle; with `withBorder` it is enough that they touch. Edges outside of the box around the triangle
   * are left out and no others, as Lucene does it: an edge in line with a side passes for touching it when it meets the box.
   */
  cross(
    ax: number,
    ay: number,
    bx: number,
    by: number,
    { west, east, south, north }: Box,
    withBorder: boolean,
  ): boolean {
    const all = this.coordinates;
    for (let i = 0; i < all.length; i += 4) {
      const cy = all[i + 1] as number;
      const dy = all[i + 3] as number;
      if ((cy < south && dy < south) || (cy > north && dy > north)) continue;
      const cx = all[i] as number;
      const dx = all[i + 2] as number;
      if ((cx < west && dx < west) || (cx > east && dx > east)) continue;
      const first = side(cx, cy, dx, dy, ax, ay) * side(cx, cy, dx, dy, bx, by);
      if (withBorder ? first > 0 : first >= 0) continue;
      const second = side(ax, ay, bx, by, cx, cy) * side(ax, ay, bx, by, dx, dy);
      if (withBorder ? second <= 0 : second < 0) return true;
    }
    return false;
  }

  /** Whether an edge crosses any side of a triangle. */
  crossTriangle(t: Triangle, withBorder: boolean): boolean {
    return (
      this.cross(t.ax, t.ay, t.bx, t.by, t, withBorder) ||
      this.cross(t.bx, t.by, t.cx, t.cy, t, withBorder) ||
      this.cross(t.cx, t.cy, t.ax, t.ay, t, withBorder)
    );
  }
}

interface Box {
  readonly west: number;
  readonly east: number;
  readonly south: number;
  readonly north: number;
}

function isOnEdge(ax: number, ay: number, bx: number, by: number, x: number, y: number): boolean {
  if ((x < ax && x < bx) || (x > ax && x > bx) || (y < ay && y < by) || (y > ay && y > by)) return false;
  return side(ax, ay, bx, by, x, y) === 0;
}

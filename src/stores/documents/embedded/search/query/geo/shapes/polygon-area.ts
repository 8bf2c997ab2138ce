import type { Position } from "../../../../../mapping/shapes/geometry.ts";
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

/** A polygon with holes. */
export class PolygonArea implements Area {
  readonly west: number;
  readonly east: number;
  readonly south: number;
  readonly north: number;
  readonly size: number;
  readonly #outer: Edges;
  readonly #holes: readonly PolygonArea[];

  /** The outer ring, then the holes, without last positions. */
  constructor([outer = [], ...holes]: readonly (readonly Position[])[]) {
    this.#outer = new Edges(outer, true);
    this.#holes = holes.map((hole) => new PolygonArea([hole]));
    const { west, east, south, north, count } = this.#outer;
    this.west = west;
    this.east = east;
    this.south = south;
    this.north = north;
    this.size = this.#holes.reduce((sum, hole) => sum + hole.size, count);
  }

  has(x: number, y: number): boolean {
    return this.#outer.surrounds(x, y) && !this.#holes.some((hole) => hole.has(x, y));
  }

  placeOf(t: Triangle): Place {
    if (t.isBeside(this.west, this.east, this.south, this.north)) return outside;
    for (const hole of this.#holes) {
      const place = hole.placeOf(t);
      if (place === crossing) return crossing;
      if (place === inside) return outside;
    }
    if (t.kind === "point") return this.#outer.surrounds(t.ax, t.ay) ? inside : outside;
    return t.kind === "line" ? this.#placeOfLine(t) : this.#placeOfTriangle(t);
  }

  #placeOfLine(t: Triangle): Place {
    const a = this.#outer.surrounds(t.ax, t.ay);
    if (a !== this.#outer.surrounds(t.bx, t.by)) return crossing;
    if (this.#outer.cross(t.ax, t.ay, t.bx, t.by, t, !a)) return crossing;
    return a ? inside : outside;
  }

  #placeOfTriangle(t: Triangle): Place {
    const outer = this.#outer;
    const a = outer.surrounds(t.ax, t.ay);
    if (a !== outer.surrounds(t.bx, t.by) || a !== outer.surrounds(t.cx, t.cy)) return crossing;
    if (a) return outer.crossTriangle(t, false) ? crossing : inside;
    return t.has(outer.firstX, outer.firstY) || outer.crossTriangle(t, true) ? crossing : outside;
  }

  heldBy(t: Triangle): Holding {
    if (t.isBeside(this.west, this.east, this.south, this.north)) return unrelated;
    if (t.kind === "point") return unrelated;
    // A line holds nothing; one that crosses or touches the border divides what else might.
    if (t.kind === "line") return t.ab && this.#outer.cross(t.ax, t.ay, t.bx, t.by, t, true) ? notWithin : unrelated;
    if (this.has(t.ax, t.ay) || this.has(t.bx, t.by) || this.has(t.cx, t.cy)) return notWithin;
    return heldByEdges(this.#outer, t);
  }
}

/** What lies within a triangle, or crosses only those of its sides that lie inside of the document's shape, may be held by it. */
export function heldByEdges(edges: Edges, t: Triangle): Holding {
  let holding: Holding = unrelated;
  if (edges.cross(t.ax, t.ay, t.bx, t.by, t, true)) {
    if (t.ab) return notWithin;
    holding = candidate;
  }
  if (edges.cross(t.bx, t.by, t.cx, t.cy, t, true)) {
    if (t.bc) return notWithin;
    holding = candidate;
  }
  if (edges.cross(t.cx, t.cy, t.ax, t.ay, t, true)) {
    if (t.ca) return notWithin;
    holding = candidate;
  }
  return holding === unrelated && t.has(edges.firstX, edges.firstY) ? candidate : holding;
}

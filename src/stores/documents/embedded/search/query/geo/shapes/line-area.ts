import type { Position } from "../../../../../mapping/shapes/geometry.ts";
import { type Area, crossing, type Holding, inside, outside, type Place, type Triangle, unrelated } from "./area.ts";
import { Edges } from "./edges.ts";
import { heldByEdges } from "./polygon-area.ts";

/** A line: it has no inside, so nothing but a point lies within it. */
export class LineArea implements Area {
  readonly west: number;
  readonly east: number;
  readonly south: number;
  readonly north: number;
  readonly size: number;
  readonly #edges: Edges;

  constructor(positions: readonly Position[]) {
    this.#edges = new Edges(positions, false);
    const { west, east, south, north, count } = this.#edges;
    this.west = west;
    this.east = east;
    this.south = south;
    this.north = north;
    this.size = count;
  }

  has(x: number, y: number): boolean {
    return this.#edges.touch(x, y);
  }

  placeOf(t: Triangle): Place {
    if (t.isBeside(this.west, this.east, this.south, this.north)) return outside;
    if (t.kind === "point") return this.has(t.ax, t.ay) ? inside : outside;
    if (t.kind === "line") return this.#edges.cross(t.ax, t.ay, t.bx, t.by, t, true) ? crossing : outside;
    const { firstX, firstY } = this.#edges;
    return t.has(firstX, firstY) || this.#edges.crossTriangle(t, true) ? crossing : outside;
  }

  heldBy(t: Triangle): Holding {
    if (t.kind !== "triangle" || t.isBeside(this.west, this.east, this.south, this.north)) return unrelated;
    return heldByEdges(this.#edges, t);
  }
}

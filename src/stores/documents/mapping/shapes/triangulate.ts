import { InvalidValue } from "../invalid-value.ts";
import { CornerRows } from "./corner-rows.ts";
import { type Corner, linkRing, opensTo, removeCorner, splitBetween, turn } from "./corners.ts";
import type { Position } from "./geometry.ts";
import { joinHoles } from "./join-holes.ts";

/** Takes the triangle of three corners; `ab`, `bc` and `ca` say which of its sides are edges of the polygon. */
export type TriangleSink = (a: Corner, ab: boolean, b: Corner, bc: boolean, c: Corner, ca: boolean) => void;

/**
 * Cuts a polygon (outer ring first, then holes; without last positions) into triangles, by cutting off its ears one after the other.
 * Throws `InvalidValue` when edges cross so that no ears are left.
 */
export function triangulate(rings: readonly (readonly Position[])[], emit: TriangleSink): void {
  const [outer = [], ...holes] = rings;
  const start = withoutFlats(linkRing(outer, true));
  const joined = start === undefined ? undefined : withoutFlats(joinHoles(start, holes));
  let triangles = 0;
  if (joined !== undefined)
    new EarCutter((...triangle) => {
      triangles++;
      emit(...triangle);
    }).cut(joined, "whole");
  if (triangles === 0)
    throw new InvalidValue("a polygon has no inside that can be cut into triangles: do its edges cross?");
}

/** "whole" is "fresh" for the ring that has all corners. */
type Stage = "whole" | "fresh" | "mended" | "split";

class EarCutter {
  readonly #emit: TriangleSink;

  constructor(emit: TriangleSink) {
    this.#emit = emit;
  }

  cut(first: Corner, firstStage: Stage): void {
    let ear = first;
    let stop = first;
    let stage = firstStage;
    const rows = firstStage === "whole" ? new CornerRows(first) : undefined;
    while (ear.prev !== ear.next) {
      const { prev, next } = ear;
      if (isEar(ear, rows)) {
        this.#emitTriangle(prev, ear, next);
        // Leaving one corner out makes fewer slivers.
        ear = next.next;
        stop = ear;
        continue;
      }
      ear = next;
      if (ear !== stop) continue;
      if (stage === "split") {
        this.#split(ear);
        return;
      }
      const rest = stage === "mended" ? this.#cutCrossings(ear) : withoutFlats(ear);
      if (rest === undefined) return;
      stage = stage === "mended" ? "split" : "mended";
      ear = rest;
      stop = rest;
    }
  }

  #emitTriangle(prev: Corner, ear: Corner, next: Corner): void {
    const closes = next.next === prev && next.isEdge;
    this.#emit(prev, prev.isEdge, ear, ear.isEdge, next, closes);
    removeCorner(ear);
    prev.isEdge = closes;
  }

  /** Two edges that cross with one edge between them make a small triangle that is cut off. */
  #cutCrossings(start: Corner): Corner | undefined {
    let first = start;
    let corner = start;
    do {
      const a = corner.prev;
      const b = corner.next.next;
      if (!isSamePlace(a, b) && crosses(a, corner, corner.next, b) && opensTo(a, b) && opensTo(b, a)) {
        this.#emit(a, a.isEdge, corner, false, b, false);
        a.isEdge = false;
        removeCorner(corner);
        removeCorner(corner.next);
        first = b;
        corner = b;
      }
      corner = corner.next;
    } while (corner !== first);
    return withoutFlats(corner);
  }

  /** The last resort: two parts, on both sides of a diagonal. */
  #split(start: Corner): void {
    let a = start;
    do {
      for (let b = a.next.next; b !== a.prev; b = b.next) {
        if (isSamePlace(a, b) || !isDiagonal(a, b)) continue;
        const other = splitBetween(a, b);
        const near = withoutFlats(a);
        const far = withoutFlats(other);
        if (near !== undefined) this.cut(near, "fresh");
        if (far !== undefined) this.cut(far, "fresh");
        return;
      }
      a = a.next;
    } while (a !== start);
    throw new InvalidValue("a polygon cannot be cut into triangles: do its edges cross?");
  }
}

const isSamePlace = (a: Corner, b: Corner): boolean => a.lon === b.lon && a.lat === b.lat;

/** Convex, and no other corner lies in it. */
function isEar(ear: Corner, rows: CornerRows | undefined): boolean {
  const { prev: a, next: c } = ear;
  if (turn(a, ear, c) <= 0) return false;
  const low = Math.min(a.lat, ear.lat, c.lat);
  const high = Math.max(a.lat, ear.lat, c.lat);
  if (rows !== undefined)
    return !rows.some(low, high, (p) => p !== a && p !== ear && p !== c && isInTheWay(a, ear, c, p));
  for (let corner = c.next; corner !== a; corner = corner.next)
    if (corner.lat >= low && corner.lat <= high && isInTheWay(a, ear, c, corner)) return false;
  return true;
}

function isInTheWay(a: Corner, b: Corner, c: Corner, p: Corner): boolean {
  return turn(a, b, p) >= 0 && turn(b, c, p) >= 0 && turn(c, a, p) >= 0 && turn(p.prev, p, p.next) <= 0;
}

/** Without corners that stand twice at one place, or between two edges of one direction; undefined when nothing is left. */
function withoutFlats(start: Corner): Corner | undefined {
  let corner = start;
  let end = start;
  for (;;) {
    const isFlat = turn(corner.prev, corner, corner.next) === 0 && corner.prev.isEdge === corner.isEdge;
    if (isFlat || isSamePlace(corner, corner.next)) {
      removeCorner(corner);
      if (corner === corner.next) return undefined;
      corner = corner.prev;
      end = corner;
      if (corner === corner.next) return undefined;
      continue;
    }
    corner = corner.next;
    if (corner === end) return end;
  }
}

/** Whether two edges meet in one place inside of both. */
function crosses(a: Corner, b: Corner, c: Corner, d: Corner): boolean {
  const sign = Math.sign;
  return (
    sign(turn(a, b, c)) !== sign(turn(a, b, d)) &&
    sign(turn(c, d, a)) !== sign(turn(c, d, b)) &&
    turn(a, b, c) !== 0 &&
    turn(c, d, a) !== 0
  );
}

function isDiagonal(a: Corner, b: Corner): boolean {
  if (a.next === b || a.prev === b) return false;
  return !crossesRing(a, b) && opensTo(a, b) && opensTo(b, a) && isMiddleInside(a, b);
}

function crossesRing(a: Corner, b: Corner): boolean {
  let corner = a;
  do {
    const { next } = corner;
    const touches = isSamePlace(corner, a) || isSamePlace(corner, b) || isSamePlace(next, a) || isSamePlace(next, b);
    if (!touches && meets(corner, next, a, b)) return true;
    corner = next;
  } while (corner !== a);
  return false;
}

function meets(a: Corner, b: Corner, c: Corner, d: Corner): boolean {
  return turn(a, b, c) > 0 !== turn(a, b, d) > 0 && turn(c, d, a) > 0 !== turn(c, d, b) > 0;
}

function isMiddleInside(a: Corner, b: Corner): boolean {
  const lon = (a.lon + b.lon) / 2;
  const lat = (a.lat + b.lat) / 2;
  let corner = a;
  let inside = false;
  do {
    const { next } = corner;
    if (
      corner.lat > lat !== next.lat > lat &&
      lon < ((next.lon - corner.lon) * (lat - corner.lat)) / (next.lat - corner.lat) + corner.lon
    )
      inside = !inside;
    corner = next;
  } while (corner !== a);
  return inside;
}

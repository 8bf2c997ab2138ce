import { type Corner, linkRing, opensTo, splitBetween } from "./corners.ts";
import type { Position } from "./geometry.ts";

/** Makes the holes part of the outer ring: a cut there and back leads to each. Answers a corner of the ring. */
export function joinHoles(outer: Corner, holes: readonly (readonly Position[])[]): Corner {
  const westernmost = holes.map((hole) => westernmostOf(linkRing(hole, false)));
  westernmost.sort((a, b) => a.lon - b.lon || a.lat - b.lat);
  for (const hole of westernmost) {
    const bridge = findBridge(hole, outer);
    if (bridge !== undefined) splitBetween(bridge, hole);
  }
  return outer;
}

function westernmostOf(start: Corner): Corner {
  let best = start;
  for (let corner = start.next; corner !== start; corner = corner.next)
    if (corner.lon < best.lon || (corner.lon === best.lon && corner.lat < best.lat)) best = corner;
  return best;
}

/** A corner of the ring that sees the westernmost corner of a hole. */
function findBridge(hole: Corner, outer: Corner): Corner | undefined {
  let touched: Corner | undefined;
  let candidate: Corner | undefined;
  let nearest = Number.NEGATIVE_INFINITY;
  let corner = outer;
  do {
    const { next } = corner;
    if (corner.lon === hole.lon && corner.lat === hole.lat && (touched === undefined || opensTo(corner, hole)))
      touched = corner;
    // A ray to the west: the edges of the ring that it meets go down.
    if (hole.lat <= corner.lat && hole.lat >= next.lat && next.lat !== corner.lat) {
      const lon = corner.lon + ((hole.lat - corner.lat) * (next.lon - corner.lon)) / (next.lat - corner.lat);
      if (lon <= hole.lon && lon > nearest) {
        nearest = lon;
        candidate = corner.lon < next.lon ? corner : next;
      }
    }
    corner = next;
  } while (corner !== outer);
  if (touched !== undefined) return touched;
  return candidate === undefined ? undefined : nearestVisible(hole, candidate, nearest);
}

/** Corners within the triangle between the hole, the place that the ray meets, and the end of its edge are in the way. */
function nearestVisible(hole: Corner, candidate: Corner, met: number): Corner {
  let best = candidate;
  let bestSlope = Number.POSITIVE_INFINITY;
  let corner = candidate;
  do {
    const isBetween = corner.lon <= hole.lon && corner.lon >= candidate.lon && corner.lon !== hole.lon;
    if (isBetween && isInWay(hole, candidate, met, corner)) {
      const slope = Math.abs(hole.lat - corner.lat) / (hole.lon - corner.lon);
      const isBetter = slope < bestSlope || (slope === bestSlope && corner.lon > best.lon);
      if (opensTo(corner, hole) && isBetter) {
        best = corner;
        bestSlope = slope;
      }
    }
    corner = corner.next;
  } while (corner !== candidate);
  return best;
}

function isInWay(hole: Corner, candidate: Corner, met: number, p: Corner): boolean {
  const side = (ax: number, ay: number, bx: number, by: number): number =>
    Math.sign((bx - ax) * (p.lat - ay) - (p.lon - ax) * (by - ay));
  const turns = [
    side(hole.lon, hole.lat, met, hole.lat),
    side(met, hole.lat, candidate.lon, candidate.lat),
    side(candidate.lon, candidate.lat, hole.lon, hole.lat),
  ];
  return !(turns.includes(1) && turns.includes(-1));
}

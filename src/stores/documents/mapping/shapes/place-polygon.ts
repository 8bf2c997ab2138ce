import { InvalidValue } from "../invalid-value.ts";
import type { Position, Ring } from "./geometry.ts";

/**
 * Says where a polygon lies: a ring that is written against the orientation and spans more than half of the globe (but not all of it) means
 * the other side, over the date line. Answers rings without their last position, then in degrees that go on beyond 180.
 * Throws `InvalidValue` for rings that have no inside.
 */
export function placePolygon(rings: readonly Ring[], isClockwise: boolean): Position[][] {
  const [outer = [], ...holes] = rings.map(open);
  const span = spanOf(outer);
  const runsClockwise = isClockwiseRing(outer);
  const crosses = runsClockwise !== isClockwise && span > 180 && span !== 360;
  for (const hole of holes) isClockwiseRing(hole);
  refuseSharedPositions(outer, holes);
  // The reference engine begins with this corner. Where edges cross, it decides which triangles there are, and whether there are any.
  const first = runsClockwise ? outer.length - 1 : 1;
  const placed = [[...outer.slice(first), ...outer.slice(0, first)], ...holes];
  return crosses ? placed.map((ring) => ring.map(([lon, lat]): Position => [lon < 0 ? lon + 360 : lon, lat])) : placed;
}

function open(ring: Ring): Position[] {
  const opened = ring.slice(0, -1);
  for (let i = 1; i < opened.length; i++)
    if (isSame(opened[i - 1] as Position, opened[i] as Position))
      throw new InvalidValue(`a ring has the position [${opened[i]}] twice in a row`);
  return opened;
}

const isSame = (a: Position, b: Position): boolean => a[0] === b[0] && a[1] === b[1];

function spanOf(ring: readonly Position[]): number {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const [lon] of ring) {
    low = Math.min(low, lon);
    high = Math.max(high, lon);
  }
  return high - low;
}

/** Decided at the lowest position, which is a corner of the hull. */
function isClockwiseRing(ring: readonly Position[]): boolean {
  let lowest = 0;
  for (let i = 1; i < ring.length; i++) {
    const [lon, lat] = ring[i] as Position;
    const [bestLon, bestLat] = ring[lowest] as Position;
    if (lat < bestLat || (lat === bestLat && lon < bestLon)) lowest = i;
  }
  const [ax, ay] = ring[(lowest + ring.length - 1) % ring.length] as Position;
  const [bx, by] = ring[lowest] as Position;
  const [cx, cy] = ring[(lowest + 1) % ring.length] as Position;
  const turn = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay);
  if (turn === 0) throw new InvalidValue(`the edges of a ring coincide at [${bx}, ${by}]`);
  return turn < 0;
}

/** No ring comes back to a position, and a hole touches the outer ring in one position at most. */
function refuseSharedPositions(outer: readonly Position[], holes: readonly (readonly Position[])[]): void {
  const ofOuter = new Set<string>();
  for (const position of outer) {
    const key = position.join(" ");
    if (ofOuter.has(key)) throw new InvalidValue(`a ring crosses itself at [${position}]`);
    ofOuter.add(key);
  }
  for (const hole of holes) {
    const shared = new Set(hole.map((position) => position.join(" ")).filter((key) => ofOuter.has(key)));
    if (shared.size > 1) throw new InvalidValue("a hole touches the outer ring in more than one position");
  }
}

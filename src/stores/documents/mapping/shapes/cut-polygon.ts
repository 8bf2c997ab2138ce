import { InvalidValue } from "../invalid-value.ts";
import type { Position } from "./geometry.ts";

type OpenRing = readonly Position[];

/**
 * Cuts a polygon (rings without their last position) at every meridian 180 + n * 360, and answers parts within -180 and 180: outer ring first,
 * then the holes inside of it. Throws `InvalidValue` when a hole lies in no part.
 */
export function cutPolygon(rings: readonly OpenRing[]): Position[][][] {
  let parts: Position[][][] = [rings.map((ring) => [...ring])];
  const [outer = [], ...holes] = rings;
  if (!holes.every((hole) => isInside(hole, outer))) throw new InvalidValue("a hole lies outside of its polygon");
  const [low, high] = extentOf(outer);
  const first = Math.floor((low + 180) / 360);
  const last = Math.ceil((high - 180) / 360);
  for (let turn = first; turn < last; turn++) {
    const at = 180 + 360 * turn;
    parts = parts.flatMap((part) => [...cutAt(part, at, -1), ...cutAt(part, at, 1)]);
  }
  return parts.map(moveBack);
}

function extentOf(ring: OpenRing): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const [lon] of ring) {
    low = Math.min(low, lon);
    high = Math.max(high, lon);
  }
  return [low, high];
}

function moveBack(part: readonly OpenRing[]): Position[][] {
  const [low, high] = extentOf(part[0] ?? []);
  const shift = 360 * Math.round((low + high) / 2 / 360);
  return part.map((ring) => ring.map(([lon, lat]): Position => [lon - shift, lat]));
}

/** What lies on one side of a meridian: east (1) or west (-1). */
function cutAt(rings: readonly OpenRing[], at: number, side: 1 | -1): Position[][][] {
  const isHere = ([lon]: Position): boolean => (lon - at) * side >= 0;
  if ((rings[0] ?? []).every(isHere)) return [rings.map((ring) => [...ring])];
  const whole: Position[][] = [];
  const chains: Position[][] = [];
  for (const ring of rings) {
    if (ring.every(isHere) && !ring.every(([lon]) => lon === at)) whole.push([...ring]);
    else chains.push(...chainsOf(ring, at, side));
  }
  const parts = joinChains(chains).map((ring) => [ring]);
  for (const hole of whole) {
    const around = parts.find(([outer = []]) => isInside(hole, outer));
    if (around === undefined) throw new InvalidValue("a hole lies outside of its polygon");
    around.push(hole);
  }
  return parts;
}

/** The pieces of a ring on one side: each begins and ends on the meridian. */
function chainsOf(ring: OpenRing, at: number, side: 1 | -1): Position[][] {
  const cornered = withCrossings(ring, at);
  const length = cornered.length;
  const isEdgeHere = (i: number): boolean => {
    const [a] = cornered[i] as Position;
    const [b] = cornered[(i + 1) % length] as Position;
    return (a - at) * side >= 0 && (b - at) * side >= 0 && !(a === at && b === at);
  };
  const start = cornered.findIndex((_, i) => isEdgeHere(i) && !isEdgeHere((i + length - 1) % length));
  const chains: Position[][] = [];
  let open: Position[] | undefined;
  for (let n = 0; n < length && start >= 0; n++) {
    const i = (start + n) % length;
    if (!isEdgeHere(i)) {
      open = undefined;
      continue;
    }
    if (open === undefined) {
      open = [cornered[i] as Position];
      chains.push(open);
    }
    open.push(cornered[(i + 1) % length] as Position);
  }
  return chains;
}

function withCrossings(ring: OpenRing, at: number): Position[] {
  const result: Position[] = [];
  for (const [i, a] of ring.entries()) {
    const b = ring[(i + 1) % ring.length] as Position;
    result.push(a);
    if ((a[0] - at) * (b[0] - at) < 0) result.push([at, a[1] + ((b[1] - a[1]) * (at - a[0])) / (b[0] - a[0])]);
  }
  return result;
}

interface ChainEnd {
  readonly chain: Position[];
  readonly lat: number;
  readonly isStart: boolean;
}

/** Along the meridian the inside lies between the first and the second end, the third and the fourth, and so on. */
function joinChains(chains: readonly Position[][]): Position[][] {
  const ends: ChainEnd[] = [];
  for (const chain of chains) {
    ends.push({ chain, lat: (chain[0] as Position)[1], isStart: true });
    ends.push({ chain, lat: (chain[chain.length - 1] as Position)[1], isStart: false });
  }
  ends.sort((a, b) => a.lat - b.lat);
  const afterStart = new Map<Position[], ChainEnd>();
  const afterEnd = new Map<Position[], ChainEnd>();
  for (let i = 0; i + 1 < ends.length; i += 2) {
    const [a, b] = [ends[i] as ChainEnd, ends[i + 1] as ChainEnd];
    (a.isStart ? afterStart : afterEnd).set(a.chain, b);
    (b.isStart ? afterStart : afterEnd).set(b.chain, a);
  }
  const used = new Set<Position[]>();
  const rings: Position[][] = [];
  for (const first of chains) {
    if (used.has(first)) continue;
    const ring: Position[] = [];
    let next: ChainEnd | undefined = { chain: first, lat: 0, isStart: true };
    while (next !== undefined && !used.has(next.chain)) {
      const { chain, isStart }: ChainEnd = next;
      used.add(chain);
      for (const position of isStart ? chain : chain.toReversed()) ring.push(position);
      next = (isStart ? afterEnd : afterStart).get(chain);
    }
    rings.push(ring.filter((position, i) => !isSame(position, ring[(i + 1) % ring.length] as Position)));
  }
  return rings;
}

const isSame = (a: Position, b: Position): boolean => a[0] === b[0] && a[1] === b[1];

/** Whether a ring that crosses no other lies in another: decided at its middle position or any that is not on the edge. */
export function isInside(inner: OpenRing, outer: OpenRing): boolean {
  for (const [lon, lat] of inner) {
    let inside = false;
    let isOnEdge = false;
    for (let i = 0, j = outer.length - 1; i < outer.length; j = i++) {
      const [ax, ay] = outer[i] as Position;
      const [bx, by] = outer[j] as Position;
      const turn = (bx - ax) * (lat - ay) - (lon - ax) * (by - ay);
      const isBeside =
        lon >= Math.min(ax, bx) && lon <= Math.max(ax, bx) && lat >= Math.min(ay, by) && lat <= Math.max(ay, by);
      if (turn === 0 && isBeside) isOnEdge = true;
      else if (ay > lat !== by > lat && lon < ((bx - ax) * (lat - ay)) / (by - ay) + ax) inside = !inside;
    }
    if (!isOnEdge) return inside;
  }
  return true;
}

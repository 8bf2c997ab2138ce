import type { Position } from "./geometry.ts";

/** A corner of a ring whose corners are linked both ways. */
export class Corner {
  readonly lon: number;
  readonly lat: number;
  prev: Corner = this;
  next: Corner = this;
  /** The way to the next corner is an edge of the polygon, not a cut inside of it. */
  isEdge = true;
  /** It was taken out of its ring. */
  isGone = false;

  constructor(lon: number, lat: number) {
    this.lon = lon;
    this.lat = lat;
  }
}

/** Positive for a turn to the left, 0 for none. */
export function turn(a: Corner, b: Corner, c: Corner): number {
  return (b.lon - a.lon) * (c.lat - b.lat) - (b.lat - a.lat) * (c.lon - b.lon);
}

/** Links a ring (without its last position) in one direction, whatever it is written in; answers the corner of its first position. */
export function linkRing(ring: readonly Position[], isCounterclockwise: boolean): Corner {
  let sum = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [ax, ay] = ring[j] as Position;
    const [bx, by] = ring[i] as Position;
    sum += (ax - bx) * (ay + by);
  }
  const isForward = sum > 0 === isCounterclockwise;
  let last: Corner | undefined;
  for (const [lon, lat] of isForward ? ring : ring.toReversed()) last = insertAfter(new Corner(lon, lat), last);
  if (last === undefined) return new Corner(0, 0);
  return isForward ? last.next : last;
}

function insertAfter(corner: Corner, last: Corner | undefined): Corner {
  if (last === undefined) return corner;
  corner.prev = last;
  corner.next = last.next;
  last.next.prev = corner;
  last.next = corner;
  return corner;
}

export function removeCorner(corner: Corner): void {
  corner.isGone = true;
  corner.next.prev = corner.prev;
  corner.prev.next = corner.next;
}

/**
 * Makes two rings of one by a cut from `a` to `b`, or one of two; the ends of the cut stand in both. Answers the second end of the copies.
 */
export function splitBetween(a: Corner, b: Corner): Corner {
  const a2 = new Corner(a.lon, a.lat);
  const b2 = new Corner(b.lon, b.lat);
  const afterA = a.next;
  const beforeB = b.prev;
  a2.isEdge = a.isEdge;
  a.next = b;
  b.prev = a;
  a.isEdge = false;
  a2.next = afterA;
  afterA.prev = a2;
  b2.next = a2;
  a2.prev = b2;
  b2.isEdge = false;
  beforeB.next = b2;
  b2.prev = beforeB;
  return b2;
}

/** Whether the way from `a` to `b` begins inside of the polygon. */
export function opensTo(a: Corner, b: Corner): boolean {
  return turn(a.prev, a, a.next) > 0
    ? turn(a, b, a.next) <= 0 && turn(a, a.prev, b) <= 0
    : turn(a, b, a.prev) > 0 || turn(a, a.next, b) > 0;
}

import { InvalidValue } from "../invalid-value.ts";
import type { Geometry, Position, Ring, ShapeOptions } from "./geometry.ts";

/** Makes a line, a ring or a box of positions, as both notations need it. Each throws `InvalidValue`. */

export function lineOf(points: readonly Position[]): Geometry {
  if (points.length < 2) throw new InvalidValue("a line needs two positions");
  return { kind: "line", points };
}

export function ringOf(points: readonly Position[], { coerce }: ShapeOptions): Ring {
  const [first] = points;
  const last = points[points.length - 1];
  if (first === undefined || last === undefined) throw new InvalidValue("a ring has no positions");
  const isClosed = first[0] === last[0] && first[1] === last[1];
  const ring = isClosed || !coerce ? points : [...points, first];
  if (ring.length < 4) throw new InvalidValue("a ring needs four positions, the last being the first");
  if (!isClosed && !coerce) throw new InvalidValue("a ring is not closed: its last position must be its first");
  return ring;
}

export function boxOf(west: number, east: number, north: number, south: number): Geometry {
  if (north < south) throw new InvalidValue(`the top of the box (${north}) lies below its bottom (${south})`);
  return { kind: "box", west, east, south, north };
}

import type { Position } from "./geometry.ts";

/** The pieces of a line, cut at every meridian 180 + n * 360 and moved to between -180 and 180. */
export function cutLine(points: readonly Position[]): Position[][] {
  const pieces: Position[][] = [];
  let before: number | undefined;
  for (let i = 1; i < points.length; i++)
    before = addSegment(points[i - 1] as Position, points[i] as Position, before, pieces);
  return pieces;
}

/** Adds one segment to the piece that reaches its start on the same turn around the world; answers the turn on which it ends. */
function addSegment(a: Position, b: Position, before: number | undefined, pieces: Position[][]): number {
  const low = Math.min(a[0], b[0]);
  const high = Math.max(a[0], b[0]);
  const first = Math.floor((low + 180) / 360);
  const last = Math.max(first, Math.ceil((high - 180) / 360));
  const isForward = a[0] <= b[0];
  let from = a;
  let turn = first;
  for (let n = 0; n <= last - first; n++) {
    turn = isForward ? first + n : last - n;
    const edge = isForward ? 180 + 360 * turn : 360 * turn - 180;
    const to: Position = n === last - first ? b : [edge, a[1] + ((b[1] - a[1]) * (edge - a[0])) / (b[0] - a[0])];
    const open = n === 0 && turn === before ? pieces[pieces.length - 1] : undefined;
    if (open !== undefined) open.push([to[0] - 360 * turn, to[1]]);
    else
      pieces.push([
        [from[0] - 360 * turn, from[1]],
        [to[0] - 360 * turn, to[1]],
      ]);
    from = to;
  }
  return turn;
}

import type { GeoPoint } from "../geo/geo-point.ts";
import type { Box } from "../geo/shape.ts";
import type { Literal } from "./indexed-condition.ts";

/** Side of the cells of the coarsest level, in degrees: one column, half a column high. */
const widest = 360;
/** The finest cells are about 80 m high. */
const finest = 19;

/**
 * The areas of one field, in square cells of halving size. An area lies in the one to four cells that it touches on the
 * finest level whose cells are larger than it, so a point finds its areas with one look-up a level.
 */
export class GeoGrid {
  readonly #levels: (Map<number, Literal[]> | undefined)[] = [];

  add(literal: Literal, bounds: Box): void {
    const level = levelOf(bounds);
    let cells = this.#levels[level];
    if (cells === undefined) {
      cells = new Map();
      this.#levels[level] = cells;
    }
    for (const key of keysOf(bounds, level)) {
      const cell = cells.get(key);
      if (cell === undefined) cells.set(key, [literal]);
      else cell.push(literal);
    }
  }

  remove(literal: Literal, bounds: Box): void {
    const level = levelOf(bounds);
    const cells = this.#levels[level];
    if (cells === undefined) return;
    for (const key of keysOf(bounds, level)) {
      const cell = cells.get(key) ?? [];
      const at = cell.indexOf(literal);
      const last = cell.pop();
      if (last !== undefined && last !== literal) cell[at] = last;
      if (cell.length === 0) cells.delete(key);
    }
    if (cells.size === 0) this.#levels[level] = undefined;
  }

  /** Appends the literals whose area may contain the point. */
  collect({ lat, lon }: GeoPoint, found: Literal[]): void {
    for (let level = 0; level < this.#levels.length; level++) {
      const cell = this.#levels[level]?.get(keyOf(indexOf(lat, 90, level), indexOf(lon, 180, level)));
      if (cell !== undefined) for (const literal of cell) found.push(literal);
    }
  }
}

function levelOf({ south, west, north, east }: Box): number {
  const side = Math.max(north - south, east - west);
  let level = 0;
  while (level < finest && widest / 2 ** (level + 1) >= side) level++;
  return level;
}

function indexOf(degrees: number, offset: number, level: number): number {
  return Math.floor(((degrees + offset) * 2 ** level) / widest);
}

function keyOf(row: number, column: number): number {
  return row * 2 ** (finest + 2) + column;
}

function keysOf({ south, west, north, east }: Box, level: number): number[] {
  const keys: number[] = [];
  const lastRow = indexOf(north, 90, level);
  const lastColumn = indexOf(east, 180, level);
  for (let row = indexOf(south, 90, level); row <= lastRow; row++) {
    for (let column = indexOf(west, 180, level); column <= lastColumn; column++) keys.push(keyOf(row, column));
  }
  return keys;
}

import type { Corner } from "./corners.ts";

/** The corners of a ring by latitude, so that those near a triangle are found without looking at all. */
export class CornerRows {
  readonly #rows: Corner[][];
  readonly #south: number;
  readonly #perDegree: number;

  constructor(start: Corner) {
    let south = start.lat;
    let north = start.lat;
    let count = 0;
    let corner = start;
    do {
      south = Math.min(south, corner.lat);
      north = Math.max(north, corner.lat);
      count++;
      corner = corner.next;
    } while (corner !== start);
    // A guess: a few corners in each row when they lie evenly.
    const rows = 1 + (count >> 2);
    this.#south = south;
    this.#perDegree = north > south ? (rows - 1) / (north - south) : 0;
    this.#rows = Array.from({ length: rows }, () => []);
    do {
      this.#rows[this.#rowOf(corner.lat)]?.push(corner);
      corner = corner.next;
    } while (corner !== start);
  }

  #rowOf(lat: number): number {
    return Math.floor((lat - this.#south) * this.#perDegree);
  }

  /** Whether a corner that is still in its ring, between two latitudes, passes a test. */
  some(low: number, high: number, test: (corner: Corner) => boolean): boolean {
    const last = this.#rowOf(high);
    for (let row = this.#rowOf(low); row <= last; row++)
      for (const corner of this.#rows[row] ?? []) if (!corner.isGone && test(corner)) return true;
    return false;
  }
}

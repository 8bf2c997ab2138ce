import type { Budget } from "../../../budget.ts";
import { decodeLat, decodeLon, encodeLat, encodeLon } from "../../../segment/geo-field.ts";
import type { ShapeField } from "../../../segment/shape-field.ts";
import { type Area, candidate, inside, notWithin, outside, Triangle } from "./area.ts";

export type ShapeRelation = "intersects" | "disjoint" | "within" | "contains";

/** Tests of edges between two looks at the clock; a guess: some tens of microseconds. */
const testsAtOnce = 4096;

/**
 * The documents below `maxDoc` whose shapes lie to a query's shape as the relation says, as bits. Boxes are compared first; triangles of what is
 * left are looked at one by one, as Lucene does, so that borders are judged alike.
 */
export function* matchShapes(
  field: ShapeField,
  areas: readonly Area[],
  relation: ShapeRelation,
  maxDoc: number,
  budget: Budget,
): Generator<void, Uint32Array> {
  const bits = new Uint32Array((maxDoc + 31) >>> 5);
  const test = new ShapeTest(areas, relation);
  const limit = Math.min(maxDoc, field.count);
  let work = 0;
  for (let doc = 0; doc < limit; doc++) {
    if (++work >= testsAtOnce) {
      work = 0;
      yield* budget.pause();
    }
    const start = field.startOf(doc);
    const end = field.endOf(doc);
    if (start === end) continue;
    if (!test.mayMatch(field.boxes, doc * 4)) {
      if (relation === "disjoint") setBit(bits, doc);
      continue;
    }
    test.begin();
    for (let at = start; at < end && !test.isDecided; at++) {
      test.take(field, at);
      work += test.cost;
      if (work < testsAtOnce) continue;
      work = 0;
      yield* budget.pause();
    }
    if (test.matches) setBit(bits, doc);
  }
  return bits;
}

function setBit(bits: Uint32Array, at: number): void {
  bits[at >>> 5] = (bits[at >>> 5] as number) | (1 << (at & 31));
}

/** Judges one document after the other. */
class ShapeTest {
  readonly cost: number;
  readonly #areas: readonly Area[];
  readonly #relation: ShapeRelation;
  readonly #triangle = new Triangle();
  /** By area: a triangle that may hold it was seen. */
  readonly #held: Uint8Array;
  /** The box around all areas, in encoded coordinates and a little larger. */
  readonly #west: number;
  readonly #east: number;
  readonly #south: number;
  readonly #north: number;
  /** Nothing that follows can change whether the document matches. */
  isDecided = false;
  #matches = false;

  constructor(areas: readonly Area[], relation: ShapeRelation) {
    this.#areas = areas;
    this.#relation = relation;
    this.#held = new Uint8Array(areas.length);
    this.cost = areas.reduce((sum, { size }) => sum + size, 1);
    this.#west = encodeLon(Math.min(...areas.map(({ west }) => west))) - 1;
    this.#east = encodeLon(Math.max(...areas.map(({ east }) => east))) + 1;
    this.#south = encodeLat(Math.min(...areas.map(({ south }) => south))) - 1;
    this.#north = encodeLat(Math.max(...areas.map(({ north }) => north))) + 1;
  }

  mayMatch(boxes: Int32Array, at: number): boolean {
    const west = boxes[at] as number;
    const east = boxes[at + 1] as number;
    const south = boxes[at + 2] as number;
    const north = boxes[at + 3] as number;
    if (this.#relation === "within")
      return west >= this.#west && east <= this.#east && south >= this.#south && north <= this.#north;
    return west <= this.#east && east >= this.#west && south <= this.#north && north >= this.#south;
  }

  begin(): void {
    this.isDecided = false;
    this.#matches = this.#relation === "disjoint" || this.#relation === "within";
    this.#held.fill(0);
  }

  get matches(): boolean {
    if (this.#relation === "contains" && !this.isDecided) return this.#held.every((one) => one === 1);
    return this.#matches;
  }

  take(field: ShapeField, at: number): void {
    const t = this.#triangle;
    readTriangle(field, at, t);
    if (this.#relation === "within") {
      if (!this.#areas.some((area) => area.placeOf(t) === inside)) this.#decide(false);
    } else if (this.#relation === "contains") this.#takeHolding(t);
    else if (this.#areas.some((area) => area.placeOf(t) !== outside)) this.#decide(this.#relation === "intersects");
  }

  #takeHolding(t: Triangle): void {
    for (const [i, area] of this.#areas.entries()) {
      const holding = area.heldBy(t);
      if (holding === notWithin) {
        this.#decide(false);
        return;
      }
      if (holding === candidate) this.#held[i] = 1;
    }
  }

  #decide(matches: boolean): void {
    this.isDecided = true;
    this.#matches = matches;
  }
}

function readTriangle({ triangles, edges }: ShapeField, at: number, t: Triangle): void {
  const first = at * 6;
  const flags = edges[at] as number;
  t.ax = decodeLon(triangles[first] as number);
  t.ay = decodeLat(triangles[first + 1] as number);
  t.bx = decodeLon(triangles[first + 2] as number);
  t.by = decodeLat(triangles[first + 3] as number);
  t.cx = decodeLon(triangles[first + 4] as number);
  t.cy = decodeLat(triangles[first + 5] as number);
  t.take(flags);
}

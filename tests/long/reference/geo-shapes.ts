import type { JSONObject } from "../../../src/kernel/index.ts";
import type { Random } from "./random.ts";
import type { Search } from "./searches.ts";

/** Collections of shapes for the comparison: on grids so coarse that they touch, contain and cross each other all the time. */

type Position = [lon: number, lat: number];

/** The places that shapes are made of. */
export interface Grid {
  readonly name: string;
  readonly place: (random: Random) => Position;
  /** The reference fails on polygons that have a corner on the date line, or a hole across it, unless it moves them first. */
  readonly isAtDateLine?: boolean;
  /**
   * Places on one side of the date line, for the polygons of queries: edges that two polygons are given along it lie in one line, and whether
   * these count as touching depends on the triangles that the reference makes.
   */
  readonly oneSide?: (random: Random) => Position;
  readonly hasPolygons?: boolean;
}

export const grids: readonly Grid[] = [
  { name: "whole degrees", place: (random) => [random.between(0, 8), random.between(0, 8)] },
  // Coordinates that 32 bits hold exactly: borders meet to the last digit.
  { name: "exact places", place: (random) => [random.between(0, 6) * 5.625, random.between(0, 6) * 2.8125] },
  { name: "places with decimals", place: (random) => [random.between(0, 60) / 7, random.between(0, 60) / 7] },
  {
    name: "the date line",
    isAtDateLine: true,
    oneSide: (random) => [random.between(174, 179), random.between(-4, 4)],
    place: (random) => {
      const lon = random.pick([174, 175, 177, 178, 179, 181, 182, 183, 185, 186]);
      return [lon > 180 ? lon - 360 : lon, random.between(-4, 4)];
    },
  },
  {
    name: "beyond the date line",
    isAtDateLine: true,
    oneSide: (random) => [random.between(181, 188), random.between(0, 9)],
    place: (random) => [random.pick([172, 174, 175, 177, 179, 181, 182, 183, 185, 188]), random.between(0, 9)],
  },
  {
    name: "the east of the world and its corners",
    isAtDateLine: true,
    place: (random) => [random.pick([0, 45, 90, 150, 178, 179]), random.pick([-90, -89, 0, 45, 89, 90])],
  },
  {
    name: "the west of the world and its corners",
    isAtDateLine: true,
    place: (random) => [random.pick([-179, -178, -90, -45, -1, 0]), random.pick([-90, -89, -45, 0, 45, 90])],
  },
];

export const mappings = {
  dynamic: "false",
  properties: {
    uid: { type: "keyword" },
    s: { type: "geo_shape", coerce: true },
    cw: { type: "geo_shape", orientation: "left" },
    m: { type: "geo_shape", ignore_malformed: true },
    p: { type: "geo_point" },
    n: { type: "nested", properties: { s: { type: "geo_shape" } } },
  },
} as const;

/** Corners in the order of their angle around a middle: their ring does not cross itself, unless it is flat. */
function ring(random: Random, grid: Grid, corners: number): Position[] {
  const places = random.list(corners, () => grid.place(random));
  const unique = places.filter(([x, y], i) => places.findIndex((one) => one[0] === x && one[1] === y) === i);
  const middleX = unique.reduce((sum, [x]) => sum + x, 0) / unique.length + 0.01;
  const middleY = unique.reduce((sum, [, y]) => sum + y, 0) / unique.length + 0.013;
  const angle = ([x, y]: Position): number => Math.atan2(y - middleY, x - middleX);
  const sorted = unique.sort((a, b) => angle(a) - angle(b));
  const turned = random.chance(0.7) ? sorted : sorted.toReversed();
  return [...turned, turned[0] as Position];
}

/** A smaller copy around the middle, when the middle lies inside for sure. */
function hole(outer: readonly Position[], random: Random): Position[] | undefined {
  const corners = outer.slice(1);
  const middleX = corners.reduce((sum, [x]) => sum + x, 0) / corners.length;
  const middleY = corners.reduce((sum, [, y]) => sum + y, 0) / corners.length;
  const turns = corners.map(([x, y], i) => {
    const [px, py] = outer[i] as Position;
    return Math.sign((px - middleX) * (y - middleY) - (x - middleX) * (py - middleY));
  });
  if (!turns.every((turn) => turn !== 0 && turn === turns[0])) return undefined;
  const share = random.pick([0.25, 0.5, 0.9]);
  return outer.map(([x, y]): Position => [middleX + (x - middleX) * share, middleY + (y - middleY) * share]);
}

function polygon(random: Random, grid: Grid): Position[][] {
  if (random.chance(0.06) && grid.isAtDateLine !== true) return [random.list(4, () => grid.place(random))];
  const outer = ring(random, grid, random.pick([3, 4, 4, 5, 7, 10]));
  const inner = random.chance(0.25) && grid.isAtDateLine !== true ? hole(outer, random) : undefined;
  return inner === undefined ? [outer] : [outer, inner];
}

function simple(random: Random, grid: Grid): JSONObject {
  const places = (count: number): Position[] => random.list(count, () => grid.place(random));
  const makers: readonly (() => JSONObject)[] = [
    () => ({ type: "Point", coordinates: grid.place(random) }),
    () => ({ type: "MultiPoint", coordinates: places(random.between(1, 3)) }),
    () => ({ type: "LineString", coordinates: places(random.between(2, 4)) }),
    () => ({ type: "MultiLineString", coordinates: [places(2), places(3)] }),
    () => ({ type: "Polygon", coordinates: polygon(random, grid) }),
    () => ({ type: "Polygon", coordinates: polygon(random, grid) }),
    () => ({
      type: "polygon",
      coordinates: [ring(random, grid, random.pick([3, 4, 5, 7]))],
      orientation: random.pick(["left", "ccw", "CW"]),
    }),
    () => ({ type: "MultiPolygon", coordinates: [polygon(random, grid), polygon(random, grid)] }),
    () => envelope(random, grid),
  ];
  return random.pick(grid.hasPolygons === false ? [...makers.slice(0, 4), ...makers.slice(-1)] : makers)();
}

function envelope(random: Random, grid: Grid): JSONObject {
  const [a, b] = [grid.place(random), grid.place(random)];
  const isSorted = random.chance(0.8);
  const west = isSorted && Math.abs(a[0] - b[0]) < 180 ? Math.min(a[0], b[0]) : a[0];
  const east = west === a[0] ? b[0] : a[0];
  const corners = [
    [west, Math.max(a[1], b[1])],
    [east, Math.min(a[1], b[1])],
  ];
  return { type: "envelope", coordinates: corners };
}

export function shape(random: Random, grid: Grid): unknown {
  if (random.chance(0.1))
    return {
      type: "GeometryCollection",
      geometries: random.list(random.between(1, 3), () => simple(random, grid)),
    };
  const made = simple(random, grid);
  return random.chance(0.25) && made.orientation === undefined ? toText(made) : made;
}

/** As well-known text. */
function toText({ type, coordinates }: JSONObject): string {
  const position = (at: unknown): string => (at as Position).join(" ");
  const list = (one: unknown, inner: (value: unknown) => string): string =>
    `(${(one as unknown[]).map(inner).join(", ")})`;
  const line = (one: unknown): string => list(one, position);
  const area = (one: unknown): string => list(one, line);
  switch (String(type).toLowerCase()) {
    case "point":
      return `POINT (${position(coordinates)})`;
    case "multipoint":
      return `MultiPoint ${line(coordinates)}`;
    case "linestring":
      return `LINESTRING${line(coordinates)}`;
    case "multilinestring":
      return `MULTILINESTRING ${area(coordinates)}`;
    case "polygon":
      return `polygon ${area(coordinates)}`;
    case "multipolygon":
      return `MULTIPOLYGON ${list(coordinates, area)}`;
    default: {
      const [[west, north], [east, south]] = coordinates as [Position, Position];
      return `BBOX (${west}, ${east}, ${north}, ${south})`;
    }
  }
}

export function newDocument(random: Random, grid: Grid, number: number): JSONObject {
  const field = random.pick(["s", "s", "s", "s", "cw", "m"]);
  const value = random.chance(0.08) ? [shape(random, grid), shape(random, grid)] : shape(random, grid);
  return {
    uid: `u${String(number).padStart(4, "0")}`,
    ...(random.chance(0.95) ? { [field]: value } : {}),
    ...(random.chance(0.5) ? { p: within(grid.place(random)) } : {}),
    ...(random.chance(0.2)
      ? { n: random.list(random.between(1, 2), () => ({ s: { type: "Point", coordinates: grid.place(random) } })) }
      : {}),
  };
}

const within = ([lon, lat]: Position): Position => [lon > 180 ? lon - 360 : lon, lat];

const relations = ["intersects", "disjoint", "within", "contains", "INTERSECTS", undefined];

export function searches(random: Random, grid: Grid, count: number): Search[] {
  return random.list(count, () => ({ body: { query: query(random, grid), sort: ["uid"] }, from: 0, size: 400 }));
}

function forQuery(random: Random, grid: Grid, oneSide: Grid["place"]): Grid {
  return random.chance(0.5) ? { ...grid, place: oneSide } : { ...grid, hasPolygons: false };
}

function query(random: Random, whole: Grid): JSONObject {
  const kind = random.next();
  const grid = whole.oneSide === undefined ? whole : forQuery(random, whole, whole.oneSide);
  if (kind < 0.03) return { exists: { field: random.pick(["s", "m", "cw", "n.s"]) } };
  const relation = random.pick(relations);
  const field = random.pick(["s", "s", "s", "s", "cw", "m", "p"]);
  // Of a collection, the reference wants points to lie in every member.
  const wanted = field === "p" ? simple(random, grid) : shape(random, grid);
  const clause = {
    geo_shape: {
      [field]: { shape: wanted, ...(relation === undefined ? {} : { relation }) },
      ...(random.chance(0.1) ? { boost: 2 } : {}),
      ...(random.chance(0.1) ? { ignore_unmapped: random.chance(0.5) } : {}),
    },
  };
  if (kind < 0.1) return { bool: { must: clause, filter: { exists: { field: "p" } } } };
  if (kind < 0.15) return { bool: { must_not: clause } };
  if (kind < 0.2)
    return {
      nested: { path: "n", query: { geo_shape: { "n.s": { shape: shape(random, grid), relation: "intersects" } } } },
    };
  return clause;
}

import type { JSONObject } from "../../../src/kernel/index.ts";
import { type Grid, grids, newDocument as newShape, mappings as shapeMappings } from "./geo-shapes.ts";
import type { Random } from "./random.ts";
import type { Search } from "./searches.ts";

/**
 * Circles around shapes, whose edges are longer than a degree: of shorter ones the reference engine misses those that pass through a circle
 * with both of their ends outside.
 */

const [degrees] = grids;
if (degrees === undefined) throw new Error("There are no grids.");
/** Without holes, whose edges are short. */
const grid: Grid = {
  ...degrees,
  isAtDateLine: true,
  place: (random) => [random.between(0, 8) * 1.5, random.between(0, 8) * 1.5],
};

export const mappings = shapeMappings;
export const settings: JSONObject = {};
export const newDocument = (random: Random, number: number): JSONObject => newShape(random, grid, number);

const circle = (random: Random): JSONObject => ({
  type: random.pick(["circle", "Circle"]),
  coordinates: [random.between(0, 24) / 2, random.between(0, 36) / 3],
  radius: random.pick<unknown>(["50km", "100km", 150_000, "300km", "500mi", "3000km"]),
});

const search = (query: JSONObject): Search => ({ body: { query, sort: ["uid"] }, from: 0, size: 400 });

const onShapes = (random: Random): Search => {
  const shape = random.chance(0.85)
    ? circle(random)
    : {
        type: "geometrycollection",
        geometries: [circle(random), { type: "point", coordinates: [random.between(0, 8), random.between(0, 8)] }],
      };
  const relation = random.pick([
    "intersects",
    "intersects",
    "intersects",
    "disjoint",
    "disjoint",
    "within",
    "contains",
  ]);
  return search({ geo_shape: { [random.pick(["s", "s", "cw", "m"])]: { shape, relation } } });
};

export const kinds: Readonly<Record<string, (random: Random) => Search>> = {
  circlesAndShapes: onShapes,
  circlesAndPoints: (random) => search({ geo_shape: { p: { shape: circle(random) } } }),
};

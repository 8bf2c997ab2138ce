import type { JSONObject } from "../../../src/kernel/index.ts";
import type { Random } from "./random.ts";
import type { Search } from "./searches.ts";

/** Points at the poles, at the date line and on borders, in every notation, and what can be asked of them. */

export const mappings = {
  dynamic: "false",
  properties: {
    uid: { type: "keyword" },
    g: { type: "geo_point" },
    n: { type: "nested", properties: { g: { type: "geo_point" }, k: { type: "keyword" } } },
  },
} as const;

const lats = [-90, -89.5, -45, -5.625, 0, 1, 2, 2.8125, 5.625, 45, 89, 90];
const lons = [-180, -179, -90, -11.25, -1, 0, 1, 2, 5.625, 11.25, 90, 179, 180];
const hashes = ["u", "u0", "u09", "s00", "s000000", "9q8yyk8ytpxr", "zzzz", "0000"];

interface Place {
  readonly lat: number;
  readonly lon: number;
}

function place(random: Random): Place {
  if (random.chance(0.15))
    return { lat: Math.round(random.next() * 1700 - 850) / 10, lon: Math.round(random.next() * 3500 - 1750) / 10 };
  return { lat: random.pick(lats), lon: random.pick(lons) };
}

function written(random: Random, { lat, lon }: Place = place(random)): unknown {
  return random.pick<unknown>([
    { lat, lon },
    { lat: String(lat), lon: String(lon) },
    [lon, lat],
    `${lat},${lon}`,
    `${lat}, ${lon}`,
    `POINT (${lon} ${lat})`,
    `point(${lon} ${lat})`,
  ]);
}

const point = (random: Random): unknown => (random.chance(0.1) ? random.pick(hashes) : written(random));

export function newDocument(random: Random, number: number): JSONObject {
  const values = random.chance(0.15) ? random.list(random.between(2, 3), () => point(random)) : point(random);
  return {
    uid: `u${String(number).padStart(4, "0")}`,
    ...(random.chance(0.92) ? { g: values } : {}),
    n: random.list(random.below(3), () => ({ g: point(random), k: random.pick(["a", "b"]) })),
  };
}

const method = (random: Random): JSONObject =>
  random.chance(0.25) ? { validation_method: random.pick(["STRICT", "strict", "COERCE", "IGNORE_MALFORMED"]) } : {};
const unmapped = (random: Random): JSONObject => (random.chance(0.1) ? { ignore_unmapped: random.chance(0.5) } : {});

function box(random: Random): JSONObject {
  const [a, b] = [place(random), place(random)];
  const top = random.chance(0.97) ? Math.max(a.lat, b.lat) : Math.min(a.lat, b.lat);
  const bottom = top === a.lat ? b.lat : a.lat;
  const [left, right] = [a.lon, b.lon];
  return random.pick<JSONObject>([
    { top_left: written(random, { lat: top, lon: left }), bottom_right: written(random, { lat: bottom, lon: right }) },
    { top_right: written(random, { lat: top, lon: right }), bottom_left: written(random, { lat: bottom, lon: left }) },
    { top, left, bottom, right },
    { wkt: `BBOX (${left}, ${right}, ${top}, ${bottom})` },
  ]);
}

type Make = (random: Random, field: string) => JSONObject;

export const queries: Readonly<Record<string, Make>> = {
  geo_distance: (random, field) => ({
    geo_distance: {
      distance: random.pick<unknown>([
        "0m",
        "1m",
        "10km",
        "111.195km",
        "300mi",
        "2000km",
        "10008km",
        "20015.1km",
        "30000km",
        500_000,
        "60NM",
      ]),
      [field]: point(random),
      ...(random.chance(0.3) ? { distance_type: random.pick(["arc", "plane", "ARC"]) } : {}),
      ...(random.chance(0.1) ? { unit: "km" } : {}),
      ...method(random),
      ...unmapped(random),
    },
  }),
  geo_bounding_box: (random, field) => ({
    geo_bounding_box: {
      [field]: box(random),
      ...(random.chance(0.2) ? { type: random.pick(["memory", "indexed"]) } : {}),
      ...method(random),
      ...unmapped(random),
    },
  }),
  geo_polygon: (random, field) => ({
    geo_polygon: {
      [field]: { points: random.list(random.between(3, 5), () => point(random)) },
      ...method(random),
      ...unmapped(random),
    },
  }),
};

const aggregations: Readonly<Record<string, (random: Random) => JSONObject>> = {
  geohash_grid: (random) => ({
    geohash_grid: {
      field: "g",
      precision: random.between(1, 7),
      ...(random.chance(0.4) ? { bounds: box(random) } : {}),
      ...(random.chance(0.2) ? { size: 5 } : {}),
    },
  }),
  geotile_grid: (random) => ({
    geotile_grid: {
      field: "g",
      precision: random.between(0, 12),
      ...(random.chance(0.4) ? { bounds: box(random) } : {}),
    },
  }),
  geo_distance: (random) => ({
    geo_distance: {
      field: "g",
      origin: random.pick<unknown>([[2, 45], "1,2", { lat: -5, lon: 170 }]),
      unit: random.pick(["km", "m", "mi"]),
      ranges: [{ to: 1000 }, { from: 1000, to: 10_000, key: "ring" }, { from: 10_000 }],
      ...(random.chance(0.3) ? { keyed: true } : {}),
      ...(random.chance(0.3) ? { distance_type: random.pick(["arc", "plane"]) } : {}),
    },
  }),
  geo_bounds: (random) => ({
    geo_bounds: { field: "g", ...(random.chance(0.5) ? { wrap_longitude: random.chance(0.5) } : {}) },
  }),
  geo_centroid: () => ({ geo_centroid: { field: "g" } }),
};

/** Somewhere between the grid of the documents: two of them at one distance would be ordered by the last digit. */
const between = (random: Random): unknown =>
  written(random, {
    lat: Math.round(random.next() * 1600 - 800) / 10 + 0.037,
    lon: Math.round(random.next() * 3400 - 1700) / 10 + 0.053,
  });

function sortKey(random: Random): JSONObject {
  const isNested = random.chance(0.3);
  const modes = isNested ? ["min", "max", "avg"] : ["min", "max", "avg", "median"];
  return {
    _geo_distance: {
      [isNested ? "n.g" : "g"]: random.chance(0.75) ? between(random) : random.list(2, () => between(random)),
      order: random.pick(["asc", "desc"]),
      unit: random.pick(["m", "km"]),
      ...(random.chance(0.4) ? { mode: random.pick(modes) } : {}),
      ...(random.chance(0.3) ? { distance_type: random.pick(["arc", "plane"]) } : {}),
      ...(isNested
        ? { nested: { path: "n", ...(random.chance(0.5) ? { filter: { term: { "n.k": "a" } } } : {}) } }
        : {}),
      ...method(random),
    },
  };
}

const nearPoles = (field: string): JSONObject[] =>
  [
    [90, 89.9],
    [-89.9, -90],
  ].map(([top, bottom]) => ({ geo_bounding_box: { [field]: { top, left: -180, bottom, right: 180 } } }));

/** At a pole all longitudes are at one distance: the reference is not exact enough to see it. */
const offPoles: JSONObject = {
  bool: { must_not: [...nearPoles("g"), { nested: { path: "n", query: { bool: { should: nearPoles("n.g") } } } }] },
};

function query(random: Random): JSONObject {
  const make = queries[random.pick(Object.keys(queries))] as Make; // one of its keys
  if (random.chance(0.1)) return { nested: { path: "n", query: make(random, "n.g") } };
  return random.chance(0.02) ? make(random, "nope") : make(random, "g");
}

export const kinds: Readonly<Record<string, (random: Random, count: number) => Search[]>> = {
  "queries on points": (random, count) =>
    random.list(count, () => ({ body: { query: query(random), sort: ["uid"] }, from: 0, size: 400 })),
  "sorts by distance": (random, count) =>
    random.list(count, () => ({ body: { query: offPoles, sort: [sortKey(random), "uid"] }, from: 0, size: 400 })),
  "aggregations of points": (random, count) =>
    random.list(count, () => {
      const make = aggregations[random.pick(Object.keys(aggregations))];
      const body = { aggs: { a: make?.(random) ?? {} }, ...(random.chance(0.4) ? { query: query(random) } : {}) };
      return { body, from: 0, size: 0 };
    }),
};

import type { JSONObject } from "../../../src/kernel/index.ts";
import { keywords } from "./collection.ts";
import { newQuery } from "./queries.ts";
import type { Random } from "./random.ts";
import type { Search } from "./searches.ts";

type Make = (random: Random) => JSONObject;

const numberFields = ["i", "l", "s", "by", "f", "hf", "d", "sf", "o.i", "al"];
const keywordFields = ["k", "kn", "kv", "tags", "t.raw", "o.k", "kl"];
const number = (random: Random): string => random.pick(numberFields);
const missing = (random: Random, value: unknown): JSONObject => (random.chance(0.2) ? { missing: value } : {});

const metrics: Readonly<Record<string, Make>> = {
  min: (random) => ({ min: { field: number(random), ...missing(random, -3) } }),
  max: (random) => ({ max: { field: random.pick([...numberFields, "at"]), ...missing(random, 5) } }),
  avg: (random) => ({ avg: { field: number(random), ...missing(random, 1) } }),
  sum: (random) => ({ sum: { field: number(random) } }),
  stats: (random) => ({ stats: { field: random.pick([...numberFields, "at"]) } }),
  extended_stats: (random) => ({
    extended_stats: { field: number(random), ...(random.chance(0.3) ? { sigma: 3 } : {}) },
  }),
  value_count: (random) => ({
    value_count: { field: random.pick([...numberFields, ...keywordFields, "g", "ip", "bool", "at"]) },
  }),
  cardinality: (random) => ({
    cardinality: { field: random.pick([...numberFields, ...keywordFields, "ip", "bool", "at"]) },
  }),
  percentiles: (random) => ({
    percentiles: {
      field: random.pick(["i", "f", "hf", "sf"]),
      ...(random.chance(0.3) ? { percents: [10, 50, 99.9] } : {}),
      ...(random.chance(0.3) ? { keyed: false } : {}),
    },
  }),
  percentile_ranks: (random) => ({ percentile_ranks: { field: random.pick(["i", "f"]), values: [-3, 0, 7.5] } }),
  geo_bounds: () => ({ geo_bounds: { field: "g" } }),
  geo_centroid: () => ({ geo_centroid: { field: "g" } }),
  top_hits: (random) => ({
    top_hits: {
      size: random.between(1, 3),
      sort: [{ uid: random.pick(["asc", "desc"]) }],
      _source: random.pick<unknown>([["uid"], false, { includes: ["k", "o.*"] }]),
    },
  }),
};

/**
 * Of few values the two engines estimate ranks too differently to compare them, and of no documents the reference fails to answer the
 * bounds of places.
 */
const smallMetrics = Object.entries(metrics).flatMap(([name, make]) =>
  name === "percentile_ranks" || name === "geo_bounds" ? [] : [make],
);

const termFilters: readonly JSONObject[] = [
  { include: "a.*" },
  { exclude: ".*e.*" },
  { include: "[a-z].*", exclude: ".*e.*" },
  { include: ["red", "amber", "tag1"] },
  { exclude: ["red", "tag2"] },
];

const buckets: Readonly<Record<string, Make>> = {
  terms: (random) => {
    const field = random.pick([...keywordFields, ...numberFields, "bool", "ip", "at"]);
    const isKeyword = keywordFields.includes(field);
    return {
      terms: {
        field,
        ...random.pick<JSONObject>([
          { size: 3 },
          {},
          { size: 100 },
          { size: 100, ...(isKeyword && field !== "t.raw" ? { min_doc_count: 3 } : {}) },
        ]),
        ...(random.chance(0.3)
          ? {
              order: random.pick<unknown>([
                { _key: "asc" },
                { _key: "desc" },
                { _count: "asc" },
                [{ _count: "desc" }, { _key: "desc" }],
              ]),
            }
          : {}),
        ...(isKeyword && random.chance(0.2) ? { missing: "N/A" } : {}),
        ...(isKeyword && random.chance(0.3) ? random.pick(termFilters) : {}),
      },
    };
  },
  histogram: (random) => ({
    histogram: {
      field: random.pick(["i", "f", "hf", "by", "sf", "s"]),
      interval: random.pick([5, 10, 2.5]),
      ...(random.chance(0.3) ? { offset: 2 } : {}),
      ...(random.chance(0.3) ? { min_doc_count: random.pick([1, 2]) } : {}),
      ...(random.chance(0.3) ? { extended_bounds: { min: -80, max: 120 } } : {}),
      ...(random.chance(0.2) ? { keyed: true } : {}),
      ...missing(random, 3),
    },
  }),
  date_histogram: (random) => ({
    date_histogram: {
      field: random.pick(["at", "day", "stamp"]),
      ...random.pick<JSONObject>([
        { calendar_interval: "month" },
        { calendar_interval: "year" },
        { calendar_interval: "quarter" },
        { calendar_interval: "week" },
        { fixed_interval: "30d" },
        { calendar_interval: "1M" },
      ]),
      ...(random.chance(0.3) ? { time_zone: random.pick(["+02:00", "Europe/Paris", "America/New_York"]) } : {}),
      ...(random.chance(0.3) ? { format: random.pick(["yyyy-MM-dd", "yyyy-MM", "dd/MM/yyyy HH:mm"]) } : {}),
      ...(random.chance(0.3) ? { min_doc_count: 1 } : {}),
      ...(random.chance(0.2) ? { offset: "+1d" } : {}),
      ...(random.chance(0.2) ? { keyed: true } : {}),
    },
  }),
  range: (random) => ({
    range: {
      field: number(random),
      ranges: [{ to: 0 }, { from: 0, to: 10.5 }, { from: 5 }, { key: "named", from: -3, to: 3 }],
      ...(random.chance(0.2) ? { keyed: true } : {}),
    },
  }),
  date_range: (random) => ({
    date_range: {
      field: "at",
      ranges: random.pick<JSONObject[]>([
        [{ to: "2020-01-01" }, { from: "2020-01-01", to: "2020-07-01||+1M/M" }, { from: "2020-06" }],
        [{ from: "now-10y/y" }, { key: "old", to: "2019-06-01" }],
      ]),
      ...(random.chance(0.3) ? { format: "yyyy-MM-dd||yyyy-MM" } : {}),
    },
  }),
  filter: (random) => ({ filter: newQuery(random, 1) }),
  filters: (random) => ({
    filters: random.chance(0.5)
      ? {
          filters: { red: { term: { k: "red" } }, any: newQuery(random, 0) },
          ...(random.chance(0.5) ? { other_bucket_key: "rest" } : {}),
        }
      : { filters: [{ match: { t: "oak" } }, newQuery(random, 0)] },
  }),
  missing: (random) => ({ missing: { field: random.pick([...numberFields, ...keywordFields, "at", "g", "nothing"]) } }),
  geohash_grid: (random) => ({
    geohash_grid: { field: "g", precision: random.between(1, 6), ...(random.chance(0.5) ? { size: 8 } : {}) },
  }),
  geotile_grid: (random) => ({ geotile_grid: { field: "g", precision: random.between(0, 10) } }),
  geo_distance: (random) => ({
    geo_distance: {
      field: "g",
      origin: "43.6,3.88",
      unit: "km",
      ranges: [{ to: 30 }, { from: 30, to: 100 }, { from: 100 }],
      ...(random.chance(0.3) ? { keyed: true } : {}),
    },
  }),
  composite: (random) => ({
    composite: {
      size: random.pick([3, 10, 50]),
      sources: random.pick<JSONObject[]>([
        [{ k: { terms: { field: "k" } } }],
        [{ k: { terms: { field: "tags", order: "desc" } } }, { i: { histogram: { field: "i", interval: 10 } } }],
        [
          { at: { date_histogram: { field: "at", calendar_interval: "month", format: "yyyy-MM" } } },
          { b: { terms: { field: "bool", missing_bucket: true } } },
        ],
        [{ s: { terms: { field: "s", order: "desc", missing_bucket: true } } }, { k: { terms: { field: "kv" } } }],
      ]),
    },
  }),
  nested: () => ({ nested: { path: "n" } }),
  global: () => ({ global: {} }),
};

/** Aggregations on the objects of `n`. */
const nestedOnes: readonly Make[] = [
  () => ({
    terms: { field: "n.k" },
    aggs: { i: { stats: { field: "n.i" } }, back: { reverse_nested: {}, aggs: { s: { sum: { field: "s" } } } } },
  }),
  () => ({ histogram: { field: "n.i", interval: 5 } }),
  () => ({ avg: { field: "n.i" } }),
  () => ({
    nested: { path: "n.m" },
    aggs: {
      k: {
        terms: { field: "n.m.k" },
        aggs: { up: { reverse_nested: { path: "n" }, aggs: { i: { max: { field: "n.i" } } } } },
      },
    },
  }),
  () => ({ filter: { range: { "n.i": { gte: 5 } } }, aggs: { k: { terms: { field: "n.k" } } } }),
  () => ({ date_histogram: { field: "n.at", calendar_interval: "quarter" } }),
];

function newAggregation(random: Random, depth: number): JSONObject {
  if (depth === 0 || random.chance(0.25)) return random.pick(smallMetrics)(random);
  return withChildren(
    random,
    random.pick(Object.entries(buckets).filter(([name]) => name !== "global" && name !== "composite")),
    depth,
  );
}

function withChildren(random: Random, [name, make]: readonly [string, Make], depth: number): JSONObject {
  const own = make(random);
  if (name === "nested") return { ...own, aggs: { x: random.pick(nestedOnes)(random) } };
  if (random.chance(0.4)) return own;
  const aggs = Object.fromEntries(
    random.list(random.between(1, 2), () => newAggregation(random, depth - 1)).map((one, i) => [`sub${i}`, one]),
  );
  return { ...own, aggs };
}

/** Each kind alone, then with others below it. */
export function withAggregations(random: Random, count: number): Search[] {
  const all = [...Object.entries(metrics), ...Object.entries(buckets)];
  return Array.from({ length: count }, (_, i) => {
    const entry = i < all.length * 4 ? all[i % all.length] : undefined;
    const aggregation = entry === undefined ? newAggregation(random, 2) : oneOf(random, entry, i % 2 === 0);
    const hasQuery = random.chance(0.5) && entry?.[0] !== "percentile_ranks";
    return {
      body: { ...(hasQuery ? { query: newQuery(random, 1) } : {}), aggs: { a: aggregation } },
      from: 0,
      size: 0,
    };
  });
}

function oneOf(random: Random, entry: readonly [string, Make], isAlone: boolean): JSONObject {
  return isAlone || entry[0] in metrics ? entry[1](random) : withChildren(random, entry, 2);
}

/** Computed from other aggregations. */
export function withPipelines(random: Random, count: number): Search[] {
  const months = (inner: JSONObject): JSONObject => ({
    date_histogram: { field: "day", calendar_interval: "month" },
    aggs: { sum: { sum: { field: "s" } }, ...inner },
  });
  const kinds: readonly (() => JSONObject)[] = [
    () => ({
      months: months({}),
      best: {
        [random.pick(["max_bucket", "min_bucket", "avg_bucket", "sum_bucket", "stats_bucket"])]: {
          buckets_path: "months>sum",
        },
      },
    }),
    () => ({ months: months({ more: { [random.pick(["derivative", "cumulative_sum"])]: { buckets_path: "sum" } } }) }),
    () => ({
      k: {
        terms: { field: "k", size: 20 },
        aggs: { sum: { sum: { field: "by" } }, cut: { bucket_sort: { sort: [{ sum: { order: "desc" } }], size: 3 } } },
      },
    }),
    () => ({
      k: {
        terms: { field: "k", size: 20, order: { "sum.max": random.pick(["asc", "desc"]) } },
        aggs: { sum: { stats: { field: "by" } } },
      },
    }),
    () => ({
      k: {
        terms: { field: random.pick(["k", "tags"]), order: { avg: random.pick(["asc", "desc"]) } },
        aggs: { avg: { avg: { field: "hf" } } },
      },
    }),
  ];
  return random.list(count, () => ({
    body: { query: { terms: { k: random.some(keywords, 0.7) } }, aggs: random.pick(kinds)() },
    from: 0,
    size: 0,
  }));
}

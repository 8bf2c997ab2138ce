import type { JSONObject } from "../../../src/kernel/index.ts";
import { ips, tags } from "./collection.ts";
import { newQuery } from "./queries.ts";
import type { Random } from "./random.ts";
import type { Search } from "./searches.ts";

/** Every aggregation with all of its options, alone, in each other, and followed by pipelines. */

type Make = (random: Random) => JSONObject;

const wholeFields = ["i", "l", "s", "by", "s1", "o.i", "al"];
const fractionFields = ["f", "hf", "d", "sf"];
const numberFields = [...wholeFields, ...fractionFields];
const keywordFields = ["k", "kn", "kv", "tags", "t.raw", "o.k", "kl", "g1", "uid"];
const dateFields = ["at", "day", "stamp"];
const patterns = ["0.00", "#,##0.0", "000", "0.0#%", "$#.##", "0.###E0", "#,###;(#)", "'n' 0"];
const zones = ["+02:00", "Europe/Paris", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"];

const maybe = (random: Random, share: number, make: () => JSONObject): JSONObject =>
  random.chance(share) ? make() : {};

/** Not both: the reference reads what stands in for missing values by the pattern. */
const numberOptions = (random: Random): JSONObject =>
  random.pick<JSONObject>([
    {},
    {},
    { missing: random.pick<unknown>([-3, 7, 2.5, 100]) },
    { format: random.pick(patterns) },
  ]);
const dateOptions = (random: Random): JSONObject => ({
  ...maybe(random, 0.2, () => ({ missing: random.pick<unknown>([1_590_000_000_000, 1_600_000_000_000]) })),
  ...maybe(random, 0.25, () => ({ format: random.pick(["yyyy-MM-dd", "yyyy", "dd/MM/yyyy HH:mm", "epoch_millis"]) })),
});
const exactFields = numberFields.filter((field) => field !== "sf" && field !== "d");
const numeric = (random: Random): JSONObject =>
  random.chance(0.85)
    ? { field: random.pick(exactFields), ...numberOptions(random) }
    : random.chance(0.6)
      ? { field: random.pick(dateFields), ...dateOptions(random) }
      : random.chance(0.5)
        ? { field: "bool" }
        : { field: "nothing", ...maybe(random, 0.7, () => ({ missing: 5 })) };
const any = (random: Random): JSONObject =>
  random.pick<() => JSONObject>([
    () => ({ field: random.pick(numberFields), ...maybe(random, 0.3, () => ({ missing: 3 })) }),
    () => ({ field: random.pick(keywordFields), ...maybe(random, 0.3, () => ({ missing: "none" })) }),
    () => ({ field: random.pick(["at", "bool", "ip", "nothing"]) }),
  ])();

const singleMetrics: Readonly<Record<string, Make>> = {
  min: (random) => ({ min: numeric(random) }),
  max: (random) => ({ max: numeric(random) }),
  avg: (random) => ({ avg: numeric(random) }),
  sum: (random) => ({ sum: { field: random.pick(exactFields), ...numberOptions(random) } }),
  value_count: (random) => ({ value_count: any(random) }),
  cardinality: (random) => ({ cardinality: any(random) }),
  weighted_avg: (random) => ({
    weighted_avg: {
      value: { field: random.pick(["s1", "i", "sf", "f"]), ...maybe(random, 0.3, () => ({ missing: 2 })) },
      weight: { field: "s1", ...maybe(random, 0.3, () => ({ missing: 2 })) },
      ...maybe(random, 0.3, () => ({ format: "0.00" })),
    },
  }),
};

const metrics: Readonly<Record<string, Make>> = {
  ...singleMetrics,
  stats: (random) => ({ stats: { field: random.pick(exactFields), ...numberOptions(random) } }),
  extended_stats: (random) => ({
    extended_stats: {
      field: random.pick(numberFields.filter((field) => field !== "l" && field !== "d")),
      ...maybe(random, 0.2, () => ({ missing: 4 })),
      ...maybe(random, 0.2, () => ({ sigma: random.pick([0, 1, 3]) })),
    },
  }),
  percentiles: (random) => ({
    percentiles: {
      field: random.pick(["i", "by", "hf", "sf", "s1"]),
      ...maybe(random, 0.3, () => ({ percents: [0, 50, 99.9, 100] })),
      ...maybe(random, 0.3, () => ({ keyed: false })),
      ...maybe(random, 0.2, () => ({ tdigest: { compression: 200 } })),
      ...maybe(random, 0.2, () => ({ missing: 3 })),
    },
  }),
  hdr: (random) => ({
    percentiles: {
      field: random.pick(["hf", "sf", "s1"]),
      hdr: { number_of_significant_value_digits: 3 },
      ...maybe(random, 0.3, () => ({ keyed: false })),
    },
  }),
  top_hits: (random) => ({
    top_hits: {
      size: random.between(1, 3),
      sort: [{ uid: random.pick(["asc", "desc"]) }],
      _source: random.pick<unknown>([["uid"], false, { includes: ["k", "o.*"] }]),
      ...maybe(random, 0.3, () => ({ from: 1 })),
      ...maybe(random, 0.3, () => ({
        docvalue_fields: ["i", "k", "at", "bool", "ip", { field: "day", format: "yyyy" }],
      })),
      ...maybe(random, 0.2, () => ({ highlight: { fields: { t: {} } } })),
    },
  }),
};

/** The reference estimates these from few numbers otherwise than we do, or fails on empty buckets. */
const topOnly: Readonly<Record<string, Make>> = {
  hdr_ranks: (random) => ({
    percentile_ranks: { field: random.pick(["sf", "s1"]), values: [3, 10, 20], hdr: {}, keyed: random.chance(0.5) },
  }),
  percentile_ranks: () => ({ percentile_ranks: { field: "i", values: [-30, 0, 30] } }),
  geo_bounds: (random) => ({
    geo_bounds: {
      field: "g",
      ...maybe(random, 0.3, () => ({ wrap_longitude: false })),
      ...maybe(random, 0.3, () => ({ missing: "10,20" })),
    },
  }),
  geo_centroid: (random) => ({ geo_centroid: { field: "g", ...maybe(random, 0.3, () => ({ missing: "10,20" })) } }),
  median_absolute_deviation: (random) => ({
    median_absolute_deviation: {
      field: random.pick(["i", "by", "s1", "sf"]),
      ...maybe(random, 0.3, () => ({ missing: 3 })),
    },
  }),
};

const orders = (random: Random): JSONObject =>
  maybe(random, 0.4, () => ({
    order: random.pick<unknown>([
      { _key: "asc" },
      { _key: "desc" },
      { _count: "asc" },
      [{ _count: "desc" }, { _key: "desc" }],
    ]),
  }));

const termFilters: readonly JSONObject[] = [
  { include: "a.*" },
  { exclude: ".*e.*" },
  { include: ["red", "amber", "tag1", "a"] },
  { exclude: ["red", "tag2"] },
  { include: { partition: 0, num_partitions: 3 } },
  { include: { partition: 1, num_partitions: 2 } },
];
const numberFilters: readonly JSONObject[] = [
  { include: [1, 2, 3, -5] },
  { exclude: [0, 1, 2] },
  { include: { partition: 1, num_partitions: 3 } },
];

const terms: Make = (random) => {
  const field = random.pick([...keywordFields, ...wholeFields, ...fractionFields, "bool", "ip", "at", "day"]);
  const isKeyword = keywordFields.includes(field);
  const isWhole = wholeFields.includes(field);
  return {
    terms: {
      field,
      ...random.pick<JSONObject>([{ size: 3 }, {}, { size: 100 }, { size: 1 }]),
      ...orders(random),
      ...(isKeyword ? maybe(random, 0.2, () => ({ missing: "N/A" })) : {}),
      ...(isKeyword ? maybe(random, 0.3, () => random.pick(termFilters)) : {}),
      ...(isWhole
        ? random.pick<JSONObject>([{}, random.pick(numberFilters), { missing: 3 }, { format: random.pick(patterns) }])
        : {}),
      ...(field === "at" || field === "day" ? dateOptions(random) : {}),
      ...maybe(random, 0.2, () => ({ show_term_doc_count_error: true })),
      ...maybe(random, 0.1, () => ({ collect_mode: random.pick(["breadth_first", "depth_first"]) })),
      ...maybe(random, 0.1, () => ({ execution_hint: "map" })),
    },
  };
};

/** Of equal scores the reference takes any first, so one value at a time is looked at. */
const significantField: Make = (random) =>
  random.pick<JSONObject>([
    { field: "tags", include: [random.pick(tags)] },
    { field: random.pick(["k", "g1", "kv"]), include: [random.pick(["red", "amber", "a", "NONE", "b"])] },
    { field: "tags", exclude: `tag[0-9]|tag1[1-3]` },
    { field: "s1", include: [random.below(9)] },
    { field: "ip", include: [random.pick(ips)] },
  ]);

const dateHistogram: Make = (random) => ({
  date_histogram: {
    field: random.pick(dateFields),
    ...random.pick<JSONObject>([
      { calendar_interval: "month" },
      { calendar_interval: "year" },
      { calendar_interval: "1q" },
      { calendar_interval: "week" },
      { fixed_interval: "30d" },
      { fixed_interval: "1000h" },
      { interval: "month" },
      { interval: "60d" },
    ]),
    ...maybe(random, 0.4, () => ({ time_zone: random.pick(zones) })),
    ...maybe(random, 0.2, () => ({ offset: random.pick<unknown>(["+1d", "-6h", "+30m", 3_600_000]) })),
    ...maybe(random, 0.3, () => ({ min_doc_count: random.between(0, 3) })),
    ...maybe(random, 0.2, () => ({ keyed: true })),
    ...maybe(random, 0.2, () => ({ format: random.pick(["yyyy-MM-dd", "yyyy-MM", "dd/MM/yyyy HH:mm XXX"]) })),
    ...maybe(random, 0.2, () => ({ missing: 1_590_000_000_000 })),
    ...orders(random),
  },
});

const buckets: Readonly<Record<string, Make>> = {
  terms,
  terms_of_all: (random) => ({
    terms: {
      field: random.pick(["k", "tags", "g1", "s1", "ip"]),
      min_doc_count: 0,
      size: random.pick([5, 100]),
      ...orders(random),
    },
  }),
  rare_terms: (random) => ({
    rare_terms: {
      field: random.pick([...keywordFields, "s1", "ip"]),
      max_doc_count: random.pick([1, 3, 15]),
      ...maybe(random, 0.2, () => ({ precision: 0.01 })),
    },
  }),
  significant_terms: (random) => ({
    significant_terms: {
      ...significantField(random),
      ...maybe(random, 0.7, () => ({ min_doc_count: random.pick([1, 2]) })),
      ...random.pick<JSONObject>([
        {},
        { jlh: {} },
        { mutual_information: {} },
        { mutual_information: { include_negatives: true } },
        { chi_square: {} },
        { chi_square: { include_negatives: true } },
        { gnd: {} },
        { percentage: {} },
      ]),
    },
  }),
  significant_background: (random) => ({
    significant_terms: {
      ...significantField(random),
      min_doc_count: 1,
      background_filter: random.pick<JSONObject>([{ exists: { field: "tags" } }, { exists: { field: "k" } }]),
      ...random.pick<JSONObject>([{}, { percentage: {} }, { chi_square: { background_is_superset: false } }]),
    },
  }),
  histogram: (random) => ({
    histogram: {
      field: random.pick(["i", "f", "hf", "by", "sf", "s", "s1"]),
      interval: random.pick([5, 10, 2.5]),
      ...maybe(random, 0.3, () => ({ offset: random.pick([2, -1.5, 12]) })),
      ...maybe(random, 0.3, () => ({ min_doc_count: random.pick([1, 2]) })),
      ...random.pick<JSONObject>([
        {},
        { extended_bounds: { min: -80, max: 120 } },
        { extended_bounds: { min: 5 } },
        { hard_bounds: { min: -5, max: 20 } },
        { hard_bounds: { max: 20 } },
        { hard_bounds: { min: 0, max: 30 }, extended_bounds: { min: 5, max: 30 } },
      ]),
      ...maybe(random, 0.2, () => ({ keyed: true })),
      ...numberOptions(random),
      ...orders(random),
    },
  }),
  date_histogram: dateHistogram,
  date_bounds: (random) => ({
    date_histogram: {
      field: "at",
      ...random.pick<JSONObject>([
        { calendar_interval: "month" },
        { fixed_interval: "45d" },
        { calendar_interval: "quarter" },
      ]),
      ...maybe(random, 0.4, () => ({ time_zone: random.pick(zones) })),
      ...random.pick<JSONObject>([
        { extended_bounds: { min: "2018-06-01", max: "2022-03-01" } },
        { hard_bounds: { min: "2019-06-01", max: "2020-09-01" } },
        { hard_bounds: { min: "2020-02", max: "2021" }, extended_bounds: { min: "2020-03", max: "2020-06" } },
        { extended_bounds: { min: 1_500_000_000_000, max: 1_550_000_000_000 } },
      ]),
    },
  }),
  auto_date_histogram: (random) => ({
    auto_date_histogram: {
      field: random.pick(dateFields),
      buckets: random.pick([2, 3, 5, 10, 20, 50, 400]),
      ...maybe(random, 0.3, () => ({ time_zone: random.pick(zones) })),
      ...maybe(random, 0.3, () => ({ format: "yyyy-MM-dd HH:mm" })),
      ...maybe(random, 0.3, () => ({ minimum_interval: random.pick(["minute", "hour", "day", "month"]) })),
    },
  }),
  range: (random) => ({
    range: {
      field: random.pick(numberFields),
      ranges: [{ to: 0 }, { from: 0, to: 10.5 }, { from: 5 }, { key: "named", from: -3, to: 3 }, { from: "70" }, {}],
      ...maybe(random, 0.2, () => ({ keyed: true })),
      ...maybe(random, 0.2, () => ({ missing: -1 })),
    },
  }),
  formatted_range: (random) => ({
    range: {
      field: random.pick(numberFields),
      ranges: [{ to: 0 }, { from: 0, to: 10.5 }],
      format: random.pick(patterns),
    },
  }),
  date_range: (random) => ({
    date_range: {
      field: "at",
      ranges: random.pick<JSONObject[]>([
        [{ to: "2020-01-01" }, { from: "2020-01-01", to: "2020-07-01||+1M/M" }, { from: "2020-06" }],
        [{ from: "now-10y/y" }, { key: "old", to: "2019-06-01" }],
      ]),
      ...maybe(random, 0.3, () => ({ time_zone: random.pick(zones) })),
      ...maybe(random, 0.3, () => ({ keyed: true })),
      ...maybe(random, 0.2, () => ({ missing: "2020-01-05" })),
    },
  }),
  ip_range: (random) => ({
    ip_range: {
      field: "ip",
      ranges: random.pick<JSONObject[]>([
        [{ to: "10.0.0.5" }, { from: "10.0.0.5" }, { mask: "10.0.0.0/25" }, { mask: "2001:db8::/32", key: "six" }],
        [{ mask: "0.0.0.0/0" }, { mask: "::/0" }, { from: "10.0.0.2", to: "192.168.1.2" }],
      ]),
      ...maybe(random, 0.3, () => ({ keyed: true })),
      ...maybe(random, 0.2, () => ({ missing: "10.0.0.3" })),
    },
  }),
  filter: (random) => ({ filter: newQuery(random, 1) }),
  filters: (random) => ({
    filters: {
      filters: random.chance(0.5)
        ? { red: { term: { k: "red" } }, any: newQuery(random, 0) }
        : [{ match: { t: "oak" } }, newQuery(random, 0)],
      ...random.pick<JSONObject>([
        {},
        { other_bucket: true },
        { other_bucket_key: "rest" },
        { other_bucket: false, other_bucket_key: "x" },
      ]),
    },
  }),
  adjacency_matrix: (random) => ({
    adjacency_matrix: {
      filters: {
        b: { term: { bool: true } },
        a: newQuery(random, 0),
        c: { exists: { field: "k" } },
        "a b": { match: { t: "oak" } },
      },
      ...maybe(random, 0.3, () => ({ separator: "|" })),
    },
  }),
  missing: (random) => ({ missing: { field: random.pick([...numberFields, ...keywordFields, "at", "g", "nothing"]) } }),
  geohash_grid: (random) => ({
    geohash_grid: {
      field: "g",
      precision: random.pick<unknown>([1, 3, 5, "6", "10km", "200km"]),
      ...maybe(random, 0.5, () => ({ size: 8 })),
      ...maybe(random, 0.3, () => ({ bounds: { top_left: "45,2", bottom_right: "42,5" } })),
    },
  }),
  geotile_grid: (random) => ({
    geotile_grid: { field: "g", precision: random.between(0, 12), ...maybe(random, 0.5, () => ({ size: 20 })) },
  }),
  geo_distance: (random) => ({
    geo_distance: {
      field: "g",
      origin: random.pick<unknown>(["43.6,3.88", { lat: 43.6, lon: 3.88 }, [3.88, 43.6]]),
      unit: random.pick(["km", "mi"]),
      ranges: [{ to: 30 }, { from: 30, to: 100 }, { from: 100, key: "far" }],
      ...maybe(random, 0.3, () => ({ keyed: true })),
    },
  }),
  sampler: (random) => ({ sampler: { shard_size: random.pick([3, 20, 100]) } }),
  diversified_sampler: (random) => ({
    diversified_sampler: {
      field: random.pick(["s1", "g1"]),
      shard_size: random.pick([5, 20]),
      ...maybe(random, 0.4, () => ({ max_docs_per_value: 3 })),
    },
  }),
  nested: () => ({ nested: { path: "n" } }),
};

const compositeSources: readonly ((random: Random) => JSONObject)[] = [
  (random) => ({ terms: { field: random.pick(["k", "tags", "ip", "bool", "s1", "i", "sf", "at", "g1"]) } }),
  (random) => ({ histogram: { field: random.pick(["i", "sf", "s1"]), interval: random.pick([2.5, 10]) } }),
  (random) => ({
    date_histogram: {
      field: random.pick(dateFields),
      ...random.pick<JSONObject>([{ calendar_interval: "month" }, { fixed_interval: "90d" }, { interval: "1y" }]),
      ...maybe(random, 0.4, () => ({ format: "yyyy-MM-dd" })),
      ...maybe(random, 0.4, () => ({ time_zone: random.pick(zones) })),
      ...maybe(random, 0.2, () => ({ offset: "+3d" })),
    },
  }),
  (random) => ({ geotile_grid: { field: "g", precision: random.between(2, 8) } }),
];

function composite(random: Random): JSONObject {
  const sources = random
    .list(random.between(1, 3), () => random.pick(compositeSources)(random))
    .map((source, i) => {
      const [type = "", options] = Object.entries(source)[0] ?? [];
      const more = {
        ...maybe(random, 0.4, () => ({ order: random.pick(["asc", "desc"]) })),
        ...maybe(random, 0.3, () => ({ missing_bucket: true })),
      };
      return { [`s${i}`]: { [type]: { ...(options as JSONObject), ...more } } };
    });
  return { composite: { size: random.pick([3, 10, 50]), sources } };
}

const nestedOnes: readonly Make[] = [
  () => ({
    terms: { field: "n.k" },
    aggs: { i: { stats: { field: "n.i" } }, back: { reverse_nested: {}, aggs: { s: { sum: { field: "s" } } } } },
  }),
  () => ({ histogram: { field: "n.i", interval: 5 }, aggs: { d: { derivative: { buckets_path: "_count" } } } }),
  () => ({ significant_terms: { field: "n.k", min_doc_count: 1, include: ["red"] } }),
  () => ({ rare_terms: { field: "n.k", max_doc_count: 30 } }),
  () => ({ auto_date_histogram: { field: "n.at", buckets: 6 }, aggs: { i: { avg: { field: "n.i" } } } }),
  () => ({
    top_hits: { size: 2, sort: [{ "n.i": "desc" }], _source: ["n.k"], docvalue_fields: ["n.i"] },
  }),
  () => ({
    nested: { path: "n.m" },
    aggs: {
      k: {
        terms: { field: "n.m.k" },
        aggs: { up: { reverse_nested: { path: "n" }, aggs: { i: { max: { field: "n.i" } } } } },
      },
    },
  }),
  () => ({
    filter: { range: { "n.i": { gte: 5 } } },
    aggs: { k: { terms: { field: "n.k", order: { i: "desc" } }, aggs: { i: { sum: { field: "n.i" } } } } },
  }),
];

/** The reference fails on matrices in each other, and loses count below others of what waits for the last document. */
const anywhere = Object.entries(buckets).filter(([name]) => name !== "adjacency_matrix" && name !== "rare_terms");
const belowComposite = anywhere.filter(([name]) => !name.endsWith("sampler"));

function newAggregation(random: Random, depth: number, among = anywhere): JSONObject {
  if (depth === 0 || random.chance(0.3)) return random.pick(Object.values(metrics))(random);
  return withChildren(random, random.pick(among), depth);
}

function withChildren(random: Random, [name, make]: readonly [string, Make], depth: number): JSONObject {
  const own = make(random);
  if (name === "nested") return { ...own, aggs: { x: random.pick(nestedOnes)(random) } };
  if (!name.endsWith("sampler") && random.chance(0.35)) return own;
  const aggs = Object.fromEntries(
    random
      .list(random.between(1, 2), () => newAggregation(random, name === "auto_date_histogram" ? 0 : depth - 1))
      .map((one, i) => [`sub${i}`, one]),
  );
  return { ...own, aggs };
}

const search = (body: JSONObject): Search => ({ body, from: 0, size: 0 });
const query = (random: Random, share: number): JSONObject =>
  maybe(random, share, () => ({ query: newQuery(random, 1) }));

/** Each kind in turn, alone and with others in it; scores decide what samplers take, so these have no query by scores that are equal. */
export function everyAggregation(random: Random, count: number): Search[] {
  const all = [...Object.entries(metrics), ...Object.entries(topOnly), ...Object.entries(buckets)];
  return Array.from({ length: count }, (_, i) => {
    const entry = all[i % all.length] as readonly [string, Make]; // below the length
    const isMetric = entry[0] in metrics || entry[0] in topOnly;
    const isAlone = isMetric || (!entry[0].endsWith("sampler") && random.chance(0.3));
    const a = isAlone ? entry[1](random) : withChildren(random, entry, 2);
    return search({ ...query(random, entry[0] in topOnly ? 0 : 0.5), aggs: { a } });
  });
}

export function everyComposite(random: Random, count: number): Search[] {
  return random.list(count, () =>
    search({
      ...query(random, 0.3),
      aggs: {
        a: {
          ...composite(random),
          ...maybe(random, 0.4, () => ({ aggs: { x: newAggregation(random, 1, belowComposite) } })),
        },
      },
    }),
  );
}

const orderMetrics: readonly (readonly [string, JSONObject])[] = [
  ["x", { max: { field: "i" } }],
  ["x", { min: { field: "sf" } }],
  ["x.value", { avg: { field: "f" } }],
  ["x.max", { stats: { field: "i" } }],
  ["x.std_deviation", { extended_stats: { field: "i" } }],
  ["x.std_upper", { extended_stats: { field: "i" } }],
  ["x", { cardinality: { field: "tags" } }],
  ["x", { value_count: { field: "k" } }],
  ["x[count]", { stats: { field: "i" } }],
  ["x", { filter: { range: { i: { gt: 0 } } } }],
  ["x.doc_count", { missing: { field: "i" } }],
  ["x>y", { filter: { range: { i: { gt: 0 } } }, aggs: { y: { sum: { field: "i" } } } }],
  ["x>y.max", { filter: { term: { bool: true } }, aggs: { y: { stats: { field: "i" } } } }],
  ["x>y", { nested: { path: "n" }, aggs: { y: { sum: { field: "n.i" } } } }],
];

/** Buckets ordered by what lies in them. */
export function everyOrder(random: Random, count: number): Search[] {
  return random.list(count, () => {
    const [path, x] = random.pick(orderMetrics);
    const order = { [path]: random.pick(["asc", "desc"]) };
    const list = random.chance(0.5) ? order : [order, { _key: random.pick(["asc", "desc"]) }];
    const own = random.pick<JSONObject>([
      { terms: { field: random.pick(["k", "tags", "s1", "bool", "g1"]), size: random.pick([3, 100]), order: list } },
      { histogram: { field: "i", interval: 10, order: list } },
      { date_histogram: { field: "at", calendar_interval: "quarter", order: list } },
    ]);
    return search({ ...query(random, 0.4), aggs: { a: { ...own, aggs: { x } } } });
  });
}

const seriesMetrics: readonly (readonly [string, JSONObject])[] = [
  ["m", { sum: { field: "i" } }],
  ["m", { avg: { field: "s1" } }],
  ["m.max", { stats: { field: "i" } }],
  ["m.std_deviation", { extended_stats: { field: "i" } }],
  ["m>y", { filter: { term: { bool: true } }, aggs: { y: { max: { field: "i" } } } }],
  ["m>_count", { filter: { term: { bool: true } } }],
  ["m._bucket_count", { terms: { field: "k", size: 100 } }],
  ["m['true']>y", { terms: { field: "bool" }, aggs: { y: { sum: { field: "i" } } } }],
  ["_count", { sum: { field: "i" } }],
];

const functions = [
  "MovingFunctions.max(values)",
  "MovingFunctions.min(values)",
  "MovingFunctions.sum(values)",
  "MovingFunctions.unweightedAvg(values)",
  "MovingFunctions.linearWeightedAvg(values)",
  "MovingFunctions.stdDev(values, MovingFunctions.unweightedAvg(values))",
  "MovingFunctions.ewma(values, 0.3)",
  "MovingFunctions.holt(values, 0.3, 0.1)",
];

function seriesPipeline(random: Random, path: string): JSONObject {
  const shared = {
    buckets_path: path,
    ...maybe(random, 0.4, () => ({ gap_policy: random.pick(["skip", "insert_zeros"]) })),
    ...maybe(random, 0.3, () => ({ format: random.pick(["0.00", "#,##0.0"]) })),
  };
  return random.pick<() => JSONObject>([
    () => ({ derivative: { ...shared, ...maybe(random, 0.3, () => ({ unit: random.pick(["day", "1h", "week"]) })) } }),
    () => ({ cumulative_sum: { buckets_path: path, ...maybe(random, 0.3, () => ({ format: "0.0" })) } }),
    () => ({ serial_diff: { ...shared, lag: random.pick([1, 2, 5]) } }),
    () => ({
      moving_fn: {
        ...shared,
        window: random.pick([1, 3, 6]),
        script: random.pick(functions),
        ...maybe(random, 0.3, () => ({ shift: random.pick([1, 2, -1]) })),
      },
    }),
    () => ({
      moving_avg: {
        ...shared,
        window: random.pick([2, 5]),
        ...random.pick<JSONObject>([
          {},
          { model: "linear" },
          { model: "ewma", settings: { alpha: 0.4 } },
          { model: "holt", settings: { alpha: 0.4, beta: 0.2 } },
        ]),
      },
    }),
  ])();
}

function seriesAggregation(random: Random): JSONObject {
  return random.pick<JSONObject>([
    { histogram: { field: random.pick(["i", "by"]), interval: random.pick([5, 20]) } },
    { date_histogram: { field: random.pick(["at", "day"]), calendar_interval: "month" } },
    { date_histogram: { field: "at", fixed_interval: "10d" } },
    { auto_date_histogram: { field: "at", buckets: 20 } },
  ]);
}

/** Pipelines from one bucket to the next, and from these on. */
export function everySeries(random: Random, count: number): Search[] {
  return random.list(count, () => {
    const [path, m] = random.pick(seriesMetrics);
    const aggs = {
      m,
      p: seriesPipeline(random, path),
      ...maybe(random, 0.3, () => ({ q: seriesPipeline(random, random.pick(["p", path])) })),
      ...maybe(random, 0.15, () => ({ cut: { bucket_sort: { from: 1, size: 3 } } })),
    };
    return search({ ...query(random, 0.4), aggs: { a: { ...seriesAggregation(random), aggs } } });
  });
}

/** Pipelines over the buckets of a sibling, at the top and inside. */
export function everySibling(random: Random, count: number): Search[] {
  return random.list(count, () => {
    const [path, m] = random.pick(seriesMetrics.filter(([one]) => !one.startsWith("m['")));
    const type = random.pick([
      "avg_bucket",
      "sum_bucket",
      "min_bucket",
      "max_bucket",
      "stats_bucket",
      "extended_stats_bucket",
      "percentiles_bucket",
    ]);
    const options = {
      buckets_path: `a>${path}`,
      ...maybe(random, 0.4, () => ({ gap_policy: random.pick(["skip", "insert_zeros"]) })),
      ...maybe(random, 0.3, () => ({ format: "0.0" })),
      ...(type === "percentiles_bucket"
        ? maybe(random, 0.5, () => ({ percents: [10, 33.3, 90], keyed: random.chance(0.5) }))
        : {}),
      ...(type === "extended_stats_bucket" ? maybe(random, 0.5, () => ({ sigma: 1 })) : {}),
    };
    const inner = random.chance(0.5)
      ? seriesAggregation(random)
      : random.pick<JSONObject>([
          { terms: { field: random.pick(["k", "s1", "tags", "bool", "d"]), size: 20 } },
          { range: { field: "i", ranges: [{ to: 0 }, { from: 0 }] } },
          { filters: { filters: { x: { term: { bool: true } }, y: { match_all: {} } } } },
        ]);
    const both = { a: { ...inner, aggs: { m } }, b: { [type]: options } };
    const outer = { terms: { field: random.pick(["g1", "s1"]), size: 4 } };
    return search({ ...query(random, 0.4), aggs: random.chance(0.7) ? both : { o: { ...outer, aggs: both } } });
  });
}

/** Buckets sorted and cut afterwards; the key decides between equals. */
export function everyBucketSort(random: Random, count: number): Search[] {
  return random.list(count, () => {
    const [path, m] = random.pick(seriesMetrics.filter(([one]) => one.startsWith("m") && !one.includes("[")));
    const bucketSort = {
      sort: [{ [path]: { order: random.pick(["asc", "desc"]) } }, { _key: random.pick(["asc", "desc"]) }],
      ...maybe(random, 0.4, () => ({ from: random.between(0, 2) })),
      ...maybe(random, 0.6, () => ({ size: random.between(1, 5) })),
      ...maybe(random, 0.4, () => ({ gap_policy: random.pick(["skip", "insert_zeros"]) })),
    };
    const own = random.pick<JSONObject>([
      { terms: { field: random.pick(["k", "s1", "tags"]), size: 50 } },
      { histogram: { field: "i", interval: 10 } },
      { date_histogram: { field: "day", calendar_interval: "month" } },
    ]);
    return search({ ...query(random, 0.4), aggs: { a: { ...own, aggs: { m, s: { bucket_sort: bucketSort } } } } });
  });
}

import type { JSONObject } from "../../../src/kernel/index.ts";
import { ips, tags } from "./collection.ts";
import {
  dateFields,
  dateOptions,
  fractionFields,
  keywordFields,
  type Make,
  maybe,
  numberFields,
  numberOptions,
  patterns,
  wholeFields,
  zones,
} from "./more-metrics.ts";
import { newQuery } from "./queries.ts";
import type { Random } from "./random.ts";

/** Aggregations of buckets with all of their options. */

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
      ...(field === "at" || field === "day" ? dateOptions(random, field) : {}),
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
    ...random.pick<JSONObject>([
      ...dateFields.map((field) => ({ field })),
      { field: "at", missing: 1_590_000_000_000 },
    ]),
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
    ...orders(random),
  },
});

export const buckets: Readonly<Record<string, Make>> = {
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

export function composite(random: Random): JSONObject {
  const sources = random
    .list(random.between(1, 3), () => random.pick(compositeSources)(random))
    .map((source, i) => {
      const [type = "", options] = Object.entries(source)[0] ?? [];
      const more = {
        ...maybe(random, 0.4, () => ({ order: random.pick(["asc", "desc"]) })),
        ...maybe(random, 0.3, () => ({ missing_bucket: true })),
      };
      // In the order of its points, the reference counts a document once that has several dates of one bucket.
      const other = i === 0 && type === "date_histogram" ? { missing_bucket: true } : {};
      return { [`s${i}`]: { [type]: { ...(options as JSONObject), ...more, ...other } } };
    });
  return { composite: { size: random.pick([3, 10, 50]), sources } };
}

import type { JSONObject } from "../../../src/kernel/index.ts";
import { newQuery } from "./queries.ts";
import type { Random } from "./random.ts";
import type { Search } from "./searches.ts";

/** Metrics with all of their options, and what all generators of aggregations share. */

export type Make = (random: Random) => JSONObject;

export const wholeFields = ["i", "l", "s", "by", "s1", "o.i", "al"];
export const fractionFields = ["f", "hf", "d", "sf"];
export const numberFields = [...wholeFields, ...fractionFields];
export const keywordFields = ["k", "kn", "kv", "tags", "t.raw", "o.k", "kl", "g1", "uid"];
export const dateFields = ["at", "day", "stamp"];
export const patterns = ["0.00", "#,##0.0", "000", "0.0#%", "$#.##", "0.###E0", "#,###;(#)", "'n' 0"];
export const zones = ["+02:00", "Europe/Paris", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"];

export const maybe = (random: Random, share: number, make: () => JSONObject): JSONObject =>
  random.chance(share) ? make() : {};

/** Not both: the reference reads what stands in for missing values by the pattern. */
export const numberOptions = (random: Random): JSONObject =>
  random.pick<JSONObject>([
    {},
    {},
    { missing: random.pick<unknown>([-3, 7, 2.5, 100]) },
    { format: random.pick(patterns) },
  ]);
/** Numbers are seconds where the format of a field says so, and then lie too far away. */
export const dateOptions = (random: Random, field: string): JSONObject => ({
  ...(field === "at"
    ? maybe(random, 0.2, () => ({ missing: random.pick([1_590_000_000_000, 1_600_000_000_000]) }))
    : {}),
  ...maybe(random, 0.25, () => ({ format: random.pick(["yyyy-MM-dd", "yyyy", "dd/MM/yyyy HH:mm", "epoch_millis"]) })),
});
const dated = (random: Random, field: string): JSONObject => ({ field, ...dateOptions(random, field) });
const exactFields = numberFields.filter((field) => field !== "sf" && field !== "d");
const numeric = (random: Random): JSONObject =>
  random.chance(0.85)
    ? { field: random.pick(exactFields), ...numberOptions(random) }
    : random.chance(0.6)
      ? dated(random, random.pick(dateFields))
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

export const metrics: Readonly<Record<string, Make>> = {
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
export const topOnly: Readonly<Record<string, Make>> = {
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

export const search = (body: JSONObject): Search => ({ body, from: 0, size: 0 });
export const query = (random: Random, share: number): JSONObject =>
  maybe(random, share, () => ({ query: newQuery(random, 1) }));

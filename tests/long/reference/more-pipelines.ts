import type { JSONObject } from "../../../src/kernel/index.ts";
import { maybe, query, search } from "./more-metrics.ts";
import type { Random } from "./random.ts";
import type { Search } from "./searches.ts";

/** Aggregations computed from others. */

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

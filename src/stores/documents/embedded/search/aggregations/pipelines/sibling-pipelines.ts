import { isPlainObject, type JSONObject } from "../../../../../../kernel/index.ts";
import { flagOf, malformed, numberOf, onlyKnown } from "../../query/parameters.ts";
import type { SubAggregations } from "../aggregator.ts";
import { printDouble } from "../number-pattern.ts";
import { spreadOf } from "../spread.ts";
import { single, statsOf } from "../stats.ts";
import { isPrinted, type ValueFormat } from "../value-format.ts";
import type { BucketPath } from "./bucket-path.ts";
import { type PipelineFactory, type PipelineTable, pathOf, patternOf } from "./pipeline.ts";

interface Entry {
  readonly key: string;
  readonly value: number;
}

/** The numbers at a path through the buckets of a sibling: `months>sales`. Buckets without one are left out. */
function siblingValues(siblings: JSONObject, subs: SubAggregations, path: BucketPath): Entry[] {
  const name = path.heads.find((head) => Object.hasOwn(siblings, head)) ?? "";
  const sibling = siblings[name];
  const buckets = isPlainObject(sibling) ? sibling.buckets : undefined;
  const inner = path.behind(name);
  const aggregator = subs.aggregators.find(([own]) => own === name)?.[1];
  const list: readonly (readonly [unknown, unknown])[] = Array.isArray(buckets)
    ? buckets.map((bucket, i) => [isPlainObject(bucket) ? keyOf(bucket, i) : undefined, bucket])
    : Object.entries(isPlainObject(buckets) ? buckets : {});
  return list.flatMap(([keyed, bucket]) => {
    if (!isPlainObject(bucket)) return [];
    const value = inner.valueIn(bucket);
    if (Number.isNaN(value)) return [];
    return [{ key: typeof keyed === "number" ? (aggregator?.keyText(keyed) ?? String(keyed)) : String(keyed), value }];
  });
}

/** Filters without names are counted; the keys of a composite are written one after the other. */
function keyOf(bucket: JSONObject, position: number): unknown {
  const key = bucket.key_as_string ?? bucket.key;
  if (key === undefined) return String(position);
  if (!isPlainObject(key)) return key;
  return `{${Object.entries(key)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(", ")}}`;
}

type Compute = (entries: readonly Entry[], format: ValueFormat, options: JSONObject, place: string) => JSONObject;

const sibling =
  (compute: Compute, more: readonly string[] = []): PipelineFactory =>
  (name, options, type) => {
    onlyKnown(options, ["buckets_path", "gap_policy", "format", ...more], type);
    const path = pathOf(options, type);
    const format = patternOf(options, type);
    compute([], format, options, type);
    return {
      name,
      type,
      paths: [path],
      fromSiblings: (siblings, subs) => compute(siblingValues(siblings, subs, path), format, options, type),
    };
  };

const total = (entries: readonly Entry[]): number => entries.reduce((sum, { value }) => sum + value, 0);
const average = (entries: readonly Entry[]): number | null =>
  entries.length === 0 ? null : total(entries) / entries.length;

function extreme(entries: readonly Entry[], sign: number): number | null {
  let best: number | null = null;
  for (const { value } of entries) if (best === null || sign * value > sign * best) best = value;
  return best;
}

const withKeys =
  (sign: number): Compute =>
  (entries, format) => {
    const best = extreme(entries, sign);
    return { ...single(best, format), keys: entries.filter(({ value }) => value === best).map(({ key }) => key) };
  };

const stats = (entries: readonly Entry[], format: ValueFormat): JSONObject =>
  statsOf(
    {
      count: entries.length,
      min: extreme(entries, -1),
      max: extreme(entries, 1),
      avg: average(entries),
      sum: total(entries),
    },
    format,
  );

const extendedStats: Compute = (entries, format, options, place) => {
  const sigma = numberOf(options.sigma, 2, `${place}.sigma`);
  if (sigma < 0) throw malformed(`[${place}.sigma] must not be negative.`);
  const squares = entries.reduce((sum, { value }) => sum + value * value, 0);
  return {
    ...stats(entries, format),
    ...spreadOf({ count: entries.length, sum: total(entries), squares }, sigma, format),
  };
};

const percentiles: Compute = (entries, format, options, place) => {
  const { percents = [1, 5, 25, 50, 75, 95, 99] } = options;
  if (!Array.isArray(percents) || percents.length > 1000) throw malformed(`[${place}.percents] must be a list.`);
  const wanted = percents.map((one) => numberOf(one, 0, `${place}.percents`));
  if (wanted.some((one) => one < 0 || one > 100)) throw malformed(`[${place}.percents] must lie between 0 and 100.`);
  const sorted = entries.map(({ value }) => value).sort((a, b) => a - b);
  const values = wanted.map((percent) => {
    const value = sorted[Math.round((percent / 100) * (sorted.length - 1))] ?? null;
    const text =
      value === null || !isPrinted(format) ? [] : [[`${printDouble(percent)}_as_string`, format.print(value)]];
    return { percent, value, text };
  });
  if (!flagOf(options.keyed, true, `${place}.keyed`))
    return { values: values.map(({ percent, value, text }) => ({ key: percent, value, ...Object.fromEntries(text) })) };
  return {
    values: Object.fromEntries(values.flatMap(({ percent, value, text }) => [[printDouble(percent), value], ...text])),
  };
};

/** Computed from the buckets of an aggregation that stands beside it. */
export const siblingPipelines: PipelineTable = {
  avg_bucket: sibling((entries, format) => single(average(entries), format)),
  sum_bucket: sibling((entries, format) => single(total(entries), format)),
  min_bucket: sibling(withKeys(-1)),
  max_bucket: sibling(withKeys(1)),
  stats_bucket: sibling(stats),
  extended_stats_bucket: sibling(extendedStats, ["sigma"]),
  percentiles_bucket: sibling(percentiles, ["percents", "keyed"]),
};

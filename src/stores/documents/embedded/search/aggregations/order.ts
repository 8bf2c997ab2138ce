import { isPlainObject } from "../../../../../kernel/index.ts";
import { malformed, textOf } from "../query/parameters.ts";
import { compareText } from "../segment/compare-text.ts";
import type { Aggregator, SubAggregations } from "./aggregator.ts";
import type { Buckets } from "./buckets.ts";
import { MetricAggregator } from "./metric-aggregator.ts";

export interface Order {
  /** `_key`, `_count`, or the path of a metric: `average`, `statistics.max`, `filtered>average`. */
  readonly path: string;
  readonly descending: boolean;
}

/** `{_count: "desc"}` or a list of such. */
export function parseOrder(value: unknown, place: string, byDefault: Order): Order[] {
  if (value === undefined) return [byDefault];
  const orders: Order[] = [];
  for (const entry of Array.isArray(value) ? value : [value]) {
    if (!isPlainObject(entry)) throw malformed(`[${place}.order] must be an object.`);
    const [[path, direction] = [], ...others] = Object.entries(entry);
    if (path === undefined || others.length > 0)
      throw malformed(`[${place}.order] takes one key and direction in each object; use a list for several.`);
    const wanted = textOf(direction, `${place}.order.${path}`).toLowerCase();
    if (wanted !== "asc" && wanted !== "desc") throw malformed(`[${place}.order.${path}] must be "asc" or "desc".`);
    orders.push({ path: path === "_term" || path === "_time" ? "_key" : path, descending: wanted === "desc" });
  }
  return orders;
}

/** The number that one bucket is ordered by. */
export type BucketMetric = (bucket: number) => number;

/** An aggregation that has exactly one bucket in each bucket above, with the same number. */
export interface SingleBucket extends Aggregator {
  readonly isSingle: true;
  readonly subs: SubAggregations;
  count(bucket: number): number;
}

export const isSingleBucket = (aggregator: Aggregator): aggregator is SingleBucket =>
  "isSingle" in aggregator && aggregator.isSingle === true;

/**
 * Finds the metric of a path such as `filtered>statistics.max` among sub-aggregations.
 * Errors (400): nothing of that name, or something that is no one number.
 */
export function metricOf(subs: SubAggregations, path: string, place: string): BucketMetric {
  const steps = path.split(">");
  let among = subs;
  for (const [i, step] of steps.entries()) {
    const isLast = i === steps.length - 1;
    const [name, member] = isLast ? splitMember(step, among) : [step, undefined];
    const found = among.aggregators.find(([own]) => own === name)?.[1];
    if (found === undefined)
      throw malformed(
        `[${place}.order] "${path}": there is no aggregation "${name}" to order by (pipelines are none).`,
      );
    if (isSingleBucket(found)) {
      if (!isLast) {
        among = found.subs;
        continue;
      }
      if (member !== undefined && member !== "doc_count")
        throw malformed(`[${place}.order] "${path}": "${name}" has a "doc_count" to order by, and nothing else.`);
      return (bucket) => found.count(bucket);
    }
    if (!isLast || !(found instanceof MetricAggregator))
      throw malformed(
        `[${place}.order] "${path}": a path leads through aggregations with one bucket to one of these or to a metric.`,
      );
    if (!found.hasMetric(member))
      throw malformed(
        `[${place}.order] "${path}": ${member === undefined ? `name a member of "${name}", such as "${name}.avg"` : `"${name}" has no "${member}"`}.`,
      );
    return (bucket) => found.metric(bucket, member);
  }
  throw malformed(`[${place}.order] needs a path.`);
}

/** `statistics.max`, `ranks[99.9]`; names of aggregations may have dots themselves. */
function splitMember(step: string, among: SubAggregations): readonly [string, string | undefined] {
  if (among.aggregators.some(([name]) => name === step)) return [step, undefined];
  const bracket = /^(.*)\[(.*)\]$/.exec(step);
  if (bracket !== null) return [bracket[1] ?? "", (bracket[2] ?? "").replace(/^["']|["']$/g, "")];
  for (let dot = step.indexOf("."); dot >= 0; dot = step.indexOf(".", dot + 1)) {
    const name = step.slice(0, dot);
    if (among.aggregators.some(([own]) => own === name)) return [name, step.slice(dot + 1)];
  }
  const dot = step.indexOf(".");
  return dot < 0 ? [step, undefined] : [step.slice(0, dot), step.slice(dot + 1)];
}

/** Compares two buckets of `buckets` by all keys of an order; equal ones by their key, ascending. */
export function compareBuckets(
  buckets: Buckets,
  orders: readonly Order[],
  subs: SubAggregations,
  place: string,
): (a: number, b: number) => number {
  const { keys } = buckets;
  const steps = orders.map(({ path, descending }) => {
    if (path === "_key") return (a: number, b: number) => (descending ? -1 : 1) * compareKeys(keys[a], keys[b]);
    if (path === "_count") {
      return (a: number, b: number) =>
        (descending ? -1 : 1) * ((buckets.counts[a] as number) - (buckets.counts[b] as number));
    }
    const metric = metricOf(subs, path, place);
    const known = new Map<number, number>();
    const of = (bucket: number): number => {
      let value = known.get(bucket);
      if (value === undefined) {
        value = metric(bucket);
        known.set(bucket, value);
      }
      return value;
    };
    return (a: number, b: number) => compareMetrics(of(a), of(b), descending);
  });
  return (a, b) => {
    for (const step of steps) {
      const compared = step(a, b);
      if (compared !== 0) return compared;
    }
    return compareKeys(keys[a], keys[b]);
  };
}

export function compareKeys(a: string | number | undefined, b: string | number | undefined): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return compareText(String(a), String(b));
}

/** What has no value comes last, whatever the direction. */
export function compareMetrics(a: number, b: number, descending: boolean): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) === Number.isNaN(b) ? 0 : Number.isNaN(a) ? 1 : -1;
  // Infinities are equal to themselves, their difference is no number.
  if (a === b) return 0;
  return a < b === descending ? 1 : -1;
}

/** The first `size` in order. When they are few among many, the rest is only compared with the worst of them. */
export function selectBest(
  candidates: readonly number[],
  size: number,
  compare: (a: number, b: number) => number,
): number[] {
  if (size > 2000 || candidates.length < 4 * size) return candidates.toSorted(compare).slice(0, size);
  const best: number[] = [];
  for (const candidate of candidates) {
    if (best.length === size && compare(candidate, best[size - 1] as number) >= 0) continue;
    let low = 0;
    let high = best.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compare(best[middle] as number, candidate) <= 0) low = middle + 1;
      else high = middle;
    }
    best.splice(low, 0, candidate);
    if (best.length > size) best.pop();
  }
  return best;
}

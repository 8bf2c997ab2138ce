import { isPlainObject, type JSONObject } from "../../../../../kernel/index.ts";
import { malformed, numberOf, onlyKnown, textOf } from "../query/parameters.ts";
import type { Pipeline } from "./aggregator.ts";
import { metricAt, parseOrder } from "./order.ts";

type PipelineFactory = (name: string, options: JSONObject, place: string) => Pipeline;

/** A bucket without documents has no metric to go by, unless gaps count as 0. */
function valueAt(bucket: JSONObject, path: string, zeroGaps: boolean): number {
  const value = path !== "_count" && bucket.doc_count === 0 ? Number.NaN : metricAt(bucket, path);
  return Number.isNaN(value) && zeroGaps ? 0 : value;
}

function zeroGapsOf(options: JSONObject, place: string): boolean {
  const { gap_policy: policy = "skip" } = options;
  if (policy !== "skip" && policy !== "insert_zeros")
    throw malformed(`[${place}.gap_policy] must be "skip" or "insert_zeros".`);
  return policy === "insert_zeros";
}

/** The numbers at a path through the buckets of a sibling: `months>sales`. */
function siblingValues(
  siblings: JSONObject,
  path: string,
  zeroGaps: boolean,
): { readonly key: unknown; readonly value: number }[] {
  const at = path.indexOf(">");
  const sibling = siblings[at < 0 ? path : path.slice(0, at)];
  const buckets = isPlainObject(sibling) ? sibling.buckets : undefined;
  const list: readonly unknown[] = Array.isArray(buckets)
    ? buckets
    : isPlainObject(buckets)
      ? Object.values(buckets)
      : [];
  const rest = at < 0 ? "_count" : path.slice(at + 1);
  return list
    .filter(isPlainObject)
    .map((bucket) => ({ key: bucket.key_as_string ?? bucket.key, value: valueAt(bucket, rest, zeroGaps) }))
    .filter(({ value }) => !Number.isNaN(value));
}

const sibling =
  (compute: (values: readonly { readonly key: unknown; readonly value: number }[]) => JSONObject): PipelineFactory =>
  (name, options, place) => {
    onlyKnown(options, ["buckets_path", "gap_policy", "format", "sigma"], place);
    const path = textOf(options.buckets_path, `${place}.buckets_path`);
    const zeroGaps = zeroGapsOf(options, place);
    return { name, fromSiblings: (siblings) => compute(siblingValues(siblings, path, zeroGaps)) };
  };

const total = (values: readonly { readonly value: number }[]): number =>
  values.reduce((sum, { value }) => sum + value, 0);

function extreme(values: readonly { readonly key: unknown; readonly value: number }[], sign: number): JSONObject {
  let best: number | null = null;
  for (const { value } of values) if (best === null || sign * value > sign * best) best = value;
  return { value: best, keys: values.filter(({ value }) => value === best).map(({ key }) => String(key)) };
}

/** Changes each bucket in order, carrying something from one to the next. */
const running =
  (
    known: readonly string[],
    step: (
      bucket: JSONObject,
      value: number,
      name: string,
      state: { last: number; started: boolean },
      options: JSONObject,
    ) => JSONObject,
  ): PipelineFactory =>
  (name, options, place) => {
    onlyKnown(options, ["buckets_path", "gap_policy", "format", ...known], place);
    const path = textOf(options.buckets_path, `${place}.buckets_path`);
    const zeroGaps = zeroGapsOf(options, place);
    return {
      name,
      applyToBuckets(buckets) {
        const state = { last: Number.NaN, started: false };
        return buckets.map((bucket) => step(bucket, valueAt(bucket, path, zeroGaps), name, state, options));
      },
    };
  };

/** Aggregations computed from the results of others, by name. */
export const pipelines: Readonly<Record<string, PipelineFactory>> = {
  avg_bucket: sibling((values) => ({ value: values.length === 0 ? null : total(values) / values.length })),
  sum_bucket: sibling((values) => ({ value: total(values) })),
  min_bucket: sibling((values) => extreme(values, -1)),
  max_bucket: sibling((values) => extreme(values, 1)),
  stats_bucket: sibling((values) => ({
    count: values.length,
    min: extreme(values, -1).value,
    max: extreme(values, 1).value,
    avg: values.length === 0 ? null : total(values) / values.length,
    sum: total(values),
  })),
  cumulative_sum: running([], (bucket, value, name, state) => {
    state.last = (Number.isNaN(state.last) ? 0 : state.last) + (Number.isNaN(value) ? 0 : value);
    return { ...bucket, [name]: { value: state.last } };
  }),
  derivative: running(["unit"], (bucket, value, name, state, options) => {
    if (options.unit !== undefined) throw malformed('[derivative] "unit" is not supported.');
    const difference = value - state.last;
    const isFirst = !state.started;
    state.last = value;
    state.started = true;
    return isFirst ? bucket : { ...bucket, [name]: { value: Number.isNaN(difference) ? null : difference } };
  }),
  bucket_sort(name, options, place) {
    onlyKnown(options, ["sort", "from", "size", "gap_policy"], place);
    const from = numberOf(options.from, 0, `${place}.from`);
    const size = numberOf(options.size, Number.MAX_SAFE_INTEGER, `${place}.size`);
    const list = options.sort === undefined ? [] : Array.isArray(options.sort) ? options.sort : [options.sort];
    const order = list.flatMap((entry) => {
      if (typeof entry === "string") return [{ path: entry, descending: false }];
      const plain = isPlainObject(entry)
        ? Object.fromEntries(
            Object.entries(entry).map(([path, by]) => [path, isPlainObject(by) ? (by.order ?? "asc") : by]),
          )
        : entry;
      return parseOrder(plain, place, { path: "_key", descending: false });
    });
    return {
      name,
      applyToBuckets(buckets) {
        const sorted = buckets.toSorted((a, b) => {
          for (const { path, descending } of order) {
            const left = metricAt(a, path);
            const right = metricAt(b, path);
            if (left !== right) return left < right === descending ? 1 : -1;
          }
          return 0;
        });
        return sorted.slice(from, from + size);
      },
    };
  },
};

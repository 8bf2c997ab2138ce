import { isPlainObject, type JSONObject } from "../../../../../../kernel/index.ts";
import { countOf, malformed, onlyKnown } from "../../query/parameters.ts";
import { compareKeys, type Order, parseOrder } from "../order.ts";
import { BucketPath } from "./bucket-path.ts";
import { type PipelineFactory, zeroGapsOf } from "./pipeline.ts";

interface SortKey {
  readonly order: Order;
  /** Undefined: by key. */
  readonly path: BucketPath | undefined;
}

/** Sorts and cuts the list of buckets it lies in. Buckets without any of the values to sort by are left out. */
export const bucketSort: PipelineFactory = (name, options, type) => {
  onlyKnown(options, ["sort", "from", "size", "gap_policy"], type);
  const { sort } = options;
  if (sort === undefined && options.from === undefined && options.size === undefined)
    throw malformed(`[${type}] needs one of "sort", "from" and "size".`);
  const from = countOf(options.from, 0, `${type}.from`, 0);
  const size = countOf(options.size, Number.MAX_SAFE_INTEGER, `${type}.size`);
  const zeroGaps = zeroGapsOf(options, type);
  const list: readonly unknown[] = sort === undefined ? [] : Array.isArray(sort) ? sort : [sort];
  const keys = list.flatMap((entry) => readKey(entry, zeroGaps, type));
  return {
    name,
    type,
    paths: keys.flatMap(({ path }) => (path === undefined ? [] : [path])),
    applyToBuckets: (buckets) => (keys.length === 0 ? buckets : sorted(buckets, keys)).slice(from, from + size),
  };
};

function readKey(entry: unknown, zeroGaps: boolean, place: string): SortKey[] {
  const orders =
    typeof entry === "string"
      ? [{ path: entry, descending: false }]
      : Object.entries(isPlainObject(entry) ? entry : {}).flatMap(([path, by]) => {
          if (isPlainObject(by)) onlyKnown(by, ["order"], `${place}.sort.${path}`);
          return parseOrder({ [path]: isPlainObject(by) ? (by.order ?? "asc") : by }, place, {
            path,
            descending: false,
          });
        });
  if (orders.length === 0)
    throw malformed(`[${place}.sort] must be a path, an object such as {"sales": "desc"}, or a list.`);
  return orders.map((order) => ({
    order,
    path: order.path === "_key" ? undefined : new BucketPath(order.path, zeroGaps, place),
  }));
}

function sorted(buckets: readonly JSONObject[], keys: readonly SortKey[]): JSONObject[] {
  const rows = buckets.map((bucket) => ({
    bucket,
    values: keys.map(({ path }) => (path === undefined ? (bucket.key as string | number) : path.valueIn(bucket))),
  }));
  const isMissing = (value: string | number | undefined): boolean => typeof value === "number" && Number.isNaN(value);
  const known = rows.filter(({ values }) => !values.every(isMissing));
  known.sort((a, b) => {
    for (const [i, { order }] of keys.entries()) {
      const [left, right] = [a.values[i], b.values[i]];
      if (isMissing(left) || isMissing(right)) {
        if (isMissing(left) !== isMissing(right)) return isMissing(left) ? 1 : -1;
        continue;
      }
      const compared = compareKeys(left, right);
      if (compared !== 0) return order.descending ? -compared : compared;
    }
    return 0;
  });
  return known.map(({ bucket }) => bucket);
}

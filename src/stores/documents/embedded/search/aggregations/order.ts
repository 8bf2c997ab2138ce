import { isPlainObject, type JSONObject } from "../../../../../kernel/index.ts";
import { malformed } from "../query/parameters.ts";

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
    for (const [path, direction] of Object.entries(entry)) {
      const wanted = String(direction).toLowerCase();
      if (wanted !== "asc" && wanted !== "desc") throw malformed(`[${place}.order.${path}] must be "asc" or "desc".`);
      orders.push({ path: path === "_term" || path === "_time" ? "_key" : path, descending: wanted === "desc" });
    }
  }
  return orders;
}

/** The number at a path below the results of one bucket, NaN when there is none. */
export function metricAt(bucket: JSONObject | undefined, path: string): number {
  let value: unknown = bucket;
  if (path === "_count") return Number(bucket?.doc_count ?? Number.NaN);
  if (path === "_key") return Number(bucket?.key ?? Number.NaN);
  for (const step of path.split(">")) {
    if (!isPlainObject(value)) return Number.NaN;
    if (Object.hasOwn(value, step)) {
      value = value[step];
      continue;
    }
    const dot = step.lastIndexOf(".");
    const inner = dot < 0 ? undefined : value[step.slice(0, dot)];
    if (!isPlainObject(inner)) return step === "_count" ? Number(value.doc_count) : Number.NaN;
    const { values } = inner;
    const member = step.slice(dot + 1);
    value = isPlainObject(values)
      ? (values[member] ?? values[`${member}.0`])
      : inner[member === "_count" ? "doc_count" : member];
  }
  if (isPlainObject(value)) value = value.value ?? value.doc_count;
  return typeof value === "number" ? value : Number.NaN;
}

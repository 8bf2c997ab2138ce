import type { JSONObject } from "../../../src/kernel/index.ts";
import type { Random } from "./random.ts";
import type { Search } from "./searches.ts";

/** Values of every kind: each type of field takes some of them and refuses others. */
const anyValue: readonly unknown[] = [
  ...[0, 1, -1, 2, 3, 1.5, -0.5, 127, 128, -129, 32_768, 2_147_483_647, 2_147_483_648, 1e12, 1e19, 65_520, 0.1],
  ..."0|1|-1|1.5| 12 |1e3|+3|0x10|1,5|NaN|Infinity|128|99999999999|abc|ABC| |T|true|false|True|on|no|1d|1f".split("|"),
  ..."2020-01-02|2020-01|2020|2020-01-02T03:04:05Z|2020-01-02T03:04:05.123456789Z|2020-13-01|1500-01-01|2500-01-01".split(
    "|",
  ),
  ..."10.0.0.1|10.0.0.0/24|::1|2001:db8::1|1.2.3|1.2.3.4.5|::ffff:10.0.0.1|41.1,3.2|41.1, 3.2,7|u09tvw|POINT (3.2 41.1)".split(
    "|",
  ),
  ..."1.2.3|1.10.0|1.2.0-alpha.1|SGVsbG8=|not base64!".split("|"),
  true,
  false,
  "",
  {},
  { a: 1 },
  { a: "x", b: { c: ["y", null] } },
  { lat: 41.1, lon: 3.2 },
  { lat: 91, lon: 3.2 },
  { gte: 1, lte: 3 },
  { gt: 3, lt: 1 },
  { gte: "2020-01-01", lt: "2020-02-01" },
  { gte: "10.0.0.1", lte: "10.0.0.9" },
  [3.2, 41.1],
];

const scalars = anyValue.filter((value) => typeof value !== "object");

const texts = "a|b|c|abc|ABC|été|Zürich|zinc|a.b|long value of words|value|words|0|1|true".split("|");
const dates: readonly unknown[] = [
  ..."2020-01-02|2020-01-02T03:04:05Z|2019-12|2021|2020-06-30T23:59:59.999Z|1999-01-01T00:00:00+02:00".split("|"),
  1_577_934_245_678,
  "1577934245678",
  0,
];
const networks = "10.0.0.1|10.0.0.2|10.0.1.7|192.168.1.1|::1|2001:db8::1|::ffff:10.0.0.1".split("|");
const points: readonly unknown[] = [{ lat: 41.1, lon: 3.2 }, [3.2, 41.1], "41.1,3.2", "u09tvw", "POINT (3.2 41.1)"];
const wholes: readonly unknown[] = [0, 1, 2, 3, 5, 8, -1, -7, 100, "4", "1.7", 2.9, -2.9];
const decimals: readonly unknown[] = [0, 1, 2.5, -2.5, 0.1, 3.25, "4.5", 100.125, -0];
/** Beside them, numbers whose product with a factor is no whole number to the processor. */
const prices: readonly unknown[] = [...decimals, 0.29, 1.12, "19.99", 64.1, 1.005];

const numberBounds = (random: Random): JSONObject => {
  const low = random.pick<unknown>([0, 1, 2, 5, -3, "4", 1.5, null]);
  const high = random.pick<unknown>([5, 6, 8, 20, "9", 7.5, null]);
  return bounds(random, low, high);
};

/** Mixed, missing and null bounds. */
function bounds(random: Random, low: unknown, high: unknown): JSONObject {
  return {
    ...(random.chance(0.85) ? { [random.pick(["gt", "gte"])]: low } : {}),
    ...(random.chance(0.85) ? { [random.pick(["lt", "lte"])]: high } : {}),
  };
}

/** What is generated of one type: parameters with their values, and values that it takes. */
export interface TypeCase {
  readonly parameters: Readonly<Record<string, readonly unknown[]>>;
  readonly required?: JSONObject;
  readonly value: (random: Random) => unknown;
  /** No sorting and no metrics. */
  readonly isOpaque?: boolean;
}

const flags = [true, false, "true", "false"];
const common = { index: flags, doc_values: flags, store: flags, boost: [2], meta: [{ unit: "s" }] };
const number = { ...common, coerce: flags, ignore_malformed: flags, null_value: [3, "4", 200, "x"] };
const oneOf =
  (list: readonly unknown[]) =>
  (random: Random): unknown =>
    random.pick(list);
// What differs on purpose is left out here (docs/search-differences.md): ranges whose ends cross in fields without index, weights of keywords among
// several, a boost of dates with nanoseconds, and whether a stored binary exists.
const on = [true, "true"];
const off = [false, "false"];
const range = { ...common, index: on, coerce: flags };
const { boost: _boost, ...withoutBoost } = common;

export const typeCases: Readonly<Record<string, TypeCase>> = {
  byte: { parameters: number, value: oneOf(wholes) },
  short: { parameters: number, value: oneOf(wholes) },
  integer: { parameters: number, value: oneOf(wholes) },
  long: { parameters: number, value: oneOf([...wholes, 2 ** 40]) },
  float: { parameters: number, value: oneOf(decimals) },
  half_float: { parameters: number, value: oneOf(decimals) },
  double: { parameters: number, value: oneOf(decimals) },
  scaled_float: { parameters: number, required: { scaling_factor: 100 }, value: oneOf(prices) },
  boolean: {
    parameters: { ...common, null_value: [true, "false", "x"] },
    value: oneOf([true, false, "true", "false", ""]),
  },
  keyword: {
    parameters: {
      ...common,
      ignore_above: [3, 10, "5"],
      null_value: ["NONE", 5],
      norms: off,
      eager_global_ordinals: flags,
      similarity: ["BM25", "boolean"],
      split_queries_on_whitespace: flags,
    },
    value: oneOf(texts),
  },
  text: {
    parameters: { index: flags, norms: flags, store: flags, boost: [2], similarity: ["BM25", "boolean"] },
    value: oneOf(texts),
    isOpaque: true,
  },
  date: { parameters: { ...common, ignore_malformed: flags, null_value: ["2020-05-05", "x"] }, value: oneOf(dates) },
  date_nanos: {
    parameters: { ...withoutBoost, ignore_malformed: flags, null_value: ["2020-05-05", "x"] },
    value: oneOf(dates),
  },
  ip: { parameters: { ...common, ignore_malformed: flags, null_value: ["10.0.0.9", "x"] }, value: oneOf(networks) },
  geo_point: {
    parameters: { index: flags, doc_values: flags, store: flags, ignore_malformed: flags, null_value: ["1,2", "x"] },
    value: oneOf(points),
    isOpaque: true,
  },
  binary: { parameters: { doc_values: off, store: off }, value: oneOf(["SGVsbG8="]), isOpaque: true },
  integer_range: { parameters: range, value: numberBounds, isOpaque: true },
  long_range: { parameters: range, value: numberBounds, isOpaque: true },
  float_range: { parameters: range, value: numberBounds, isOpaque: true },
  double_range: { parameters: range, value: numberBounds, isOpaque: true },
  date_range: {
    parameters: range,
    value: (random) => bounds(random, random.pick(dates), random.pick(["2021-06-01", "2022", "2021-06||/M", null])),
    isOpaque: true,
  },
  ip_range: {
    parameters: range,
    value: (random) =>
      random.chance(0.3)
        ? random.pick(["10.0.0.0/24", "10.0.0.0/30", "2001:db8::/64"])
        : bounds(random, random.pick(["10.0.0.1", "::1", null]), random.pick(["10.0.0.9", "192.168.0.0", null])),
    isOpaque: true,
  },
};

/** A definition with some of the parameters of its type, whose values may be wrong. */
export function newDefinition(random: Random, type: string): JSONObject {
  const { parameters, required = {} } = typeCases[type] as TypeCase; // a name out of the table
  const definition: JSONObject = { type, ...required };
  for (const [name, values] of Object.entries(parameters))
    if (random.chance(0.12)) definition[name] = random.pick(values);
  if (random.chance(0.03))
    definition[random.pick(["analyzer", "ignore_above", "format", "nope"])] = random.pick([1, "x"]);
  return definition;
}

/** Values of other types; without those that differ on purpose (docs/search-differences.md). */
function strangersTo(type: string): readonly unknown[] {
  if (type === "binary") return scalars;
  return type.startsWith("date") ? anyValue.filter((value) => !isOldInstant(value)) : anyValue;
}

/** Milliseconds before 1970, or with parts, and years that nanoseconds cannot say. */
function isOldInstant(value: unknown): boolean {
  if (typeof value === "number") return value < 0 || value > 1e15 || !Number.isInteger(value);
  if (Array.isArray(value)) return value.some(isOldInstant);
  return typeof value === "string" && /^-|^\d*\.\d+$|^[12]500-/.test(value);
}

/** Values, wrong values, none, several, and several in one another. */
export function newValue(random: Random, type: string): unknown {
  const { value } = typeCases[type] as TypeCase; // a name out of the table
  const others = strangersTo(type);
  const one = (): unknown => (random.chance(0.2) ? random.pick(others) : value(random));
  const kind = random.next();
  if (kind < 0.06) return null;
  if (kind < 0.1) return [];
  if (kind < 0.3) return random.list(random.between(1, 3), () => (random.chance(0.1) ? null : value(random)));
  if (kind < 0.34) return [one(), [value(random), one()]];
  return one();
}

export function newDocuments(random: Random, type: string, count: number): JSONObject[] {
  return random.list(count, () => {
    const uid = `u${String(random.below(1_000_000)).padStart(6, "0")}`;
    return random.chance(0.1) ? { uid } : { uid, f: newValue(random, type) };
  });
}

function searchValue(random: Random, type: string): unknown {
  for (let attempt = 0; attempt < 8; attempt++) {
    const value = random.chance(0.12) ? random.pick(strangersTo(type)) : (typeCases[type] as TypeCase).value(random);
    if (typeof value !== "object") return value;
    const members = Object.values(value as JSONObject);
    const inner = members.find((one) => typeof one === "string" || typeof one === "number");
    if (inner !== undefined && type !== "geo_point") return inner;
  }
  return random.pick(scalars);
}

/** Terms, ranges, existence, order and groups of the field `f`. */
export function newSearches(random: Random, type: string, count: number): Search[] {
  const isRange = type.endsWith("_range");
  return random.list(count, () => {
    const value = (): unknown => searchValue(random, type);
    const range = (): JSONObject => ({
      // Without bounds a binary is answered as one that exists.
      ...(type === "binary" ? { gte: value() } : {}),
      ...bounds(random, value(), value()),
      ...(isRange && random.chance(0.7)
        ? { relation: random.pick(["intersects", "contains", "within", "CONTAINS"]) }
        : {}),
    });
    const query = random.pick<() => JSONObject>([
      () => ({ term: { f: value() } }),
      () => ({ term: { f: value() } }),
      () => ({ terms: { f: random.list(random.between(1, 3), value) } }),
      () => ({ range: { f: range() } }),
      () => ({ range: { f: range() } }),
      () => ({ exists: { field: "f" } }),
      () => ({ match: { f: value() } }),
      () => ({ match_bool_prefix: { f: value() } }),
      () => ({ prefix: { f: String(value()).slice(0, 1) } }),
      () => ({ bool: { must_not: { exists: { field: "f" } } } }),
    ])();
    // Averages of nanoseconds are those of milliseconds here.
    const mode = type === "date_nanos" ? {} : sortMode(random);
    const order = { f: { order: random.pick(["asc", "desc"]), ...mode } };
    const sort = random.chance(0.25) && !isRange ? [order, "uid"] : ["uid"];
    const body = { query, sort: random.chance(0.3) ? ["_score", "uid"] : sort, ...aggregations(random, type) };
    return { body, from: 0, size: 100 };
  });
}

function sortMode(random: Random): JSONObject {
  return random.chance(0.5) ? { mode: random.pick(["min", "max", "sum", "avg", "median"]) } : {};
}

function aggregations(random: Random, type: string): JSONObject {
  if (!random.chance(0.4)) return {};
  const kinds = ["terms", "value_count", "cardinality", "missing", "min", "max", "avg", "sum", "stats"];
  // The reference counts equal ranges that are written differently as different ones.
  const kind = random.pick(type.endsWith("_range") ? kinds.filter((name) => name !== "cardinality") : kinds);
  if (type.endsWith("_range") && random.chance(0.3)) {
    // Within bounds: the reference counts the buckets of an open range one by one, for minutes.
    const isDate = type === "date_range";
    const options = isDate
      ? { calendar_interval: "month", hard_bounds: { min: "2019-01-01", max: "2022-01-01" } }
      : { interval: random.pick([1, 2, 5]), hard_bounds: { min: 0, max: 12 } };
    return { aggs: { x: { [isDate ? "date_histogram" : "histogram"]: { field: "f", min_doc_count: 1, ...options } } } };
  }
  return { aggs: { x: { [kind]: { field: "f" } } } };
}

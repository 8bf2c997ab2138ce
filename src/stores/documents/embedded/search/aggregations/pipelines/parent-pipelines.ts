import { isPlainObject, type JSONObject } from "../../../../../../kernel/index.ts";
import { countOf, malformed, numberOf, onlyKnown, textOf } from "../../query/parameters.ts";
import { single } from "../stats.ts";
import { isPrinted, type ValueFormat } from "../value-format.ts";
import type { BucketPath } from "./bucket-path.ts";
import { bucketSort } from "./bucket-sort.ts";
import { averages, exponential, holt, type MovingFunction, movingFunction } from "./moving-functions.ts";
import { normalize } from "./normalize.ts";
import { type PipelineFactory, type PipelineTable, pathOf, patternOf } from "./pipeline.ts";

/** Gives each bucket its own result, or undefined for none. Called once for a list, with the values of all its buckets. */
type Series = (
  values: readonly number[],
  buckets: readonly JSONObject[],
  path: BucketPath,
) => readonly (JSONObject | undefined)[];

const series =
  (
    more: readonly string[],
    make: (options: JSONObject, format: ValueFormat, place: string) => Series,
  ): PipelineFactory =>
  (name, options, type) => {
    onlyKnown(options, ["buckets_path", "gap_policy", "format", ...more], type);
    const path = pathOf(options, type);
    const compute = make(options, patternOf(options, type), type);
    return {
      name,
      type,
      paths: [path],
      applyToBuckets(buckets) {
        const results = compute(
          buckets.map((bucket) => path.valueIn(bucket)),
          buckets,
          path,
        );
        return buckets.map((bucket, i) => (results[i] === undefined ? bucket : { ...bucket, [name]: results[i] }));
      },
    };
  };

const result = (value: number, format: ValueFormat): JSONObject =>
  single(Number.isFinite(value) ? value : null, format);

const unitMs: Readonly<Record<string, number>> = {
  s: 1000,
  second: 1000,
  m: 60_000,
  minute: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  w: 604_800_000,
  week: 604_800_000,
  M: 2_629_746_000,
  month: 2_629_746_000,
  q: 7_889_238_000,
  quarter: 7_889_238_000,
  y: 31_556_952_000,
  year: 31_556_952_000,
};

function unitOf(value: unknown, place: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  const text = textOf(value, `${place}.unit`);
  const name = text.startsWith("1") ? text.slice(1) : text;
  const ms = Object.hasOwn(unitMs, name) ? unitMs[name] : undefined;
  const match = /^(\d+)(ms|s|m|h|d)$/.exec(text);
  const fixed = match === null ? undefined : Number(match[1]) * (match[2] === "ms" ? 1 : (unitMs[match[2] ?? ""] ?? 0));
  const found = ms ?? fixed;
  if (found === undefined || !(found > 0))
    throw malformed(`[${place}.unit] "${text}" is not a unit of time such as day.`);
  return found;
}

const derivative = series(["unit"], (options, format, place) => {
  const unit = unitOf(options.unit, place);
  return (values, buckets, path) =>
    values.map((value, i) => {
      if (i === 0 || !path.isIn(buckets[i]) || !path.isIn(buckets[i - 1])) return undefined;
      const difference = value - (values[i - 1] as number);
      const own = result(difference, format);
      if (unit === undefined) return own;
      const width = (Number(buckets[i]?.key) - Number(buckets[i - 1]?.key)) / unit;
      // Buckets in descending order have none.
      if (!(width > 0)) return own;
      const normalized = difference / width;
      const isKnown = Number.isFinite(normalized);
      return {
        ...own,
        normalized_value: isKnown ? normalized : null,
        ...(isKnown && isPrinted(format) ? { normalized_value_as_string: format.print(normalized) } : {}),
      };
    });
});

const serialDifference = series(["lag"], (options, format, place) => {
  const lag = countOf(options.lag, 1, `${place}.lag`);
  return (values) =>
    values.map((value, i) => {
      const difference = value - (values[i - lag] ?? Number.NaN);
      return Number.isNaN(difference) ? undefined : result(difference, format);
    });
});

const moving = series(["window", "shift", "script"], (options, format, place) => {
  const window = countOf(options.window, 0, `${place}.window`);
  const shift = numberOf(options.shift, 0, `${place}.shift`);
  if (!Number.isInteger(shift)) throw malformed(`[${place}.shift] must be a whole number.`);
  const { script } = options;
  const source = isPlainObject(script) ? script.source : script;
  if (isPlainObject(script)) onlyKnown(script, ["source", "lang"], `${place}.script`);
  const compute = movingFunction(textOf(source, `${place}.script`), place);
  return (values) => {
    const known = values.filter((value) => !Number.isNaN(value));
    const limit = (at: number): number => Math.max(0, Math.min(known.length, at));
    let at = 0;
    return values.map((value) => {
      if (Number.isNaN(value)) return undefined;
      const from = limit(at - window + shift);
      const seen = known.slice(from, limit(at + shift));
      at++;
      return result(compute(seen), format);
    });
  };
});

function averageModel(options: JSONObject, place: string): MovingFunction {
  const { model = "simple", settings = {} } = options;
  if (!isPlainObject(settings)) throw malformed(`[${place}.settings] must be an object.`);
  const factor = (name: string, byDefault: number): number => {
    const value = numberOf(settings[name], byDefault, `${place}.settings.${name}`);
    if (!(value >= 0 && value <= 1)) throw malformed(`[${place}.settings.${name}] must lie between 0 and 1.`);
    return value;
  };
  const known = model === "ewma" ? ["alpha"] : model === "holt" ? ["alpha", "beta"] : [];
  onlyKnown(settings, known, `${place}.settings`);
  if (model === "simple" || model === "linear") return averages[model];
  if (model === "ewma") return exponential(factor("alpha", 0.3));
  if (model === "holt") return holt(factor("alpha", 0.3), factor("beta", 0.1));
  throw malformed(`[${place}.model] must be "simple", "linear", "ewma" or "holt".`);
}

const movingAverage = series(["window", "model", "settings"], (options, format, place) => {
  const window = countOf(options.window, 5, `${place}.window`);
  const compute = averageModel(options, place);
  return (values) => {
    const seen: number[] = [];
    return values.map((value) => {
      if (Number.isNaN(value)) return undefined;
      const own = seen.length === 0 ? undefined : result(compute(seen.slice(-window)), format);
      seen.push(value);
      return own;
    });
  };
});

const cumulativeSum = series([], (_options, format) => (values) => {
  let sum = 0;
  return values.map((value) => {
    if (!Number.isNaN(value)) sum += value;
    return result(sum, format);
  });
});

/** Changes the buckets that it lies in. */
export const parentPipelines: PipelineTable = {
  derivative,
  cumulative_sum: cumulativeSum,
  serial_diff: serialDifference,
  moving_fn: moving,
  moving_avg: movingAverage,
  bucket_sort: bucketSort,
  normalize,
};

/** Those that go from one bucket to the next, and need buckets in order without gaps. */
export const sequential: ReadonlySet<string> = new Set(
  "derivative cumulative_sum serial_diff moving_fn moving_avg".split(" "),
);

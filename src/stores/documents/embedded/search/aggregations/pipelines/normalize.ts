import { malformed, onlyKnown } from "../../query/parameters.ts";
import { single } from "../stats.ts";
import { type PipelineFactory, pathOf, patternOf } from "./pipeline.ts";

type Method = (values: readonly number[]) => (value: number) => number;

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const extent = (values: readonly number[]) => {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return { low, width: high - low, mean: sumOf(values) / values.length };
};

const methods: Readonly<Record<string, Method>> = {
  rescale_0_1: (values) => {
    const { low, width } = extent(values);
    return (value) => (value - low) / width;
  },
  rescale_0_100: (values) => {
    const { low, width } = extent(values);
    return (value) => (100 * (value - low)) / width;
  },
  percent_of_sum: (values) => {
    const sum = sumOf(values);
    return (value) => value / sum;
  },
  mean: (values) => {
    const { mean, width } = extent(values);
    return (value) => (value - mean) / width;
  },
  "z-score": (values) => {
    const { mean } = extent(values);
    const deviation = Math.sqrt(sumOf(values.map((value) => (value - mean) ** 2)) / values.length);
    return (value) => (value - mean) / deviation;
  },
  softmax: (values) => {
    const sum = sumOf(values.map(Math.exp));
    return (value) => Math.exp(value) / sum;
  },
};

/** Puts a number of each bucket in proportion to those of all. */
export const normalize: PipelineFactory = (name, options, type) => {
  onlyKnown(options, ["buckets_path", "method", "format"], type);
  const path = pathOf(options, type);
  const format = patternOf(options, type);
  const method = methods[Object.hasOwn(methods, String(options.method)) ? String(options.method) : ""];
  if (method === undefined) throw malformed(`[${type}.method] must be one of ${Object.keys(methods).join(", ")}.`);
  return {
    name,
    type,
    paths: [path],
    applyToBuckets(buckets) {
      const values = buckets.map((bucket) => path.valueIn(bucket));
      const compute = method(values.filter((value) => !Number.isNaN(value)));
      return buckets.map((bucket, i) => {
        const value = compute(values[i] as number);
        return { ...bucket, [name]: single(Number.isFinite(value) ? value : null, format) };
      });
    },
  };
};

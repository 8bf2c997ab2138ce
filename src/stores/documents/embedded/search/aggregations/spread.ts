import type { JSONObject } from "../../../../../kernel/index.ts";
import { isPrinted, plainFormat, type ValueFormat } from "./value-format.ts";

/** How many numbers, their sum and the sum of their squares. */
export interface Moments {
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
}

const names = [
  "sum_of_squares",
  "variance",
  "variance_population",
  "variance_sampling",
  "std_deviation",
  "std_deviation_population",
  "std_deviation_sampling",
] as const;
const boundNames = [
  "upper",
  "lower",
  "upper_population",
  "lower_population",
  "upper_sampling",
  "lower_sampling",
] as const;

/** What `extended_stats` answers beyond `stats`. One value has no spread of samples; the reference engine writes that as text. */
export function spreadOf({ count, sum, squares }: Moments, sigma: number, format: ValueFormat): JSONObject {
  if (count === 0) return { ...empty(names), std_deviation_bounds: empty(boundNames) };
  const mean = sum / count;
  const variance = Math.max(0, (squares - (sum * sum) / count) / count);
  const sampling = count > 1 ? Math.max(0, (squares - (sum * sum) / count) / (count - 1)) : Number.NaN;
  const deviation = Math.sqrt(variance);
  const samplingDeviation = Math.sqrt(sampling);
  const values = [squares, variance, variance, sampling, deviation, deviation, samplingDeviation];
  const bounds = [deviation, deviation, samplingDeviation].flatMap((one) => [mean + sigma * one, mean - sigma * one]);
  const spread = { ...named(names, values, ""), std_deviation_bounds: named(boundNames, bounds, "") };
  if (!isPrinted(format)) return spread;
  const texts = (list: readonly number[]): unknown[] =>
    list.map((value) => (Number.isNaN(value) && format.kind === "date" ? format.print(0) : format.print(value)));
  return {
    ...spread,
    ...named(names, texts(values), "_as_string"),
    std_deviation_bounds_as_string: named(boundNames, texts(bounds), ""),
  };
}

const empty = (list: readonly string[]): JSONObject => Object.fromEntries(list.map((name) => [name, null]));

function named(list: readonly string[], values: readonly unknown[], suffix: string): JSONObject {
  return Object.fromEntries(
    list.map((name, i) => [name + suffix, Number.isNaN(values[i]) ? "NaN" : (values[i] as number | string)]),
  );
}

/** Names of bounds where they stand alone: `std_upper`, `std_lower_sampling`. */
const boundPrefix = "std_";

export function isSpread(member: string): boolean {
  return names.some((name) => name === member) || boundNames.some((name) => boundPrefix + name === member);
}

/** One number of {@link spreadOf}; NaN when there is none. */
export function spreadMember(moments: Moments, sigma: number, member: string): number {
  const spread = spreadOf(moments, sigma, plainFormat);
  const bounds = spread.std_deviation_bounds as JSONObject; // an object, as built above
  const value = spread[member] ?? bounds[member.slice(boundPrefix.length)];
  return typeof value === "number" ? value : Number.NaN;
}

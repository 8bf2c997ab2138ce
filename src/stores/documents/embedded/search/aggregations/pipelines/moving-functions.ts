import { malformed } from "../../query/parameters.ts";

/** A number from those in a window, oldest first; NaN when there is none. */
export type MovingFunction = (values: readonly number[]) => number;

const sum: MovingFunction = (values) => values.reduce((total, value) => total + value, 0);
const average: MovingFunction = (values) => (values.length === 0 ? Number.NaN : sum(values) / values.length);

/** Newer numbers count more, in even steps. One more than the sum of weights divides, as in the reference engine. */
const linear: MovingFunction = (values) => {
  if (values.length === 0) return Number.NaN;
  let weighted = 0;
  for (const [i, value] of values.entries()) weighted += value * (i + 1);
  return weighted / (1 + (values.length * (values.length + 1)) / 2);
};

/** Newer numbers count more, by a constant factor (0 to 1). */
export const exponential =
  (alpha: number): MovingFunction =>
  (values) =>
    values.reduce((level, value, i) => (i === 0 ? value : alpha * value + (1 - alpha) * level), Number.NaN);

/** As `exponential`, with a trend that follows by a factor of its own (C. C. Holt's double smoothing). */
export const holt =
  (alpha: number, beta: number): MovingFunction =>
  (values) => {
    let [level, trend] = [Number.NaN, 0];
    for (const [i, value] of values.entries()) {
      const before = level;
      level = i === 0 ? value : alpha * value + (1 - alpha) * (before + trend);
      trend = i === 0 ? 0 : beta * (level - before) + (1 - beta) * trend;
    }
    return level;
  };

const simple: Readonly<Record<string, MovingFunction>> = {
  max: (values) => (values.length === 0 ? Number.NaN : values.reduce((a, b) => Math.max(a, b))),
  min: (values) => (values.length === 0 ? Number.NaN : values.reduce((a, b) => Math.min(a, b))),
  sum,
  unweightedAvg: average,
  linearWeightedAvg: linear,
};

export const averages = { simple: average, linear } as const;

const deviation: MovingFunction = (values) => {
  const mean = average(values);
  return Math.sqrt(values.reduce((total, value) => total + (value - mean) ** 2, 0) / values.length);
};

const number = "(0|1|0?\\.\\d+|1\\.0*)";
const call = (name: string, factors: number): RegExp =>
  new RegExp(`^MovingFunctions\\.${name}\\(values${`,${number}`.repeat(factors)}\\);?$`);

/**
 * The function that a script calls. Nothing is run: only calls of known functions are understood, as they stand in the documentation.
 * Errors (400): any other text.
 */
export function movingFunction(script: string, place: string): MovingFunction {
  const text = script.replace(/\s+/g, "").replace(/^return(?=MovingFunctions)/, "");
  for (const [name, compute] of Object.entries(simple)) if (call(name, 0).test(text)) return compute;
  if (/^MovingFunctions\.stdDev\(values,MovingFunctions\.unweightedAvg\(values\)\);?$/.test(text)) return deviation;
  const ewma = call("ewma", 1).exec(text);
  if (ewma !== null) return exponential(Number(ewma[1]));
  const double = call("holt", 2).exec(text);
  if (double !== null) return holt(Number(double[1]), Number(double[2]));
  throw malformed(
    `[${place}.script] must be one call of MovingFunctions: max, min, sum, unweightedAvg, linearWeightedAvg (values), ewma (values, 0.3), holt (values, 0.3, 0.1), or stdDev (values, MovingFunctions.unweightedAvg(values)).`,
  );
}

import { isPlainObject } from "../../../../../kernel/index.ts";
import { countOf, flagOf, malformed, numberOf, onlyKnown, textOf } from "../query/parameters.ts";
import { readPoints } from "../sort/parse-sort.ts";
import { CardinalityAggregator, ValueCountAggregator } from "./counts.ts";
import { ExtentAggregator } from "./geo-extent.ts";
import { MatrixStatsAggregator, type ValueMode } from "./matrix-stats.ts";
import { valueMembers, valueOptions } from "./number-source.ts";
import { type AggregatorFactory, type AggregatorTable, fieldOf } from "./options.ts";
import { MedianDeviationAggregator, PercentilesAggregator } from "./percentiles.ts";
import { type StatName, StatsAggregator } from "./stats.ts";
import { topHits } from "./top-hits-options.ts";
import { WeightedAverageAggregator } from "./weighted-average.ts";

const stat =
  (kind: StatName): AggregatorFactory =>
  (options, run, _subs, place) => {
    onlyKnown(options, kind === "extended_stats" ? [...valueMembers, "sigma"] : valueMembers, place);
    const sigma = numberOf(options.sigma, 2, `${place}.sigma`);
    if (sigma < 0) throw malformed(`[${place}.sigma] must not be negative.`);
    return new StatsAggregator(run, kind, valueOptions(options, place), sigma);
  };

const percentiles =
  (isRanks: boolean): AggregatorFactory =>
  (options, run, _subs, place) => {
    const wantedName = isRanks ? "values" : "percents";
    onlyKnown(options, [...valueMembers, wantedName, "keyed", "tdigest", "hdr", "compression"], place);
    const { tdigest, hdr } = options;
    if (tdigest !== undefined && hdr !== undefined) throw malformed(`[${place}] takes one of "tdigest" and "hdr".`);
    if (hdr !== undefined) {
      const digits = numberOf(member(hdr, "number_of_significant_value_digits", `${place}.hdr`), 3, `${place}.hdr`);
      if (!(digits >= 0 && digits <= 5))
        throw malformed(`[${place}.hdr.number_of_significant_value_digits] must be between 0 and 5.`);
    }
    const compression =
      tdigest === undefined ? options.compression : member(tdigest, "compression", `${place}.tdigest`);
    if (numberOf(compression, 100, `${place}.compression`) < 0)
      throw malformed(`[${place}.compression] must not be negative.`);
    return new PercentilesAggregator(run, place, valueOptions(options, place), {
      isRanks,
      wanted: wantedNumbers(options[wantedName], isRanks, place),
      keyed: flagOf(options.keyed, true, `${place}.keyed`),
      hdr: hdr !== undefined,
    });
  };

/** The one member of an object that has no other. */
function member(value: unknown, name: string, place: string): unknown {
  if (!isPlainObject(value)) throw malformed(`[${place}] must be an object.`);
  onlyKnown(value, [name], place);
  return value[name];
}

function wantedNumbers(value: unknown, isRanks: boolean, place: string): number[] {
  const given = value ?? (isRanks ? undefined : [1, 5, 25, 50, 75, 95, 99]);
  const list = typeof given === "number" ? [given] : given;
  if (!Array.isArray(list) || list.length === 0 || list.length > 1000)
    throw malformed(`[${place}] needs a list of ${isRanks ? '"values"' : '"percents"'}.`);
  const numbers = list.map((one) => numberOf(one, 0, place));
  if (!isRanks && numbers.some((one) => one < 0 || one > 100))
    throw malformed(`[${place}.percents] must lie between 0 and 100.`);
  return numbers.sort((a, b) => a - b);
}

const modes: readonly string[] = ["avg", "min", "max", "sum", "median"];

const matrixStats: AggregatorFactory = (options, run, _subs, place) => {
  onlyKnown(options, ["fields", "missing", "mode"], place);
  const { missing = {}, mode = "avg" } = options;
  const fields = typeof options.fields === "string" ? [options.fields] : options.fields;
  if (!Array.isArray(fields) || fields.length === 0 || fields.length > 100)
    throw malformed(`[${place}] needs "fields", a list of at most 100 names.`);
  if (!isPlainObject(missing)) throw malformed(`[${place}.missing] must be an object with a number for each field.`);
  if (typeof mode !== "string" || !modes.includes(mode))
    throw malformed(`[${place}.mode] must be one of ${modes.join(", ")}.`);
  const sources = fields.map((field) =>
    valueOptions({ field, missing: Object.hasOwn(missing, String(field)) ? missing[String(field)] : undefined }, place),
  );
  return new MatrixStatsAggregator(run, sources, mode as ValueMode); // one of the modes, as just checked
};

const weightedAverage: AggregatorFactory = (options, _run, _subs, place) => {
  onlyKnown(options, ["value", "weight", "format", "value_type"], place);
  const part = (name: "value" | "weight") => {
    const own = options[name];
    if (!isPlainObject(own)) throw malformed(`[${place}] needs "${name}", an object with a field.`);
    onlyKnown(own, ["field", "missing"], `${place}.${name}`);
    return valueOptions(own, `${place}.${name}`);
  };
  const format = options.format === undefined ? undefined : textOf(options.format, `${place}.format`);
  return new WeightedAverageAggregator(place, part("value"), part("weight"), format);
};

const extent =
  (place: "geo_bounds" | "geo_centroid"): AggregatorFactory =>
  (options) => {
    onlyKnown(options, place === "geo_bounds" ? ["field", "missing", "wrap_longitude"] : ["field", "missing"], place);
    const [missing] = options.missing === undefined ? [] : readPoints(options.missing, `${place}.missing`);
    const wrap = place === "geo_bounds" && flagOf(options.wrap_longitude, true, `${place}.wrap_longitude`);
    return new ExtentAggregator(place, fieldOf(options, place), wrap, missing);
  };

/** Aggregations that answer numbers or hits, and have no buckets. */
export const metricFactories: AggregatorTable = {
  min: stat("min"),
  max: stat("max"),
  avg: stat("avg"),
  sum: stat("sum"),
  stats: stat("stats"),
  extended_stats: stat("extended_stats"),
  percentiles: percentiles(false),
  percentile_ranks: percentiles(true),
  matrix_stats: matrixStats,
  weighted_avg: weightedAverage,
  geo_bounds: extent("geo_bounds"),
  geo_centroid: extent("geo_centroid"),
  top_hits: topHits,

  median_absolute_deviation(options, run, _subs, place) {
    onlyKnown(options, [...valueMembers, "compression"], place);
    if (!(numberOf(options.compression, 1000, `${place}.compression`) > 0))
      throw malformed(`[${place}.compression] must be greater than 0.`);
    return new MedianDeviationAggregator(run, place, valueOptions(options, place));
  },

  value_count(options, run, _subs, place) {
    onlyKnown(options, valueMembers, place);
    return new ValueCountAggregator(run, place, valueOptions({ ...options, format: undefined }, place));
  },

  cardinality(options, run, _subs, place) {
    onlyKnown(options, [...valueMembers, "precision_threshold", "rehash"], place);
    countOf(options.precision_threshold, 3000, `${place}.precision_threshold`, 0);
    return new CardinalityAggregator(run, place, valueOptions({ ...options, format: undefined }, place));
  },
};

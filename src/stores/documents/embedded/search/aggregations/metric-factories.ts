import { flagOf, malformed, numberOf, onlyKnown } from "../query/parameters.ts";
import { parseSort } from "../sort/parse-sort.ts";
import { parseSourceFilter } from "../source-filter.ts";
import { ExtentAggregator } from "./geo-aggregations.ts";
import { CardinalityAggregator, type StatName, StatsAggregator, ValueCountAggregator } from "./metrics.ts";
import { type AggregatorFactory, type AggregatorTable, fieldOf } from "./options.ts";
import { PercentilesAggregator } from "./percentiles.ts";
import { TopHitsAggregator } from "./top-hits.ts";

const stat =
  (kind: StatName): AggregatorFactory =>
  (options, _run, _subs, place) => {
    onlyKnown(options, ["field", "missing", "format", "sigma"], place);
    return new StatsAggregator(
      kind,
      place,
      fieldOf(options, place),
      options.missing,
      numberOf(options.sigma, 2, `${place}.sigma`),
    );
  };

const percentiles: AggregatorFactory = (options, _run, _subs, place) => {
  const isRanks = place.endsWith("percentile_ranks");
  onlyKnown(
    options,
    ["field", "missing", "percents", "values", "keyed", "tdigest", "hdr", "compression", "format"],
    place,
  );
  const { percents = [1, 5, 25, 50, 75, 95, 99] } = options;
  const wanted = isRanks ? options.values : percents;
  if (!Array.isArray(wanted)) throw malformed(`[${place}] needs a list of ${isRanks ? "values" : "percents"}.`);
  const numbers = wanted.map((value) => numberOf(value, 0, place));
  const kind = isRanks ? "percentile_ranks" : "percentiles";
  return new PercentilesAggregator(
    kind,
    fieldOf(options, place),
    options.missing,
    numbers,
    flagOf(options.keyed, true, `${place}.keyed`),
  );
};

/** Aggregations that answer numbers or hits, and have no buckets. */
export const metricFactories: AggregatorTable = {
  min: stat("min"),
  max: stat("max"),
  avg: stat("avg"),
  sum: stat("sum"),
  stats: stat("stats"),
  extended_stats: stat("extended_stats"),
  percentiles,
  percentile_ranks: percentiles,

  value_count(options, _run, _subs, place) {
    onlyKnown(options, ["field"], place);
    return new ValueCountAggregator(fieldOf(options, place));
  },

  cardinality(options, run, _subs, place) {
    onlyKnown(options, ["field", "precision_threshold"], place);
    return new CardinalityAggregator(run, fieldOf(options, place));
  },

  geo_bounds(options, _run, _subs, place) {
    onlyKnown(options, ["field", "wrap_longitude"], place);
    return new ExtentAggregator("geo_bounds", fieldOf(options, place), flagOf(options.wrap_longitude, true, place));
  },

  geo_centroid(options, _run, _subs, place) {
    onlyKnown(options, ["field"], place);
    return new ExtentAggregator("geo_centroid", fieldOf(options, place), false);
  },

  top_hits(options, run, _subs, place) {
    onlyKnown(options, ["from", "size", "sort", "_source", "explain", "version"], place);
    const sort = parseSort(options.sort);
    const size = numberOf(options.size, 3, `${place}.size`);
    const from = numberOf(options.from, 0, `${place}.from`);
    if (!(size >= 0 && from >= 0 && from + size <= 100))
      throw malformed(`[${place}] "from" and "size" together must be between 0 and 100.`);
    return new TopHitsAggregator(run, {
      from,
      size,
      sort: sort.length === 0 ? [{ kind: "_score", descending: true }] : sort,
      source: parseSourceFilter({ _source: options._source }),
    });
  },
};

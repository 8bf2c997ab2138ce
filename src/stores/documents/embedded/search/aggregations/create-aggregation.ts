import { isPlainObject, type JSONObject } from "../../../../../kernel/index.ts";
import { compileDateFormat, type DateFormat } from "../../../mapping/dates/date-format.ts";
import { parseDateMath } from "../../../mapping/dates/date-math.ts";
import { parseTimeZone, utc } from "../../../mapping/dates/time-zone.ts";
import { metresBetween, unitMetres } from "../query/geo-distance.ts";
import { flagOf, malformed, numberOf, onlyKnown, textOf } from "../query/parameters.ts";
import { decodeLat, decodeLon } from "../segment/geo-field.ts";
import { parseSort, readPoints } from "../sort/parse-sort.ts";
import { parseSourceFilter } from "../source-filter.ts";
import type { AggregationRun, Aggregator, Pipeline, SubAggregations } from "./aggregator.ts";
import { CompositeAggregator, type CompositeSource } from "./composite.ts";
import {
  FilterAggregator,
  FiltersAggregator,
  GlobalAggregator,
  MissingAggregator,
  NestedAggregator,
  ReverseNestedAggregator,
} from "./filters.ts";
import { ExtentAggregator, GridAggregator, geohashCell, tileCell } from "./geo-aggregations.ts";
import { HistogramAggregator } from "./histogram.ts";
import { CardinalityAggregator, type StatName, StatsAggregator, ValueCountAggregator } from "./metrics.ts";
import { parseOrder } from "./order.ts";
import { PercentilesAggregator } from "./percentiles.ts";
import { pipelines } from "./pipelines.ts";
import { type RangeBucket, RangesAggregator } from "./ranges.ts";
import { dateRounding, numberRounding } from "./rounding.ts";
import { TermsAggregator } from "./terms.ts";
import { TopHitsAggregator } from "./top-hits.ts";

type Factory = (options: JSONObject, run: AggregationRun, subs: SubAggregations, place: string) => Aggregator;

const stat =
  (kind: StatName): Factory =>
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

const percentiles: Factory = (options, _run, _subs, place) => {
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

const byCount = { path: "_count", descending: true };
const byKey = { path: "_key", descending: false };

const factories: Readonly<Record<string, Factory>> = {
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

  cardinality(options, _run, _subs, place) {
    onlyKnown(options, ["field", "precision_threshold"], place);
    return new CardinalityAggregator(fieldOf(options, place));
  },

  terms(options, run, subs, place) {
    const known = [
      "field",
      "size",
      "shard_size",
      "order",
      "min_doc_count",
      "missing",
      "include",
      "exclude",
      "collect_mode",
      "execution_hint",
      "show_term_doc_count_error",
      "format",
      "value_type",
      "shard_min_doc_count",
    ];
    onlyKnown(options, known, place);
    const size = numberOf(options.size, 10, `${place}.size`);
    if (!(size > 0)) throw malformed(`[${place}.size] must be greater than 0.`);
    const minDocCount = numberOf(options.min_doc_count, 1, `${place}.min_doc_count`);
    if (minDocCount < 1) throw malformed(`[${place}.min_doc_count] must be 1 or more.`);
    const order = parseOrder(options.order, place, byCount);
    const { missing, include, exclude } = options;
    return new TermsAggregator(run, subs, {
      field: fieldOf(options, place),
      size,
      minDocCount,
      order,
      missing,
      include,
      exclude,
    });
  },

  histogram(options, run, subs, place) {
    onlyKnown(
      options,
      [
        "field",
        "interval",
        "offset",
        "min_doc_count",
        "order",
        "keyed",
        "missing",
        "extended_bounds",
        "hard_bounds",
        "format",
      ],
      place,
    );
    const interval = numberOf(options.interval, 0, `${place}.interval`);
    if (!(interval > 0)) throw malformed(`[${place}.interval] must be greater than 0.`);
    const bound = (value: unknown): number => numberOf(value, Number.NaN, `${place}.bounds`);
    return new HistogramAggregator(run, subs, {
      place: "histogram",
      rounding: numberRounding(interval, numberOf(options.offset, 0, `${place}.offset`)),
      format: undefined,
      zone: utc,
      extendedBounds: boundsOf(options.extended_bounds, bound),
      hardBounds: boundsOf(options.hard_bounds, bound),
      ...histogramOptions(options, place),
    });
  },

  date_histogram(options, run, subs, place) {
    const known = [
      "field",
      "interval",
      "calendar_interval",
      "fixed_interval",
      "time_zone",
      "offset",
      "format",
      "min_doc_count",
      "order",
      "keyed",
      "missing",
      "extended_bounds",
      "hard_bounds",
    ];
    onlyKnown(options, known, place);
    const format = dateFormat(options.format, place);
    const reader = format ?? isoOrMillis;
    const bound = (value: unknown): number => dateOf(value, reader, run, place);
    return new HistogramAggregator(run, subs, {
      place: "date_histogram",
      rounding: dateRounding(options, place),
      format,
      zone: (options.time_zone === undefined ? undefined : parseTimeZone(String(options.time_zone))) ?? utc,
      extendedBounds: boundsOf(options.extended_bounds, bound),
      hardBounds: boundsOf(options.hard_bounds, bound),
      ...histogramOptions(options, place),
    });
  },

  range(options, run, subs, place) {
    onlyKnown(options, ["field", "ranges", "keyed", "format", "missing"], place);
    const list = rangeList(options, place);
    const ranges = list.map((range) => readRange(range, (value) => numberOf(value, 0, `${place}.ranges`)));
    const keyed = flagOf(options.keyed, false, `${place}.keyed`);
    return new RangesAggregator(run, subs, {
      place: "range",
      field: fieldOf(options, place),
      ranges: () => ranges,
      format: undefined,
      keyed,
    });
  },

  date_range(options, run, subs, place) {
    onlyKnown(options, ["field", "ranges", "keyed", "format", "time_zone", "missing"], place);
    const list = rangeList(options, place);
    const zone = options.time_zone === undefined ? utc : parseTimeZone(String(options.time_zone));
    if (zone === undefined) throw malformed(`[${place}.time_zone] is not a time zone.`);
    return new RangesAggregator(run, subs, {
      place: "date_range",
      field: fieldOf(options, place),
      ranges: (format) =>
        list.map((range) => readRange(range, (value) => dateOf(value, format ?? isoOrMillis, run, place, zone))),
      format: dateFormat(options.format, place),
      keyed: flagOf(options.keyed, false, `${place}.keyed`),
    });
  },

  geo_distance(options, run, subs, place) {
    onlyKnown(options, ["field", "ranges", "keyed", "origin", "unit", "distance_type"], place);
    const list = rangeList(options, place);
    const ranges = list.map((range) => {
      const { key, from, to } = readRange(range, (value) => numberOf(value, 0, `${place}.ranges`));
      return {
        key: key ?? (Number.isFinite(from) ? undefined : `*-${Number.isInteger(to) ? `${to}.0` : to}`),
        from: Math.max(0, from),
        to,
      };
    });
    const [origin] = readPoints(options.origin, `${place}.origin`);
    const metres = unitMetres(String(options.unit ?? "m"), place);
    const field = fieldOf(options, place);
    return new RangesAggregator(run, subs, {
      place: "geo_distance",
      field,
      ranges: () => ranges,
      format: undefined,
      keyed: flagOf(options.keyed, false, `${place}.keyed`),
      measure(context) {
        const store = context.field(field)?.store;
        if (store?.kind !== "geo_point" || origin === undefined) return undefined;
        return (doc) => {
          let nearest = Number.NaN;
          for (let v = 0; v < store.countOf(doc); v++) {
            const distance =
              metresBetween(origin.lat, origin.lon, decodeLat(store.latAt(doc, v)), decodeLon(store.lonAt(doc, v))) /
              metres;
            if (!(distance >= nearest)) nearest = distance;
          }
          return nearest;
        };
      },
    });
  },

  filter: (options, run, subs) =>
    new FilterAggregator(run, subs, Object.keys(options).length === 0 ? { match_all: {} } : options),

  filters(options, run, subs, place) {
    onlyKnown(options, ["filters", "other_bucket", "other_bucket_key"], place);
    const { filters, other_bucket_key: otherKey } = options;
    const hasOther = otherKey !== undefined || flagOf(options.other_bucket, false, `${place}.other_bucket`);
    const other = hasOther ? String(otherKey ?? "_other_") : undefined;
    if (Array.isArray(filters)) {
      return new FiltersAggregator(run, subs, {
        filters: filters.map((query) => ({ name: undefined, query })),
        other,
        keyed: false,
      });
    }
    if (!isPlainObject(filters)) throw malformed(`[${place}] needs "filters".`);
    const named = Object.entries(filters).map(([name, query]) => ({ name, query }));
    return new FiltersAggregator(run, subs, { filters: named, other, keyed: true });
  },

  missing(options, run, subs, place) {
    onlyKnown(options, ["field"], place);
    return new MissingAggregator(run, subs, fieldOf(options, place));
  },

  global: (_options, run, subs) => new GlobalAggregator(run, subs),

  nested(options, run, subs, place) {
    onlyKnown(options, ["path"], place);
    return new NestedAggregator(run, subs, textOf(options.path, `${place}.path`));
  },

  reverse_nested(options, run, subs, place) {
    onlyKnown(options, ["path"], place);
    return new ReverseNestedAggregator(
      run,
      subs,
      options.path === undefined ? "" : textOf(options.path, `${place}.path`),
    );
  },

  composite(options, run, subs, place) {
    onlyKnown(options, ["sources", "size", "after"], place);
    if (!Array.isArray(options.sources) || options.sources.length === 0) throw malformed(`[${place}] needs "sources".`);
    const sources = options.sources.map((source) => readSource(source, place));
    const { after } = options;
    if (after !== undefined && !isPlainObject(after)) throw malformed(`[${place}.after] must be an object.`);
    const parts = after === undefined ? undefined : sources.map((source) => readAfter(after[source.name], source));
    return new CompositeAggregator(run, subs, sources, numberOf(options.size, 10, `${place}.size`), parts);
  },

  geohash_grid(options, run, subs, place) {
    onlyKnown(options, ["field", "precision", "size", "shard_size"], place);
    const precision = numberOf(options.precision, 5, `${place}.precision`);
    if (!(precision >= 1 && precision <= 12)) throw malformed(`[${place}.precision] must be between 1 and 12.`);
    return new GridAggregator(
      run,
      subs,
      place,
      fieldOf(options, place),
      geohashCell(precision),
      numberOf(options.size, 10_000, place),
    );
  },

  geotile_grid(options, run, subs, place) {
    onlyKnown(options, ["field", "precision", "size", "shard_size"], place);
    const precision = numberOf(options.precision, 7, `${place}.precision`);
    if (!(precision >= 0 && precision <= 29)) throw malformed(`[${place}.precision] must be between 0 and 29.`);
    return new GridAggregator(
      run,
      subs,
      place,
      fieldOf(options, place),
      tileCell(precision),
      numberOf(options.size, 10_000, place),
    );
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

const maxDepth = 20;

/** Reads `{name: {type: options, aggs: {...}}}`. Errors (400): `unexpected_bad_request` naming the aggregation. */
export function createAggregations(body: JSONObject, run: AggregationRun, depth = 0): SubAggregations {
  if (depth > maxDepth) throw malformed(`Aggregations are nested deeper than ${maxDepth} levels.`);
  const aggregators: [string, Aggregator][] = [];
  const computed: Pipeline[] = [];
  for (const [name, definition] of Object.entries(body)) {
    if (!isPlainObject(definition)) throw malformed(`Aggregation "${name}" must be an object.`);
    const { aggs, aggregations = aggs, meta: _meta, ...types } = definition;
    const [type, ...others] = Object.keys(types);
    if (type === undefined || others.length > 0)
      throw malformed(
        `Aggregation "${name}" needs exactly one type, found ${others.length + (type === undefined ? 0 : 1)}.`,
      );
    const options = types[type];
    if (!isPlainObject(options)) throw malformed(`Aggregation "${name}": [${type}] must be an object.`);
    const pipeline = Object.hasOwn(pipelines, type) ? pipelines[type] : undefined;
    if (pipeline !== undefined) {
      computed.push(pipeline(name, options, type));
      continue;
    }
    const factory = Object.hasOwn(factories, type) ? factories[type] : undefined;
    if (factory === undefined)
      throw malformed(
        `Aggregation "${name}": the type "${type}" does not exist or is not supported by the embedded engine.`,
      );
    if (aggregations !== undefined && !isPlainObject(aggregations))
      throw malformed(`Aggregation "${name}": "aggs" must be an object.`);
    if (type === "global" && depth > 0) throw malformed(`Aggregation "${name}": "global" stands at the top only.`);
    const subs = createAggregations(aggregations ?? {}, run, depth + 1);
    aggregators.push([name, factory(options, run, subs, type)]);
  }
  return { aggregators, pipelines: computed };
}

function fieldOf(options: JSONObject, place: string): string {
  return textOf(options.field, `${place}.field`);
}

function histogramOptions(options: JSONObject, place: string) {
  return {
    field: fieldOf(options, place),
    minDocCount: numberOf(options.min_doc_count, 0, `${place}.min_doc_count`),
    order: parseOrder(options.order, place, byKey),
    missing: options.missing,
    keyed: flagOf(options.keyed, false, `${place}.keyed`),
  };
}

function boundsOf(value: unknown, read: (value: unknown) => number): readonly [number, number] | undefined {
  if (value === undefined) return undefined;
  if (!isPlainObject(value)) throw malformed("Bounds of a histogram must be an object with min and max.");
  const { min, max } = value;
  return [
    min === undefined ? Number.NEGATIVE_INFINITY : read(min),
    max === undefined ? Number.POSITIVE_INFINITY : read(max),
  ];
}

function needFormat(name: string): DateFormat {
  const format = compileDateFormat(name);
  if (format === undefined) throw malformed(`"${name}" is not a date format.`);
  return format;
}

const isoOrMillis = needFormat("strict_date_optional_time||epoch_millis");

function dateFormat(value: unknown, place: string): DateFormat | undefined {
  return value === undefined ? undefined : needFormat(textOf(value, `${place}.format`));
}

function dateOf(value: unknown, format: DateFormat, run: AggregationRun, place: string, zone = utc): number {
  const isScalar = typeof value === "string" || typeof value === "number";
  const ms = isScalar ? parseDateMath(value, format, run.request.now, false, zone) : undefined;
  if (ms === undefined) throw malformed(`[${place}] ${JSON.stringify(value)} is not a date of format ${format.name}.`);
  return ms;
}

function rangeList(options: JSONObject, place: string): JSONObject[] {
  const { ranges } = options;
  if (!Array.isArray(ranges) || ranges.length === 0 || !ranges.every(isPlainObject))
    throw malformed(`[${place}] needs a list of "ranges".`);
  return ranges;
}

function readRange(range: JSONObject, read: (value: unknown) => number): RangeBucket {
  onlyKnown(range, ["key", "from", "to"], "ranges");
  const { key, from, to } = range;
  return {
    key: key === undefined ? undefined : String(key),
    from: from === undefined || from === null ? Number.NEGATIVE_INFINITY : read(from),
    to: to === undefined || to === null ? Number.POSITIVE_INFINITY : read(to),
  };
}

function readSource(source: unknown, place: string): CompositeSource {
  const [name, ...others] = isPlainObject(source) ? Object.keys(source) : [];
  const definition = isPlainObject(source) && name !== undefined ? source[name] : undefined;
  const [type, ...more] = isPlainObject(definition) ? Object.keys(definition) : [];
  const options = isPlainObject(definition) && type !== undefined ? definition[type] : undefined;
  if (name === undefined || type === undefined || others.length + more.length > 0 || !isPlainObject(options)) {
    throw malformed(`[${place}.sources] takes objects such as {"name": {"terms": {"field": "f"}}}.`);
  }
  const at = `${place}.${name}`;
  if (type !== "terms" && type !== "histogram" && type !== "date_histogram")
    throw malformed(`[${at}] a source of type "${type}" is not supported.`);
  onlyKnown(
    options,
    [
      "field",
      "order",
      "missing_bucket",
      "interval",
      "calendar_interval",
      "fixed_interval",
      "time_zone",
      "offset",
      "format",
    ],
    at,
  );
  const rounding =
    type === "histogram"
      ? numberRounding(numberOf(options.interval, 1, at), 0)
      : type === "date_histogram"
        ? dateRounding(options, at)
        : undefined;
  return {
    name,
    field: fieldOf(options, at),
    rounding,
    descending: String(options.order ?? "asc") === "desc",
    missingBucket: flagOf(options.missing_bucket, false, at),
    format: dateFormat(options.format, at),
  };
}

function readAfter(value: unknown, source: CompositeSource): string | number | null {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "string" && source.format !== undefined) return source.format.parse(value) ?? value;
  return typeof value === "string" || typeof value === "number" ? value : null;
}

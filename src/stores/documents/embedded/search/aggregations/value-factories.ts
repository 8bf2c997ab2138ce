import type { JSONObject } from "../../../../../kernel/index.ts";
import { parseTimeZone, utc } from "../../../mapping/dates/time-zone.ts";
import { metresBetween, planeMetresBetween, unitMetres } from "../query/geo-distance.ts";
import { flagOf, malformed, numberOf, onlyKnown } from "../query/parameters.ts";
import { decodeLat, decodeLon } from "../segment/geo-field.ts";
import { readPoints } from "../sort/parse-sort.ts";
import { printDecimal } from "./aggregator.ts";
import { HistogramAggregator } from "./histogram.ts";
import {
  type AggregatorTable,
  boundsOf,
  dateFormat,
  dateOf,
  fieldOf,
  isoOrMillis,
  rangeList,
  readRange,
} from "./options.ts";
import { parseOrder } from "./order.ts";
import { RangesAggregator } from "./ranges.ts";
import { dateRounding, numberRounding } from "./rounding.ts";
import { TermsAggregator } from "./terms.ts";

const byCount = { path: "_count", descending: true };
const byKey = { path: "_key", descending: false };

/** Aggregations that put documents into buckets by the values of fields. */
export const valueFactories: AggregatorTable = {
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
      shardSize:
        options.shard_size === undefined ? undefined : numberOf(options.shard_size, size, `${place}.shard_size`),
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
        key: key ?? (Number.isFinite(from) ? undefined : `*-${printDecimal(to)}`),
        from: Math.max(0, from),
        to,
      };
    });
    const [origin] = readPoints(options.origin, `${place}.origin`);
    const metres = unitMetres(String(options.unit ?? "m"), place);
    const field = fieldOf(options, place);
    const type = String(options.distance_type ?? "arc").toLowerCase();
    if (type !== "arc" && type !== "plane") throw malformed(`[${place}.distance_type] must be "arc" or "plane".`);
    const distance = type === "plane" ? planeMetresBetween : metresBetween;
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
          const distances: number[] = [];
          for (let v = 0; v < store.countOf(doc); v++) {
            const [lat, lon] = [decodeLat(store.latAt(doc, v)), decodeLon(store.lonAt(doc, v))];
            distances.push(distance(origin.lat, origin.lon, lat, lon) / metres);
          }
          return distances.sort((a, b) => a - b);
        };
      },
    });
  },
};

function histogramOptions(options: JSONObject, place: string) {
  return {
    field: fieldOf(options, place),
    minDocCount: numberOf(options.min_doc_count, 0, `${place}.min_doc_count`),
    order: parseOrder(options.order, place, byKey),
    missing: options.missing,
    keyed: flagOf(options.keyed, false, `${place}.keyed`),
  };
}

import { isPlainObject } from "../../../../../kernel/index.ts";
import { encodeIp, encodeNetwork } from "../../../mapping/types/ip.ts";
import { metresBetween, planeMetresBetween, unitMetres } from "../query/geo/geo-distance.ts";
import { countOf, flagOf, malformed, numberOf, onlyKnown, textOf } from "../query/parameters.ts";
import { decodeLat, decodeLon } from "../segment/geo-field.ts";
import { readPoints } from "../sort/parse-sort.ts";
import { AutoHistogramAggregator } from "./auto-histogram.ts";
import { minimumOf } from "./auto-rounding.ts";
import { HistogramAggregator } from "./histogram.ts";
import { type IpRange, IpRangesAggregator } from "./ip-ranges.ts";
import { printDouble } from "./number-pattern.ts";
import { valueMembers, valueOptions } from "./number-source.ts";
import {
  type AggregatorFactory,
  type AggregatorTable,
  boundsOf,
  fieldOf,
  rangeList,
  readRange,
  readValue,
} from "./options.ts";
import { parseOrder } from "./order.ts";
import { RangesAggregator } from "./ranges.ts";
import { dateRounding, numberRounding } from "./rounding.ts";
import { VariableWidthHistogram } from "./variable-width/variable-width-histogram.ts";

const byKey = { path: "_key", descending: false };

const histogramMembers = [
  ...valueMembers,
  "interval",
  "offset",
  "min_doc_count",
  "order",
  "keyed",
  "extended_bounds",
  "hard_bounds",
];

const histogram =
  (place: "histogram" | "date_histogram"): AggregatorFactory =>
  (options, run, subs) => {
    const isDate = place === "date_histogram";
    onlyKnown(options, isDate ? [...histogramMembers, "calendar_interval", "fixed_interval"] : histogramMembers, place);
    return new HistogramAggregator(run, subs, {
      place,
      values: valueOptions(options, place),
      rounding: isDate ? dateRounding(options, place) : numbersOf(options, place),
      minDocCount: countOf(options.min_doc_count, 0, `${place}.min_doc_count`, 0),
      order: parseOrder(options.order, place, byKey),
      keyed: flagOf(options.keyed, false, `${place}.keyed`),
      extendedBounds: boundsOf(options.extended_bounds, `${place}.extended_bounds`),
      hardBounds: boundsOf(options.hard_bounds, `${place}.hard_bounds`),
    });
  };

function numbersOf(options: { readonly interval?: unknown; readonly offset?: unknown }, place: string) {
  const interval = numberOf(options.interval, 0, `${place}.interval`);
  if (!(interval > 0)) throw malformed(`[${place}.interval] must be greater than 0.`);
  return numberRounding(interval, numberOf(options.offset, 0, `${place}.offset`));
}

const ranges =
  (place: "range" | "date_range"): AggregatorFactory =>
  (options, run, subs) => {
    onlyKnown(options, [...valueMembers, "ranges", "keyed"], place);
    const list = rangeList(options, place);
    return new RangesAggregator(run, subs, {
      place,
      values: valueOptions(options, place),
      ranges: (format, now) =>
        list.map((range) => readRange(range, (value) => readValue(value, format, now, `${place}.ranges`))),
      keyed: flagOf(options.keyed, false, `${place}.keyed`),
    });
  };

/** Aggregations that put documents into buckets by the numbers, dates, addresses or places of a field. */
export const valueFactories: AggregatorTable = {
  histogram: histogram("histogram"),
  date_histogram: histogram("date_histogram"),
  range: ranges("range"),
  date_range: ranges("date_range"),

  auto_date_histogram(options, run, subs, place) {
    onlyKnown(options, [...valueMembers, "buckets", "minimum_interval"], place);
    const values = valueOptions(options, place);
    const buckets = countOf(options.buckets, 10, `${place}.buckets`);
    if (buckets > 2184) throw malformed(`[${place}.buckets] must be at most 2184.`);
    return new AutoHistogramAggregator(run, subs, values, buckets, minimumOf(options.minimum_interval, place));
  },

  variable_width_histogram(options, run, subs, place) {
    onlyKnown(options, [...valueMembers, "buckets", "shard_size", "initial_buffer"], place);
    const buckets = countOf(options.buckets, 10, `${place}.buckets`);
    const shardSize = countOf(options.shard_size, buckets * 50, `${place}.shard_size`, 2);
    const buffer = countOf(options.initial_buffer, Math.min(10 * shardSize, 50_000), `${place}.initial_buffer`);
    if (buffer < buckets) throw malformed(`[${place}.initial_buffer] must be at least "buckets".`);
    return new VariableWidthHistogram(run, subs, valueOptions(options, place), buckets);
  },

  ip_range(options, run, subs, place) {
    onlyKnown(options, ["field", "ranges", "keyed", "missing"], place);
    const { missing } = options;
    return new IpRangesAggregator(run, subs, {
      field: fieldOf(options, place),
      ranges: rangeList(options, place).map((range) => ipRange(range, place)),
      keyed: flagOf(options.keyed, false, `${place}.keyed`),
      missing: missing === undefined ? undefined : address(missing, `${place}.missing`),
    });
  },

  geo_distance(options, run, subs, place) {
    onlyKnown(options, ["field", "ranges", "keyed", "origin", "unit", "distance_type"], place);
    const type = String(options.distance_type ?? "arc").toLowerCase();
    if (type !== "arc" && type !== "plane") throw malformed(`[${place}.distance_type] must be "arc" or "plane".`);
    const list = rangeList(options, place).map((range) => {
      const { key, from, to } = readRange(range, (value) => numberOf(value, 0, `${place}.ranges`));
      const isOpen = from === Number.NEGATIVE_INFINITY;
      return {
        key: key ?? (isOpen ? `*-${Number.isFinite(to) ? printDouble(to) : "*"}` : undefined),
        from: isOpen ? 0 : from,
        to,
      };
    });
    if (options.origin === undefined) throw malformed(`[${place}] needs an "origin".`);
    const [origin] = readPoints(options.origin, `${place}.origin`);
    const metres = unitMetres(textOf(options.unit ?? "m", `${place}.unit`), place);
    const field = fieldOf(options, place);
    const distance = type === "plane" ? planeMetresBetween : metresBetween;
    return new RangesAggregator(run, subs, {
      place: "geo_distance",
      values: valueOptions({ field }, place),
      ranges: () => list,
      keyed: flagOf(options.keyed, false, `${place}.keyed`),
      measure(context) {
        const found = context.field(field);
        if (found !== undefined && found.node.family !== "geo_point")
          throw malformed(`[${place}] needs a geo_point; field "${field}" is of type ${found.node.type}.`);
        const store = found?.store;
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

function address(value: unknown, place: string): string {
  const encoded = encodeIp(textOf(value, place));
  if (encoded === undefined) throw malformed(`[${place}] "${String(value)}" is not an IP address.`);
  return encoded;
}

const lastAddress = "f".repeat(32);

function ipRange(range: unknown, place: string): IpRange {
  if (!isPlainObject(range)) throw malformed(`[${place}.ranges] must be objects.`);
  onlyKnown(range, ["key", "from", "to", "mask"], `${place}.ranges`);
  const { key, from, to, mask } = range;
  if (mask !== undefined && mask !== null) {
    const network = encodeNetwork(textOf(mask, `${place}.ranges.mask`));
    if (network === undefined || (from ?? to ?? undefined) !== undefined)
      throw malformed(`[${place}.ranges.mask] must be a network such as 10.0.0.0/8, without "from" and "to".`);
    const behind = (BigInt(`0x${network.last}`) + 1n).toString(16).padStart(32, "0");
    const isFirst = /^0+$/.test(network.first);
    return {
      key: key === undefined ? String(mask) : String(key),
      from: isFirst ? undefined : network.first,
      to: network.last === lastAddress ? undefined : behind,
    };
  }
  const low = from === undefined || from === null ? undefined : address(from, `${place}.ranges.from`);
  const high = to === undefined || to === null ? undefined : address(to, `${place}.ranges.to`);
  return { key: key === undefined ? `${String(from ?? "*")}-${String(to ?? "*")}` : String(key), from: low, to: high };
}

import { isPlainObject, type JSONObject } from "../../../../../kernel/index.ts";
import { metresBetween, parseDistance } from "../query/geo/geo-distance.ts";
import { countOf, malformed, onlyKnown, textOf } from "../query/parameters.ts";
import type { AggregationRun, Aggregator, SubAggregations } from "./aggregator.ts";
import type { Bounds } from "./histogram.ts";
import type { RangeBucket } from "./ranges.ts";
import { notOfField, type ValueFormat } from "./value-format.ts";

/** Makes the aggregator of one type from its options; `place` is the name of the type, for messages. */
export type AggregatorFactory = (
  options: JSONObject,
  run: AggregationRun,
  subs: SubAggregations,
  place: string,
) => Aggregator;
export type AggregatorTable = Readonly<Record<string, AggregatorFactory>>;

export function fieldOf(options: JSONObject, place: string): string {
  return textOf(options.field, `${place}.field`);
}

/** `{min, max}`, either of which may be absent. Dates are read with the format of the field. */
export function boundsOf(value: unknown, place: string): Bounds {
  if (value === undefined) return undefined;
  if (!isPlainObject(value)) throw malformed(`[${place}] must be an object with min and max.`);
  onlyKnown(value, ["min", "max"], place);
  const { min, max } = value;
  return (format, now) => {
    const bounds: readonly [number, number] = [
      boundOf(min, Number.NEGATIVE_INFINITY, format, now, place),
      boundOf(max, Number.POSITIVE_INFINITY, format, now, place),
    ];
    if (bounds[0] > bounds[1]) throw malformed(`[${place}] "min" must not lie above "max".`);
    return bounds;
  };
}

function boundOf(value: unknown, open: number, format: ValueFormat, now: number, place: string): number {
  return value === undefined || value === null ? open : readValue(value, format, now, place);
}

/** A number, or a text in the format of a field. */
export function readValue(value: unknown, format: ValueFormat, now: number, place: string): number {
  const isNumber = typeof value === "number" && format.kind !== "date";
  const read = isNumber
    ? value
    : typeof value === "string" || typeof value === "number"
      ? format.parse(String(value), now)
      : undefined;
  if (read === undefined) throw notOfField(value, format, place);
  return read;
}

export function rangeList(options: JSONObject, place: string): JSONObject[] {
  const ranges = isPlainObject(options.ranges) ? [options.ranges] : options.ranges;
  if (!Array.isArray(ranges) || ranges.length === 0 || !ranges.every(isPlainObject))
    throw malformed(`[${place}] needs a list of "ranges".`);
  if (ranges.length > maxRanges) throw malformed(`[${place}] takes at most ${maxRanges} ranges.`);
  return ranges;
}

const maxRanges = 10_000;

export function readRange(range: JSONObject, read: (value: unknown) => number): RangeBucket {
  onlyKnown(range, ["key", "from", "to"], "ranges");
  const { key, from, to } = range;
  return {
    key: key === undefined || key === null ? undefined : String(key),
    from: from === undefined || from === null ? Number.NEGATIVE_INFINITY : read(from),
    to: to === undefined || to === null ? Number.POSITIVE_INFINITY : read(to),
  };
}

/** Zoom of map tiles. */
export function zoomOf(value: unknown, place: string): number {
  const zoom = countOf(value, 7, `${place}.precision`, 0);
  if (zoom > 29) throw malformed(`[${place}.precision] must be between 0 and 29.`);
  return zoom;
}

const earthMetres = 2 * metresBetween(0, 0, 0, 180);

/** Length of geohashes, or the size that their cells may have at most (`"10km"`). */
export function geohashLength(value: unknown, place: string): number {
  const isSize = typeof value === "string" && !/^\d+$/.test(value);
  const length = isSize
    ? lengthFor(parseDistance(value, `${place}.precision`))
    : countOf(value, 5, `${place}.precision`);
  if (!(length >= 1 && length <= 12)) throw malformed(`[${place}.precision] must be between 1 and 12.`);
  return length;
}

function lengthFor(metres: number): number {
  for (let length = 1; length < 12; length++) {
    const bits = 5 * length;
    const [width, height] = [earthMetres / 2 ** Math.ceil(bits / 2), earthMetres / 2 / 2 ** Math.floor(bits / 2)];
    if (Math.hypot(width, height) <= metres) return length;
  }
  return 12;
}

import { isPlainObject, type JSONObject } from "../../../../../kernel/index.ts";
import { compileDateFormat, type DateFormat } from "../../../mapping/dates/date-format.ts";
import { parseDateMath } from "../../../mapping/dates/date-math.ts";
import { utc } from "../../../mapping/dates/time-zone.ts";
import { malformed, onlyKnown, textOf } from "../query/parameters.ts";
import type { AggregationRun, Aggregator, SubAggregations } from "./aggregator.ts";
import type { RangeBucket } from "./ranges.ts";

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

export function boundsOf(value: unknown, read: (value: unknown) => number): readonly [number, number] | undefined {
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

export const isoOrMillis = needFormat("strict_date_optional_time||epoch_millis");

export function dateFormat(value: unknown, place: string): DateFormat | undefined {
  return value === undefined ? undefined : needFormat(textOf(value, `${place}.format`));
}

export function dateOf(value: unknown, format: DateFormat, run: AggregationRun, place: string, zone = utc): number {
  const isScalar = typeof value === "string" || typeof value === "number";
  const ms = isScalar ? parseDateMath(value, format, run.request.now, false, zone) : undefined;
  if (ms === undefined) throw malformed(`[${place}] ${JSON.stringify(value)} is not a date of format ${format.name}.`);
  return ms;
}

export function rangeList(options: JSONObject, place: string): JSONObject[] {
  const { ranges } = options;
  if (!Array.isArray(ranges) || ranges.length === 0 || !ranges.every(isPlainObject))
    throw malformed(`[${place}] needs a list of "ranges".`);
  return ranges;
}

export function readRange(range: JSONObject, read: (value: unknown) => number): RangeBucket {
  onlyKnown(range, ["key", "from", "to"], "ranges");
  const { key, from, to } = range;
  return {
    key: key === undefined ? undefined : String(key),
    from: from === undefined || from === null ? Number.NEGATIVE_INFINITY : read(from),
    to: to === undefined || to === null ? Number.POSITIVE_INFINITY : read(to),
  };
}

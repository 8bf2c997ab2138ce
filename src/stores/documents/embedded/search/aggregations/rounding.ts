import type { JSONObject } from "../../../../../kernel/index.ts";
import { addUnits, type CalendarUnit, floorTo } from "../../../mapping/dates/date-math.ts";
import { parseTimeZone, type TimeZone, utc } from "../../../mapping/dates/time-zone.ts";
import { malformed } from "../query/parameters.ts";
import { fixedRounding } from "./fixed-rounding.ts";

/** How a histogram puts numbers into buckets: each bucket is named by its lowest number. */
export interface Rounding {
  floor(value: number): number;
  /** The bucket after one. */
  next(start: number): number;
  /** By how much all buckets are moved. */
  readonly offset: number;
}

export function numberRounding(interval: number, offset: number): Rounding {
  return {
    floor: (value) => Math.floor((value - offset) / interval) * interval + offset,
    next: (start) => (Math.round((start - offset) / interval) + 1) * interval + offset,
    offset,
  };
}

const calendarUnits: Readonly<Record<string, CalendarUnit>> = {
  second: "s",
  "1s": "s",
  minute: "m",
  "1m": "m",
  hour: "h",
  "1h": "h",
  day: "d",
  "1d": "d",
  week: "w",
  "1w": "w",
  month: "M",
  "1M": "M",
  quarter: "q",
  "1q": "q",
  year: "y",
  "1y": "y",
};
const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `90m`, `12h`; months are written with a capital letter, and are none. */
function parseFixed(value: unknown): number | undefined {
  const match = /^(\d+) *(ms|s|m|h|d|MS|S|H|D)$/.exec(String(value));
  const ms = Number(match?.[1]) * (unitMs[(match?.[2] ?? "").toLowerCase()] ?? 0);
  return ms > 0 ? ms : undefined;
}

/** `calendar_interval`, `fixed_interval` or the older `interval`, with `time_zone` and `offset`. */
export function dateRounding(options: JSONObject, place: string): Rounding {
  const { calendar_interval: calendar, fixed_interval: fixed, interval, time_zone: zoneName } = options;
  const zone = zoneName === undefined ? utc : parseTimeZone(String(zoneName));
  if (zone === undefined) throw malformed(`[${place}.time_zone] "${String(zoneName)}" is not a time zone.`);
  if ([calendar, fixed, interval].filter((one) => one !== undefined).length > 1)
    throw malformed(`[${place}] takes one of "calendar_interval", "fixed_interval" and "interval".`);
  const offset = parseOffset(options.offset, place);
  const unitName = String(calendar ?? interval);
  const unit = fixed === undefined && Object.hasOwn(calendarUnits, unitName) ? calendarUnits[unitName] : undefined;
  if (unit !== undefined) return calendarRounding(unit, zone, offset);
  if (calendar !== undefined)
    throw malformed(
      `[${place}.calendar_interval] "${String(calendar)}" is not one of minute, hour, day, week, month, quarter and year (1m to 1y); several units are a "fixed_interval" such as 2d.`,
    );
  const given = fixed ?? interval;
  if (given === undefined)
    throw malformed(`[${place}] needs a "calendar_interval" such as month, or a "fixed_interval" such as 12h.`);
  // The older option takes milliseconds, too.
  const ms = fixed === undefined && typeof interval === "number" ? interval : parseFixed(given);
  if (ms === undefined || !(ms >= 1))
    throw malformed(
      `[${place}.${fixed === undefined ? "interval" : "fixed_interval"}] "${String(given)}" is not a duration in ms, s, m, h or d such as 12h; weeks, months, quarters and years are a "calendar_interval".`,
    );
  return fixedRounding(ms, zone, offset);
}

function parseOffset(value: unknown, place: string): number {
  if (value === undefined) return 0;
  if (typeof value === "number") return value;
  const text = String(value);
  const ms = parseFixed(text.replace(/^[+-]/, ""));
  if (ms === undefined)
    throw malformed(`[${place}.offset] "${text}" is not a duration such as +6h or -1d, in ms, s, m, h or d.`);
  return text.startsWith("-") ? -ms : ms;
}

export function calendarRounding(unit: CalendarUnit, zone: TimeZone, offset: number): Rounding {
  // Some clocks change by half an hour.
  if (unit === "h") return fixedRounding(3_600_000, zone, offset);
  return {
    floor: (value) => floorTo(value - offset, unit, zone) + offset,
    next: (start) => floorTo(addUnits(start - offset, unit, 1, zone), unit, zone) + offset,
    offset,
  };
}

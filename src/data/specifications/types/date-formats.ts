import { compilePattern, type DateMatcher } from "./date-pattern.ts";
import { epochOf } from "./date-value.ts";
import { matchIsoDate } from "./iso-date.ts";

/** Reads a value in one format: epoch milliseconds, or undefined. `now` gives the day to times without one. */
export type DateReader = (value: unknown, now: number) => number | undefined;

/** Strict without a prefix. */
const basicPatterns = {
  basic_date: "YYYYMMDD",
  basic_date_time: "YYYYMMDD'T'HHmmss.SSSZ",
  basic_date_time_no_millis: "YYYYMMDD'T'HHmmssZ",
  basic_ordinal_date: "YYYYDDD",
  basic_ordinal_date_time: "YYYYDDD'T'HHmmss.SSSZ",
  basic_ordinal_date_time_no_millis: "YYYYDDD'T'HHmmssZ",
  basic_time: "HHmmss.SSSZ",
  basic_time_no_millis: "HHmmssZ",
  basic_t_time: "'T'HHmmss.SSSZ",
  basic_t_time_no_millis: "'T'HHmmssZ",
};

/** Lenient under these names, strict with `strict_` before them. */
const patterns = {
  basic_week_date: "gggg'W'wwe",
  basic_week_date_time: "gggg'W'wwe'T'HHmmss.SSSZ",
  basic_week_date_time_no_millis: "gggg'W'wwe'T'HHmmssZ",
  date: "YYYY-MM-DD",
  date_hour: "YYYY-MM-DD'T'HH",
  date_hour_minute: "YYYY-MM-DD'T'HH:mm",
  date_hour_minute_second: "YYYY-MM-DD'T'HH:mm:ss",
  date_hour_minute_second_fraction: "YYYY-MM-DD'T'HH:mm:ss.SSS",
  date_hour_minute_second_millis: "YYYY-MM-DD'T'HH:mm:ss.SSS",
  date_time: "YYYY-MM-DD'T'HH:mm:ss.SSSZ",
  date_time_no_millis: "YYYY-MM-DD'T'HH:mm:ssZ",
  hour: "HH",
  hour_minute: "HH:mm",
  hour_minute_second: "HH:mm:ss",
  hour_minute_second_fraction: "HH:mm:ss.SSS",
  hour_minute_second_millis: "HH:mm:ss.SSS",
  ordinal_date: "YYYY-DDD",
  ordinal_date_time: "YYYY-DDD'T'HH:mm:ss.SSSZ",
  ordinal_date_time_no_millis: "YYYY-DDD'T'HH:mm:ssZ",
  time: "HH:mm:ss.SSSZ",
  time_no_millis: "HH:mm:ssZ",
  t_time: "'T'HH:mm:ss.SSSZ",
  t_time_no_millis: "'T'HH:mm:ssZ",
  week_date: "gggg-'W'ww-e",
  week_date_time: "gggg-'W'ww-e'T'HH:mm:ss.SSSZ",
  week_date_time_no_millis: "gggg-'W'ww-e'T'HH:mm:ssZ",
  weekyear: "gggg",
  weekyear_week: "ggggww",
  weekyear_week_day: "ggggwwe",
  year: "YYYY",
  year_month: "YYYYMM",
  year_month_day: "YYYYMMDD",
};

/** What a `Date` can hold, either side of 1970. */
const maxEpochMs = 8.64e15;

const fromNumber =
  (unitMs: number): DateReader =>
  (value) => {
    if (typeof value !== "number") return undefined;
    const epochMs = value * unitMs;
    return Math.abs(epochMs) <= maxEpochMs ? epochMs : undefined;
  };

const fromText =
  (match: DateMatcher): DateReader =>
  (value, now) => {
    if (typeof value !== "string") return undefined;
    const parts = match(value);
    return parts && epochOf(parts, now);
  };

function listFormats(): ReadonlyMap<string, DateReader> {
  const table = new Map<string, DateReader>([
    ["epoch_millis", fromNumber(1)],
    ["epoch_second", fromNumber(1_000)],
    ["strict_date_optional_time", fromText(matchIsoDate)],
  ]);
  for (const [name, pattern] of Object.entries(basicPatterns)) table.set(name, fromText(compilePattern(pattern, true)));
  for (const [name, pattern] of Object.entries(patterns)) {
    table.set(name, fromText(compilePattern(pattern, false)));
    table.set(`strict_${name}`, fromText(compilePattern(pattern, true)));
  }
  return table;
}

/** The formats of type `date` by name (contract/search.md section 12.4). */
export const dateFormats: ReadonlyMap<string, DateReader> = listFormats();

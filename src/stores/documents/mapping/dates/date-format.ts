import { compileDatePattern, type DatePattern } from "./date-pattern.ts";
import { parseIsoDate, printIsoDate } from "./iso-date.ts";
import { patternNamed, plainName } from "./named-patterns.ts";
import { type TimeZone, utc } from "./time-zone.ts";

/** One or several formats (`a||b`): all are tried to parse, the first prints. */
export interface DateFormat {
  readonly name: string;
  /** Epoch milliseconds; undefined when no format fits. `roundUp` fills a missing time of day with its last value. */
  parse(value: string | number, roundUp?: boolean, zone?: TimeZone): number | undefined;
  print(ms: number, zone?: TimeZone): string;
}

export const defaultDateFormatName = "strict_date_optional_time||epoch_millis";

const isoPrinter = compileDatePattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX");

const iso: DatePattern = {
  parse: (text, roundUp, zone) => parseIsoDate(text, roundUp, zone),
  print: (ms, zone) => (zone === utc ? printIsoDate(ms) : (isoPrinter?.print(ms, zone) ?? printIsoDate(ms))),
};
/** With a time and a zone; the fraction may have any number of digits, or be absent. */
const isoWithTime: DatePattern = {
  parse: (text, roundUp, zone) =>
    /T\d\d:\d\d:\d\d.*(?:Z|[+-]\d\d(?::?\d\d)?)$/.test(text) ? parseIsoDate(text, roundUp, zone) : undefined,
  print: (ms, zone) => isoPrinter?.print(ms, zone) ?? printIsoDate(ms),
};
const epoch = (unitMs: number): DatePattern => ({
  parse(text, roundUp) {
    if (!/^-?\d{1,16}(\.\d{1,9})?$/.test(text)) return undefined;
    // A number without fraction stands for the whole of its second.
    const rest = roundUp && !text.includes(".") ? unitMs - 1 : 0;
    return Math.floor(Number(text) * unitMs) + rest;
  },
  print: (ms) => String(ms / unitMs),
});
const epochMillis = epoch(1);
const epochSecond = epoch(1000);

function patternOf(name: string): DatePattern | undefined {
  if (name === "epoch_millis") return epochMillis;
  if (name === "epoch_second") return epochSecond;
  const plain = plainName(name);
  if (plain === "date_optional_time" || plain === "date_optional_time_nanos" || plain === "iso8601") return iso;
  if (plain === "date_time") return isoWithTime;
  // Under these names only, a week that its year does not have is no date.
  return compileDatePattern(patternNamed(plain) ?? name, plain.includes("week_date"));
}

const compiled = new Map<string, DateFormat>();

/** Answers undefined when one of the formats is not known. */
export function compileDateFormat(name: string): DateFormat | undefined {
  const known = compiled.get(name);
  if (known !== undefined) return known;
  const patterns: DatePattern[] = [];
  for (const part of name.split("||")) {
    const pattern = patternOf(part.startsWith("8") ? part.slice(1) : part);
    if (part === "" || pattern === undefined) return undefined;
    patterns.push(pattern);
  }
  const first = patterns[0];
  if (first === undefined) return undefined;
  const takesMillis = patterns.includes(epochMillis);
  const format: DateFormat = {
    name,
    parse(value, roundUp = false, zone = utc) {
      // Four digits are a year to the ISO formats, so they take the long way.
      if (typeof value === "number" && takesMillis && (value > 9999 || value < 0) && Number.isInteger(value))
        return value;
      const text = typeof value === "string" ? value : String(value);
      for (const pattern of patterns) {
        const ms = pattern.parse(text, roundUp, zone);
        if (ms !== undefined) return ms;
      }
      return undefined;
    },
    print: (ms, zone = utc) => first.print(ms, zone),
  };
  if (compiled.size > 1000) compiled.clear();
  compiled.set(name, format);
  return format;
}

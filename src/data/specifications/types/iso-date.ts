import { compilePattern, type DateMatcher } from "./date-pattern.ts";
import { type DateParts, epochOf } from "./date-value.ts";

const dayMatchers = strictMatchers([
  "YYYY-MM-DD",
  "YYYY-MM",
  "YYYY",
  "YYYYMMDD",
  "YYYY-DDD",
  "YYYYDDD",
  "GGGG-'W'WW-E",
  "GGGG-'W'WW",
  "GGGG'W'WWE",
  "GGGG'W'WW",
  "±YYYYYY-MM-DD",
  "±YYYYYYMMDD",
]);
const timeMatchers = strictMatchers(["HH:mm:ss", "HH:mm", "HH", "HHmmss", "HHmm"]);

const maxLength = 60;
const zoneForm = /(?:Z|[+-]\d\d(?::?\d\d)?)$/;
const fractionForm = /[.,](\d{1,9})$/;

function strictMatchers(patterns: readonly string[]): readonly DateMatcher[] {
  return patterns.map((pattern) => compilePattern(pattern, true));
}

/** Any form of ISO 8601, with a space for the T too; undefined for anything else. */
export const matchIsoDate: DateMatcher = (text) => {
  if (text.length > maxLength) return undefined;
  const separator = text.search(/[T ]/);
  if (separator === -1) return matchAny(dayMatchers, text);
  const day = matchAny(dayMatchers, text.slice(0, separator));
  const time = day && matchTime(text.slice(separator + 1));
  return time && { ...day, ...time };
};

function matchTime(text: string): DateParts | undefined {
  const zone = zoneForm.exec(text)?.[0] ?? "";
  const clock = text.slice(0, text.length - zone.length);
  const fraction = fractionForm.exec(clock);
  const parts = matchAny(timeMatchers, fraction === null ? clock : clock.slice(0, fraction.index));
  if (parts === undefined) return undefined;
  if (fraction !== null) {
    if (parts.second === undefined) return undefined;
    parts.millisecond = Math.floor(Number(`0.${fraction[1]}`) * 1_000);
  }
  if (zone !== "") parts.offset = offsetOf(zone);
  return parts;
}

function offsetOf(zone: string): number {
  if (zone === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(":", ""));
  return zone.startsWith("-") ? -minutes : minutes;
}

function matchAny(matchers: readonly DateMatcher[], text: string): DateParts | undefined {
  for (const match of matchers) {
    const parts = match(text);
    if (parts !== undefined) return parts;
  }
  return undefined;
}

/** Epoch milliseconds of an ISO 8601 text, undefined when it is none. */
export function parseIsoDate(text: string): number | undefined {
  const parts = matchIsoDate(text);
  return parts && epochOf(parts, 0);
}

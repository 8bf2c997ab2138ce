import { dateOf, dayMs, daysInMonth, utcOf } from "./calendar.ts";
import { instantOf, type TimeZone, utc } from "./time-zone.ts";

/**
 * Parses `2024`, `2024-05`, `2024-05-06`, `2024-05-06T07:08:09.123Z` and what lies between; undefined when it is none of these.
 * `roundUp` fills a missing time of day with its last value instead of its first. Without an offset the text is local time of `zone`.
 */
export function parseIsoDate(text: string, roundUp = false, zone: TimeZone = utc): number | undefined {
  const length = text.length;
  if (length < 4) return undefined;
  const year = digits(text, 0, 4);
  if (year < 0) return undefined;
  // Rounding up concerns the time of day only: "2021-06" is the first of June, as in the reference engine.
  let month = 1;
  let day = -1;
  let hour = roundUp ? 23 : 0;
  let minute = roundUp ? 59 : 0;
  let second = roundUp ? 59 : 0;
  let milli = roundUp ? 999 : 0;
  let at = 4;
  if (at < length && text.charCodeAt(at) === 45) {
    month = digits(text, at + 1, 2);
    if (month < 1 || month > 12) return undefined;
    at += 3;
    if (at < length && text.charCodeAt(at) === 45) {
      day = digits(text, at + 1, 2);
      if (day < 1 || day > daysInMonth(year, month)) return undefined;
      at += 3;
    }
  }
  if (day < 0) day = 1;
  if (at === length) return local(year, month, day, hour, minute, second, milli, zone);
  if (text.charCodeAt(at) !== 84) return undefined;
  at++;
  if (at < length && isDigit(text, at)) {
    hour = digits(text, at, 2);
    if (hour < 0 || hour > 23) return undefined;
    at += 2;
    if (at < length && text.charCodeAt(at) === 58) {
      minute = digits(text, at + 1, 2);
      if (minute < 0 || minute > 59) return undefined;
      at += 3;
      if (at < length && text.charCodeAt(at) === 58) {
        second = digits(text, at + 1, 2);
        if (second < 0 || second > 59) return undefined;
        at += 3;
        const mark = at < length ? text.charCodeAt(at) : 0;
        if (mark === 46 || mark === 44) {
          let end = at + 1;
          milli = 0;
          let unit = 100;
          while (end < length && isDigit(text, end)) {
            milli += Math.floor(unit) * (text.charCodeAt(end) - 48);
            unit /= 10;
            if (unit < 1) unit = 0;
            end++;
          }
          if (end === at + 1 || end > at + 10) return undefined;
          at = end;
        }
      }
    }
  }
  if (at === length) return local(year, month, day, hour, minute, second, milli, zone);
  const offset = parseOffset(text, at);
  if (offset === undefined) return undefined;
  return utcOf(year, month, day, hour, minute, second, milli) - offset;
}

function local(y: number, mo: number, d: number, h: number, mi: number, s: number, ms: number, zone: TimeZone): number {
  const at = utcOf(y, mo, d, h, mi, s, ms);
  return zone === utc ? at : instantOf(zone, at);
}

const usualLength = "2001-01-01T00:00:00.000Z".length;
const ofTwoDigits = Array.from({ length: 100 }, (_, value) => String(value).padStart(2, "0"));
const twoDigits = (value: number): string => ofTwoDigits[value] as string;

/** In UTC, with milliseconds: `2024-05-06T07:08:09.123Z`. Years beyond four digits print with a sign, as java.time does. */
export function printIsoDate(ms: number): string {
  if (!(Math.abs(ms) <= 8.64e15)) return String(ms);
  const days = Math.floor(ms / dayMs);
  const { year, month, day } = dateOf(days);
  if (year < 0 || year > 9_999 || !Number.isInteger(ms)) {
    const text = new Date(ms).toISOString();
    return text.length === usualLength ? text : text.replace(/^([+-])0+(?=\d{4})/, "$1");
  }
  const rest = ms - days * dayMs;
  const seconds = Math.floor(rest / 1_000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const milli = rest - seconds * 1_000;
  return (
    `${twoDigits(Math.floor(year / 100))}${twoDigits(year % 100)}-${twoDigits(month)}-${twoDigits(day)}T` +
    `${twoDigits(hours)}:${twoDigits(minutes - hours * 60)}:${twoDigits(seconds - minutes * 60)}.` +
    `${Math.floor(milli / 100)}${twoDigits(milli % 100)}Z`
  );
}

/** `Z`, `+01`, `+0100` or `+01:00` from `at` to the end of the text, in milliseconds. */
export function parseOffset(text: string, at: number): number | undefined {
  const sign = text.charCodeAt(at);
  const rest = text.length - at;
  if (sign === 90) return rest === 1 ? 0 : undefined;
  if (sign !== 43 && sign !== 45) return undefined;
  const hours = digits(text, at + 1, 2);
  let minutes = 0;
  if (rest === 5) minutes = digits(text, at + 3, 2);
  else if (rest === 6 && text.charCodeAt(at + 3) === 58) minutes = digits(text, at + 4, 2);
  else if (rest !== 3) return undefined;
  if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59) return undefined;
  const offset = (hours * 60 + minutes) * 60_000;
  return sign === 45 ? -offset : offset;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

/** The number written in `count` digits, -1 when there are fewer. */
function digits(text: string, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

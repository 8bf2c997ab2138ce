/** What was read out of a date; what a format does not name stays undefined. */
export interface DateParts {
  year?: number;
  /** 1 to 12. */
  month?: number;
  day?: number;
  /** Day of the year, from 1. */
  ordinal?: number;
  /** Weeks that start on Sunday, the first holding 1 January; `weekday` 0 to 6. */
  weekYear?: number;
  week?: number;
  weekday?: number;
  /** Weeks of ISO 8601: they start on Monday, the first holding 4 January; `isoWeekday` 1 to 7. */
  isoWeekYear?: number;
  isoWeek?: number;
  isoWeekday?: number;
  hour?: number;
  minute?: number;
  second?: number;
  millisecond?: number;
  /** Minutes east of Greenwich. */
  offset?: number;
}

const dayMs = 86_400_000;

/**
 * Epoch milliseconds, or undefined when a part is out of its range (30 February, minute 75). Without an offset it is UTC; without any
 * day it is the day of `now`.
 */
export function epochOf(parts: DateParts, now: number): number | undefined {
  const day = dayOf(parts, now);
  const time = timeOf(parts);
  if (day === undefined || time === undefined) return undefined;
  return day + time - (parts.offset ?? 0) * 60_000;
}

function dayOf(parts: DateParts, now: number): number | undefined {
  if (parts.year !== undefined) {
    if (parts.ordinal !== undefined) return ordinalDay(parts.year, parts.ordinal);
    return calendarDay(parts.year, parts.month ?? 1, parts.day ?? 1);
  }
  if (parts.weekYear !== undefined) return localeWeekDay(parts.weekYear, parts.week ?? 1, parts.weekday ?? 0);
  if (parts.isoWeekYear !== undefined) return isoWeekDay(parts.isoWeekYear, parts.isoWeek ?? 1, parts.isoWeekday ?? 1);
  return now - (((now % dayMs) + dayMs) % dayMs);
}

function calendarDay(year: number, month: number, day: number): number | undefined {
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  return utc(year, month, day);
}

function daysIn(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

function ordinalDay(year: number, ordinal: number): number | undefined {
  const start = utc(year, 1, 1) + (ordinal - 1) * dayMs;
  return ordinal >= 1 && start < utc(year + 1, 1, 1) ? start : undefined;
}

function localeWeekDay(year: number, week: number, weekday: number): number | undefined {
  const firstSunday = (of: number): number => utc(of, 1, 1) - new Date(utc(of, 1, 1)).getUTCDay() * dayMs;
  if (week < 1 || weekday > 6) return undefined;
  const start = firstSunday(year) + (week - 1) * 7 * dayMs;
  return start < firstSunday(year + 1) ? start + weekday * dayMs : undefined;
}

function isoWeekDay(year: number, week: number, weekday: number): number | undefined {
  const firstMonday = (of: number): number => utc(of, 1, 4) - ((new Date(utc(of, 1, 4)).getUTCDay() + 6) % 7) * dayMs;
  if (week < 1 || weekday < 1 || weekday > 7) return undefined;
  const start = firstMonday(year) + (week - 1) * 7 * dayMs;
  return start < firstMonday(year + 1) ? start + (weekday - 1) * dayMs : undefined;
}

function timeOf({ hour = 0, minute = 0, second = 0, millisecond = 0, offset = 0 }: DateParts): number | undefined {
  if (hour > 24 || minute > 59 || second > 59 || Math.abs(offset) >= 1_440) return undefined;
  // ISO 8601: 24:00 is the end of the day, nothing comes after it.
  if (hour === 24 && minute + second + millisecond > 0) return undefined;
  return ((hour * 60 + minute) * 60 + second) * 1_000 + millisecond;
}

/** `Date.UTC` takes years below 100 for the twentieth century. */
function utc(year: number, month: number, day: number): number {
  return year >= 100 ? Date.UTC(year, month - 1, day) : new Date(0).setUTCFullYear(year, month - 1, day);
}

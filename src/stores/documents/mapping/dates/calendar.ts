/**
 * The Gregorian calendar by arithmetic, for any year, also before it was introduced: `Date` takes ten times as long, and moves the years 0 to 99 into
 * the twentieth century. Months are 1 to 12, instants are milliseconds since 1970.
 */

export const dayMs = 86_400_000;

/** Days of 400 years, after which the calendar begins anew. */
const cycleDays = 146_097;
/** From the first of March of the year 0, where the years begin that are counted here: their last day is the one that leap years add. */
const daysTo1970 = 719_468;
/** Days of the months before one, from March on. */
const daysBefore = [0, 31, 61, 92, 122, 153, 184, 214, 245, 275, 306, 337];

export interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Days since 1970-01-01. `day` may lie outside of its month. */
export function dayOf(year: number, month: number, day: number): number {
  const sinceMarch = month < 3 ? month + 9 : month - 3;
  const marchYear = month < 3 ? year - 1 : year;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  return marchYear * 365 + leapDays + (daysBefore[sinceMarch] as number) + day - 1 - daysTo1970;
}

/** No date at all, so that what is made of it is no number. */
const noDate: CalendarDate = { year: Number.NaN, month: Number.NaN, day: Number.NaN };
/** More than an instant of 16 digits has. */
const maxDays = 120_000_000;
/** Whole cycles that make each of these days a positive one: whole numbers are divided by a constant without a division. */
const cyclesBefore = 1_000;

/** The date of a day, counted from 1970-01-01; members that are NaN beyond what an instant of 16 digits has. */
export function dateOf(daysSince1970: number): CalendarDate {
  if (!(Math.abs(daysSince1970) <= maxDays)) return noDate;
  const days = (daysSince1970 + daysTo1970 + cyclesBefore * cycleDays) | 0;
  const cycle = (days / cycleDays) | 0;
  const dayOfCycle = (days - cycle * cycleDays) | 0;
  // Without the days that leap years added so far: one after 4 years, but not after 100, and the last of the cycle.
  const plainDays =
    (dayOfCycle - ((dayOfCycle / 1_460) | 0) + ((dayOfCycle / 36_524) | 0) - ((dayOfCycle / 146_096) | 0)) | 0;
  const yearOfCycle = (plainDays / 365) | 0;
  const dayOfYear = (dayOfCycle - yearOfCycle * 365 - (yearOfCycle >> 2) + ((yearOfCycle / 100) | 0)) | 0;
  // Five months in a row have 153 days.
  const sinceMarch = ((dayOfYear * 5 + 2) / 153) | 0;
  const month = sinceMarch < 10 ? sinceMarch + 3 : sinceMarch - 9;
  return {
    year: (cycle - cyclesBefore) * 400 + yearOfCycle + (month < 3 ? 1 : 0),
    month,
    day: dayOfYear - (daysBefore[sinceMarch] as number) + 1,
  };
}

/** An instant of UTC; NaN beyond what `Date` takes. `day` may lie outside of its month. */
export function utcOf(y: number, mo: number, d: number, h: number, mi: number, s: number, ms: number): number {
  const at = dayOf(y, mo, d) * dayMs + ((h * 60 + mi) * 60 + s) * 1_000 + ms;
  return Math.abs(at) <= 8.64e15 ? at : Number.NaN;
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

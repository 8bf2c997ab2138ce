import { dayMs, utcOf } from "./calendar.ts";

/** A day by its week (ISO 8601): weeks begin on Monday (1), and the first of a year has its fourth of January. */
export interface WeekDate {
  readonly year: number;
  /** 1 to 53. */
  readonly week: number;
  /** 1 to 7. */
  readonly day: number;
}

/** The Monday that begins the first week of a year, in milliseconds. */
function firstMonday(year: number): number {
  const fourth = utcOf(year, 1, 4, 0, 0, 0, 0);
  return fourth - ((new Date(fourth).getUTCDay() + 6) % 7) * dayMs;
}

/** How many weeks a year has: 52 or 53. */
export function weeksOf(year: number): number {
  return Math.round((firstMonday(year + 1) - firstMonday(year)) / (7 * dayMs));
}

/** The beginning of a day; a week that the year does not have counts on into the next one. */
export function startOfWeekDate({ year, week, day }: WeekDate): number {
  return firstMonday(year) + ((week - 1) * 7 + day - 1) * dayMs;
}

/** The week in which a date lies, whose hours are those of UTC. */
export function weekDateOf(date: Date): WeekDate {
  const day = ((date.getUTCDay() + 6) % 7) + 1;
  // The Thursday of a week lies in the year to which the week belongs.
  const thursday = new Date(date.getTime() + (4 - day) * dayMs);
  const year = thursday.getUTCFullYear();
  return { year, week: Math.floor((thursday.getTime() - firstMonday(year)) / (7 * dayMs)) + 1, day };
}

import { dateOf, dayMs, dayOf, daysInMonth } from "./calendar.ts";
import type { DateFormat } from "./date-format.ts";
import { instantOf, type TimeZone } from "./time-zone.ts";

export type CalendarUnit = "y" | "q" | "M" | "w" | "d" | "h" | "m" | "s";

/**
 * Parses `now-1d/d`, `2024-01-01||+1M`, or a plain date of the format; undefined when it is none of these.
 * `roundUp` answers the last millisecond of what the text names.
 */
export function parseDateMath(
  value: string | number,
  format: DateFormat,
  now: number,
  roundUp: boolean,
  zone: TimeZone,
): number | undefined {
  if (typeof value === "number") return format.parse(value, roundUp, zone);
  if (value.startsWith("now")) return applyMath(value.slice(3), now, roundUp, zone);
  const split = value.indexOf("||");
  if (split < 0) return format.parse(value, roundUp, zone);
  const base = format.parse(value.slice(0, split), false, zone);
  return base === undefined ? undefined : applyMath(value.slice(split + 2), base, roundUp, zone);
}

function applyMath(math: string, start: number, roundUp: boolean, zone: TimeZone): number | undefined {
  let at = start;
  const step = /([+-])(\d*)([yMwdhHms])|\/([yMwdhHms])/y;
  while (step.lastIndex < math.length) {
    const match = step.exec(math);
    if (match === null) return undefined;
    const rounding = match[4];
    if (rounding !== undefined) {
      const unit = unitOf(rounding);
      at = floorTo(at, unit, zone);
      if (roundUp) at = addUnits(at, unit, 1, zone) - 1;
    } else {
      const count = match[2] === "" ? 1 : Number(match[2]);
      at = addUnits(at, unitOf(match[3] ?? ""), match[1] === "-" ? -count : count, zone);
    }
  }
  return at;
}

function unitOf(letter: string): CalendarUnit {
  // "H" is another way to write hours.
  return (letter === "H" ? "h" : letter) as CalendarUnit;
}

const unitMs = { w: 7 * dayMs, d: dayMs, h: 3_600_000, m: 60_000, s: 1000 } as const;

/** Adds calendar units in local time (a day over a clock change is 23 or 25 hours). */
export function addUnits(ms: number, unit: CalendarUnit, count: number, zone: TimeZone): number {
  if (unit === "h" || unit === "m" || unit === "s") return ms + count * unitMs[unit];
  const local = ms + zone.offsetAt(ms);
  if (unit === "d" || unit === "w") return instantOf(zone, local + count * unitMs[unit]);
  const days = Math.floor(local / dayMs);
  const date = dateOf(days);
  const months = unit === "y" ? 12 * count : unit === "q" ? 3 * count : count;
  const total = date.year * 12 + date.month - 1 + months;
  const year = Math.floor(total / 12);
  const month = total - year * 12 + 1;
  const day = Math.min(date.day, daysInMonth(year, month));
  return instantOf(zone, dayOf(year, month, day) * dayMs + local - days * dayMs);
}

/** The start of the calendar unit in which an instant lies; weeks begin on Monday. */
export function floorTo(ms: number, unit: CalendarUnit, zone: TimeZone): number {
  const offset = zone.offsetAt(ms);
  const local = ms + offset;
  switch (unit) {
    case "s":
    case "m":
      return Math.floor(local / unitMs[unit]) * unitMs[unit] - offset;
    case "h":
      return Math.floor(local / unitMs.h) * unitMs.h - offset;
    case "d":
      return instantOf(zone, Math.floor(local / dayMs) * dayMs);
    case "w": {
      const day = Math.floor(local / dayMs);
      // 1970-01-01 was a Thursday.
      return instantOf(zone, (day - ((((day + 3) % 7) + 7) % 7)) * dayMs);
    }
    default: {
      const { year, month } = dateOf(Math.floor(local / dayMs));
      const first = unit === "y" ? 1 : unit === "q" ? month - ((month - 1) % 3) : month;
      return instantOf(zone, dayOf(year, first, 1) * dayMs);
    }
  }
}

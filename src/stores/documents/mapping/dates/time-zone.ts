import { dayMs } from "./calendar.ts";

/** Offsets of one time zone from UTC. */
export interface TimeZone {
  readonly id: string;
  /** True when the offset never changes. */
  readonly fixed: boolean;
  /** Milliseconds to add to UTC to get local time, at an instant. */
  offsetAt(ms: number): number;
}

const quarterMs = 15 * 60_000;
const quartersOfDay = 96;
const offsetPattern = /^(?:UTC|GMT|UT)?([+-])(\d{1,2})(?::?(\d{2}))?(?::?(\d{2}))?$/;

function fixedZone(id: string, offsetMs: number): TimeZone {
  return { id, fixed: true, offsetAt: () => offsetMs };
}

export const utc: TimeZone = fixedZone("UTC", 0);

/** Answers undefined for names that are no time zone. `+01:00`, `UTC`, `Europe/Paris`. */
export function parseTimeZone(id: string): TimeZone | undefined {
  if (id === "Z" || id === "UTC" || id === "GMT") return utc;
  const match = offsetPattern.exec(id);
  if (match !== null) {
    const hours = Number(match[2]);
    const minutes = Number(match[3] ?? 0);
    if (hours > 18 || minutes > 59) return undefined;
    const offset = (hours * 60 + minutes) * 60_000 + Number(match[4] ?? 0) * 1000;
    return fixedZone(id, match[1] === "-" ? -offset : offset);
  }
  return namedZone(id);
}

function namedZone(id: string): TimeZone | undefined {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: id,
      hourCycle: "h23",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch {
    return undefined;
  }
  // Formatting costs microseconds. Offsets change on quarters of an hour only, and not twice a day.
  const known = new Map<number, number>();
  const offsetOf = (quarter: number): number => {
    const cached = known.get(quarter);
    if (cached !== undefined) return cached;
    const offset = computeOffset(format, quarter * quarterMs);
    if (known.size > 100_000) known.clear();
    known.set(quarter, offset);
    return offset;
  };
  const offsetAt = (ms: number): number => {
    const day = Math.floor(ms / dayMs) * quartersOfDay;
    const offset = offsetOf(day);
    return offset === offsetOf(day + quartersOfDay) ? offset : offsetOf(Math.floor(ms / quarterMs));
  };
  return { id, fixed: false, offsetAt };
}

function computeOffset(format: Intl.DateTimeFormat, ms: number): number {
  const parts: Record<string, number> = {};
  let beforeChrist = false;
  for (const part of format.formatToParts(ms)) {
    if (part.type === "era") beforeChrist = part.value.startsWith("B");
    else parts[part.type] = Number(part.value);
  }
  const year = beforeChrist ? 1 - (parts.year ?? 0) : (parts.year ?? 1970);
  const local = new Date(0);
  local.setUTCFullYear(year, (parts.month ?? 1) - 1, parts.day ?? 1);
  local.setUTCHours(parts.hour ?? 0, parts.minute ?? 0, parts.second ?? 0);
  return local.getTime() - ms;
}

/**
 * The instant at which clocks of the zone show `localMs` (local time written as if it were UTC). As in java.time, of a time that they show
 * twice it is the first, and a time that they skip is moved behind the gap by its length.
 */
export function instantOf(zone: TimeZone, localMs: number): number {
  // Changes are further apart than two days.
  const first = localMs - zone.offsetAt(localMs - dayMs);
  if (zone.fixed || first + zone.offsetAt(first) === localMs) return first;
  const second = localMs - zone.offsetAt(localMs + dayMs);
  return second + zone.offsetAt(second) === localMs ? second : first;
}

/** When the clocks of a zone changed last within the day before an instant; undefined when they did not. */
export function changeBefore(zone: TimeZone, ms: number): number | undefined {
  if (zone.fixed || zone.offsetAt(ms - dayMs) === zone.offsetAt(ms)) return undefined;
  let before = ms - dayMs;
  let after = ms;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (zone.offsetAt(middle) === zone.offsetAt(ms)) after = middle;
    else before = middle;
  }
  return after;
}

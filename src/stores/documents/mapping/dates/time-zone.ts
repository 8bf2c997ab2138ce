/** Offsets of one time zone from UTC. */
export interface TimeZone {
  readonly id: string;
  /** True when the offset never changes. */
  readonly fixed: boolean;
  /** Milliseconds to add to UTC to get local time, at an instant. */
  offsetAt(ms: number): number;
}

const quarterMs = 15 * 60_000;
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
  // Formatting costs microseconds, and offsets change on quarters of an hour only.
  const known = new Map<number, number>();
  const offsetAt = (ms: number): number => {
    const quarter = Math.floor(ms / quarterMs);
    const cached = known.get(quarter);
    if (cached !== undefined) return cached;
    const offset = computeOffset(format, quarter * quarterMs);
    if (known.size > 10_000) known.clear();
    known.set(quarter, offset);
    return offset;
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

/** The instant at which clocks of the zone show `localMs` (local time written as if it were UTC). */
export function instantOf(zone: TimeZone, localMs: number): number {
  if (zone.fixed) return localMs - zone.offsetAt(localMs);
  const guess = localMs - zone.offsetAt(localMs - zone.offsetAt(localMs));
  // In the hour that a clock skips, the offset before the gap pushes the result behind it, as java.time does.
  const shown = guess + zone.offsetAt(guess);
  return shown === localMs ? guess : localMs - zone.offsetAt(localMs - 12 * 3_600_000);
}

import { changeBefore, instantOf, type TimeZone } from "../../../mapping/dates/time-zone.ts";
import type { Rounding } from "./rounding.ts";

/**
 * Buckets of so many milliseconds of local time. Where clocks are set back, what they show again has buckets of its own from the first one
 * on that begins there; where they are set forward, a bucket that would begin in the gap begins behind it.
 */
export function fixedRounding(interval: number, zone: TimeZone, offset: number): Rounding {
  const floor = (value: number): number => floorLocal(interval, zone, value - offset) + offset;
  const next = (start: number): number => {
    const end = floor(start + interval);
    if (end > start) return end;
    // The clocks have been set back since: the bucket is longer by as much.
    const at = start - offset;
    return floor(start + interval + zone.offsetAt(at) - zone.offsetAt(at + interval));
  };
  return { floor, next, offset };
}

function floorLocal(interval: number, zone: TimeZone, ms: number): number {
  const floorTo = (local: number): number => Math.floor(local / interval) * interval;
  const own = zone.offsetAt(ms);
  const start = floorTo(ms + own);
  const change = changeBefore(zone, ms);
  const before = change === undefined ? own : zone.offsetAt(change - 1);
  if (change !== undefined && before > own && start < change + own)
    return instantOf(zone, floorTo(change + before - 1));
  if (zone.offsetAt(start - own) === own) return start - own;
  const at = instantOf(zone, start);
  if (at + zone.offsetAt(at) === start) return at;
  // Clocks never show it.
  return changeBefore(zone, at) ?? at;
}

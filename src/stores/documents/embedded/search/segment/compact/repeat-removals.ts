import { hasBit } from "../bits.ts";
import type { FrozenSegment } from "../frozen-segment.ts";
import type { Segment } from "../segment.ts";

/** Removes from a new segment what was removed from one of its sources since `before`. */
export function repeatRemovals(source: Segment, before: Uint32Array, made: FrozenSegment): void {
  const now = source.removals.share();
  for (let i = 0; i < now.length; i++) {
    if (now[i] === (before[i] ?? 0)) continue;
    for (let doc = i << 5; doc < (i + 1) << 5; doc++)
      if (hasBit(now, doc) && !hasBit(before, doc)) made.remove(source.docNumber(doc));
  }
}

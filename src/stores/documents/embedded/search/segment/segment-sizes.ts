import type { FrozenSegment } from "./frozen-segment.ts";
import type { HeadSegment } from "./head-segment.ts";
import type { Segment } from "./segment.ts";

/** When segments are frozen and merged. */
export interface SegmentSizes {
  /** Documents with which the head is full. */
  readonly headDocuments: number;
  /** Neighbours of about one size that become one. */
  readonly mergedAtOnce: number;
  /** A segment with this many live documents is merged with no other. */
  readonly maxDocuments: number;
  /** Nobody asks for a merge at rest: one that would take more memory does not happen. 256 MiB unless given. */
  readonly maxSettledBytes?: number;
}

/**
 * A head this large is frozen in about half a second of slices, and read again at a start in about as much. Guesses; bench/documents.ts would
 * settle them.
 */
export const usualSizes: SegmentSizes = { headDocuments: 50_000, mergedAtOnce: 8, maxDocuments: 4_000_000 };

const usualSettledBytes = 268_435_456;

export const liveDocuments = ({ root, removals }: Segment): number => root.count - removals.count;

/** Full heads that may wait to be frozen. A guess: some hundred thousand documents, which a start after a crash indexes again. */
const maxWaitingHeads = 6;

/** So many full heads wait that nothing else may come first. */
export const areTooManyWaiting = (segments: readonly Segment[], head: HeadSegment): boolean =>
  segments.filter((segment) => segment !== head && !segment.isFrozen).length > maxWaitingHeads;

/**
 * Segments that are to become one, neighbours in their order; undefined when all is well. Full heads are frozen one by one, after merges that are
 * due: while documents keep coming there is always a full head, and segments would never become fewer.
 */
export function findDue(
  segments: readonly Segment[],
  head: HeadSegment,
  sizes: SegmentSizes,
): readonly Segment[] | undefined {
  const frozen = segments.filter(({ isFrozen }) => isFrozen);
  const waiting = segments.find((segment) => segment !== head && !segment.isFrozen);
  if (waiting !== undefined && areTooManyWaiting(segments, head)) return [waiting];
  const worn = frozen.find(isMostlyGone);
  const merged = worn === undefined ? findAlike(frozen, sizes) : [worn];
  return merged ?? (waiting === undefined ? undefined : [waiting]);
}

/** A merge at rest is worth its work when the largest segment is at most so many times as large as the others together. */
const largestShare = 4;

/**
 * Segments that are to become one when no documents come: as many as possible of the last ones. What a search does once for each segment, such as looking up
 * words, is then done once.
 */
export function findSettled(
  frozen: readonly FrozenSegment[],
  { maxDocuments, maxSettledBytes = usualSettledBytes }: SegmentSizes,
): readonly FrozenSegment[] | undefined {
  for (let from = 0; from < frozen.length - 1; from++) {
    const run = frozen.slice(from);
    const counts = run.map(liveDocuments);
    const all = counts.reduce((sum, count) => sum + count, 0);
    const largest = Math.max(...counts);
    if (all > maxDocuments || largest > largestShare * (all - largest)) continue;
    if (run.reduce((sum, { size }) => sum + size, 0) <= maxSettledBytes) return run;
  }
  return undefined;
}

const isMostlyGone = (segment: Segment): boolean => segment.removals.count * 2 > segment.root.count;

/** The first run of neighbours of one tier that is long enough; each tier is `mergedAtOnce` times larger than the one before. */
function findAlike(
  frozen: readonly Segment[],
  { headDocuments, mergedAtOnce, maxDocuments }: SegmentSizes,
): readonly Segment[] | undefined {
  const tierOf = (segment: Segment): number =>
    Math.max(0, Math.floor(Math.log(liveDocuments(segment) / headDocuments) / Math.log(mergedAtOnce) + 0.5));
  let run: Segment[] = [];
  let tier = -1;
  for (const segment of frozen) {
    const own = liveDocuments(segment) >= maxDocuments ? -1 : tierOf(segment);
    if (own !== tier) run = [];
    tier = own;
    if (own < 0) continue;
    run.push(segment);
    if (run.length === mergedAtOnce) return run;
  }
  return undefined;
}

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
}

/**
 * A head this large is frozen in about half a second of slices, and read again at a start in about as much. Guesses; bench/documents.ts would
 * settle them.
 */
export const usualSizes: SegmentSizes = { headDocuments: 50_000, mergedAtOnce: 8, maxDocuments: 4_000_000 };

export const liveDocuments = ({ root, removals }: Segment): number => root.count - removals.count;

/** Segments that are to become one, neighbours in their order: full heads alone; undefined when all is well. */
export function findDue(
  segments: readonly Segment[],
  head: HeadSegment,
  sizes: SegmentSizes,
): readonly Segment[] | undefined {
  const frozen: Segment[] = [];
  for (const segment of segments) {
    if (segment === head) continue;
    if (!segment.isFrozen) return [segment];
    frozen.push(segment);
  }
  const worn = frozen.find(isMostlyGone);
  return worn === undefined ? findAlike(frozen, sizes) : [worn];
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

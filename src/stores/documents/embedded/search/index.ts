export type {
  CollectionIndex,
  IndexHit,
  IndexSearchRequest,
  IndexSearchResult,
  InnerHit,
  Maintained,
} from "./collection-index.ts";
export { createCollectionIndex, searchMany } from "./collection-index.ts";
export type { FrozenSegment } from "./segment/frozen-segment.ts";
export type { SegmentSizes } from "./segment/segment-sizes.ts";
export { DamagedSegment } from "./segment/stored/directory.ts";
export { FieldBudget } from "./segment/stored/field-budget.ts";
export { openSegment, type StoredSegment } from "./segment/stored/open-segment.ts";
export { writeSegment } from "./segment/stored/write-segment.ts";
export type { Visibilities, Visibility } from "./visibility.ts";

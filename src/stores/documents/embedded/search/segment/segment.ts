import type { KeywordField } from "./keyword-field.ts";
import type { Removals } from "./removals.ts";
import type { Space } from "./space.ts";

/** What a search reads: documents numbered from 0, their fields, and which of them are gone. */
export interface Segment {
  /** It takes no more documents. */
  readonly isFrozen: boolean;
  readonly root: Space;
  readonly ids: KeywordField;
  /** The space of a nested path; undefined while no document has such objects. */
  space(path: string): Space | undefined;
  /** The collection's number of a document. */
  docNumber(doc: number): number;
  /** The document of a number, -1 when it is not here. */
  docOf(docNumber: number): number;
  readonly removals: Removals;
  /** Bytes in memory. */
  readonly memory: number;
  /** Marks a document as gone; false when it is not here. */
  remove(docNumber: number): boolean;
  /** What a search may see from now on: later documents and removals do not change it. */
  snapshot(): SegmentSnapshot;
}

export interface SegmentSnapshot {
  readonly segment: Segment;
  /** Documents below this number. */
  readonly maxDoc: number;
  readonly deleted: Uint32Array;
  readonly deletedCount: number;
  /** Nested objects at that time, by path. */
  readonly counts: ReadonlyMap<string, number>;
}

import { findNumber } from "./find-number.ts";
import type { FrozenSpace } from "./frozen-space.ts";
import type { KeywordField } from "./keyword-field.ts";
import { Removals } from "./removals.ts";
import type { Segment, SegmentSnapshot } from "./segment.ts";

/** A segment that takes no more documents; they can only be removed. */
export class FrozenSegment implements Segment {
  readonly isFrozen = true;
  readonly root: FrozenSpace;
  readonly removals: Removals;
  /** The collection's numbers of its documents, ascending. */
  readonly docNumbers: Uint32Array;
  readonly spaces: ReadonlyMap<string, FrozenSpace>;
  readonly #counts: ReadonlyMap<string, number>;

  constructor(docNumbers: Uint32Array, spaces: ReadonlyMap<string, FrozenSpace>, removed?: Uint32Array) {
    this.docNumbers = docNumbers;
    this.spaces = spaces;
    const root = spaces.get("");
    if (root === undefined) throw new TypeError("A segment has a space for its documents.");
    this.root = root;
    this.removals = new Removals(removed ?? new Uint32Array((docNumbers.length + 31) >>> 5));
    this.#counts = new Map(Array.from(spaces, ([path, { count }]) => [path, count]));
  }

  get ids(): KeywordField {
    const ids = this.root.fields.get("_id");
    if (ids?.kind !== "keyword") throw new TypeError("The documents of a segment have ids.");
    return ids;
  }

  get memory(): number {
    let total = this.docNumbers.byteLength + this.removals.memory;
    for (const { fields, parentOf } of this.spaces.values()) total += parentOf.byteLength + fields.memory;
    return total;
  }

  /** Bytes of memory that all of it takes, loaded or not. */
  get size(): number {
    let total = this.docNumbers.byteLength;
    for (const { fields, parentOf } of this.spaces.values()) total += parentOf.byteLength + fields.size;
    return total;
  }

  space(path: string): FrozenSpace | undefined {
    return this.spaces.get(path);
  }

  docNumber(doc: number): number {
    return this.docNumbers[doc] as number;
  }

  docOf(docNumber: number): number {
    return findNumber(this.docNumbers, this.docNumbers.length, docNumber);
  }

  remove(docNumber: number): boolean {
    const doc = this.docOf(docNumber);
    if (doc < 0) return false;
    this.removals.add(doc);
    return true;
  }

  snapshot(): SegmentSnapshot {
    const { count: deletedCount } = this.removals;
    const deleted = this.removals.share();
    return { segment: this, maxDoc: this.root.count, deleted, deletedCount, counts: this.#counts };
  }
}

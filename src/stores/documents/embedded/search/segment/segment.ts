import type { JSONObject } from "../../../../../kernel/index.ts";
import type { CompiledMapping, FieldNode, ObjectNode } from "../../../mapping/compile-mapping.ts";
import type { IndexedValue } from "../../../mapping/types/field-type.ts";
import { type DocumentVisitor, walkDocument } from "../../../mapping/walk-document.ts";
import { hasBit } from "./bits.ts";
import { grow32 } from "./growing.ts";
import { KeywordField } from "./keyword-field.ts";
import { Space } from "./space.ts";

/** What a search reads: documents numbered from 0, their fields, and which of them are gone. Frozen segments will have the same face. */
export interface Segment {
  readonly root: Space;
  readonly ids: KeywordField;
  /** The space of a nested path; undefined while no document has such objects. */
  space(path: string): Space | undefined;
  /** The collection's number of a document. */
  docNumber(doc: number): number;
  /** The document of a number, -1 when it is not here. */
  docOf(docNumber: number): number;
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

/** The segment that takes new documents; searchable at once. */
export class HeadSegment implements Segment, DocumentVisitor {
  readonly ids: KeywordField;
  readonly root: Space;
  deletedCount = 0;
  readonly #spaces = new Map<string, Space>();
  #docNumbers: Uint32Array = new Uint32Array(16);
  #deleted: Uint32Array = new Uint32Array(4);
  /** A search holds the present array of deletions, so the next removal copies it first. */
  #deletedIsShared = false;
  /** The objects being indexed, from the document inwards. */
  readonly #path: { space: Space; doc: number }[] = [];

  constructor() {
    this.root = new Space("", undefined);
    this.#spaces.set("", this.root);
    this.ids = new KeywordField();
    this.root.fields.set("_id", this.ids);
  }

  get memory(): number {
    let total = this.#docNumbers.byteLength + this.#deleted.byteLength;
    for (const space of this.#spaces.values()) total += space.memory;
    return total;
  }

  space(path: string): Space | undefined {
    return this.#spaces.get(path);
  }

  docNumber(doc: number): number {
    return this.#docNumbers[doc] as number;
  }

  docOf(docNumber: number): number {
    let low = 0;
    let high = this.root.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#docNumbers[middle] as number) < docNumber) low = middle + 1;
      else high = middle;
    }
    return low < this.root.count && this.#docNumbers[low] === docNumber ? low : -1;
  }

  add(docNumber: number, id: string, source: JSONObject, mapping: CompiledMapping): void {
    const doc = this.root.count++;
    this.#docNumbers = grow32(this.#docNumbers, doc + 1);
    this.#docNumbers[doc] = docNumber;
    this.#deleted = grow32(this.#deleted, (doc >>> 5) + 1);
    this.ids.add(doc, id);
    this.#path.length = 0;
    this.#path.push({ space: this.root, doc });
    walkDocument(mapping, source, this);
    this.root.finish();
  }

  /** False when the document is not here. */
  remove(docNumber: number): boolean {
    const doc = this.docOf(docNumber);
    if (doc < 0) return false;
    if (hasBit(this.#deleted, doc)) return true;
    if (this.#deletedIsShared) {
      this.#deleted = this.#deleted.slice();
      this.#deletedIsShared = false;
    }
    this.#deleted[doc >>> 5] = (this.#deleted[doc >>> 5] as number) | (1 << (doc & 31));
    this.deletedCount++;
    return true;
  }

  snapshot(): SegmentSnapshot {
    this.#deletedIsShared = true;
    const counts = new Map<string, number>();
    for (const [path, space] of this.#spaces) counts.set(path, space.count);
    return {
      segment: this,
      maxDoc: this.root.count,
      deleted: this.#deleted,
      deletedCount: this.deletedCount,
      counts,
    };
  }

  value(field: FieldNode, value: IndexedValue): void {
    const inner = this.#path[this.#path.length - 1];
    if (inner !== undefined && inner.space.path === field.nestedPath) inner.space.addValue(field, inner.doc, value);
  }

  enterNested(node: ObjectNode): void {
    const outer = this.#path[this.#path.length - 1];
    if (outer === undefined) return;
    let space = this.#spaces.get(node.path);
    if (space === undefined) {
      space = new Space(node.path, outer.space);
      this.#spaces.set(node.path, space);
    }
    this.#path.push({ space, doc: space.addChild(outer.doc) });
  }

  leaveNested(): void {
    this.#path.pop()?.space.finish();
  }

  unmapped(): void {}

  refuse(): void {}
}

import type { JSONObject } from "../../../../../kernel/index.ts";
import { parseClientJson } from "../../../client-json.ts";
import type { CompiledMapping, FieldNode, ObjectNode } from "../../../mapping/compile-mapping.ts";
import type { IndexedValue } from "../../../mapping/types/field-type.ts";
import { type DocumentVisitor, walkDocument } from "../../../mapping/walk-document.ts";
import { queryKeys } from "../percolate/query-keys.ts";
import { findNumber } from "./find-number.ts";
import { grow32 } from "./growing.ts";
import { GrowingKeywordField } from "./growing-keyword-field.ts";
import { GrowingSpace } from "./growing-space.ts";
import { Removals } from "./removals.ts";
import type { Segment, SegmentSnapshot } from "./segment.ts";

/** The segment that takes new documents; searchable at once. */
export class HeadSegment implements Segment, DocumentVisitor {
  readonly isFrozen = false;
  readonly ids: GrowingKeywordField;
  readonly root: GrowingSpace;
  readonly removals = new Removals();
  readonly #spaces = new Map<string, GrowingSpace>();
  #docNumbers: Uint32Array = new Uint32Array(16);
  /** The objects being indexed, from the document inwards. */
  readonly #path: { space: GrowingSpace; doc: number }[] = [];
  #mapping: CompiledMapping | undefined;

  constructor() {
    this.root = new GrowingSpace("", undefined);
    this.#spaces.set("", this.root);
    this.ids = new GrowingKeywordField();
    this.root.fields.set("_id", this.ids);
  }

  get memory(): number {
    let total = this.#docNumbers.byteLength + this.removals.memory;
    for (const space of this.#spaces.values()) total += space.memory;
    return total;
  }

  space(path: string): GrowingSpace | undefined {
    return this.#spaces.get(path);
  }

  docNumber(doc: number): number {
    return this.#docNumbers[doc] as number;
  }

  docOf(docNumber: number): number {
    return findNumber(this.#docNumbers, this.root.count, docNumber);
  }

  add(docNumber: number, id: string, source: JSONObject, mapping: CompiledMapping): void {
    const doc = this.root.count++;
    this.#docNumbers = grow32(this.#docNumbers, doc + 1);
    this.#docNumbers[doc] = docNumber;
    this.removals.reach(doc);
    this.ids.add(doc, id);
    this.#mapping = mapping;
    this.#path.length = 0;
    this.#path.push({ space: this.root, doc });
    walkDocument(mapping, source, this);
    this.root.finish();
  }

  remove(docNumber: number): boolean {
    const doc = this.docOf(docNumber);
    if (doc < 0) return false;
    this.removals.add(doc);
    return true;
  }

  snapshot(): SegmentSnapshot {
    const counts = new Map<string, number>();
    for (const [path, space] of this.#spaces) counts.set(path, space.count);
    const { count: deletedCount } = this.removals;
    return { segment: this, maxDoc: this.root.count, deleted: this.removals.share(), deletedCount, counts };
  }

  value(field: FieldNode, value: IndexedValue): void {
    this.#addTo(field.nestedPath, field, value);
    const { alsoIn } = field;
    for (let i = 0; i < alsoIn.length; i++) this.#addTo(alsoIn[i] as string, field, value);
    if (field.family === "query") this.#addKeys(field, String(value));
  }

  /** What a stored query is found by, beside it. */
  #addKeys({ keyed }: FieldNode, query: string): void {
    if (keyed === undefined || this.#mapping === undefined) return;
    for (const key of queryKeys(parseClientJson(query), this.#mapping)) this.value(keyed, key);
  }

  /** Copies go to objects further out, too. */
  #addTo(path: string, field: FieldNode, value: IndexedValue): void {
    for (let i = this.#path.length - 1; i >= 0; i--) {
      const holder = this.#path[i];
      if (holder === undefined || holder.space.path !== path) continue;
      holder.space.addValue(field, holder.doc, value);
      return;
    }
  }

  enterNested(node: ObjectNode): void {
    const outer = this.#path[this.#path.length - 1];
    if (outer === undefined) return;
    let space = this.#spaces.get(node.path);
    if (space === undefined) {
      space = new GrowingSpace(node.path, outer.space);
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

import type { CompiledMapping, FieldNode } from "../../../mapping/compile-mapping.ts";
import { FieldMap } from "../segment/field-map.ts";
import { GrowingKeywordField } from "../segment/growing-keyword-field.ts";
import { newStore } from "../segment/growing-space.ts";
import { Removals } from "../segment/removals.ts";
import type { Segment, SegmentSnapshot } from "../segment/segment.ts";
import { emptySpace, type Space } from "../segment/space.ts";

/** A segment without documents in which every field of a mapping is there: what a query would be refused for shows itself in it. */
export class ProbeSegment implements Segment {
  readonly isFrozen = false;
  readonly ids = new GrowingKeywordField();
  readonly removals = new Removals();
  readonly memory = 0;
  readonly #spaces = new Map<string, Space>();

  constructor(mapping: CompiledMapping) {
    this.#addSpace("", mapping);
    for (const { path, isNested } of mapping.objects.values()) if (isNested) this.#addSpace(path, mapping);
  }

  get root(): Space {
    return this.#spaces.get("") ?? emptySpace("");
  }

  #addSpace(path: string, mapping: CompiledMapping): void {
    const fields = new FieldMap();
    for (const node of mapping.fields.values()) if (liesIn(node, path)) addStore(fields, node);
    const outer = path.split(".").slice(0, -1).join(".");
    const parent = path === "" ? undefined : (this.#spaces.get(outer) ?? this.root);
    this.#spaces.set(path, { ...emptySpace(path), parent, fields });
  }

  space(path: string): Space | undefined {
    return this.#spaces.get(path);
  }

  docNumber(): number {
    return -1;
  }

  docOf(): number {
    return -1;
  }

  remove(): boolean {
    return false;
  }

  snapshot(): SegmentSnapshot {
    return { segment: this, maxDoc: 0, deleted: new Uint32Array(0), deletedCount: 0, counts: new Map() };
  }
}

const liesIn = ({ nestedPath, alsoIn }: FieldNode, path: string): boolean =>
  nestedPath === path || alsoIn.includes(path);

function addStore(fields: FieldMap, node: FieldNode): void {
  const store = newStore(node, []);
  if (store !== undefined) fields.set(node.path, store);
}

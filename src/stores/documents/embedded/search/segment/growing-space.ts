import type { FieldNode } from "../../../mapping/compile-mapping.ts";
import type { IndexedValue } from "../../../mapping/types/field-type.ts";
import { FieldMap } from "./field-map.ts";
import type { OpenFields } from "./field-store.ts";
import { grow32 } from "./growing.ts";
import { GrowingGeoField } from "./growing-geo-field.ts";
import { GrowingKeywordField } from "./growing-keyword-field.ts";
import { GrowingNumberField } from "./growing-number-field.ts";
import { GrowingShapeField } from "./growing-shape-field.ts";
import { GrowingTextField } from "./growing-text-field.ts";
import { GrowingVectorField } from "./growing-vector-field.ts";
import type { Space } from "./space.ts";

type GrowingField =
  | GrowingKeywordField
  | GrowingNumberField
  | GrowingGeoField
  | GrowingShapeField
  | GrowingTextField
  | GrowingVectorField;

/** A space of the segment that takes new documents. */
export class GrowingSpace implements Space {
  readonly path: string;
  readonly parent: GrowingSpace | undefined;
  readonly fields = new FieldMap<GrowingField>();
  count = 0;
  parentOf: Uint32Array = new Uint32Array(0);
  /** By document of the parent, up to the last that has children: its first child. */
  #firstChild: Uint32Array = new Uint32Array(0);
  #parentsKnown = 0;
  readonly #open: { finish(): void }[] = [];

  constructor(path: string, parent: GrowingSpace | undefined) {
    this.path = path;
    this.parent = parent;
  }

  /** The document that was being added is complete. */
  finish(): void {
    for (let i = 0; i < this.#open.length; i++) this.#open[i]?.finish();
    this.#open.length = 0;
  }

  get memory(): number {
    return this.parentOf.byteLength + this.#firstChild.byteLength + this.fields.memory;
  }

  /** The number of a new nested object of a parent. */
  addChild(parent: number): number {
    const child = this.count++;
    this.parentOf = grow32(this.parentOf, this.count);
    this.parentOf[child] = parent;
    if (parent >= this.#parentsKnown) {
      this.#firstChild = grow32(this.#firstChild, parent + 1);
      this.#firstChild.fill(child, this.#parentsKnown, parent + 1);
      this.#parentsKnown = parent + 1;
    }
    return child;
  }

  firstChild(parent: number): number {
    return parent < this.#parentsKnown ? (this.#firstChild[parent] as number) : this.count;
  }

  addValue(field: FieldNode, doc: number, value: IndexedValue): void {
    const store = this.fields.get(field.path) ?? this.#create(field);
    if (store === undefined) return;
    if (store.kind === "number") {
      if (typeof value === "number") store.add(doc, value);
    } else if (value instanceof Float32Array) {
      if (store.kind === "vector") store.add(doc, value);
    } else if (typeof value === "object") {
      if ("triangles" in value) {
        if (store.kind === "geo_shape") store.add(doc, value);
      } else if (store.kind === "geo_point") store.add(doc, value);
    } else if (typeof value === "string") {
      if (store.kind === "keyword") store.add(doc, value);
      else if (store.kind === "text" && field.analyzer !== undefined)
        store.add(doc, value, field.analyzer, field.positionGap ?? 100);
    }
  }

  #create(field: FieldNode): GrowingField | undefined {
    const store = newStore(field, this.#open);
    if (store !== undefined) this.fields.set(field.path, store);
    return store;
  }
}

/** An empty store for the values of a field; undefined for those that keep none. */
export function newStore(field: FieldNode, open: OpenFields): GrowingField | undefined {
  switch (field.family) {
    case "keyword":
    case "range":
    case "feature":
    case "query":
      return new GrowingKeywordField();
    case "number":
      return new GrowingNumberField(open);
    case "geo_point":
      return new GrowingGeoField();
    case "geo_shape":
      return new GrowingShapeField();
    case "text":
      return new GrowingTextField(open, field.countsTerms !== false);
    case "vector":
      return new GrowingVectorField(field.vector?.dims ?? 0);
    case "constant":
    case "none":
      return undefined;
  }
}

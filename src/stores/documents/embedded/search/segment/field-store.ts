import type { GeoField } from "./geo-field.ts";
import type { KeywordField } from "./keyword-field.ts";
import type { NumberField } from "./number-field.ts";
import type { ShapeField } from "./shape-field.ts";
import type { TextField } from "./text-field.ts";
import type { VectorField } from "./vector-field.ts";

/** The values of one field over all documents of a space. Documents are added in ascending order, several values one after the other. */
export type FieldStore = KeywordField | NumberField | GeoField | ShapeField | TextField | VectorField;

/** Stores whose values can be read one by one. */
export type ValueStore = KeywordField | NumberField | GeoField;

export function hasValues(store: FieldStore | undefined): store is ValueStore {
  return store?.kind === "keyword" || store?.kind === "number" || store?.kind === "geo_point";
}

export function hasTerms(store: FieldStore | undefined): store is KeywordField | TextField {
  return store?.kind === "keyword" || store?.kind === "text";
}

/** Fields that took a value of a kind that needs work when the document is complete. */
export interface OpenFields {
  push(field: { finish(): void }): unknown;
}

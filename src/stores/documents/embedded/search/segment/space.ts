import { FieldMap } from "./field-map.ts";
import type { FieldStore } from "./field-store.ts";

/** The fields of a space that have a value in some document, by path. */
export interface FieldTable {
  /** Bytes in memory. */
  readonly memory: number;
  /** Bytes that all of them take when they are in memory. */
  readonly size: number;
  names(): Iterable<string>;
  get(path: string): FieldStore | undefined;
  [Symbol.iterator](): Iterator<readonly [string, FieldStore]>;
}

/**
 * A range of document numbers and the fields of these documents: the documents of a segment, or the nested objects of one path.
 * Nested objects are numbered for themselves; those of one parent are neighbours.
 */
export interface Space {
  readonly path: string;
  readonly parent: Space | undefined;
  readonly fields: FieldTable;
  readonly count: number;
  /** By nested object: the document of `parent` that holds it. */
  readonly parentOf: Uint32Array;
  /** The first child of a document, or the place where it would be. */
  firstChild(parent: number): number;
}

/** The space of a path of which a segment has no object. */
export const emptySpace = (path: string): Space => ({
  path,
  parent: undefined,
  fields: new FieldMap(),
  count: 0,
  parentOf: new Uint32Array(0),
  firstChild: () => 0,
});

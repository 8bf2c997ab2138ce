import type { FieldStore } from "../field-store.ts";
import type { ColumnType } from "./columns.ts";

/** Version of the layout of a segment's file; a file of another one is not read, its collection is indexed again. */
export const segmentFormat = 1;

/** Where a column lies: `[offset, stored bytes, CRC-32 of these, type, bytes before compression]`; the last is 0 for what is stored as it is. */
export type ColumnPlace = readonly [number, number, number, ColumnType, number];

export interface StoredField {
  readonly kind: FieldStore["kind"];
  readonly numbers: Readonly<Record<string, number>>;
  readonly columns: Readonly<Record<string, ColumnPlace>>;
}

export interface StoredSpace {
  readonly path: string;
  readonly parent: string | undefined;
  readonly count: number;
  readonly parentOf: ColumnPlace;
  readonly fields: Readonly<Record<string, StoredField>>;
}

/** The end of a segment's file: what it holds. A trailer of {@link trailerBytes} behind it says where it begins. */
export interface SegmentDirectory {
  readonly docNumbers: ColumnPlace;
  readonly spaces: readonly StoredSpace[];
}

/** `TNSG`, the format, the offset (as a double), length and CRC-32 of the directory. */
export const trailerBytes = 24;
export const magic = 0x47534e54;

/** A stored segment that cannot be read: its collection is indexed again from its documents. */
export class DamagedSegment extends Error {
  /** Path of its file, once that is known. */
  readonly file: string | undefined;

  constructor(message: string, options?: ErrorOptions & { readonly file?: string }) {
    super(message, options);
    this.file = options?.file;
  }
}

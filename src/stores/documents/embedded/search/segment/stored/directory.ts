import { crc32 } from "node:zlib";
import type { FieldStore } from "../field-store.ts";
import type { ColumnType } from "./columns.ts";

/** Version of the layout of a segment's file; a file of another one is not read, its collection is indexed again. */
export const segmentFormat = 2;

/** Where a column lies: `[offset, stored bytes, {@link checksumOf} these, type, bytes before compression]`; the last is 0 for what is stored as it is. */
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
  /** Of the file, without its folder: a file that was put in the place of another one is noticed. */
  readonly name: string;
  readonly docNumbers: ColumnPlace;
  readonly spaces: readonly StoredSpace[];
}

/** CRC-32 of a column's name and its stored bytes: one column is never taken for another. */
export const checksumOf = (name: string, stored: Uint8Array): number => crc32(stored, crc32(name));

/** `TNSG`, the format, the offset (as a double), length and CRC-32 of the directory. */
export const trailerBytes = 24;
export const magic = 0x47534e54;

/** A stored segment that cannot be read: its collection is indexed again from its documents. */
export class DamagedSegment extends Error {
  /** Of the file; undefined when more than one is in doubt. */
  readonly path: string | undefined;

  constructor(message: string, options: ErrorOptions & { readonly path?: string } = {}) {
    super(message, options);
    this.path = options.path;
  }
}

/** An error that came out of reading a file, as the damage that it is. */
export function asDamage(path: string, error: unknown): DamagedSegment {
  if (error instanceof DamagedSegment && error.path !== undefined) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new DamagedSegment(`The segment "${path}" cannot be read: ${reason}`, { cause: error, path });
}

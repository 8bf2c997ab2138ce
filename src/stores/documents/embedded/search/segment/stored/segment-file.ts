import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { basename } from "node:path";
import { crc32, zstdDecompressSync } from "node:zlib";
import { type Column, fromBytes } from "./columns.ts";
import {
  asDamage,
  type ColumnPlace,
  checksumOf,
  DamagedSegment,
  magic,
  type SegmentDirectory,
  segmentFormat,
  trailerBytes,
} from "./directory.ts";

/** Of Node. */
const leastChunk = 64;

/** The file of a stored segment, open for reading. Every part is checked when it is read. */
export class SegmentFile {
  readonly path: string;
  readonly directory: SegmentDirectory;
  readonly size: number;
  #handle: number | undefined;

  /** Throws {@link DamagedSegment} when the file is missing, damaged or of another format. */
  constructor(path: string) {
    this.path = path;
    try {
      this.#handle = openSync(path, "r");
      this.size = fstatSync(this.#handle).size;
      this.directory = this.#readDirectory();
    } catch (error) {
      this.close();
      throw asDamage(path, error);
    }
  }

  /** A column, checked and unpacked; `name` is what it was written as. Throws {@link DamagedSegment}. */
  read([offset, length, checksum, type, unpacked]: ColumnPlace, name: string): Column {
    try {
      const stored = this.#bytes(offset, length);
      if (checksumOf(name, stored) !== checksum)
        throw new DamagedSegment(`The checksum of a column at ${offset} is wrong.`);
      // In one piece, with room for one byte: otherwise there are many, and a look whether there is more.
      const options = { maxOutputLength: unpacked, chunkSize: Math.max(leastChunk, unpacked + 1) };
      const bytes = unpacked === 0 ? stored : zstdDecompressSync(stored, options);
      return fromBytes(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength), type);
    } catch (error) {
      throw asDamage(this.path, error);
    }
  }

  /** May be called twice. */
  close(): void {
    if (this.#handle !== undefined) closeSync(this.#handle);
    this.#handle = undefined;
  }

  #readDirectory(): SegmentDirectory {
    const trailer = this.#bytes(this.size - trailerBytes, trailerBytes);
    if (trailer.readUInt32LE(0) !== magic) throw new DamagedSegment("It does not end as a segment does.");
    const format = trailer.readUInt32LE(4);
    if (format !== segmentFormat) throw new DamagedSegment(`It has format ${format}, not ${segmentFormat}.`);
    const text = this.#bytes(trailer.readDoubleLE(8), trailer.readUInt32LE(16));
    if (crc32(text) !== trailer.readUInt32LE(20)) throw new DamagedSegment("The checksum of its directory is wrong.");
    // The cast: the checksum says that it is what was written.
    const directory = JSON.parse(text.toString()) as SegmentDirectory;
    if (directory.name !== basename(this.path)) throw new DamagedSegment("It is the file of another segment.");
    return directory;
  }

  #bytes(offset: number, length: number): Buffer {
    if (this.#handle === undefined) throw new DamagedSegment("It was closed.");
    if (!(offset >= 0 && offset + length <= this.size)) throw new DamagedSegment("It is too short.");
    const bytes = Buffer.allocUnsafeSlow(length);
    const read = readSync(this.#handle, bytes, 0, length, offset);
    if (read !== length) throw new DamagedSegment("It is too short.");
    return bytes;
  }
}

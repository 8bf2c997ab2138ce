import { type FileHandle, open } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { promisify } from "node:util";
import { constants, crc32, zstdCompress } from "node:zlib";
import type { FrozenSegment } from "../frozen-segment.ts";
import { type Column, toBytes, typeOfColumn } from "./columns.ts";
import {
  type ColumnPlace,
  checksumOf,
  magic,
  type SegmentDirectory,
  type StoredField,
  type StoredSpace,
  segmentFormat,
  trailerBytes,
} from "./directory.ts";
import { takeApart } from "./field-parts.ts";

const compress = promisify(zstdCompress);
const params = { [constants.ZSTD_c_compressionLevel]: 3 };

/**
 * Writes a frozen segment to a new file, and to the disk. Compression and writing happen off this thread; one column is in memory twice
 * at a time. Errors: those of the file system; what was written stays behind for the caller to remove.
 */
export async function writeSegment(path: string, segment: FrozenSegment): Promise<void> {
  const file = await open(path, "wx");
  try {
    const sink = new ColumnSink(file);
    const docNumbers = await sink.write(segment.docNumbers, "docNumbers");
    const spaces: StoredSpace[] = [];
    for (const { path: name, parent, count, parentOf, fields: table } of segment.spaces.values()) {
      // Names come from clients: entries make members of them, whatever they are called.
      const fields: [string, StoredField][] = [];
      for (const [field, store] of table) {
        const { kind, numbers, columns } = takeApart(store);
        const places: Record<string, ColumnPlace> = {};
        for (const [column, content] of Object.entries(columns))
          places[column] = await sink.write(content, `${field} ${column}`);
        fields.push([field, { kind, numbers, columns: places }]);
      }
      spaces.push({
        path: name,
        parent: parent?.path,
        count,
        parentOf: await sink.write(parentOf, `${name} parentOf`),
        fields: Object.fromEntries(fields),
      });
    }
    await sink.end({ name: basename(path), docNumbers, spaces });
    await file.sync();
  } finally {
    await file.close();
  }
  await syncDirectory(dirname(path));
}

/** The name of a file is on the disk when its directory is; Windows cannot open directories, and does not need it. */
async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(directory, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

class ColumnSink {
  readonly #file: FileHandle;
  #offset = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async write(column: Column, name: string): Promise<ColumnPlace> {
    const type = typeOfColumn(column);
    const bytes = toBytes(column);
    const packed = bytes.length < 64 ? bytes : await compress(bytes, { params });
    const isSmaller = packed.length < bytes.length;
    const stored = isSmaller ? packed : bytes;
    const place = [this.#offset, stored.length, checksumOf(name, stored), type, isSmaller ? bytes.length : 0] as const;
    await this.#append(stored);
    return place;
  }

  async end(directory: SegmentDirectory): Promise<void> {
    const text = Buffer.from(JSON.stringify(directory));
    const trailer = Buffer.alloc(trailerBytes);
    trailer.writeUInt32LE(magic, 0);
    trailer.writeUInt32LE(segmentFormat, 4);
    trailer.writeDoubleLE(this.#offset, 8);
    trailer.writeUInt32LE(text.length, 16);
    trailer.writeUInt32LE(crc32(text), 20);
    await this.#append(text);
    await this.#append(trailer);
  }

  async #append(bytes: Uint8Array): Promise<void> {
    await this.#file.writev([bytes], this.#offset);
    this.#offset += bytes.length;
  }
}

import { DatabaseSync } from "node:sqlite";
import { syncFile } from "../rows/durable-files.ts";
import { formatOf, formatVersion, newerFormat } from "../rows/format.ts";
import { openForReading } from "../rows/schema.ts";
import { describeSqliteError } from "../rows/sqlite-error.ts";

/** How many documents a collection has. */
export interface CollectionCount {
  readonly index: string;
  readonly collection: string;
  readonly documents: number;
}

/**
 * Writes the documents as they are at this instant into a new database, while others go on reading and writing. Stored segments stay behind:
 * the copy says that there are none, and its first start indexes the documents again. Synchronous; the file is on the disk afterwards.
 * Errors: an `Error` that names the file when it is damaged or of a newer format, and those of the disk.
 */
export function copyDocuments(from: string, to: string): CollectionCount[] {
  using source = openForReading(from);
  const format = formatOf(source);
  if (format > formatVersion) throw new Error(`The file "${from}" ${newerFormat(format)}`);
  try {
    source.prepare("VACUUM INTO ?").run(to);
  } catch (error) {
    throw describeSqliteError(from, error);
  }
  using copy = new DatabaseSync(to);
  copy.exec("UPDATE segments SET last = 0, manifest = ''");
  const counts = countDocuments(copy);
  syncFile(to);
  return counts;
}

/** The documents of each collection, hidden ones included. */
export function countDocuments(database: DatabaseSync): CollectionCount[] {
  const collections = database.prepare("SELECT id, index_name, name FROM collections ORDER BY index_name, name").all();
  return collections.map(({ id, index_name, name }) => ({
    index: String(index_name),
    collection: String(name),
    documents: Number(database.prepare(`SELECT count(*) AS count FROM ids_${Number(id)}`).get()?.count),
  }));
}

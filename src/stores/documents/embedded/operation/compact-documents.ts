import { statSync } from "node:fs";
import { openForWriting, tidy } from "../rows/schema.ts";
import { describeSqliteError } from "../rows/sqlite-error.ts";

/** Bytes of the database file. */
export interface Compacted {
  readonly before: number;
  readonly after: number;
}

/**
 * Writes the database anew without what is free in it, superseded rows that a killed server left behind included. Only while the lock of its
 * directory is held. It needs room for one more database, twice for a moment; when it ends early nothing has changed.
 */
export function compactDocuments(path: string): Compacted {
  const before = statSync(path).size;
  using database = openForWriting(path);
  try {
    if (database.prepare("PRAGMA user_version").get()?.user_version !== tidy) {
      database.exec("BEGIN IMMEDIATE");
      for (const { id } of database.prepare("SELECT id FROM collections").all())
        database.exec(`DELETE FROM rows_${id} WHERE number NOT IN (SELECT number FROM ids_${id})`);
      database.exec(`PRAGMA user_version = ${tidy}; COMMIT`);
    }
    // Files of format 1 begin to give back what is freed with this.
    database.exec("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
  } catch (error) {
    throw describeSqliteError(path, error);
  }
  return { before, after: statSync(path).size };
}

import { DatabaseSync } from "node:sqlite";
import { formatOf, formatVersion, migrate, NewerFormat } from "./format.ts";
import { createProperties } from "./migrations.ts";
import { describeSqliteError } from "./sqlite-error.ts";

/**
 * Layout of `store.db`.
 *
 * Each collection has two tables of its own (measured against shared ones: a fifth to a third less time per document with several collections):
 * `rows_<id>` holds every version of a document that somebody may still read, by its number, and is only appended to and purged;
 * `ids_<id>` leads from the id to the number of the present version. What `ids` does not name is superseded, and purged when no search
 * and no scroll can need it any more. So a search that was answered from the index of a moment ago still finds its sources.
 */
const layout = `
  CREATE TABLE collections (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    index_name TEXT NOT NULL,
    name TEXT NOT NULL,
    scope TEXT NOT NULL,
    mappings TEXT NOT NULL,
    settings TEXT NOT NULL,
    UNIQUE (index_name, name)
  );
  CREATE TABLE segments (
    collection INTEGER PRIMARY KEY,
    epoch INTEGER NOT NULL,
    last INTEGER NOT NULL,
    manifest TEXT NOT NULL
  );
  ${createProperties}
  INSERT INTO properties VALUES ('format', ${formatVersion});
`;

/** `user_version` of a database that was closed, and holds no superseded rows. */
export const tidy = 1;

/**
 * Which stored segments hold the index of a collection, up to the document number `last`. Truncation begins a new epoch: what was stored
 * before it belongs to documents that are gone, whose numbers may come again.
 */
export interface SegmentsRow {
  readonly epoch: number;
  readonly last: number;
  /** JSON text, "" when there are none. */
  readonly manifest: string;
}

export interface CollectionRow {
  readonly id: number;
  readonly index_name: string;
  readonly name: string;
  readonly scope: string;
  /** JSON texts. */
  readonly mappings: string;
  readonly settings: string;
}

export const createTables = (id: number): string => `
  CREATE TABLE rows_${id} (number INTEGER PRIMARY KEY, id TEXT NOT NULL, version INTEGER NOT NULL, source TEXT NOT NULL);
  CREATE TABLE ids_${id} (id TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
`;

export const dropTables = (id: number): string => `DROP TABLE rows_${id}; DROP TABLE ids_${id};`;

/**
 * The one connection that writes; an older format is brought to the present one first. Throws an `Error` that names the file when it is damaged,
 * of a newer format, or cannot be opened.
 */
export function openForWriting(path: string): DatabaseSync {
  return opened(path, false, (database) => {
    // The first counts for a file that is made now: pages that are freed can be given back to the disk, a few at a time.
    database.exec(
      "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768; PRAGMA journal_size_limit = 67108864; PRAGMA trusted_schema = OFF",
    );
    if (formatOf(database) === 0) createLayout(database);
    else migrate(database);
  });
}

/** As one: what is there of a database is all of it. */
export function createLayout(database: DatabaseSync): void {
  database.exec(`BEGIN IMMEDIATE; ${layout} COMMIT`);
}

/** A connection that reads; the file was made by {@link openForWriting} before. */
export function openForReading(path: string): DatabaseSync {
  return opened(path, true, (database) => {
    database.exec("PRAGMA cache_size = -16384; PRAGMA trusted_schema = OFF");
    database.prepare("SELECT count(*) FROM sqlite_schema").get();
  });
}

function opened(path: string, readOnly: boolean, prepare: (database: DatabaseSync) => void): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    // Readers and the writer never wait for each other in WAL mode, except around a checkpoint that resets the log.
    database = new DatabaseSync(path, { readOnly, timeout: 5_000 });
    prepare(database);
    return database;
  } catch (error) {
    if (database?.isOpen) database.close();
    if (error instanceof NewerFormat) throw new Error(`The file "${path}" ${error.message}`, { cause: error });
    throw describeSqliteError(path, error);
  }
}

import { DatabaseSync } from "node:sqlite";
import { compileMapping } from "../../mapping/compile-mapping.ts";
import { syncFile } from "../rows/durable-files.ts";
import { type CollectionRow, createLayout, createTables, tidy } from "../rows/schema.ts";
import { isSource, isVersion } from "./check-documents.ts";
import type { CollectionCount } from "./copy-documents.ts";
import { reasonOf } from "./finding.ts";
import { type RawRow, ReadableRows } from "./readable-rows.ts";

/** What could be saved of a collection, and what not. */
export interface SalvagedCollection extends CollectionCount {
  /** Ids that are known, whose document could not be read. */
  readonly lost: readonly string[];
  /** Numbers of versions that could not be read: at most so many documents are missing, those in `lost` included. */
  readonly unreadable: number;
  /** Documents of which it could not be read whether they had been deleted: they are there (again). */
  readonly uncertain: number;
  /** The mapping and the settings could not be used: the collection has none. */
  readonly isWithoutMapping: boolean;
}

/** The index of collections whose name could not be read. */
const recoveredIndex = "recovered";

/**
 * Reads whatever can be read of a damaged database, and writes it to a new one. Changes nothing in the old one. Throws an `Error` when not even
 * its list of tables can be read.
 */
export function salvageDocuments(from: string, to: string): SalvagedCollection[] {
  using source = new DatabaseSync(from, { readOnly: true, timeout: 5_000 });
  let tables: Set<string>;
  try {
    const names = source.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    tables = new Set(names.map(({ name }) => String(name)));
  } catch (error) {
    throw new Error(
      `Nothing can be saved out of "${from}": its list of tables cannot be read (${reasonOf(error)}). Restore a backup.`,
      { cause: error },
    );
  }
  using target = new DatabaseSync(to);
  target.exec("PRAGMA auto_vacuum = INCREMENTAL; PRAGMA synchronous = OFF");
  createLayout(target);
  target.exec("BEGIN");
  const salvaged = collectionsOf(source, tables).map((collection) =>
    salvageCollection(source, target, tables, collection),
  );
  target.exec(`COMMIT; PRAGMA user_version = ${tidy}`);
  syncFile(to);
  return salvaged;
}

interface FoundCollection extends CollectionRow {
  readonly isWithoutMapping: boolean;
}

/** The collections that are declared, and for tables whose declaration is lost one of another name. */
function collectionsOf(source: DatabaseSync, tables: ReadonlySet<string>): FoundCollection[] {
  const found = new Map<number, FoundCollection>();
  for (const row of declared(source)) found.set(row.id, usable(row));
  for (const table of tables) {
    const id = Number(/^rows_(\d+)$/.exec(table)?.[1]);
    if (Number.isNaN(id) || found.has(id)) continue;
    found.set(id, {
      ...{ id, index_name: recoveredIndex, name: `collection-${id}`, scope: "public", mappings: "{}", settings: "{}" },
      isWithoutMapping: true,
    });
  }
  return [...found.values()].sort((a, b) => a.id - b.id);
}

function declared(source: DatabaseSync): CollectionRow[] {
  const rows: CollectionRow[] = [];
  for (const order of ["ASC", "DESC"]) {
    try {
      for (const row of source.prepare(`SELECT * FROM collections ORDER BY id ${order}`).iterate())
        if (!rows.some(({ id }) => id === row.id)) rows.push(row as unknown as CollectionRow); // the table has these columns
      break;
    } catch {
      // what lies behind the page that cannot be read is met from the other end
    }
  }
  return rows;
}

function usable(row: CollectionRow): FoundCollection {
  try {
    compileMapping(JSON.parse(row.mappings), JSON.parse(row.settings));
    return { ...row, isWithoutMapping: false };
  } catch {
    return { ...row, mappings: "{}", settings: "{}", isWithoutMapping: true };
  }
}

function salvageCollection(
  source: DatabaseSync,
  target: DatabaseSync,
  tables: ReadonlySet<string>,
  collection: FoundCollection,
): SalvagedCollection {
  const { id, index_name: index, name, scope, mappings, settings, isWithoutMapping } = collection;
  target.prepare("INSERT INTO collections VALUES (?, ?, ?, ?, ?, ?)").run(id, index, name, scope, mappings, settings);
  target.exec(createTables(id));
  const ids = new ReadableIds(source, tables.has(`ids_${id}`) ? `ids_${id}` : undefined);
  const rows = new ReadableRows(source, `rows_${id}`);
  const insertRow = target.prepare(`INSERT OR IGNORE INTO rows_${id} VALUES (?, ?, ?, ?)`);
  const point = target.prepare(
    `INSERT INTO ids_${id} VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET number = excluded.number WHERE excluded.number > number`,
  );
  let uncertain = 0;
  if (tables.has(`rows_${id}`)) {
    for (const row of rows.read(ids.greatestNumber)) {
      if (!isWhole(row)) continue;
      const present = ids.find(row.id);
      if (present !== "unreadable" && present !== row.number) continue; // superseded or deleted
      if (present === "unreadable") uncertain++;
      insertRow.run(row.number, row.id, isVersion(row.version) ? row.version : 1, row.source);
      point.run(row.id, row.number);
    }
  }
  // Several versions of one id are there where it could not be read which is the present one.
  target.exec(`DELETE FROM rows_${id} WHERE number NOT IN (SELECT number FROM ids_${id})`);
  const saved = target.prepare(`SELECT 1 AS found FROM ids_${id} WHERE id = ?`);
  const lost = ids.known().filter((known) => saved.get(known) === undefined);
  const documents = Number(target.prepare(`SELECT count(*) AS count FROM ids_${id}`).get()?.count);
  return { index, collection: name, documents, lost, unreadable: rows.unreadable, uncertain, isWithoutMapping };
}

interface WholeRow {
  readonly number: number;
  readonly id: string;
  /** Begins at 1 again when it cannot be used. */
  readonly version: unknown;
  readonly source: string;
}

function isWhole(row: RawRow): row is RawRow & WholeRow {
  const { number, id, source } = row;
  return isVersion(number) && typeof id === "string" && isSource(source);
}

/** The ids of a collection as far as they can be read. */
class ReadableIds {
  readonly #database: DatabaseSync;
  readonly #table: string | undefined;
  #find: ReturnType<DatabaseSync["prepare"]> | undefined;

  /** Without a table nothing is known of any id. */
  constructor(database: DatabaseSync, table: string | undefined) {
    this.#database = database;
    this.#table = table;
    this.#find = table === undefined ? undefined : prepared(database, `SELECT number FROM ${table} WHERE id = ?`);
  }

  /** Number of the present version, undefined when there is none. */
  find(id: string): number | "unreadable" | undefined {
    if (this.#find === undefined) return "unreadable";
    try {
      const number = this.#find.get(id)?.number;
      return typeof number === "number" ? number : undefined;
    } catch {
      return "unreadable";
    }
  }

  get greatestNumber(): number {
    let greatest = 0;
    this.#each(({ number }) => {
      if (typeof number === "number") greatest = Math.max(greatest, number);
    });
    return greatest;
  }

  /** From both ends, as far as each goes. */
  known(): string[] {
    const known = new Set<string>();
    this.#each(({ id }) => {
      if (typeof id === "string") known.add(id);
    });
    return [...known];
  }

  #each(found: (row: Record<string, unknown>) => void): void {
    if (this.#table === undefined) return;
    for (const order of ["ASC", "DESC"]) {
      try {
        for (const row of this.#database
          .prepare(`SELECT id, number FROM ${this.#table} ORDER BY id ${order}`)
          .iterate())
          found(row);
        return;
      } catch {
        // the other end
      }
    }
  }
}

/** Undefined when the table's own declaration cannot be read. */
function prepared(database: DatabaseSync, sql: string): ReturnType<DatabaseSync["prepare"]> | undefined {
  try {
    return database.prepare(sql);
  } catch {
    return undefined;
  }
}

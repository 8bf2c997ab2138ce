/** Damage to the files of a data directory, as a disk does it. */
import { closeSync, openSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const pageBytes = 4096;

/** Overwrites pages of `store.db`; pages count from 1. */
export function damagePages(directory: string, pages: readonly number[]): void {
  const file = openSync(join(directory, "store.db"), "r+");
  for (const page of pages) writeSync(file, Buffer.alloc(pageBytes, 0xa5), 0, pageBytes, (page - 1) * pageBytes);
  closeSync(file);
}

/** Overwrites a few bytes in the middle of pages, the row numbers there among them: SQLite reads on, and finds numbers that cannot be. */
export function damageCells(directory: string, pages: readonly number[]): void {
  const file = openSync(join(directory, "store.db"), "r+");
  for (const page of pages) {
    const start = (page - 1) * pageBytes;
    const cells = Buffer.alloc(2);
    // SQLite file format 1.6: the cell pointer array of a leaf begins at byte 8. Behind the two bytes of its length, the fourth row gets the number -1.
    readSync(file, cells, 0, 2, start + 8 + 3 * 2);
    writeSync(file, Buffer.alloc(9, 0xff), 0, 9, start + cells.readUInt16BE() + 2);
  }
  closeSync(file);
}

/** The pages of a table that hold rows, ascending. Everything is in the file itself afterwards. */
export function leafPagesOf(directory: string, table: string): number[] {
  using database = new DatabaseSync(join(directory, "store.db"));
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  return database
    .prepare("SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY pageno")
    .all(table)
    .map(({ pageno }) => Number(pageno));
}

/** The first page of a table. */
export function rootPageOf(directory: string, table: string): number {
  using database = new DatabaseSync(join(directory, "store.db"));
  return Number(database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = ?").get(table)?.rootpage);
}

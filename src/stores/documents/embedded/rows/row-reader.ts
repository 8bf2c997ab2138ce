import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { StoredDocument } from "../../document-store.ts";
import type { CollectionRow } from "./schema.ts";
import { readSegments } from "./segment-records.ts";
import { unpackSource } from "./source-text.ts";

interface Statements {
  readonly find: StatementSync;
  readonly exists: StatementSync;
  readonly byNumber: StatementSync;
}

/** Collections whose statements are kept; the oldest makes room. A guess: some kilobytes each. */
const maxPrepared = 256;

/** Point reads on one connection: their cost does not grow with the collection. */
export class RowReader {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<number, Statements>();
  readonly #begin: StatementSync;
  readonly #end: StatementSync;
  readonly #holdsForTurn: boolean;
  #release: NodeJS.Immediate | undefined;

  /**
   * With `holdsForTurn`, all reads of a turn of the event loop share one snapshot, because taking and leaving its lock costs more than a read.
   * For a connection of its own only, whose owner calls {@link release} before it lets anybody know of a later state.
   */
  constructor(database: DatabaseSync, { holdsForTurn = false }: { readonly holdsForTurn?: boolean } = {}) {
    this.#database = database;
    this.#begin = database.prepare("BEGIN");
    this.#end = database.prepare("COMMIT");
    this.#holdsForTurn = holdsForTurn;
  }

  /** Which stored segments hold the index of a collection, "" when there are none. */
  manifest(collection: number): string {
    return readSegments(this.#database, collection).manifest;
  }

  /** The present version of a document. */
  find(collection: number, id: string): StoredDocument | undefined {
    if (this.#holdsForTurn) this.#hold();
    const row = this.#of(collection).find.get(id);
    // The casts: the tables have these columns.
    return row === undefined
      ? undefined
      : { id, version: row.version as number, source: unpackSource(row.source as string) };
  }

  /** In the order of the ids; undefined for those that do not exist. */
  mFind(collection: number, ids: readonly string[]): (StoredDocument | undefined)[] {
    const found: (StoredDocument | undefined)[] = [];
    this.begin();
    try {
      for (const id of ids) found.push(this.find(collection, id));
    } finally {
      this.end();
    }
    return found;
  }

  /** In the order of the ids. */
  exist(collection: number, ids: readonly string[]): boolean[] {
    const { exists } = this.#of(collection);
    const found: boolean[] = [];
    this.begin();
    try {
      for (const id of ids) found.push(exists.get(id) !== undefined);
    } finally {
      this.end();
    }
    return found;
  }

  /** A version of a document by its number, superseded or not, while it is kept. */
  byNumber(collection: number, number: number): StoredDocument | undefined {
    const row = this.#of(collection).byNumber.get(number);
    if (row === undefined) return undefined;
    return { id: row.id as string, version: row.version as number, source: unpackSource(row.source as string) };
  }

  /**
   * Reads several rows in one transaction: taking and leaving the lock of a read costs more than the read (measured: 4 of 5.4 us).
   * Every `begin` is followed by an `end` in the same turn: a snapshot that stays open keeps the write-ahead log from being emptied.
   */
  begin(): void {
    if (this.#holdsForTurn) this.#hold();
    else this.#begin.run();
  }

  end(): void {
    if (!this.#holdsForTurn) this.#leave();
  }

  /** Later reads see what has been committed until now. */
  release(): void {
    if (this.#release === undefined) return;
    clearImmediate(this.#release);
    this.#release = undefined;
    this.#leave();
  }

  /** A failed read (the disk, the memory, a damaged page) can have ended the transaction, or left it with nothing but a way back. */
  #leave(): void {
    try {
      if (this.#database.isTransaction) this.#end.run();
    } catch {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
    }
  }

  collections(): CollectionRow[] {
    return this.#database.prepare("SELECT * FROM collections ORDER BY id").all() as unknown as CollectionRow[];
  }

  collection(id: number): CollectionRow | undefined {
    return this.#database.prepare("SELECT * FROM collections WHERE id = ?").get(id) as CollectionRow | undefined;
  }

  /** The greatest number in use: about how many documents there are, at the cost of a point read. */
  lastNumber(id: number): number {
    const last = this.#database.prepare(`SELECT max(number) AS number FROM rows_${id}`).get()?.number;
    return typeof last === "number" ? last : 0;
  }

  close(): void {
    if (this.#database.isOpen) this.release();
    this.#statements.clear();
    if (this.#database.isOpen) this.#database.close();
  }

  #hold(): void {
    if (this.#release !== undefined) return;
    this.#begin.run();
    this.#release = setImmediate(() => this.release());
  }

  #of(collection: number): Statements {
    const prepared = this.#statements.get(collection);
    if (prepared !== undefined) return prepared;
    for (const oldest of this.#statements.keys()) {
      if (this.#statements.size < maxPrepared) break;
      this.#statements.delete(oldest);
    }
    const ids = `ids_${collection}`;
    const rows = `rows_${collection}`;
    const statements: Statements = {
      find: this.#database.prepare(
        `SELECT r.version, r.source FROM ${ids} i CROSS JOIN ${rows} r ON r.number = i.number WHERE i.id = ?`,
      ),
      exists: this.#database.prepare(`SELECT 1 AS found FROM ${ids} WHERE id = ?`),
      byNumber: this.#database.prepare(`SELECT id, version, source FROM ${rows} WHERE number = ?`),
    };
    this.#statements.set(collection, statements);
    return statements;
  }
}

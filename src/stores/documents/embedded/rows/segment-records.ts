import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { SegmentsRow } from "./schema.ts";

/** Segments that the searcher has stored, to be written down. */
export interface SegmentRecord extends SegmentsRow {
  readonly collection: number;
}

/** The table of stored segments, inside the transactions of the writer. */
export class SegmentRecords {
  readonly #find: StatementSync;
  readonly #keep: StatementSync;
  readonly #restart: StatementSync;
  readonly #remove: StatementSync;

  constructor(database: DatabaseSync) {
    this.#find = database.prepare("SELECT epoch, last, manifest FROM segments WHERE collection = ?");
    this.#keep = database.prepare(
      "INSERT INTO segments VALUES (?, ?, ?, ?) ON CONFLICT (collection) DO UPDATE SET last = excluded.last, manifest = excluded.manifest",
    );
    this.#restart = database.prepare(
      "INSERT INTO segments VALUES (?, 1, 0, '') ON CONFLICT (collection) DO UPDATE SET epoch = epoch + 1, last = 0, manifest = ''",
    );
    this.#remove = database.prepare("DELETE FROM segments WHERE collection = ?");
  }

  find(collection: number): SegmentsRow {
    return findSegments(this.#find, collection);
  }

  /** False when the collection was truncated meanwhile: the segments are of documents that are gone. */
  keep({ collection, epoch, last, manifest }: SegmentRecord): boolean {
    if (this.find(collection).epoch !== epoch) return false;
    this.#keep.run(collection, epoch, last, manifest);
    return true;
  }

  /** All documents are gone. Answers the new epoch. */
  restart(collection: number): number {
    this.#restart.run(collection);
    return this.find(collection).epoch;
  }

  remove(collection: number): void {
    this.#remove.run(collection);
  }
}

/** What is written down for a collection, on any connection. */
export function readSegments(database: DatabaseSync, collection: number): SegmentsRow {
  return findSegments(database.prepare("SELECT epoch, last, manifest FROM segments WHERE collection = ?"), collection);
}

function findSegments(statement: StatementSync, collection: number): SegmentsRow {
  // The cast: the statement names these columns.
  return (statement.get(collection) as SegmentsRow | undefined) ?? { epoch: 0, last: 0, manifest: "" };
}

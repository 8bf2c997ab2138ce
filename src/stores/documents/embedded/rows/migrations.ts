import type { DatabaseSync } from "node:sqlite";

/** One step from a format of the data directory to the next. */
export interface Migration {
  readonly to: number;
  /** For the log and the operator: what becomes different. */
  readonly what: string;
  /**
   * Changes `store.db`, inside a transaction that belongs to the caller and also writes down the new format. What a step does to other files
   * must be harmless when it happens twice: they have no part in that transaction.
   */
  readonly run: (database: DatabaseSync) => void;
}

export const createProperties = `
  CREATE TABLE properties (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
`;

/** All steps, ascending and without a gap. Format 1 is the first there was. How to add one: docs/operation.md. */
export const migrations: readonly Migration[] = [
  {
    to: 2,
    what: "store.db names its format itself",
    run: (database) => database.exec(`${createProperties} INSERT INTO properties VALUES ('format', 1);`),
  },
  {
    to: 3,
    what: "rows may hold the metadata of a document in a short form, which former versions do not know",
    run: () => {},
  },
];

import type { DatabaseSync } from "node:sqlite";
import { type Migration, migrations } from "./migrations.ts";

/** Version of the layout of the data directory: in its file FORMAT, and in the table `properties` of `store.db`. */
export const formatVersion = 3;

/** A database of a format that this version does not know. */
export class NewerFormat extends Error {}

/** The format that a database has by its own account: 0 for an empty one, 1 for those that did not say it yet. */
export function formatOf(database: DatabaseSync): number {
  const tables = new Set(
    database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name IN ('collections', 'properties')")
      .all()
      .map(({ name }) => name),
  );
  if (!tables.has("properties")) return tables.has("collections") ? 1 : 0;
  const value = database.prepare("SELECT value FROM properties WHERE name = 'format'").get()?.value;
  if (typeof value !== "number") throw new Error('The table "properties" does not hold the format.');
  return value;
}

/**
 * Brings a database to the present format, each step in a transaction of its own. Throws an `Error` for a newer one, and what a step throws;
 * that step has not happened then.
 */
export function migrate(database: DatabaseSync, steps: readonly Migration[] = migrations): void {
  const found = formatOf(database);
  const latest = steps.at(-1)?.to ?? 1;
  if (found > latest) throw new NewerFormat(newerFormat(found));
  for (const { to, run } of steps) {
    if (to <= found) continue;
    database.exec("BEGIN IMMEDIATE");
    try {
      run(database);
      database.prepare("UPDATE properties SET value = ? WHERE name = 'format'").run(to);
      database.exec("COMMIT");
    } catch (error) {
      if (database.isTransaction) database.exec("ROLLBACK");
      throw error;
    }
  }
}

export const newerFormat = (found: number): string =>
  `has format ${found}, written by a newer version; this version reads format ${formatVersion}. Install that newer version, or restore a backup made by this one.`;

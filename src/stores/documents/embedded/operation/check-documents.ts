import type { DatabaseSync } from "node:sqlite";
import { isPlainObject } from "../../../../kernel/index.ts";
import { compileMapping } from "../../mapping/compile-mapping.ts";
import { formatOf, formatVersion, newerFormat } from "../rows/format.ts";
import type { CollectionRow } from "../rows/schema.ts";
import { unpackSource } from "../rows/source-text.ts";
import type { CollectionCount } from "./copy-documents.ts";
import { damage, type Finding, reasonOf } from "./finding.ts";

/** Ids that a finding names before it only counts. */
const maxNamed = 5;
/** Findings of SQLite's own check; a damaged file has many. */
const maxIntegrityFindings = 50;

export interface DocumentsCheck {
  readonly findings: readonly Finding[];
  /** Of the collections that could be read. */
  readonly collections: readonly CollectionCount[];
  /** Versions of documents that something newer has replaced, and that the next start removes. */
  readonly superseded: number;
}

/** Checks a database against itself, in one snapshot, and changes nothing: SQLite's own structures, then what our tables owe each other. */
export function checkDocuments(database: DatabaseSync): DocumentsCheck {
  const findings: Finding[] = [];
  const collections: CollectionCount[] = [];
  let superseded = 0;
  const attempt = (place: string, run: () => void): void => {
    try {
      run();
    } catch (error) {
      findings.push(damage(place, `cannot be read: ${reasonOf(error)}`));
    }
  };
  database.exec("BEGIN");
  try {
    attempt("store.db", () => {
      const format = formatOf(database);
      if (format > formatVersion) findings.push(damage("store.db", newerFormat(format)));
    });
    attempt("store.db", () => findings.push(...integrity(database)));
    let rows: CollectionRow[] = [];
    attempt("store.db", () => {
      // The cast: the table has these columns.
      rows = database.prepare("SELECT * FROM collections ORDER BY id").all() as unknown as CollectionRow[];
    });
    for (const row of rows) {
      const place = `${row.index_name}:${row.name}`;
      attempt(place, () => findings.push(...declarationFindings(place, row)));
      attempt(place, () => {
        const check = new CollectionCheck(database, row.id, place);
        findings.push(...check.run());
        superseded += check.superseded;
        collections.push({ index: row.index_name, collection: row.name, documents: check.documents });
      });
    }
    attempt("store.db", () => findings.push(...tableFindings(database, rows)));
  } finally {
    if (database.isTransaction) database.exec("ROLLBACK");
  }
  return { findings, collections, superseded };
}

/** SQLite's own check. It names B-trees by the number of their first page: we know whose they are. */
function integrity(database: DatabaseSync): Finding[] {
  const messages = database
    .prepare(`PRAGMA integrity_check(${maxIntegrityFindings})`)
    .all()
    .map((row) => String(Object.values(row)[0]));
  if (messages.length === 1 && messages[0] === "ok") return [];
  const names = new Map<string, string>();
  for (const { name, rootpage } of database.prepare("SELECT name, rootpage FROM sqlite_schema").all())
    names.set(String(rootpage), String(name));
  return messages.flatMap((message) =>
    message
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("***"))
      .map((line) =>
        damage(
          "store.db",
          line.replace(/^Tree (\d+)/, (tree, root: string) => `${tree} (${names.get(root) ?? "unknown table"})`),
        ),
      ),
  );
}

function declarationFindings(place: string, { scope, mappings, settings }: CollectionRow): Finding[] {
  try {
    compileMapping(JSON.parse(mappings), JSON.parse(settings));
  } catch (error) {
    return [damage(place, `its mapping or its settings cannot be used: ${reasonOf(error)}`)];
  }
  return typeof scope === "string" && scope !== "" ? [] : [damage(place, "it has no scope")];
}

/** Tables that belong to no collection, and numbers of collections that could be given again. */
function tableFindings(database: DatabaseSync, rows: readonly CollectionRow[]): Finding[] {
  const findings: Finding[] = [];
  const ids = new Set(rows.map(({ id }) => String(id)));
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
  for (const { name } of tables) {
    const id = /^(?:rows|ids)_(\d+)$/.exec(String(name))?.[1];
    if (id !== undefined && !ids.has(id))
      findings.push(damage("store.db", `the table "${name}" belongs to no collection`));
  }
  const given = Number(database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'collections'").get()?.seq ?? 0);
  if (rows.some(({ id }) => id > given))
    findings.push(damage("store.db", `the counter of collections is at ${given}, below a collection that exists`));
  return findings;
}

/** The two tables of a collection against each other. Errors of the constructor and of `run` are those of SQLite. */
class CollectionCheck {
  documents = 0;
  superseded = 0;
  readonly #database: DatabaseSync;
  readonly #rows: string;
  readonly #ids: string;
  readonly #place: string;

  constructor(database: DatabaseSync, id: number, place: string) {
    this.#database = database;
    this.#rows = `rows_${id}`;
    this.#ids = `ids_${id}`;
    this.#place = place;
  }

  run(): Finding[] {
    const rows = this.#rows;
    const ids = this.#ids;
    return [
      ...this.#named(
        `SELECT i.id FROM ${ids} i LEFT JOIN ${rows} r ON r.number = i.number WHERE r.number IS NULL`,
        "an id leads to a version that is not there",
      ),
      ...this.#named(
        `SELECT i.id FROM ${ids} i JOIN ${rows} r ON r.number = i.number WHERE r.id IS NOT i.id`,
        "an id leads to the version of another document",
      ),
      ...this.#named(
        `SELECT id FROM ${ids} WHERE number IN (SELECT number FROM ${ids} GROUP BY number HAVING count(*) > 1)`,
        "two ids lead to the same version",
      ),
      ...this.#named(
        `SELECT DISTINCT r.id FROM ${rows} r JOIN ${ids} i ON i.id = r.id WHERE r.number > i.number`,
        "an id leads to an older version than the latest",
      ),
      ...this.#contents(),
    ];
  }

  #contents(): Finding[] {
    const bad: string[] = [];
    const live = this.#database.prepare(`SELECT number FROM ${this.#ids} WHERE id = ?`);
    const all = this.#database.prepare(`SELECT number, id, version, source FROM ${this.#rows} ORDER BY number`);
    let rows = 0;
    for (const { number, id, version, source } of all.iterate()) {
      rows++;
      if (live.get(id as string)?.number === number) this.documents++;
      if (!isVersion(number) || !isVersion(version) || !isSource(source)) bad.push(String(id));
    }
    this.superseded = rows - this.documents;
    const entries = Number(this.#database.prepare(`SELECT count(*) AS count FROM ${this.#ids}`).get()?.count);
    const findings = this.#finding(bad, "a document is not one: its number, version or content");
    // What is missing from the rows was found above; this finds an index of SQLite that is not what it indexes.
    if (entries < this.documents) findings.push(damage(this.#place, `${entries} ids, and ${this.documents} documents`));
    return findings;
  }

  #named(sql: string, problem: string): Finding[] {
    const ids: string[] = [];
    for (const { id } of this.#database.prepare(sql).iterate()) ids.push(String(id));
    return this.#finding(ids, problem);
  }

  #finding(ids: readonly string[], problem: string): Finding[] {
    if (ids.length === 0) return [];
    const named = ids.slice(0, maxNamed).map((id) => JSON.stringify(id));
    const more = ids.length > maxNamed ? ` and ${ids.length - maxNamed} more` : "";
    return [damage(this.#place, `${problem}: ${named.join(", ")}${more}`)];
  }
}

/** Whether a number of a document or of a version is one. */
export const isVersion = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 1;

/** Whether the stored text of a document is one. */
export function isSource(text: unknown): boolean {
  if (typeof text !== "string") return false;
  try {
    return isPlainObject(JSON.parse(unpackSource(text)));
  } catch {
    return false;
  }
}

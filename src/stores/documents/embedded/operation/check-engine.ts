import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { parseFormat } from "../rows/directory.ts";
import { formatOf, formatVersion, newerFormat } from "../rows/format.ts";
import { checkDocuments } from "./check-documents.ts";
import { checkSegments } from "./check-segments.ts";
import type { CollectionCount } from "./copy-documents.ts";
import { damage, type Finding, reasonOf } from "./finding.ts";

/** What a check of the document engine's files found. */
export interface EngineCheck {
  readonly findings: readonly Finding[];
  readonly collections: readonly CollectionCount[];
  readonly superseded: number;
  readonly soundSegments: number;
  /** What is to be done, part by part. */
  readonly wrong: {
    /** The format that the file FORMAT should hold. */
    readonly format: number | undefined;
    readonly documents: boolean;
    /** Collections whose stored segments are not to be used. */
    readonly segments: readonly number[];
    readonly unnamedSegments: readonly string[];
  };
}

/** Checks FORMAT, `store.db` and the stored segments; changes nothing. `isRunning`: a server is at work, whose segments come and go. */
export function checkEngine(directory: string, isRunning: boolean): EngineCheck {
  const findings: Finding[] = [];
  const path = join(directory, "store.db");
  const none = { collections: [], superseded: 0, soundSegments: 0 };
  const wrong = { format: undefined, documents: false, segments: [], unnamedSegments: [] };
  if (!existsSync(path)) {
    findings.push(damage("store.db", "the file is missing"));
    return { ...none, findings, wrong };
  }
  let database: DatabaseSync;
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
  } catch (error) {
    return {
      ...none,
      findings: [damage("store.db", `cannot be opened: ${reasonOf(error)}`)],
      wrong: { ...wrong, documents: true },
    };
  }
  using opened = database;
  const format = checkFormat(directory, opened);
  const documents = checkDocuments(opened);
  const segments = attemptSegments(opened, join(directory, "segments"));
  // Between the look at the table and that at the folder a merge may have removed a file.
  const isPassing = isRunning && segments.findings.length > 0;
  const again = isPassing ? attemptSegments(opened, join(directory, "segments")) : segments;
  const notes: Finding[] =
    again.unnamed.length === 0 || isRunning
      ? []
      : [
          {
            kind: "note",
            place: "segments",
            problem: `${again.unnamed.length} files that nobody needs; the next start removes them`,
          },
        ];
  return {
    findings: [...format.findings, ...documents.findings, ...again.findings, ...notes],
    collections: documents.collections,
    superseded: documents.superseded,
    soundSegments: again.sound,
    wrong: {
      format: format.shouldBe,
      documents: documents.findings.length > 0,
      segments: again.damaged,
      unnamedSegments: isRunning ? [] : again.unnamed,
    },
  };
}

function attemptSegments(database: DatabaseSync, folder: string): ReturnType<typeof checkSegments> {
  try {
    return checkSegments(database, folder);
  } catch (error) {
    return {
      findings: [damage("segments", `cannot be checked: ${reasonOf(error)}`)],
      damaged: [],
      sound: 0,
      unnamed: [],
    };
  }
}

function checkFormat(
  directory: string,
  database: DatabaseSync,
): { readonly findings: readonly Finding[]; readonly shouldBe: number | undefined } {
  const path = join(directory, "FORMAT");
  const written = existsSync(path) ? parseFormat(readFileSync(path, "utf8")) : undefined;
  if (written !== undefined) {
    return { findings: written > formatVersion ? [damage("FORMAT", newerFormat(written))] : [], shouldBe: undefined };
  }
  let own = formatVersion;
  try {
    own = formatOf(database);
  } catch {
    // the check of the documents says so
  }
  return { findings: [damage("FORMAT", existsSync(path) ? "holds no format" : "is missing")], shouldBe: own };
}

/** Removes the stored segments of collections, and files of segments that nobody names: they are a cache, and are made again. */
export function forgetSegments(directory: string, collections: readonly number[], files: readonly string[]): void {
  if (collections.length > 0) {
    using database = new DatabaseSync(join(directory, "store.db"));
    const forget = database.prepare("UPDATE segments SET manifest = '' WHERE collection = ?");
    for (const collection of collections) forget.run(collection);
  }
  for (const file of files) rmSync(join(directory, "segments", file), { force: true });
}

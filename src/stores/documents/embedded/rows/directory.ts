import { existsSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { makeDurably, syncDirectory, writeDurably } from "./durable-files.ts";
import { formatOf, formatVersion, newerFormat } from "./format.ts";
import { finishReplacement } from "./replacement.ts";
import { openForReading, openForWriting } from "./schema.ts";
import { describeSqliteError, sqliteCode } from "./sqlite-error.ts";

const SQLITE_BUSY = 5;

/** A data directory that this process alone may use until it lets go. */
export interface DataDirectory {
  /** Path of the database with the documents. */
  readonly database: string;
  /** Folder of the stored segments of the search indexes. */
  readonly segments: string;
  /** The older format that was brought to the present one just now. */
  readonly migratedFrom: number | undefined;
  /** Releases the lock. May be called twice. */
  release(): void;
}

/**
 * Makes the directory when it is missing, takes its lock, finishes what a restore or a repair had decided, and brings an older format to the
 * present one.
 *
 * Throws an `Error` that names the file and what to do: not writable, locked by another process, written by a newer version, damaged.
 */
export function openDataDirectory(directory: string): DataDirectory {
  try {
    makeDurably(directory);
  } catch (error) {
    throw unwritable(directory, error);
  }
  const lock = lockDataDirectory(directory);
  let found: number | undefined;
  try {
    finishReplacement(directory);
    found = readFormat(directory);
    assertDatabase(directory);
    if (found === undefined) writeFormat(directory, formatVersion);
    else if (found < formatVersion) raiseFormat(directory, found);
    makeDurably(join(directory, "segments"));
  } catch (error) {
    lock.release();
    throw error;
  }
  return {
    database: join(directory, "store.db"),
    segments: join(directory, "segments"),
    migratedFrom: found === undefined || found === formatVersion ? undefined : found,
    release: lock.release,
  };
}

/** Nobody else uses the directory until it is released; that may be called twice. */
export interface DirectoryLock {
  readonly release: () => void;
}

/** Takes the lock of a directory that is there, and looks at nothing else. Errors: as {@link openDataDirectory}. */
export function lockDataDirectory(directory: string): DirectoryLock {
  const lock = takeLock(directory);
  return {
    release: () => {
      if (lock.isOpen) lock.close();
    },
  };
}

/** Whether a server, or a command that changes the directory, is at work there. Leaves nothing behind. */
export function isDirectoryInUse(directory: string): boolean {
  const path = join(directory, "lock.db");
  if (!existsSync(path)) return false;
  try {
    using lock = new DatabaseSync(path, { readOnly: true, timeout: 0 });
    lock.prepare("SELECT count(*) FROM sqlite_schema").get();
    return false;
  } catch (error) {
    if (sqliteCode(error) === SQLITE_BUSY) return true;
    throw describeSqliteError(path, error);
  }
}

/** The lock is SQLite's own on a file of its own: it ends with the process, whatever ends that. */
function takeLock(directory: string): DatabaseSync {
  const path = join(directory, "lock.db");
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(path, { timeout: 0 });
    lock.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    if (lock?.isOpen) lock.close();
    if (sqliteCode(error) === SQLITE_BUSY) {
      throw new Error(
        `The data directory "${directory}" is in use by another process (it holds "${path}"). Stop that process, or give this one a data directory of its own.`,
        { cause: error },
      );
    }
    throw describeSqliteError(path, error);
  }
}

/** Search indexes that are stored say that there were documents: a start would throw them away, and begin with nothing. */
function assertDatabase(directory: string): void {
  const segments = join(directory, "segments");
  if (existsSync(join(directory, "store.db")) || !existsSync(segments)) return;
  if (!readdirSync(segments).some((name) => name.endsWith(".segment"))) return;
  throw new Error(
    `The file "${join(directory, "store.db")}" is missing, though there are search indexes of its documents in "${segments}". Restore a backup (tenon restore --force), or move the data directory away to start empty.`,
  );
}

/** Answers the format that is written down, undefined for a directory without data. */
function readFormat(directory: string): number | undefined {
  const path = join(directory, "FORMAT");
  if (!existsSync(path)) {
    if (!existsSync(join(directory, "store.db"))) return undefined;
    throw new Error(
      `The file "${path}" is missing beside a "store.db". If this directory is a copy, copy it again as a whole; otherwise "tenon check --repair" writes it.`,
    );
  }
  const found = parseFormat(readFileSync(path, "utf8"));
  if (found === undefined) {
    throw new Error(
      `The file "${path}" is damaged: it should hold "${formatVersion}". Write it with "tenon check --repair", or restore a backup.`,
    );
  }
  if (found > formatVersion) throw new Error(`The data directory "${directory}" ("${path}") ${newerFormat(found)}`);
  return found;
}

/** What the file FORMAT says; undefined for anything but a number from 1 on. */
export function parseFormat(text: string): number | undefined {
  const found = /^\s*\d{1,9}\s*$/.test(text) ? Number(text) : 0;
  return found === 0 ? undefined : found;
}

/**
 * FORMAT is raised first, so that no older version opens what is half-way; how far the steps came says `store.db` itself. A step that fails
 * leaves everything as it was.
 */
function raiseFormat(directory: string, from: number): void {
  const database = join(directory, "store.db");
  writeFormat(directory, formatVersion);
  if (!existsSync(database)) return;
  try {
    openForWriting(database).close();
  } catch (error) {
    writeFormat(directory, reachedFormat(database) ?? from);
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The data directory "${directory}" could not be brought from format ${from} to ${formatVersion}: ${reason} The version that wrote it still reads it.`,
      { cause: error },
    );
  }
}

function reachedFormat(path: string): number | undefined {
  try {
    using database = openForReading(path);
    return formatOf(database);
  } catch {
    return undefined; // the error that is thrown says why
  }
}

function writeFormat(directory: string, format: number): void {
  const path = join(directory, "FORMAT");
  const draft = `${path}.draft`;
  try {
    writeDurably(draft, `${format}\n`);
    renameSync(draft, path);
    syncDirectory(directory);
  } catch (error) {
    throw unwritable(path, error);
  }
}

function unwritable(path: string, error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error);
  return new Error(
    `Cannot write to "${path}" (${reason}). Give the user that runs the server write access to it, or choose another data directory.`,
    { cause: error },
  );
}

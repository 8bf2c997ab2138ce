import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describeSqliteError, sqliteCode } from "./sqlite-error.ts";

/** Version of the layout of the data directory, kept in its file FORMAT. */
export const formatVersion = 1;

const SQLITE_BUSY = 5;

/** A data directory that this process alone may use until it lets go. */
export interface DataDirectory {
  /** Path of the database with the documents. */
  readonly database: string;
  /** Folder of the stored segments of the search indexes. */
  readonly segments: string;
  /** Releases the lock. May be called twice. */
  release(): void;
}

/**
 * Makes the directory when it is missing, takes its lock and checks its format.
 *
 * Throws an `Error` that names the file and what to do: not writable, locked by another process, written by a newer version, damaged.
 */
export function openDataDirectory(directory: string): DataDirectory {
  try {
    makeDurably(directory);
  } catch (error) {
    throw unwritable(directory, error);
  }
  const lock = takeLock(directory);
  try {
    checkFormat(directory);
    makeDurably(join(directory, "segments"));
  } catch (error) {
    lock.close();
    throw error;
  }
  return {
    database: join(directory, "store.db"),
    segments: join(directory, "segments"),
    release: () => {
      if (lock.isOpen) lock.close();
    },
  };
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

function checkFormat(directory: string): void {
  const path = join(directory, "FORMAT");
  if (!existsSync(path)) {
    if (existsSync(join(directory, "store.db"))) {
      throw new Error(
        `The file "${path}" is missing beside a "store.db". If this directory is a copy, copy it again as a whole; otherwise write "${formatVersion}" into the file.`,
      );
    }
    writeDurably(directory, path, `${formatVersion}\n`);
    return;
  }
  const text = readFileSync(path, "utf8").trim();
  const found = /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  if (found === formatVersion) return;
  if (found === undefined || found === 0) {
    throw new Error(
      `The file "${path}" is damaged: it should hold "${formatVersion}". Restore the directory from a backup.`,
    );
  }
  throw new Error(
    `The data directory "${directory}" has format ${found} ("${path}"), written by a newer version; this version reads format ${formatVersion}. Install that newer version, or restore a backup made by this one.`,
  );
}

/** Makes a directory and those above it; each name is on the disk afterwards. */
function makeDurably(directory: string): void {
  const path = resolve(directory);
  const first = mkdirSync(path, { recursive: true });
  const top = dirname(first ?? path);
  let parent = path;
  while (parent !== top && parent !== dirname(parent)) {
    parent = dirname(parent);
    try {
      syncDirectory(parent);
    } catch (error) {
      // Synced also when it was there: the start that made it may have ended before it came to that. But nobody says that we may read there.
      if (first !== undefined) throw error;
    }
  }
}

/** A name is on the disk when its directory is; Windows cannot open directories, and does not need it. */
function syncDirectory(directory: string): void {
  if (process.platform === "win32") return;
  const folder = openSync(directory, "r");
  fsyncSync(folder);
  closeSync(folder);
}

/** The file is there as a whole or not at all, whenever the power goes. */
function writeDurably(directory: string, path: string, text: string): void {
  const unfinished = `${path}.new`;
  try {
    const file = openSync(unfinished, "w");
    writeSync(file, text);
    fsyncSync(file);
    closeSync(file);
    renameSync(unfinished, path);
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

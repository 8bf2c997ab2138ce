import { type KuzzleError, kerrorFrom } from "../../../../kernel/index.ts";

const SQLITE_READONLY = 8;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;

/** Primary result code of an error out of `node:sqlite`, e.g. 13 for a full disk; undefined for other errors. */
export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return undefined;
  return error.errcode & 0xff;
}

/** Whether an error says that what is stored cannot be read as what was written. */
export function isDamage(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === SQLITE_CORRUPT || code === SQLITE_NOTADB;
}

/** Whether an error of a commit says that the disk takes no writes: it is full, cannot be written, or fails. */
export function isDiskRefusal(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === SQLITE_FULL || code === SQLITE_IOERR || code === SQLITE_READONLY || code === SQLITE_CANTOPEN;
}

/** The error of the catalogue for damaged data; anything else as it is. */
export function asReadError(error: unknown): unknown {
  return isDamage(error) ? translated("services.storage.damaged", error) : error;
}

/** The error of the catalogue for a commit that failed; what is not the disk's as it is. */
export function asWriteError(error: unknown): unknown {
  return isDiskRefusal(error) ? translated("services.storage.not_writable", error) : asReadError(error);
}

const translated = (id: "services.storage.damaged" | "services.storage.not_writable", error: unknown): KuzzleError =>
  kerrorFrom(error, id, error instanceof Error ? error.message : String(error));

/** What stopped a database from opening, with the file and what to do about it. */
export function describeSqliteError(path: string, error: unknown): Error {
  const code = sqliteCode(error);
  const reason = error instanceof Error ? error.message : String(error);
  if (code === SQLITE_CORRUPT || code === SQLITE_NOTADB) {
    return new Error(
      `The file "${path}" is damaged (${reason}). Restore the data directory from a backup, or move it away to start empty.`,
      {
        cause: error,
      },
    );
  }
  return new Error(
    `Cannot open "${path}" (${reason}). Check that the directory is writable for the user that runs the server, and that the disk is not full.`,
    { cause: error },
  );
}

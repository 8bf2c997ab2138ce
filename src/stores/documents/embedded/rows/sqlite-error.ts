const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

/** Primary result code of an error out of `node:sqlite`, e.g. 13 for a full disk; undefined for other errors. */
export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return undefined;
  return error.errcode & 0xff;
}

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

import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, statSync, writeSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** Makes a directory and those above it; each name is on the disk afterwards. Errors: those of the file system. */
export function makeDurably(directory: string): void {
  const path = resolve(directory);
  const first = makeFolders(path);
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

/** Answers the first folder that it made. Not `recursive`: where nothing can be made (below /proc, an automounter) Node tries that for ever. */
function makeFolders(path: string): string | undefined {
  if (isFolder(path)) return undefined;
  const parent = dirname(path);
  const first = parent === path ? undefined : makeFolders(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    if (!isFolder(path)) throw error; // somebody else was faster
  }
  return first ?? path;
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** A name is on the disk when its directory is; Windows cannot open directories, and does not need it. */
export function syncDirectory(directory: string): void {
  if (process.platform === "win32") return;
  syncFile(directory);
}

/** What was written to a file is on the disk afterwards. */
export function syncFile(path: string): void {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Everything below a directory is on the disk afterwards, and the directory itself. */
export function syncTree(directory: string): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) syncTree(path);
    else syncFile(path);
  }
  syncDirectory(directory);
}

/** Writes a small file; its text and its name are on the disk afterwards. */
export function writeDurably(path: string, text: string): void {
  const file = openSync(path, "w");
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  syncDirectory(dirname(path));
}

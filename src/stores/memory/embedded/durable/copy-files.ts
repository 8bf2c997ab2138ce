import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, readSync, writeSync } from "node:fs";
import { basename, join } from "node:path";
import { listFiles, pathOf } from "./files.ts";

/** The files of a keyspace as they were at one instant. */
export interface CapturedFiles {
  /** Writes them into a folder, which is made; all is on the disk afterwards. Synchronous. */
  copyTo(folder: string): void;
  close(): void;
}

interface Captured {
  readonly name: string;
  readonly handle: number;
  readonly size: number;
}

const chunkBytes = 1024 * 1024;
const maxAttempts = 20;

/**
 * Takes hold of the files of a directory without a copy: they are only appended to, so that their present length is their present state, and an
 * open file stays readable when a compaction removes it. Undefined when the directory does not exist.
 */
export function captureFiles(directory: string): CapturedFiles | undefined {
  for (let attempt = 1; ; attempt++) {
    const captured: Captured[] = [];
    try {
      const { snapshot, journals } = listFiles(directory);
      const paths = journals.map((number) => pathOf(directory, "journal", number));
      if (snapshot !== undefined) paths.push(pathOf(directory, "snapshot", snapshot));
      for (const path of paths) {
        const handle = openSync(path, "r");
        captured.push({ name: basename(path), handle, size: 0 });
      }
      // Sizes last and together: this is the instant.
      return asCaptured(captured.map((file) => ({ ...file, size: fstatSync(file.handle).size })));
    } catch (error) {
      for (const { handle } of captured) closeSync(handle);
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
      if (attempt === 1 && captured.length === 0 && !existsAsFolder(directory)) return undefined;
      if (attempt === maxAttempts) throw error; // otherwise a compaction was faster: its snapshot is there now
    }
  }
}

function existsAsFolder(directory: string): boolean {
  try {
    listFiles(directory);
    return true;
  } catch {
    return false;
  }
}

function asCaptured(files: readonly Captured[]): CapturedFiles {
  return {
    copyTo: (folder) => {
      mkdirSync(folder, { recursive: true });
      for (const { name, handle, size } of files) copyStart(handle, size, join(folder, name));
    },
    close: () => {
      for (const { handle } of files) closeSync(handle);
    },
  };
}

function copyStart(handle: number, size: number, path: string): void {
  const target = openSync(path, "wx");
  try {
    const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, Math.max(size, 1)));
    for (let at = 0; at < size; ) {
      const length = readSync(handle, chunk, 0, Math.min(chunk.length, size - at), at);
      if (length === 0) throw new Error(`"${path}" became shorter while it was copied.`);
      writeSync(target, chunk, 0, length);
      at += length;
    }
    fsyncSync(target);
  } finally {
    closeSync(target);
  }
}

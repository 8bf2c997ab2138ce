import { readdirSync } from "node:fs";
import { join } from "node:path";
import {
  type CollectionCount,
  copyDocuments,
  formatVersion,
  syncTree,
  writeDurably,
} from "../stores/documents/index.ts";
import { captureFiles } from "../stores/memory/index.ts";
import { checksumOf } from "./checksum.ts";
import type { BackupFile } from "./manifest.ts";

export interface CopyOrder {
  /** The data directory. */
  readonly directory: string;
  /** An empty folder. */
  readonly to: string;
  /** Of the data directory, if it has one already. */
  readonly format: number | undefined;
}

export interface CopiedData {
  /** Epoch milliseconds of the instant that the copy shows. */
  readonly at: number;
  readonly collections: readonly CollectionCount[];
  readonly files: readonly BackupFile[];
}

/**
 * Copies the data as of one instant, while a server may be at work. The memory storage is taken hold of first and the documents right after it:
 * should both have changed in the moment between, the memory storage is the older one, as after a power cut. The other way about there could be
 * a key that speaks of a document which is not there; no crash leaves that.
 */
export function copyData({ directory, to, format }: CopyOrder): CopiedData {
  const memory = captureFiles(join(directory, "memory"));
  try {
    const at = Date.now();
    const collections = copyDocuments(join(directory, "store.db"), join(to, "store.db"));
    memory?.copyTo(join(to, "memory"));
    writeDurably(join(to, "FORMAT"), `${format ?? formatVersion}\n`);
    syncTree(to);
    return { at, collections, files: filesOf(to) };
  } finally {
    memory?.close();
  }
}

function filesOf(folder: string): BackupFile[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const inside = path.slice(folder.length + 1).replaceAll("\\", "/");
      return { path: inside, ...checksumOf(path) };
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

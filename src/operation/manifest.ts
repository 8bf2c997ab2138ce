import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isPlainObject } from "../kernel/index.ts";
import type { CollectionCount } from "../stores/documents/index.ts";
import { isDraft } from "./draft.ts";
import { OperationFailure } from "./failure.ts";

/** Version of the layout of a backup: a newer one is refused. */
export const backupVersion = 1;

export const manifestName = "manifest.json";

/** What a backup holds: `manifest.json` beside the files. */
export interface BackupManifest {
  readonly kind: "tenon-backup";
  readonly version: number;
  /** ISO 8601, of the instant that the backup shows. */
  readonly createdAt: string;
  /** The Tenon that made it. */
  readonly tenon: string;
  /** Format of the data directory. */
  readonly format: number;
  readonly collections: readonly CollectionCount[];
  readonly files: readonly BackupFile[];
}

export interface BackupFile {
  /** From the backup's folder, with slashes. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Error: {@link OperationFailure} for a folder that is no backup, or one of a newer version. */
export function readManifest(backup: string): BackupManifest {
  if (isDraft(backup))
    throw new OperationFailure(`"${backup}" was left by a backup that did not end. Delete it, and take another one.`);
  const path = join(backup, manifestName);
  if (!existsSync(path)) {
    throw new OperationFailure(
      existsSync(backup)
        ? `"${backup}" has no ${manifestName}: it is no backup, or one that was not finished.`
        : `There is no backup "${backup}".`,
    );
  }
  const manifest = parse(readFileSync(path, "utf8"));
  if (manifest === undefined) throw new OperationFailure(`"${path}" is damaged. Take another backup.`);
  if (manifest.version > backupVersion) {
    throw new OperationFailure(
      `"${backup}" has version ${manifest.version} of the layout of backups, and this Tenon reads ${backupVersion}: it was made by Tenon ${manifest.tenon}. Install that version or a later one.`,
    );
  }
  return manifest;
}

/**
 * A backup whose files are written anew has other checksums, and could not be restored any more.
 * Error: {@link OperationFailure} for the folder of a backup.
 */
export function assertNoBackup(directory: string): void {
  const path = join(directory, manifestName);
  if (!existsSync(path) || parse(readFileSync(path, "utf8")) === undefined) return;
  throw new OperationFailure(
    `"${directory}" is a backup, and would be none afterwards. Restore it, and name the restored data; if it was copied here to be the data itself, delete its ${manifestName}.`,
  );
}

function parse(text: string): BackupManifest | undefined {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isPlainObject(content) || content.kind !== "tenon-backup") return undefined;
  const { version, createdAt, tenon, format, collections, files } = content;
  const isWhole =
    Number.isInteger(version) &&
    Number.isInteger(format) &&
    typeof createdAt === "string" &&
    typeof tenon === "string" &&
    Array.isArray(collections) &&
    Array.isArray(files) &&
    files.every(isFile);
  return isWhole ? (content as unknown as BackupManifest) : undefined; // looked at member by member
}

/** Only names that a backup has: nothing leads out of its folder. */
function isFile(file: unknown): file is BackupFile {
  if (!isPlainObject(file)) return false;
  const { path, bytes, sha256 } = file;
  return (
    typeof path === "string" &&
    /^(?:FORMAT|store\.db|memory\/(?:journal|snapshot)-\d{8}\.jsonl)$/.test(path) &&
    Number.isInteger(bytes) &&
    typeof sha256 === "string"
  );
}

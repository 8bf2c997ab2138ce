import { copyFileSync, existsSync, mkdirSync, readdirSync, realpathSync, statfsSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  checkEngine,
  commitReplacement,
  discardReplacement,
  finishReplacement,
  formatVersion,
  lockDataDirectory,
  makeDurably,
  stageReplacement,
} from "../stores/documents/index.ts";
import { checkFiles } from "../stores/memory/index.ts";
import { checksumOf } from "./checksum.ts";
import { OperationFailure } from "./failure.ts";
import { type BackupManifest, readManifest } from "./manifest.ts";
import { textOfSize } from "./sizes.ts";

export interface RestoreOptions {
  readonly backup: string;
  /** The data directory; made when missing. */
  readonly directory: string;
  /** Also over data that is there. */
  readonly force: boolean;
  /** Hears what is being done. */
  readonly onStep?: (what: string) => void;
}

/** What belongs to the data; anything else in the directory stays where it is. */
const dataEntries = ["store.db", "store.db-wal", "store.db-shm", "store.db-journal", "FORMAT", "memory", "segments"];

/**
 * Puts a backup in the place of the data. The backup is checked as a whole before anything is touched; the data that was there lies aside until
 * the new one is in its place, and whatever ends the process meanwhile, the directory is the old one or (at the next start) the new one.
 * Error: {@link OperationFailure}, and those of the disk; nothing has changed then.
 */
export function restore({ backup, directory, force, onStep = () => {} }: RestoreOptions): BackupManifest {
  const manifest = readManifest(backup);
  if (manifest.format > formatVersion) {
    throw new OperationFailure(
      `"${backup}" has format ${manifest.format} of the data directory, and this Tenon knows ${formatVersion}: it was made by Tenon ${manifest.tenon}. Install that version or a later one.`,
    );
  }
  if (existsSync(directory) && realpathSync(backup) === realpathSync(directory)) {
    throw new OperationFailure(`"${directory}" is the backup itself. Name the data directory with --data.`);
  }
  onStep("checking the backup");
  checkBackup(backup, manifest);
  makeDurably(directory);
  const lock = lockDataDirectory(directory);
  try {
    finishReplacement(directory);
    const present = readdirSync(directory).filter((name) => dataEntries.includes(name));
    if (present.length > 0 && !force) {
      throw new OperationFailure(
        `"${directory}" holds data already (${present.join(", ")}). Restore into another directory, or over it with --force; a backup of it first lets you go back.`,
      );
    }
    onStep("copying");
    checkRoom(directory, manifest);
    const staged = stageReplacement(directory);
    try {
      copyBackup(backup, staged, manifest);
    } catch (error) {
      discardReplacement(directory);
      throw error;
    }
    onStep("putting it in place");
    commitReplacement(directory, { gone: dataEntries });
    return manifest;
  } finally {
    lock.release();
  }
}

/** The files are what the manifest says, and the database is sound. */
function checkBackup(backup: string, { files }: BackupManifest): void {
  for (const { path, bytes, sha256 } of files) {
    const file = join(backup, path);
    if (!existsSync(file)) throw broken(backup, `its file "${path}" is missing`);
    const found = checksumOf(file);
    if (found.bytes !== bytes) throw broken(backup, `its file "${path}" has ${found.bytes} bytes in place of ${bytes}`);
    if (found.sha256 !== sha256) throw broken(backup, `the checksum of its file "${path}" is wrong`);
  }
  for (const needed of ["store.db", "FORMAT"])
    if (!files.some(({ path }) => path === needed)) throw broken(backup, `its manifest lacks "${needed}"`);
  const [finding] = checkEngine(backup, false).findings.filter(({ kind }) => kind === "damage");
  if (finding !== undefined) throw broken(backup, `${finding.place}: ${finding.problem}`);
  const [part] = checkFiles(join(backup, "memory")).damaged;
  if (part !== undefined) throw broken(backup, `memory/${part.place}: ${part.problem}`);
}

const broken = (backup: string, how: string): OperationFailure =>
  new OperationFailure(`The backup "${backup}" is damaged: ${how}. Nothing was changed; take another one.`);

function checkRoom(directory: string, { files }: BackupManifest): void {
  const needed = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const { bavail, bsize } = statfsSync(directory);
  if (needed > bavail * bsize) {
    throw new OperationFailure(
      `"${directory}" has ${textOfSize(bavail * bsize)} free, and the backup needs ${textOfSize(needed)}. Nothing was changed.`,
    );
  }
}

function copyBackup(backup: string, staged: string, { files }: BackupManifest): void {
  for (const { path, sha256 } of files) {
    const to = join(staged, path);
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(join(backup, path), to);
    if (checksumOf(to).sha256 !== sha256) throw broken(backup, `"${path}" changed while it was copied`);
  }
}

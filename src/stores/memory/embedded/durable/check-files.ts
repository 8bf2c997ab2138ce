import { existsSync } from "node:fs";
import { basename } from "node:path";
import { silentLogger } from "../../../../kernel/index.ts";
import { Keyspace } from "../keyspace.ts";
import { compact } from "./compaction.ts";
import { listFiles, pathOf } from "./files.ts";
import { recover } from "./recovery.ts";
import { writeSnapshot } from "./snapshot.ts";

/** A part of a file that cannot be used. */
export interface DamagedPart {
  /** Name of the file, and the line in it. */
  readonly place: string;
  readonly problem: string;
}

export interface FilesCheck {
  readonly keys: number;
  readonly damaged: readonly DamagedPart[];
}

/** Reads all files of a keyspace as a start does, and changes nothing. A torn last line is what a crash leaves, and no damage. */
export function checkFiles(directory: string): FilesCheck {
  if (!existsSync(directory)) return { keys: 0, damaged: [] };
  const { keys, damaged } = readAll(directory);
  return { keys: keys.size, damaged };
}

/** Compactions that may come between while a server is at work: each takes files away, whose content the next attempt finds elsewhere. */
const maxAttempts = 5;

interface ReadFiles {
  readonly keys: Keyspace;
  readonly damaged: DamagedPart[];
  readonly last: number;
}

function readAll(directory: string): ReadFiles {
  for (let attempt = 1; ; attempt++) {
    try {
      return readOnce(directory);
    } catch (error) {
      const isGone = error instanceof Error && "code" in error && error.code === "ENOENT";
      if (!isGone || attempt === maxAttempts) throw error;
    }
  }
}

function readOnce(directory: string): ReadFiles {
  const damaged: DamagedPart[] = [];
  const keys = new Keyspace({ now: () => 0 });
  const last = recover(directory, keys, silentLogger, undefined, (path, line, error) => {
    const reason = error instanceof Error ? error.message : String(error);
    damaged.push({ place: `${basename(path)}:${line}`, problem: `the line cannot be read (${reason})` });
  });
  return { keys, damaged: [...damaged, ...missingFiles(directory)], last };
}

/** Journals follow each other without a gap. */
function missingFiles(directory: string): DamagedPart[] {
  const { snapshot, journals } = listFiles(directory);
  const missing: DamagedPart[] = [];
  let before = snapshot;
  for (const number of journals) {
    for (let lacking = (before ?? number - 1) + 1; lacking < number; lacking++)
      missing.push({ place: basename(pathOf(directory, "journal", lacking)), problem: "the file is missing" });
    before = number;
  }
  return missing;
}

/** Writes what can be read of a directory into a folder, as one snapshot: the directory that takes its place. */
export function salvageFiles(directory: string, folder: string): FilesCheck {
  const { keys, damaged, last } = readAll(directory);
  writeSnapshot(folder, last, keys);
  return { keys: keys.size, damaged };
}

/** Replaces all files of a directory by one snapshot. Only while nobody else uses it. */
export function compactFiles(directory: string): void {
  if (!existsSync(directory)) return;
  const last = listFiles(directory).journals.at(-1);
  if (last !== undefined) compact({ directory, upTo: last });
}

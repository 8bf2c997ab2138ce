import { existsSync } from "node:fs";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { coreFiles } from "./core-file.ts";

export interface DumpHistory {
  /** Reports that are kept. */
  readonly reports: number;
  /** Reports, the newest ones, that keep their core. */
  readonly coredump: number;
}

/** Written last, so a directory that has it is a whole report, and one of ours. */
export const reportMarker = "statistics.json";

/** Deletes the oldest reports, and the cores of older ones. What is no report, whatever else lies in the directory, stays. */
export async function pruneDumps(directory: string, { reports, coredump }: DumpHistory): Promise<void> {
  const dumps: { path: string; at: number }[] = [];
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    const isReport = entry.isDirectory() && existsSync(join(path, "kuzzle.json"));
    if (isReport && existsSync(join(path, reportMarker))) dumps.push({ path, at: (await stat(path)).birthtimeMs });
  }
  dumps.sort((a, b) => b.at - a.at || (a.path < b.path ? 1 : -1));
  for (const [age, { path }] of dumps.entries()) {
    if (age >= reports) await rm(path, { recursive: true, force: true });
    else if (age >= coredump) for (const file of coreFiles) await rm(join(path, file), { force: true });
  }
}

import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { kindAt } from "../folders.ts";

const prefix = ".installing-";
const replacedFolder = "replaced";

/**
 * A folder beside the plugins in which one is made ready: it is moved into its place when it is whole, and until then nobody sees it. It goes
 * whatever happens; what a killed process has left behind is put right by the next.
 */
export class Staging implements Disposable {
  readonly path: string;
  /** Where the places are. */
  readonly available: string;

  constructor(available: string) {
    this.available = available;
    mkdirSync(available, { recursive: true });
    cleanUp(available);
    this.path = mkdtempSync(join(available, `${prefix}${process.pid}-`));
  }

  /** Moves what was made ready (a folder or a link, by its path) to its place. What was there is kept until then, and comes back when that fails. */
  place(made: string, name: string): void {
    const target = join(this.available, name);
    const kept = join(this.path, replacedFolder, name);
    const replaces = kindAt(target) !== "nothing";
    if (replaces) {
      mkdirSync(join(this.path, replacedFolder));
      renameSync(target, kept);
    }
    try {
      renameSync(made, target);
    } catch (error) {
      if (replaces) renameSync(kept, target);
      throw error;
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** What processes that no longer run have left. */
function cleanUp(available: string): void {
  for (const name of readdirSync(available)) {
    const pid = new RegExp(`^\\${prefix}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    const folder = join(available, name);
    putBack(join(folder, replacedFolder), available);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** It was killed between two moves: what was to be replaced is still wanted. */
function putBack(replaced: string, available: string): void {
  if (!existsSync(replaced)) return;
  for (const name of readdirSync(replaced)) {
    if (kindAt(join(available, name)) === "nothing") renameSync(join(replaced, name), join(available, name));
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

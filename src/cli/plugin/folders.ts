import { existsSync, lstatSync, mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync, unlinkSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { Failure, UsageError } from "./failure.ts";

/** The folders of an application in which plugins lie, and what lies in them. */
export interface PluginFolders {
  readonly available: string;
  readonly enabled: string;
}

export const foldersOf = (root: string): PluginFolders => ({
  available: join(root, "plugins", "available"),
  enabled: join(root, "plugins", "enabled"),
});

/** Names become names of folders: nothing in them may lead elsewhere. Error: {@link UsageError}. */
export function checkFolderName(name: string): string {
  if (/^\w[\w.-]{0,127}$/.test(name)) return name;
  throw new UsageError(`"${name}" cannot be the name of a plugin: it may have letters, digits, "-", "_" and "."`);
}

/** What lies at a path itself: a link is a link, wherever it leads. */
export function kindAt(path: string): "nothing" | "link" | "folder" | "file" {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return "nothing";
  if (stat.isSymbolicLink()) return "link";
  return stat.isDirectory() ? "folder" : "file";
}

/** Links `plugins/enabled/<name>` to `plugins/available/<name>`. Answers false when that is so already. Error: {@link Failure}. */
export function enableFolder({ available, enabled }: PluginFolders, name: string): boolean {
  const target = join(available, name);
  if (!existsSync(target)) throw new Failure(`there is no plugin "${name}" in ${available}`);
  const link = join(enabled, name);
  const kind = kindAt(link);
  if (kind === "link" && resolve(enabled, readlinkSync(link)) === target) return false;
  if (kind !== "nothing") throw new Failure(`${link} is there already, and is something else`);
  mkdirSync(enabled, { recursive: true });
  symlinkSync(relative(enabled, target), link, "dir"); // still leads there when the application is moved
  return true;
}

/**
 * Takes `plugins/enabled/<name>` away: a link is removed, a folder is moved to `plugins/available`. Answers false when there is none.
 * Error: {@link Failure} for a folder whose place there is taken.
 */
export function disableFolder({ available, enabled }: PluginFolders, name: string): boolean {
  const path = join(enabled, name);
  switch (kindAt(path)) {
    case "nothing":
    case "file":
      return false;
    case "link":
      unlinkSync(path);
      return true;
    case "folder": {
      const target = join(available, name);
      if (kindAt(target) !== "nothing") {
        throw new Failure(`${path} is a folder, not a link, and cannot be moved to ${target}: that is there already`);
      }
      mkdirSync(available, { recursive: true });
      renameSync(path, target);
      return true;
    }
  }
}

/** Deletes `plugins/available/<name>`; what a link leads to stays. Answers false when there is nothing. */
export function deleteAvailable({ available }: PluginFolders, name: string): boolean {
  const path = join(available, name);
  switch (kindAt(path)) {
    case "nothing":
      return false;
    case "folder":
      rmSync(path, { recursive: true }); // links within are unlinked, not followed
      return true;
    case "link":
    case "file":
      unlinkSync(path);
      return true;
  }
}

import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { didYouMean, kerror, kerrorFrom } from "../../kernel/index.ts";
import { type PackageFacts, readPackage } from "./package-facts.ts";

/** A package as it was found: `path` is the link when it is one, `realPath` is where its files are. */
export interface EnabledFolder {
  readonly name: string;
  readonly path: string;
  readonly realPath: string;
}

/** What becomes of a folder that cannot be read: thrown unless somebody takes note of it and goes on. */
export type OnUnreadable = (path: string, error: unknown) => void;

const refuse: OnUnreadable = (_path, error) => {
  throw error;
};

/**
 * The packages in `<root>/plugins/enabled`, by name of their folder, then those of further folders.
 * Errors: those of {@link enabledFolders} and of {@link readPackage}.
 */
export const enabledPackages = (
  root: string,
  further: readonly string[] = [],
  onUnreadable: OnUnreadable = refuse,
): PackageFacts[] => [
  ...enabledFolders(join(root, "plugins", "enabled"), onUnreadable).flatMap(({ path, realPath }) => {
    try {
      return readPackage(path, realPath);
    } catch (error) {
      onUnreadable(path, error);
      return [];
    }
  }),
  ...further.map((path) => readPackage(path, realPathOf(path))),
];

/** The package in the folder of this name in `<root>/plugins/enabled`; undefined when there is none. */
export function enabledPackage(root: string, name: string): PackageFacts | undefined {
  const folder = enabledFolders(join(root, "plugins", "enabled")).find((one) => one.name === name);
  return folder === undefined ? undefined : readPackage(folder.path, folder.realPath);
}

function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    throw kerrorFrom(error, "plugin.assert.cannot_load", path, "there is nothing at this path.");
  }
}

/**
 * The packages of `<root>/plugins/available` that are asked for by the names of their folders; those that are enabled by a link as well are left to it.
 * Errors: `plugin.assert.cannot_load` for a name that is not there, with those that are; those of {@link readPackage}.
 */
export function availablePackages(
  root: string,
  names: readonly string[],
  enabled: readonly PackageFacts[],
): PackageFacts[] {
  if (names.length === 0) return [];
  const available = enabledFolders(join(root, "plugins", "available"));
  return [...new Set(names)].flatMap((wanted) => {
    const folder = available.find(({ name }) => name === wanted);
    if (folder === undefined) {
      const hint = didYouMean(
        wanted,
        available.map(({ name }) => name),
      );
      throw kerror("plugin.assert.cannot_load", wanted, `there is no such folder in ${root}/plugins/available.${hint}`);
    }
    const isEnabled = enabled.some(({ realPath }) => realPath === folder.realPath);
    return isEnabled ? [] : [readPackage(folder.path, folder.realPath)];
  });
}

/**
 * The folders in a folder, by name; links are followed, plain files and hidden folders are left out. None when it does not exist.
 * Errors: `plugin.assert.invalid_plugins_dir`, `plugin.assert.cannot_load` for a link to nothing.
 */
export function enabledFolders(folder: string, onUnreadable: OnUnreadable = refuse): EnabledFolder[] {
  if (!existsSync(folder)) return [];
  let names: string[];
  try {
    names = readdirSync(folder).sort();
  } catch (error) {
    throw kerrorFrom(error, "plugin.assert.invalid_plugins_dir", folder, error);
  }
  const folders: EnabledFolder[] = [];
  for (const name of names) {
    if (name.startsWith(".")) continue;
    const path = join(folder, name);
    let realPath: string;
    try {
      realPath = realpathSync(path);
    } catch (error) {
      const why = `${path} is a link to something that does not exist.`;
      onUnreadable(path, kerrorFrom(error, "plugin.assert.cannot_load", name, why));
      continue;
    }
    if (statSync(realPath).isDirectory()) folders.push({ name, path, realPath });
  }
  return folders;
}

/** The package that a name of `plugins.common.include` means, looked up as code in the root would; undefined when it is not installed. */
export function includedPackage(root: string, name: string): PackageFacts | undefined {
  const lookup = createRequire(join(root, "package.json")).resolve.paths(name) ?? [];
  for (const folder of lookup) {
    const path = join(folder, name);
    // A package that has no manifest is fine here: it has a name on npm.
    if (existsSync(join(path, "package.json"))) return readPackage(path, realpathSync(path));
  }
  return undefined;
}

import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { kerrorFrom } from "../../kernel/index.ts";
import { type PackageFacts, readPackage } from "./package-facts.ts";

/**
 * The packages in `<root>/plugins/enabled`, by name of their folder; links are followed, plain files and hidden folders are left out.
 * Errors: `plugin.assert.invalid_plugins_dir`, and those of {@link readPackage}.
 */
export function enabledPackages(root: string): PackageFacts[] {
  const folder = join(root, "plugins", "enabled");
  if (!existsSync(folder)) return [];
  let names: string[];
  try {
    names = readdirSync(folder).sort();
  } catch (error) {
    throw kerrorFrom(error, "plugin.assert.invalid_plugins_dir", folder, error);
  }
  const packages: PackageFacts[] = [];
  for (const name of names) {
    if (name.startsWith(".")) continue;
    const path = join(folder, name);
    let realPath: string;
    try {
      realPath = realpathSync(path);
    } catch (error) {
      throw kerrorFrom(error, "plugin.assert.cannot_load", name, `${path} is a link to something that does not exist.`);
    }
    if (statSync(realPath).isDirectory()) packages.push(readPackage(path, realPath));
  }
  return packages;
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

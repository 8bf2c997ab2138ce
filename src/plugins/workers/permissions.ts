import { existsSync, readdirSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Granted } from "../capabilities/capabilities.ts";
import type { PackageFacts } from "../discovery/package-facts.ts";

/**
 * Arguments of Node for a process that may do what was declared, and read the code that it runs: that of the package, of what it depends on and
 * of this server. No processes, threads or addons. Source: the chapter "Permissions" of Node's documentation.
 */
export function permissionArguments(
  { network, files }: Pick<Granted, "network" | "files">,
  { path, realPath }: PackageFacts,
  root: string,
): string[] {
  const inRoot = (declared: readonly string[]): string[] => declared.map((one) => resolve(root, one));
  const ownRoom = fileURLToPath(new URL("../../", import.meta.url)); // src/ or dist/
  const code = [
    realPath,
    path,
    ownRoom,
    ...dependenciesOf(ownRoom),
    ...dependenciesOf(realPath),
    ...dependenciesOf(path),
  ];
  const read = [...code, ...dependenciesOf(join(root, "package.json")), ...inRoot(files.read)];
  return [
    "--permission",
    "--disable-warning=ExperimentalWarning",
    ...(network ? ["--allow-net"] : []),
    ...withRealPaths(read).map((one) => `--allow-fs-read=${one}`),
    ...withRealPaths(inRoot(files.write)).map((one) => `--allow-fs-write=${one}`),
  ];
}

/** Every `node_modules` that Node looks into from a folder, and the `package.json` above it that say what kind of code lies there. */
function dependenciesOf(folder: string): string[] {
  const found: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    const modules = join(at, "node_modules");
    if (existsSync(modules)) found.push(modules, ...linksIn(modules));
    found.push(join(at, "package.json"));
    if (dirname(at) === at) return found;
  }
}

/** Packages that are worked on are often linked, and lie elsewhere. */
function linksIn(modules: string): string[] {
  return readdirSync(modules, { withFileTypes: true }).flatMap((entry) => {
    const path = join(modules, entry.name);
    if (entry.isSymbolicLink()) return [path];
    return entry.isDirectory() && entry.name.startsWith("@") ? linksIn(path) : [];
  });
}

/** A link and what it leads to are two paths here. */
const withRealPaths = (paths: readonly string[]): string[] => [
  ...new Set(paths.flatMap((path) => (existsSync(path) ? [path, realpathSync(path)] : [path]))),
];

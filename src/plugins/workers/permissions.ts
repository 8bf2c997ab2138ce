import { existsSync, readdirSync, realpathSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { isPlainObject } from "../../kernel/index.ts";
import type { NativePlugin } from "../authoring/define-plugin.ts";
import type { PackageFacts } from "../discovery/package-facts.ts";

/** What a plugin says that it needs, as far as the system can hold it to that. Paths are absolute. */
export interface DeclaredAccess {
  readonly network: boolean;
  readonly read: readonly string[];
  readonly write: readonly string[];
}

/**
 * Reads `capabilities` of a description and of a manifest: `{ network: true, files: { read: ["data"], write: [] } }`, paths relative to `root`.
 * What is not declared is not granted; where both speak, what both allow is.
 */
export function declaredAccess(places: readonly unknown[], root: string): DeclaredAccess {
  const declared = places.filter((place) => place !== undefined).map((place) => accessOf(place, root));
  return declared.length === 0 ? accessOf({}, root) : declared.reduce(intersection);
}

function accessOf(capabilities: unknown, root: string): DeclaredAccess {
  const { network, files } = isPlainObject(capabilities) ? capabilities : {};
  const { read, write } = isPlainObject(files) ? files : {};
  return { network: network === true, read: pathsOf(read, root), write: pathsOf(write, root) };
}

const pathsOf = (value: unknown, root: string): string[] =>
  Array.isArray(value)
    ? value.filter((path): path is string => typeof path === "string").map((path) => resolve(root, path))
    : [];

/** Only what both allow. A path within an allowed folder is allowed. */
function intersection(a: DeclaredAccess, b: DeclaredAccess): DeclaredAccess {
  return {
    network: a.network && b.network,
    read: commonPaths(a.read, b.read),
    write: commonPaths(a.write, b.write),
  };
}

const commonPaths = (a: readonly string[], b: readonly string[]): string[] => [
  ...new Set([...a.filter((path) => isWithin(path, b)), ...b.filter((path) => isWithin(path, a))]),
];

const isWithin = (path: string, folders: readonly string[]): boolean =>
  folders.some((folder) => path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep));

/**
 * Arguments of Node for a process that may do what was declared, and read the code that it runs: that of the package, of what it depends on and
 * of this server. No processes, threads or addons. Source: the chapter "Permissions" of Node's documentation.
 */
export function permissionArguments(
  plugin: NativePlugin,
  { path, realPath, manifest }: PackageFacts,
  root: string,
): string[] {
  const { capabilities } = plugin as { capabilities?: unknown };
  const access = declaredAccess([capabilities, manifest?.capabilities], root);
  const ownRoom = fileURLToPath(new URL("../../", import.meta.url)); // src/ or dist/
  const code = [
    realPath,
    path,
    ownRoom,
    ...dependenciesOf(ownRoom),
    ...dependenciesOf(realPath),
    ...dependenciesOf(path),
  ];
  const read = [...code, ...dependenciesOf(join(root, "package.json")), ...access.read];
  return [
    "--permission",
    "--disable-warning=ExperimentalWarning",
    ...(access.network ? ["--allow-net"] : []),
    ...withRealPaths(read).map((one) => `--allow-fs-read=${one}`),
    ...withRealPaths(access.write).map((one) => `--allow-fs-write=${one}`),
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

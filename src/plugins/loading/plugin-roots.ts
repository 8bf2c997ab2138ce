import { sep } from "node:path";

/** A folder whose code belongs to plugins: the names `kuzzle` and `kuzzle-common-objects` mean this server there. */
export interface PluginRoot {
  /** With a separator at its end. */
  readonly folder: string;
  /** Other folders whose `node_modules` count too: where the link to the package lies, and the root of the application. */
  readonly lookups: readonly string[];
}

const roots: PluginRoot[] = [];

/** Packages in some `node_modules` that plugins use, by folder. There may be hundreds: looked up, not searched. */
const adopted = new Map<string, PluginRoot>();

const withSeparator = (folder: string): string => (folder.endsWith(sep) ? folder : folder + sep);

/** Real paths only. May be called again for the same folder; the first call counts. */
export function registerPluginRoot(folder: string, lookups: readonly string[]): void {
  const prefix = withSeparator(folder);
  if (roots.some((root) => root.folder === prefix)) return;
  roots.push({ folder: prefix, lookups });
}

/** The plugin root that a file lies under. */
export function pluginRootOf(file: string): PluginRoot | undefined {
  for (const root of roots) if (file.startsWith(root.folder)) return root;
  const folder = adopted.size === 0 ? undefined : packageFolder(file);
  return folder === undefined ? undefined : adopted.get(folder);
}

/**
 * A package that a plugin uses from outside of its folder, as npm hoists them, is plugin code too: what it requires as `kuzzle` is this server.
 * Without this, such a package would bring a second copy of every class.
 */
export function adoptDependency(file: string, user: PluginRoot): void {
  const folder = packageFolder(file);
  if (folder === undefined || pluginRootOf(file) !== undefined) return;
  adopted.set(folder, { folder, lookups: user.lookups });
}

/** The package in `node_modules` that a file belongs to, with a separator at its end. */
function packageFolder(file: string): string | undefined {
  const marker = `${sep}node_modules${sep}`;
  const at = file.lastIndexOf(marker);
  if (at < 0) return undefined;
  const start = at + marker.length;
  let end = file.indexOf(sep, start);
  if (file[start] === "@" && end >= 0) end = file.indexOf(sep, end + 1); // a scope is part of the name
  return end < 0 ? undefined : file.slice(0, end + 1);
}

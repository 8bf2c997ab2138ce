import { sep } from "node:path";

/** A folder whose code belongs to plugins: the names `kuzzle` and `kuzzle-common-objects` mean this server there. */
interface PluginRoot {
  /** With a separator at its end. */
  readonly folder: string;
  /** Other folders whose `node_modules` count too: where the link to the package lies, and the root of the application. */
  readonly lookups: readonly string[];
}

const roots: PluginRoot[] = [];

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
  return undefined;
}

/**
 * A package that a plugin uses from outside of its folder, as npm hoists them, is plugin code too: what it requires as `kuzzle` is this server.
 * Without this, such a package would bring a second copy of every class.
 */
export function adoptDependency(file: string, user: PluginRoot): void {
  const marker = `${sep}node_modules${sep}`;
  const at = file.lastIndexOf(marker);
  if (at < 0 || pluginRootOf(file) !== undefined) return;
  const [first = "", second = ""] = file.slice(at + marker.length).split(sep);
  const name = first.startsWith("@") ? first + sep + second : first;
  registerPluginRoot(file.slice(0, at + marker.length) + name, user.lookups);
}

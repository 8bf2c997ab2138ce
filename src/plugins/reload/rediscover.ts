import { realpathSync } from "node:fs";
import { basename } from "node:path";
import { kerror, silentLogger } from "../../kernel/index.ts";
import type { PluginOrigin } from "../definition.ts";
import type { PluginHostDeps } from "../deps.ts";
import { discover, type Found } from "../discovery/discover.ts";

export interface Rediscovered {
  /** Undefined: there is no such plugin any more. */
  readonly found: Found | undefined;
  /** Of all plugins, in load order. */
  readonly names: readonly string[];
}

/**
 * Looks for one plugin again. Folders of others that cannot be read now are passed over.
 * Errors: those of {@link discover}, and that of reading the plugin's own folder.
 */
export function rediscover(name: string, origin: PluginOrigin | undefined, deps: PluginHostDeps): Rediscovered {
  if (origin?.kind === "used") {
    throw kerror("plugin.assert.cannot_load", name, "it was given in code (app.plugin.use). Restart the server.");
  }
  const unreadable = new Map<string, unknown>();
  const discovered = discover({ ...deps, log: silentLogger }, (path, error) => unreadable.set(path, error));
  const all = discovered.filter((one) => one.kind !== "package" || one.isActivated !== false);
  const found = all.find((one) => one.name === name);
  if (found === undefined) {
    for (const [path, error] of unreadable) if (isIts(path, name, origin)) throw error;
  }
  return { found, names: all.map((one) => one.name) };
}

/** Whether a folder that cannot be read is that of the plugin. */
function isIts(path: string, name: string, origin: PluginOrigin | undefined): boolean {
  if (origin === undefined || !("path" in origin)) return basename(path) === name;
  return path === origin.path && exists(path);
}

/** A link to nothing does not: its plugin is gone. */
function exists(path: string): boolean {
  try {
    realpathSync(path);
    return true;
  } catch {
    return false;
  }
}

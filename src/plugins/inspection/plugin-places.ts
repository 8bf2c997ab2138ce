import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { silentLogger } from "../../kernel/index.ts";
import type { Found } from "../discovery/discover.ts";
import { includedPackage } from "../discovery/enabled.ts";
import { listedPackages } from "../discovery/listed.ts";
import { readPackage } from "../discovery/package-facts.ts";
import { type OfflineApplication, offlineDeps } from "./offline-deps.ts";

/** Where a plugin was found, and what it is. */
export interface PluginPlace {
  /** Its own name; that of its folder when it cannot be read. */
  readonly name: string;
  /** Under `plugins/enabled` or `plugins/available`, by the configuration, by a list of the first generation, or given by its path. */
  readonly from: "enabled" | "available" | "included" | "listed" | "path";
  /** The folder, or the link to it; undefined for a plugin that is part of the server. */
  readonly path: string | undefined;
  /** Undefined for what cannot be read: then there is a `failure`. */
  readonly found: Found | undefined;
  readonly failure: Error | undefined;
}

/**
 * Every plugin of an application's folders and configuration, also those that are not enabled and those that cannot be read; no code of theirs runs.
 * What is enabled by a link is not named a second time as available.
 */
export function pluginPlaces(application: OfflineApplication): PluginPlace[] {
  const { root } = application;
  const listed = listedPlaces(application);
  const enabled = without(placesIn(join(root, "plugins", "enabled"), "enabled"), listed);
  const available = without(placesIn(join(root, "plugins", "available"), "available"), [...enabled, ...listed]);
  return [
    ...includedPlaces(application, new Set(enabled.map(({ name }) => name))),
    ...enabled,
    ...listed,
    ...available,
  ];
}

/** A package at a path, as if it were enabled. */
export const placeAt = (path: string): PluginPlace => readPlace(resolve(path), "path");

function placesIn(folder: string, from: "enabled" | "available"): PluginPlace[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => !name.startsWith("."))
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => !existsSync(path) || statSync(path).isDirectory())
    .map((path) => readPlace(path, from));
}

function readPlace(path: string, from: PluginPlace["from"]): PluginPlace {
  try {
    const realPath = realpathSync(path);
    const facts = readPackage(path, realPath);
    const { name } = facts;
    const found: Found = { kind: "package", name, facts, origin: { kind: "enabled", path, realPath } };
    return { name, from, path, found, failure: undefined };
  } catch (error) {
    const failure =
      (error as NodeJS.ErrnoException).code === "ENOENT"
        ? new Error(`${path} does not exist, or is a link to something that does not.`, { cause: error })
        : (error as Error); // readPackage and realpath throw nothing else
    return { name: path.split(/[\\/]/).at(-1) ?? path, from, path, found: undefined, failure };
  }
}

/** By `plugins.common.include`; an enabled package takes the place of a bundled one. */
function includedPlaces({ root, common, bundled }: OfflineApplication, enabled: ReadonlySet<string>): PluginPlace[] {
  return [...new Set(common.include)].flatMap((name): PluginPlace[] => {
    const create = bundled.get(name);
    const one = { name, from: "included", failure: undefined } as const;
    if (create !== undefined) {
      return enabled.has(name) ? [] : [{ ...one, path: undefined, found: { kind: "bundled", name, create } }];
    }
    try {
      const facts = includedPackage(root, name);
      if (facts === undefined) throw new Error(`It is not installed in ${root}. Run: npm install ${name}`);
      const { realPath: path } = facts;
      return [{ ...one, path, found: { kind: "package", name, facts, origin: { kind: "included", path } } }];
    } catch (error) {
      return [{ ...one, path: undefined, found: undefined, failure: error as Error }];
    }
  });
}

function listedPlaces(application: OfflineApplication): PluginPlace[] {
  try {
    const { packages } = listedPackages(offlineDeps(application, silentLogger));
    return packages.map((found) => {
      const path = found.kind === "package" ? found.facts.path : undefined;
      return { name: found.name, from: "listed", path, found, failure: undefined };
    });
  } catch (error) {
    return [
      { name: "config/customPlugins.json", from: "listed", path: undefined, found: undefined, failure: error as Error },
    ];
  }
}

/** Those whose folder is not that of another. A link to nothing has none. */
function without(places: readonly PluginPlace[], others: readonly PluginPlace[]): PluginPlace[] {
  const taken = new Set(others.map(realPathOf));
  return places.filter((place) => place.found === undefined || !taken.has(realPathOf(place)));
}

const realPathOf = ({ found }: PluginPlace): string | undefined =>
  found?.kind === "package" ? found.facts.realPath : undefined;

import { existsSync, statSync } from "node:fs";
import { basename, isAbsolute, resolve } from "node:path";
import { didYouMean } from "../../kernel/index.ts";
import { type OfflineApplication, type PluginPlace, placeAt, pluginPlaces } from "../../plugins/index.ts";
import { Failure } from "./failure.ts";

/** A word that names a place on the disk rather than a plugin. */
export const isPath = (word: string): boolean => /^\.{1,2}$|[\\/]/.test(word) || isAbsolute(word);

/**
 * The plugin that a word means: a path to its folder, its name, or the name of its folder in `plugins/`. Error: {@link Failure} for one that is
 * not there.
 */
export function findPlace(word: string, application: OfflineApplication): PluginPlace {
  if (isPath(word)) return atPath(word);
  const places = pluginPlaces(application);
  const found = places.find(({ name }) => name === word) ?? places.find(({ path = "" }) => basename(path) === word);
  if (found !== undefined) return found;
  if (existsSync(word) && statSync(word).isDirectory()) return atPath(word);
  const hint = didYouMean(
    word,
    places.map(({ name }) => name),
  );
  throw new Failure(`there is no plugin "${word}" in ${application.root}.${hint}`);
}

function atPath(path: string): PluginPlace {
  if (!existsSync(path)) throw new Failure(`there is nothing at ${resolve(path)}`);
  if (!statSync(path).isDirectory()) throw new Failure(`${resolve(path)} is no folder`);
  return placeAt(path);
}

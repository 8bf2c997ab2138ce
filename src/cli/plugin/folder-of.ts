import { basename, join } from "node:path";
import { didYouMean } from "../../kernel/index.ts";
import { type OfflineApplication, pluginPlaces } from "../../plugins/index.ts";
import { Failure } from "./failure.ts";
import { checkFolderName, foldersOf, kindAt } from "./folders.ts";

/**
 * The name of the folder in `plugins/` that a plugin's name means: nearly always the same. Errors: `UsageError` for what can be no name,
 * {@link Failure} for what is not there.
 */
export function folderOf(name: string, application: OfflineApplication): string {
  checkFolderName(name);
  const { available, enabled } = foldersOf(application.root);
  if ([available, enabled].some((folder) => kindAt(join(folder, name)) !== "nothing")) return name;
  const places = pluginPlaces(application).filter(({ from }) => from === "enabled" || from === "available");
  const { path } = places.find((place) => place.name === name) ?? {};
  if (path !== undefined) return basename(path);
  const known = places.map((place) => place.name);
  throw new Failure(`there is no plugin "${name}" in ${join(application.root, "plugins")}.${didYouMean(name, known)}`);
}

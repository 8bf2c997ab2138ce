import { basename } from "node:path";
import { isPlainObject } from "../../kernel/index.ts";
import { inspectPlugin, type OfflineApplication, type PluginPlace, pluginPlaces } from "../../plugins/index.ts";
import { readApplication } from "./application.ts";
import { readPluginArguments } from "./arguments.ts";
import { Failure } from "./failure.ts";
import { folderOf } from "./folder-of.ts";
import { deleteAvailable, disableFolder, foldersOf } from "./folders.ts";
import { createOutput } from "./output.ts";

/** `tenon plugin remove NAME [--force]`: disables it, and deletes it from `plugins/available`. */
export async function remove(argv: readonly string[]): Promise<number> {
  const form = { words: { min: 1, max: 1, what: "NAME" }, flags: ["force"] };
  const { root, json, words, flags } = readPluginArguments(argv, form);
  const output = createOutput(json);
  const application = readApplication(root);
  const [word = ""] = words;
  const name = folderOf(word, application);
  const folders = foldersOf(root);
  if (!flags.has("force")) await refuseIfNeeded(name, application);
  const wasEnabled = disableFolder(folders, name);
  const wasAvailable = deleteAvailable(folders, name);
  output.json({ name, wasEnabled, wasAvailable });
  output.line(`${name} is removed${wasEnabled ? "; restart the server for it." : "."}`);
  return 0;
}

async function refuseIfNeeded(name: string, application: OfflineApplication): Promise<void> {
  const places = pluginPlaces(application);
  const removed = places.find(({ path }) => path !== undefined && basename(path) === name);
  const names = new Set([name, ...(removed === undefined ? [] : [removed.name, packageName(removed)])]);
  const enabled = places.filter((place) => place.from !== "available" && place !== removed);
  const users: string[] = [];
  for (const place of enabled) {
    if ((await needsOf(place, application)).some((needed) => names.has(needed))) users.push(place.name);
  }
  if (users.length === 0) return;
  const which = users.length === 1 ? `${users[0]} depends` : `${users.join(", ")} depend`;
  throw new Failure(`${which} on ${name}. Disable what needs it before, or remove it by --force`);
}

const packageName = ({ found }: PluginPlace): string =>
  found?.kind === "package" && typeof found.facts.packageJson.name === "string" ? found.facts.packageJson.name : "";

/** The plugins, or their packages, that a plugin says it needs. */
async function needsOf({ found }: PluginPlace, application: OfflineApplication): Promise<string[]> {
  if (found?.kind !== "package") return [];
  const { definition } = await inspectPlugin(found, application); // a description says it in its code
  const { dependencies, peerDependencies } = found.facts.packageJson;
  const packages = [dependencies, peerDependencies].flatMap((wanted) =>
    isPlainObject(wanted) ? Object.keys(wanted) : [],
  );
  return [...packages, ...(definition?.order.dependsOn.keys() ?? [])];
}

import { readApplication } from "./application.ts";
import { readPluginArguments } from "./arguments.ts";
import { folderOf } from "./folder-of.ts";
import { disableFolder, enableFolder, foldersOf } from "./folders.ts";
import { createOutput } from "./output.ts";

const form = { words: { min: 1, max: 1, what: "NAME" } } as const;

/** `tenon plugin enable NAME`: the next start loads it. */
export const enable = (argv: readonly string[]): Promise<number> => change(argv, true);

/** `tenon plugin disable NAME`: the next start does without it. */
export const disable = (argv: readonly string[]): Promise<number> => change(argv, false);

async function change(argv: readonly string[], isEnabled: boolean): Promise<number> {
  const { root, json, words } = readPluginArguments(argv, form);
  const output = createOutput(json);
  const [word = ""] = words;
  const name = folderOf(word, readApplication(root));
  const folders = foldersOf(root);
  const hasChanged = isEnabled ? enableFolder(folders, name) : disableFolder(folders, name);
  output.json({ name, isEnabled, hasChanged });
  const state = isEnabled ? "enabled" : "disabled";
  output.line(hasChanged ? `${name} is ${state}; restart the server for it.` : `${name} was ${state} already.`);
  return 0;
}

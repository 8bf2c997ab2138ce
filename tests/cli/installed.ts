import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What lies in a folder, hidden files included; nothing when it is not there. */
export const entries = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder).sort() : []);

export const available = (root: string): string[] => entries(join(root, "plugins/available"));
export const enabled = (root: string): string[] => entries(join(root, "plugins/enabled"));

export const versionOf = (root: string, name: string): string =>
  (JSON.parse(readFileSync(join(root, "plugins/available", name, "package.json"), "utf8")) as { version: string })
    .version;

import { sep } from "node:path";
import { fileURLToPath } from "node:url";

/** Folders of plugins whose code is loaded again while the process runs, with a separator at their end, and which time it is. */
const versions = new Map<string, number>();

/** The file of each of these folders that was loaded last. */
const lastLoaded = new Map<string, string>();

/** In the query of a module's URL. What is imported under another URL is another module. */
const key = "tenon-version";

/** Code of one folder from here on is of this version; undefined: as it was loaded first. */
export function setCodeVersion(folder: string, version: number | undefined): void {
  lastLoaded.delete(folder);
  if (version === undefined) versions.delete(folder);
  else versions.set(folder, version);
}

export function codeVersionOf(file: string): number | undefined {
  const folder = folderOf(file);
  return folder === undefined ? undefined : versions.get(folder);
}

/** Code of a folder itself: what lies in its `node_modules` is shared, and stays loaded. */
export const isOwnCode = (file: string, folder: string): boolean =>
  file.startsWith(folder) && !file.slice(folder.length).split(sep).includes("node_modules");

/**
 * The URL under which a module of a plugin is imported: with the version of the module that asks for it, so that code of an older version keeps
 * to itself, else with the current one.
 */
export function versionedUrl(url: string, parentUrl?: string): string {
  if (versions.size === 0 || !url.startsWith("file:")) return url;
  const folder = folderOf(fileURLToPath(url));
  if (folder === undefined) return url;
  const versioned = new URL(url);
  versioned.searchParams.set(key, ownVersion(parentUrl, folder) ?? String(versions.get(folder)));
  return versioned.href;
}

/** Takes note of what is loaded: when its code cannot be read, the engine does not say whose it was. */
export function noteLoaded(url: string): void {
  if (versions.size === 0 || !url.startsWith("file:")) return;
  const file = fileURLToPath(url);
  const folder = folderOf(file);
  if (folder !== undefined) lastLoaded.set(folder, file);
}

export const lastLoadedIn = (folder: string): string | undefined => lastLoaded.get(folder);

function folderOf(file: string): string | undefined {
  for (const folder of versions.keys()) if (isOwnCode(file, folder)) return folder;
  return undefined;
}

function ownVersion(parentUrl: string | undefined, folder: string): string | undefined {
  if (parentUrl?.includes(key) !== true || !isOwnCode(fileURLToPath(parentUrl), folder)) return undefined;
  return new URL(parentUrl).searchParams.get(key) ?? undefined;
}

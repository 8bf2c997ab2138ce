import { existsSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Launcher, launch } from "../app/index.ts";
import { installResolution, registerPluginRoot } from "../plugins/index.ts";

/** The file of an application, and where it belongs. */
export interface ApplicationFile {
  /** Real path. */
  readonly file: string;
  /** The folder of its package: the nearest with a `package.json`, else its own. */
  readonly root: string;
}

/** Error: there is no such file. */
export function findApplication(name: string): ApplicationFile {
  const path = resolve(name);
  if (!existsSync(path)) throw new Error(`there is no file "${path}"`);
  const file = realpathSync(path);
  return { file, root: packageFolder(dirname(file)) };
}

function packageFolder(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, "package.json"))) return at;
    if (at === dirname(at)) return folder;
  }
}

/** Runs the code of an application, in whose folder `kuzzle` and `tenon` mean this server. Errors: what its code throws. */
export async function runApplication({ file, root }: ApplicationFile, launcher: Launcher): Promise<void> {
  installResolution();
  registerPluginRoot(root, [root]);
  await launch(launcher, () => import(pathToFileURL(file).href));
}

import { existsSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

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

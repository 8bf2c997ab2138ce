import { pathToFileURL } from "node:url";
import { type Launcher, launch } from "../app/index.ts";
import { installResolution, registerPluginRoot } from "../plugins/index.ts";
import type { ApplicationFile } from "./application-file.ts";

/** Runs the code of an application, in whose folder `kuzzle` and `tenon` mean this server. Errors: what its code throws. */
export async function runApplication({ file, root }: ApplicationFile, launcher: Launcher): Promise<void> {
  installResolution();
  registerPluginRoot(root, [root]);
  await launch(launcher, () => import(pathToFileURL(file).href));
}

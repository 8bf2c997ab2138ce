import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { installResolution, registerPluginRoot } from "../../src/plugins/index.ts";
import { makeRoot } from "./plugin-server.ts";

/** The folder of this project: its `node_modules` has the published packages. */
const project = join(import.meta.dirname, "../..");

/**
 * Runs CommonJS code as an application's own, where `kuzzle` is this server and the packages of the project are installed; answers what it
 * exports. It is to require all that it needs at once: its file is gone afterwards.
 */
export function runCode<T>(code: string): T {
  const { root, remove } = makeRoot({ "main.cjs": code });
  try {
    const folder = realpathSync(root);
    installResolution();
    registerPluginRoot(folder, [project]);
    return createRequire(join(folder, "main.cjs"))("./main.cjs") as T;
  } finally {
    remove();
  }
}

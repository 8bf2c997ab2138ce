import { homedir } from "node:os";
import { bundledPlugins } from "../../app/index.ts";
import { Configuration } from "../../config/index.ts";
import { isPlainObject, type JSONObject } from "../../kernel/index.ts";
import type { OfflineApplication } from "../../plugins/index.ts";

/** The application of a root as its files and variables configure it, for looking at its plugins without a server. Errors: those of the configuration. */
export function readApplication(root: string): OfflineApplication {
  const { config } = new Configuration({ argv: [], env: process.env, root, home: homedir() }).freeze();
  const sections = config.plugins as Readonly<Record<string, unknown>>;
  return {
    root,
    version: config.version,
    config: config as unknown as JSONObject, // frozen by the configuration room, copied by the host
    common: config.plugins.common,
    configOf: (name) => {
      const section = Object.hasOwn(sections, name) ? sections[name] : undefined;
      return isPlainObject(section) ? section : undefined;
    },
    bundled: bundledPlugins(config),
  };
}

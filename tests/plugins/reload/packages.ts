import type { JSONObject } from "../../../src/kernel/index.ts";
import { pluginFiles } from "../../../testing/plugins/plugin-server.ts";
import type { Files } from "./reloadable.ts";

/** A package in CommonJS whose class has these members, written as they stand in a class. */
export const commonJs = (name: string, members: string, manifest: JSONObject = {}): Files =>
  pluginFiles(name, `module.exports = class {\n${members}\n};`, { manifest });

/** A package in an ES module with what stands in `definePlugin({ name, … })`. */
export const typed = (name: string, members: string): Files =>
  pluginFiles(
    name,
    `import { action, definePlugin } from "tenon";\nexport default definePlugin({ name: "${name}",\n${members}\n});`,
    { file: "index.mjs" },
  );

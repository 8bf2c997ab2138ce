import { join } from "node:path";
import { isPlainObject, type JSONObject } from "../../kernel/index.ts";
import { readJson } from "../discovery/package-facts.ts";

/**
 * What `.proxyrc`, the Proxy's own configuration, says of a protocol: its options, in one of two forms, and whether it is left out.
 * Error: `plugin.manifest.cannot_load` for text that is no JSON.
 * Source: contract/plugins/protocols.md section 2.
 */
export function proxyRcOf(root: string, plugin: string): { options: JSONObject | undefined; isLeftOut: boolean } {
  const file = readJson(join(root, ".proxyrc")) ?? {};
  const { protocolPlugins } = file;
  const entry = isPlainObject(protocolPlugins) ? protocolPlugins[plugin] : undefined;
  const { config, activated } = isPlainObject(entry) ? entry : {};
  const options = [config, file[plugin]].find(isPlainObject);
  return { options, isLeftOut: activated === false };
}

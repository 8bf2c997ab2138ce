import { isPlainObject, type JSONObject } from "../../kernel/index.ts";

/**
 * The configuration of a plugin of the first generation, from weak to strong: `pluginInfo.defaultConfig` of its package, `defaultConfig` and
 * `customConfig` of the list that names it, `plugins.<name>` of the configuration and its parts `config` and `customConfig`.
 * Source: contract/plugins/v0.md section 2; contract/plugins/generations.md section 2.
 */
export function formerConfig(own: JSONObject, pluginInfo: JSONObject | undefined, entry: JSONObject): JSONObject {
  const { config, customConfig, ...others } = isFormerSection(own) ? withoutPlace(own) : own;
  const listed = isPlainObject(entry.defaultConfig) ? entry.defaultConfig : pluginInfo?.defaultConfig;
  const { loadedBy, threads } = pluginInfo ?? {};
  return [
    { loadedBy, threads },
    listed,
    entry.config,
    entry.customConfig,
    others,
    config,
    customConfig,
  ].reduce<JSONObject>((merged, part) => merge(merged, part), {});
}

/** True for a section `plugins.<name>` that is an entry of the list that RC5 to RC8 had in the configuration: where the package is. */
export function isFormerSection({ npmVersion, gitUrl, activated, path, version, url }: JSONObject): boolean {
  const isText = (value: unknown): boolean => typeof value === "string";
  if (isText(npmVersion) || isText(gitUrl)) return true;
  return typeof activated === "boolean" && [path, version, url].some(isText);
}

const withoutPlace = ({ npmVersion, gitUrl, activated, path, version, url, ...options }: JSONObject): JSONObject =>
  options;

/** Neither is changed; what the second says wins, objects are merged. */
export function merge(weak: JSONObject, strong: unknown): JSONObject {
  if (!isPlainObject(strong)) return weak;
  const merged: JSONObject = { ...weak };
  for (const [key, value] of Object.entries(strong)) {
    if (key === "__proto__" || value === undefined) continue;
    const before = merged[key];
    merged[key] = isPlainObject(before) && isPlainObject(value) ? merge(before, value) : value;
  }
  return merged;
}

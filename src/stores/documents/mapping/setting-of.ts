import { isPlainObject, type JSONObject } from "../../../kernel/index.ts";
import type { Settings } from "../document-store.ts";

/** A setting by its name, whether it is written flat (`index.blocks.write`), nested, or under `index`. */
export function settingOf(settings: Settings, name: string): unknown {
  return lookup(settings, name) ?? lookup(settings, `index.${name}`);
}

function lookup(settings: JSONObject, path: string): unknown {
  if (Object.hasOwn(settings, path)) return settings[path];
  // A name may be written flat from any level on: `{index: {"mapping.depth.limit": 5}}`.
  for (let dot = path.indexOf("."); dot > 0; dot = path.indexOf(".", dot + 1)) {
    const child = Object.hasOwn(settings, path.slice(0, dot)) ? settings[path.slice(0, dot)] : undefined;
    const found = isPlainObject(child) ? lookup(child, path.slice(dot + 1)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

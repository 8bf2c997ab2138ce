import { isPlainObject, type JSONObject } from "../../../../kernel/index.ts";
import type { Settings } from "../../document-store.ts";
import { mergeInto } from "./merge.ts";

/** Below these stand names that clients choose, which may have dots. */
const named: ReadonlySet<string> = new Set(["analysis", "similarity"]);

/**
 * Settings in one spelling: `index.blocks.write`, `{ index: { "blocks.write": … } }` and `{ blocks: { write: … } }` are one setting, of which the
 * last counts. Settings that were stored in another spelling are read as well.
 */
export function settingTree(settings: Settings): JSONObject {
  const tree: JSONObject = {};
  for (const [name, value] of Object.entries(settings)) {
    const path = name.split(".");
    if (path[0] === "index" && (path.length > 1 || isPlainObject(value))) path.shift();
    const isNamed = named.has(path[0] ?? "");
    const inner = isPlainObject(value) && !isNamed ? settingTree(value) : value;
    mergeInto(tree, path.reduceRight<unknown>((below, key) => ({ [key]: below }), inner) as JSONObject);
  }
  return tree;
}

/** Settings that are set to null are those that nobody has set. */
export function withoutUnset(tree: JSONObject): JSONObject {
  const members = Object.entries(tree).filter(([, value]) => value !== null);
  return Object.fromEntries(members.map(([name, value]) => [name, isPlainObject(value) ? withoutUnset(value) : value]));
}

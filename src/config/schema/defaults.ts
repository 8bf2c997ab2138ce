import type { JSONObject } from "../../kernel/index.ts";
import { copyTree } from "../merge.ts";
import type { OptionSchema } from "./option.ts";

/** A fresh tree of the defaults below `node`; keys that may be absent are left out. */
export function defaultsOf(node: OptionSchema): JSONObject {
  const tree: JSONObject = {};
  for (const [name, child] of Object.entries(node.properties ?? {})) {
    if (child.unset === true) continue;
    tree[name] = child.default === undefined ? defaultsOf(child) : copyTree(child.default, "a default");
  }
  return tree;
}

/** Every key with a value of its own below `node`, as dotted paths with their schemas, in the order of the schema. */
export function* optionsOf(node: OptionSchema, prefix = ""): Generator<readonly [path: string, option: OptionSchema]> {
  for (const [name, child] of Object.entries(node.properties ?? {})) {
    const path = prefix === "" ? name : `${prefix}.${name}`;
    if (child.properties === undefined) yield [path, child];
    else yield* optionsOf(child, path);
  }
}

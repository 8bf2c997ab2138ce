import type { JSONObject } from "../../../../../kernel/index.ts";
import type { Space } from "../segment/space.ts";

/** The document around a nested object. */
export function rootOf(doc: number, space: Space): number {
  let root = doc;
  for (let at: Space | undefined = space; at !== undefined && at.path !== ""; at = at.parent)
    root = at.parentOf[root] as number;
  return root;
}

/** Where a nested object stands in its document. */
export interface NestedPlace {
  /** `{field, offset, _nested}`, from the outside to the inside. */
  readonly address: JSONObject;
  /** Among all objects of its path in the document. */
  readonly position: number;
}

export function nestedPlace(doc: number, space: Space): NestedPlace {
  const levels: { readonly space: Space; readonly doc: number }[] = [];
  let own = doc;
  for (let at: Space | undefined = space; at !== undefined && at.path !== ""; at = at.parent) {
    levels.unshift({ space: at, doc: own });
    own = at.parentOf[own] as number;
  }
  let first = own;
  for (const level of levels) first = level.space.firstChild(first);
  const address = levels.reduceRight<JSONObject | undefined>((inner, level, i) => {
    const parent = level.space.parentOf[level.doc] as number;
    const outer = levels[i - 1]?.space.path;
    const field = outer === undefined ? level.space.path : level.space.path.slice(outer.length + 1);
    const offset = level.doc - level.space.firstChild(parent);
    return { field, offset, ...(inner === undefined ? {} : { _nested: inner }) };
  }, undefined);
  return { address: address ?? {}, position: doc - first };
}

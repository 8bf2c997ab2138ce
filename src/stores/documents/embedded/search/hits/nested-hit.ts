import { isPlainObject, type JSONObject } from "../../../../../kernel/index.ts";
import type { Space } from "../segment/space.ts";
import { filterSource, type SourceFilter } from "../source-filter.ts";

/** The document around a nested object. */
export const rootOf = (doc: number, space: Space): number => ownerOf(doc, space, "");

/** The object at a path around a nested object, at whatever depth; "": the document. */
export function ownerOf(doc: number, space: Space, path: string): number {
  let owner = doc;
  for (let at: Space | undefined = space; at !== undefined && at.path !== path; at = at.parent)
    owner = at.parentOf[owner] as number;
  return owner;
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

/** The n-th nested object at a path, alone under its full path: `{a: {b: object}}`. */
export function aloneAt(source: JSONObject, path: string, position: number): JSONObject | undefined {
  const object = objectAt(source, path, position);
  return (
    object && path.split(".").reduceRight<JSONObject>((inner, name) => Object.fromEntries([[name, inner]]), object)
  );
}

/** What a filter of sources leaves of an object that stands alone under its path; the paths of the filter begin at the document. */
export function filterAlone(alone: JSONObject, path: string, filter: SourceFilter): JSONObject | undefined {
  const filtered = filterSource(alone, filter);
  if (filtered === undefined) return undefined;
  let inner: unknown = filtered;
  for (const name of path.split(".")) inner = isPlainObject(inner) ? inner[name] : undefined;
  return isPlainObject(inner) ? inner : {};
}

/** The n-th nested object at a path, in the order in which the index met them. */
function objectAt(source: JSONObject, path: string, position: number): JSONObject | undefined {
  const found: JSONObject[] = [];
  const walk = (value: unknown, rest: string): void => {
    if (Array.isArray(value)) {
      for (const element of value) walk(element, rest);
    } else if (isPlainObject(value)) {
      if (rest === "") {
        found.push(value);
        return;
      }
      if (Object.hasOwn(value, rest)) walk(value[rest], "");
      for (let dot = rest.indexOf("."); dot > 0; dot = rest.indexOf(".", dot + 1)) {
        const head = rest.slice(0, dot);
        if (Object.hasOwn(value, head)) walk(value[head], rest.slice(dot + 1));
      }
    }
  };
  walk(source, path);
  return found[position];
}

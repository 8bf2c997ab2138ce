import { isPlainObject, type JSONObject } from "../../../../kernel/index.ts";

/**
 * Merges `changes` into `target`, in place: objects recursively, arrays and scalars replace, null is stored.
 * Neither may be deeper than {@link maxDepth}. `target` must not be used under its old content afterwards; parts of `changes` become parts of it.
 * Source: contract/search.md 5.3.
 */
export function mergeInto(target: JSONObject, changes: JSONObject): JSONObject {
  for (const key of Object.keys(changes)) {
    const change = changes[key];
    const present = Object.hasOwn(target, key) ? target[key] : undefined;
    if (isPlainObject(change) && isPlainObject(present)) mergeInto(present, change);
    else setOwn(target, key, change);
  }
  return target;
}

/** Assignment that treats `__proto__` as a name like any other. */
export function setOwn(target: JSONObject, key: string, value: unknown): void {
  if (key !== "__proto__") {
    target[key] = value;
    return;
  }
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

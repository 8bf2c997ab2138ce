import { isPlainObject, type JSONObject } from "../../../../kernel/index.ts";

/** Deeper documents are refused, so that no recursion over one can exhaust the stack. A guess: far above what anybody nests. */
export const maxDepth = 200;

export class TooDeepError extends Error {
  constructor() {
    super(`Documents may be nested ${maxDepth} levels deep at most.`);
  }
}

/**
 * Merges `changes` into `target`, in place: objects recursively, arrays and scalars replace, null is stored.
 * `target` must not be used under its old content afterwards; parts of `changes` become parts of it.
 * Source: contract/search.md 5.3.
 */
export function mergeInto(target: JSONObject, changes: JSONObject, depth = 0): JSONObject {
  if (depth > maxDepth) throw new TooDeepError();
  for (const key of Object.keys(changes)) {
    const change = changes[key];
    const present = Object.hasOwn(target, key) ? target[key] : undefined;
    if (isPlainObject(change) && isPlainObject(present)) mergeInto(present, change, depth + 1);
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

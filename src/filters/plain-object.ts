/** An object as it came out of `JSON.parse`, or as good as. */
export type JSONObject = { [key: string]: unknown };

/** True for `{}` and its like: no array, no null, no instance of a class. */
export function isPlainObject(value: unknown): value is JSONObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Reads a member that the object itself has: `constructor` or `__proto__` of a prototype are never seen. */
export function readOwn(object: JSONObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** An object as it came out of `JSON.parse`, or as good as. */
export type JSONObject = { [key: string]: unknown };

/** True for `{}` and its like: no array, no null, no instance of a class. */
export function isPlainObject(value: unknown): value is JSONObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null;
}

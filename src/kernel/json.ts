/** An object as it came out of `JSON.parse`, or as good as. */
export type JSONObject = { [key: string]: unknown };

/** Whether a parsed value has more than `levels` objects and arrays inside each other. */
export function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) if (isDeeper(value[i], levels - 1)) return true;
    return false;
  }
  for (const key in value) if (isDeeper((value as JSONObject)[key], levels - 1)) return true;
  return false;
}

/** True for `{}` and its like: no array, no null, no instance of a class. */
export function isPlainObject(value: unknown): value is JSONObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null;
}

import { isPlainObject, type JSONObject, kerror } from "../../kernel/index.ts";

/** Deeper changes are refused: every level is a call. */
const maxDepth = 500;

/**
 * What an update is checked as: the changes, with what they do not name taken from the stored document, in objects by name and in arrays
 * by position. Parts that stay as stored are shared, not copied. Error: `validation.check.failed_document` (400) for changes that are
 * nested too deeply.
 */
export function overlay(changes: JSONObject, stored: JSONObject): JSONObject {
  return overlayObject(changes, stored, 0);
}

function overlayObject(changes: JSONObject, stored: JSONObject, depth: number): JSONObject {
  const merged: JSONObject = { ...stored };
  for (const name of Object.keys(changes)) {
    const value = overlayValue(changes[name], Object.hasOwn(stored, name) ? stored[name] : undefined, depth);
    if (value === undefined) continue;
    // Not by assignment: a member may be named `__proto__`.
    Object.defineProperty(merged, name, { value, writable: true, enumerable: true, configurable: true });
  }
  return merged;
}

function overlayValue(change: unknown, stored: unknown, depth: number): unknown {
  if (isPlainObject(change) && isPlainObject(stored)) return overlayObject(change, stored, deeper(depth));
  if (Array.isArray(change) && Array.isArray(stored)) return overlayArray(change, stored, deeper(depth));
  return change;
}

function deeper(depth: number): number {
  if (depth < maxDepth) return depth + 1;
  throw kerror("validation.check.failed_document", `It is nested deeper than ${maxDepth} levels.`);
}

function overlayArray(changes: readonly unknown[], stored: readonly unknown[], depth: number): unknown[] {
  const merged = [...stored];
  for (let i = 0; i < changes.length; i++) merged[i] = overlayValue(changes[i], stored[i], depth);
  return merged;
}

import { isPlainObject, type JSONObject } from "../kernel/index.ts";
import { cannotParse } from "./errors.ts";
import { guardName, maxDepth } from "./key-path.ts";
import type { Origins } from "./origin.ts";

/**
 * Puts `source` over `target`, in place: objects are merged, everything else is replaced.
 * What is not a plain object (an array, an instance of a class) is taken as it is.
 */
export function mergeInto(
  target: JSONObject,
  source: JSONObject,
  label: string,
  origins: Origins,
  names: readonly string[] = [],
): void {
  if (names.length >= maxDepth) throw cannotParse(`${label} is nested deeper than ${maxDepth} levels`);
  for (const name of Object.keys(source)) {
    guardName(name, label);
    const value = source[name];
    const path = [...names, name];
    if (!isPlainObject(value)) {
      target[name] = value;
      origins.record(path, label, value);
      continue;
    }
    const inner = Object.hasOwn(target, name) ? target[name] : undefined;
    if (isPlainObject(inner)) mergeInto(inner, value, label, origins, path);
    else {
      const made = {};
      target[name] = made;
      origins.record(path, label, made);
      mergeInto(made, value, label, origins, path);
    }
  }
}

/** A copy of plain objects and arrays; anything else is shared. Errors: nested too deep, a cycle included. */
export function copyTree(value: unknown, label: string, depth = 0): unknown {
  if (Array.isArray(value)) {
    checkDepth(label, depth);
    return value.map((element) => copyTree(element, label, depth + 1));
  }
  if (!isPlainObject(value)) return value;
  checkDepth(label, depth);
  const copy: JSONObject = {};
  for (const name of Object.keys(value)) {
    guardName(name, label);
    copy[name] = copyTree(value[name], label, depth + 1);
  }
  return copy;
}

function checkDepth(label: string, depth: number): void {
  if (depth >= maxDepth) throw cannotParse(`${label} is nested deeper than ${maxDepth} levels, or contains itself`);
}

/** Freezes plain objects and arrays all the way down; buffers and instances of classes stay as they are. */
export function freezeTree<T>(value: T): T {
  if (Array.isArray(value)) {
    for (const element of value) freezeTree(element);
    return Object.freeze(value);
  }
  if (!isPlainObject(value) || Object.isFrozen(value)) return value;
  for (const name of Object.keys(value)) freezeTree(value[name]);
  return Object.freeze(value);
}

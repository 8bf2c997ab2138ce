import { isPlainObject, type JSONObject } from "../kernel/index.ts";
import { cannotParse } from "./errors.ts";

/** Sections may be nested this deep; what is deeper is no configuration, and would exhaust the stack. */
export const maxDepth = 64;

/**
 * Names out of `"server.logs.transports[0].level"`.
 * Errors: `core.configuration.cannot_parse` for an empty path, and for one that names `__proto__`.
 */
export function parsePath(path: string | readonly string[]): string[] {
  const names = typeof path === "string" ? (path.match(/[^.[\]]+/g) ?? []) : [...path];
  if (names.length === 0) throw cannotParse("the key is empty");
  if (names.length > maxDepth) throw cannotParse(`a key has more than ${maxDepth} levels`);
  for (const name of names) guardName(name, "a key");
  return names;
}

/** `__proto__` is no key: assigning it would replace the prototype of the section. */
export function guardName(name: string, where: string): void {
  if (name === "__proto__") throw cannotParse(`${where} uses the name __proto__, which is not allowed`);
}

/** The value under a path of own properties, or undefined. */
export function valueAt(tree: unknown, names: readonly string[]): unknown {
  let value = tree;
  for (const name of names) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = Reflect.get(value, name);
  }
  return value;
}

/** Sets the value under a path, making the sections on the way; elements of an array are reached by their position. */
export function assignAt(tree: JSONObject, names: readonly string[], value: unknown): void {
  let section: object = tree;
  for (let i = 0; i < names.length - 1; i++) {
    const name = names[i] as string; // i is below the length
    const inner: unknown = Object.hasOwn(section, name) ? Reflect.get(section, name) : undefined;
    if (isPlainObject(inner) || Array.isArray(inner)) section = inner;
    else {
      const made = {};
      Reflect.set(section, name, made);
      section = made;
    }
  }
  Reflect.set(section, names[names.length - 1] as string, value); // parsePath gives at least one name
}

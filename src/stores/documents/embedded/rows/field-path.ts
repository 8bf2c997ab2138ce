import type { JSONObject } from "../../../../kernel/index.ts";

/**
 * Removes the field that `path` names: `a.b`, `list[0].c`, `["odd key"].d`. A literal key that holds dots wins over the way through objects.
 * Removing an element of an array leaves null in its place. Answers whether something was removed.
 * Source: contract/search.md 5.3 (paths of deleteFields).
 */
export function removeField(document: JSONObject, path: string): boolean {
  if (Object.hasOwn(document, path)) return delete document[path];
  const keys = parsePath(path);
  let parent: unknown = document;
  for (let i = 0; i < keys.length - 1; i++) parent = childOf(parent, keys[i] ?? "");
  const last = keys.at(-1);
  if (last === undefined || typeof parent !== "object" || parent === null || !Object.hasOwn(parent, last)) return false;
  if (!Array.isArray(parent)) return delete (parent as JSONObject)[last];
  const slot = Number(last);
  if (!Number.isInteger(slot)) return false;
  parent[slot] = null;
  return true;
}

/** Reads what stands at such a path in each of many documents; undefined where nothing does. */
export function fieldReader(path: string): (document: JSONObject) => unknown {
  const keys = parsePath(path);
  return (document) => (Object.hasOwn(document, path) ? document[path] : keys.reduce<unknown>(childOf, document));
}

function childOf(parent: unknown, key: string): unknown {
  if (typeof parent !== "object" || parent === null || !Object.hasOwn(parent, key)) return undefined;
  return (parent as JSONObject)[key];
}

/** `a.b[0]["c.d"]` is `["a", "b", "0", "c.d"]`; an unclosed bracket is read as part of the name. */
export function parsePath(path: string): string[] {
  const keys: string[] = [];
  let name = "";
  let pending = true;
  const lastClose = path.lastIndexOf("]"); // looked for once: a path of opening brackets would be read over and over
  for (let i = 0; i < path.length; i++) {
    const character = path[i] ?? "";
    const close = character === "[" && i < lastClose ? path.indexOf("]", i) : -1;
    if (character === ".") {
      if (pending) keys.push(name);
      name = "";
      pending = true;
    } else if (close > i) {
      if (name !== "") keys.push(name);
      keys.push(unquote(path.slice(i + 1, close)));
      name = "";
      pending = false;
      i = close;
    } else {
      name += character;
      pending = true;
    }
  }
  if (pending) keys.push(name);
  return keys;
}

function unquote(text: string): string {
  const quote = text[0];
  return text.length > 1 && (quote === '"' || quote === "'") && text.at(-1) === quote ? text.slice(1, -1) : text;
}

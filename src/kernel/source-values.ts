import { isPlainObject } from "./json.ts";

/**
 * The values at a dotted path of a source, flat: arrays and arrays of objects are gone through, names with dots are found too. What stands
 * in fewer arrays comes first. `null`s are among them. `takesObjects`: objects are values of the field, and so are lists of numbers.
 */
export function valuesAt(source: unknown, path: string, takesObjects = false): unknown[] {
  const found: unknown[] = [];
  let level = extract(source, path);
  while (level.length > 0) {
    const next: unknown[] = [];
    for (const value of level) {
      const isPoint = takesObjects && Array.isArray(value) && typeof value[0] === "number";
      if (Array.isArray(value) && !isPoint) next.push(...value);
      else if (isPoint || takesObjects || !isPlainObject(value)) found.push(value);
    }
    level = next;
  }
  return found;
}

/** What stands at a path; behind an array of objects, one array of what its elements have there. */
function extract(source: unknown, path: string): unknown[] {
  if (path === "") return [source];
  if (Array.isArray(source)) return [source.flatMap((element) => extract(element, path))];
  if (!isPlainObject(source)) return [];
  const found: unknown[] = Object.hasOwn(source, path) ? [source[path]] : [];
  for (let dot = path.indexOf("."); dot > 0; dot = path.indexOf(".", dot + 1)) {
    const head = path.slice(0, dot);
    if (Object.hasOwn(source, head)) found.push(...extract(source[head], path.slice(dot + 1)));
  }
  return found;
}

import { isPlainObject } from "../../../../../kernel/index.ts";

/**
 * The values at a dotted path of a source, flat: arrays and arrays of objects are gone through, names with dots are found too.
 * `null`s are among them; a value that is an object is answered when `isLeafObject` says that the field takes objects.
 */
export function valuesAt(source: unknown, path: string, isLeafObject = false, found: unknown[] = []): unknown[] {
  if (path === "") {
    addLeaves(source, isLeafObject, found);
  } else if (Array.isArray(source)) {
    for (const element of source) valuesAt(element, path, isLeafObject, found);
  } else if (isPlainObject(source)) {
    if (Object.hasOwn(source, path)) addLeaves(source[path], isLeafObject, found);
    for (let dot = path.indexOf("."); dot > 0; dot = path.indexOf(".", dot + 1)) {
      const head = path.slice(0, dot);
      if (Object.hasOwn(source, head)) valuesAt(source[head], path.slice(dot + 1), isLeafObject, found);
    }
  }
  return found;
}

function addLeaves(value: unknown, isLeafObject: boolean, found: unknown[]): void {
  // Two or three numbers are one point where objects are values.
  const isPoint = isLeafObject && Array.isArray(value) && typeof value[0] === "number";
  if (Array.isArray(value) && !isPoint) for (const element of value) addLeaves(element, isLeafObject, found);
  else if (isPoint || isLeafObject || !isPlainObject(value)) found.push(value);
}

import { type FilterNode, group, literal, type Scalar } from "../filter.ts";
import { FilterError } from "../filter-error.ts";
import { isPlainObject } from "../plain-object.ts";
import { checkField } from "./parse-field.ts";

/** Values in one clause. Arrays are compared element by element with the document's, so this bounds the time. */
const maxValues = 1_000;
const maxDepth = 100;
/** A few suffice to find a filter by. */
const maxImplied = 8;
const maxImpliedDepth = 8;

/**
 * Reads `match`. Its root is compared with the flattened document, so each member stands for itself: scalars and arrays
 * of different scalars become the simple conditions that they are, the rest is compared as a whole.
 */
export function parseMatch(content: unknown, path: string, negated: boolean): FilterNode {
  if (!isPlainObject(content)) throw new FilterError("must be an object", "match", path);
  const fields = Object.keys(content);
  if (fields.length === 0) throw new FilterError("must have at least one member", "match", path);
  checkValue(content, path, { values: 0 }, 0);
  const nodes: FilterNode[] = [];
  for (const field of fields) {
    checkField(field, "match", path);
    matchMember(field, content[field], negated, nodes);
  }
  return group(negated ? "or" : "and", nodes);
}

function matchMember(field: string, value: unknown, negated: boolean, nodes: FilterNode[]): void {
  if (isScalar(value)) {
    nodes.push(literal({ kind: "equals", path: field, value: normalise(value) }, negated));
    return;
  }
  if (Array.isArray(value) && value.length > 0 && value.every(isScalar) && new Set(value).size === value.length) {
    for (const element of value) {
      nodes.push(literal({ kind: "contains", path: field, value: normalise(element) }, negated));
    }
    return;
  }
  // A copy: the filter must not change with an object that its author goes on to use.
  nodes.push(literal({ kind: "match", path: field, value: structuredClone(value) }, negated));
  if (!negated && !field.includes(".")) addImplied(field, value, 0, nodes);
}

/**
 * Adds what a structure implies of single values: it changes nothing in what matches, but those are quick to look up.
 * Paths read nested objects first, so where the structure matches they read the same members; not so for a field with a
 * dot, which `{"a.b": ..}` and `{a: {"b.c": ..}}` may both serve.
 */
function addImplied(path: string, value: unknown, depth: number, nodes: FilterNode[]): void {
  if (nodes.length > maxImplied || depth > maxImpliedDepth) return;
  if (Array.isArray(value)) {
    for (const element of (value as readonly unknown[]).slice(0, maxImplied)) {
      if (isScalar(element)) nodes.push(literal({ kind: "contains", path, value: normalise(element) }, false));
    }
  } else if (isPlainObject(value)) {
    for (const key of Object.keys(value).slice(0, maxImplied)) {
      if (!key.includes(".")) addImplied(`${path}.${key}`, value[key], depth + 1, nodes);
    }
  } else if (isScalar(value)) {
    nodes.push(literal({ kind: "equals", path, value: normalise(value) }, false));
  }
}

function normalise(value: Scalar): Scalar {
  return typeof value === "number" ? value + 0 : value;
}

function isScalar(value: unknown): value is Scalar {
  if (typeof value === "number") return !Number.isNaN(value);
  return value === null || typeof value === "string" || typeof value === "boolean";
}

function checkValue(value: unknown, path: string, seen: { values: number }, depth: number): void {
  if (++seen.values > maxValues) throw new FilterError(`takes at most ${maxValues} values`, "match", path);
  if (depth > maxDepth) throw new FilterError(`nests at most ${maxDepth} levels deep`, "match", path);
  if (Array.isArray(value)) {
    for (const element of value as readonly unknown[]) checkValue(element, path, seen, depth + 1);
  } else if (isPlainObject(value)) {
    for (const key of Object.keys(value)) checkValue(value[key], path, seen, depth + 1);
  } else if (!isScalar(value)) {
    throw new FilterError("must hold JSON values only", "match", path);
  }
}

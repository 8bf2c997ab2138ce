import { isPlainObject, type JSONObject } from "../kernel/index.ts";
import { invalidPort, invalidType, outOfRange } from "./errors.ts";
import { copyTree } from "./merge.ts";
import { defaultsOf } from "./schema/defaults.ts";
import { itemsOf, type OptionSchema, type TypeName, typesOf } from "./schema/option.ts";
import { findBytes, findDurationMs } from "./units.ts";

export interface CheckContext {
  /** Who set a key, for messages. */
  readonly originOf: (path: string, value: unknown) => string;
  /** Told of each key that the schema does not have. */
  readonly onUnknown: (path: string) => void;
  /** Told of each key that is set though it is obsolete. */
  readonly onObsolete: (path: string, advice: string) => void;
}

/**
 * A checked copy of `value`: what is missing gets its default, what has a wrong type or lies out of range is an error that names
 * the key, what was found, and where it came from.
 */
export function checkSection(value: JSONObject, node: OptionSchema, path: string, context: CheckContext): JSONObject {
  const checked: JSONObject = {};
  const known = node.properties ?? {};
  for (const [name, child] of Object.entries(known)) {
    const result = checkKey(Object.hasOwn(value, name) ? value[name] : undefined, child, join(path, name), context);
    if (result !== undefined) checked[name] = result;
  }
  for (const name of Object.keys(value)) {
    if (Object.hasOwn(known, name)) continue;
    const inner = join(path, name);
    if (node.additionalProperties === false) context.onUnknown(inner);
    copyInto(checked, name, value[name], inner, context);
  }
  return checked;
}

const join = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);

function copyInto(target: JSONObject, name: string, value: unknown, path: string, context: CheckContext): void {
  const copied = copyTree({ [name]: value }, `"${path}" from ${context.originOf(path, value)}`) as JSONObject; // of an object
  Object.assign(target, copied);
}

function checkKey(value: unknown, node: OptionSchema, path: string, context: CheckContext): unknown {
  const types = typesOf(node);
  if (value === undefined || (value === null && node.unset === true && !types.includes("null"))) return initial(node);
  if (node.obsolete !== undefined && value !== node.default) context.onObsolete(path, node.obsolete);
  if (node.properties !== undefined && isPlainObject(value)) return checkSection(value, node, path, context);
  checkType(value, node, path, context);
  checkRange(value, node, path, context);
  return checkElements(value, node, path, context);
}

function initial(node: OptionSchema): unknown {
  if (node.unset === true) return undefined;
  return node.default === undefined ? defaultsOf(node) : copyTree(node.default, "a default");
}

function checkElements(value: unknown, node: OptionSchema, path: string, context: CheckContext): unknown {
  const items = itemsOf(node);
  if (Array.isArray(value) && items !== undefined) {
    for (let i = 0; i < value.length; i++) checkType(value[i], items, `${path}.${i}`, context);
  }
  return copyTree(value, `"${path}" from ${context.originOf(path, value)}`);
}

function checkType(value: unknown, node: OptionSchema, path: string, context: CheckContext): void {
  const types = typesOf(node);
  if (types.some((type) => isOfType(value, type))) return;
  // A token's secret may be bytes, given by the application's code.
  if (path.endsWith(".secret") && value instanceof Uint8Array) return;
  const from = context.originOf(path, value);
  throw path === "server.port" ? invalidPort(value, from) : invalidType(path, expected(node), value, from);
}

function isOfType(value: unknown, type: TypeName): boolean {
  switch (type) {
    case "object":
      return isPlainObject(value);
    case "array":
      return Array.isArray(value);
    case "null":
      return value === null;
    case "integer":
      return Number.isSafeInteger(value);
    case "number":
      return Number.isFinite(value);
    default:
      return typeof value === type;
  }
}

const words: Readonly<Record<TypeName, string>> = {
  object: "an object",
  array: "an array",
  string: "a text",
  integer: "an integer",
  number: "a number",
  boolean: "true or false",
  null: "null",
};

function expected(node: OptionSchema): string {
  if (node.unit === "size") return 'a size such as "1MB"';
  if (node.unit === "duration") return 'a duration such as "1h"';
  if (node.properties !== undefined) return "a section of keys";
  const types = typesOf(node).map((type) => words[type]);
  return `${types.join(" or ")}${types.includes("an array") ? " (in a variable: *json:[…])" : ""}`;
}

function checkRange(value: unknown, node: OptionSchema, path: string, context: CheckContext): void {
  const rule = brokenRule(value, node);
  if (rule === undefined) return;
  const from = context.originOf(path, value);
  throw path === "server.port" ? invalidPort(value, from) : outOfRange(path, rule, value, from);
}

function brokenRule(value: unknown, node: OptionSchema): string | undefined {
  if (node.enum !== undefined && !node.enum.includes(value)) {
    return `must be one of ${node.enum.map((member) => String(member)).join(", ")}`;
  }
  if (typeof value === "string" && node.unit === "size" && findBytes(value) === undefined) {
    return 'must be a size such as "1MB"';
  }
  if (typeof value === "string" && node.unit === "duration" && findDurationMs(value) === undefined) {
    return 'must be a duration such as "1h"';
  }
  if (typeof value !== "number") return undefined;
  if (node.minimum !== undefined && value < node.minimum) return `must be at least ${node.minimum}`;
  if (node.maximum !== undefined && value > node.maximum) return `must be at most ${node.maximum}`;
  if (node.exclusiveMinimum !== undefined && value <= node.exclusiveMinimum) {
    return `must be more than ${node.exclusiveMinimum}`;
  }
  return undefined;
}

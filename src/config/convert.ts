import { isPlainObject, type JSONObject } from "../kernel/index.ts";
import { cannotParse, invalidType } from "./errors.ts";
import { guardName, maxDepth } from "./key-path.ts";
import type { Layer } from "./origin.ts";
import { childOf, itemsOf, type OptionSchema, typesOf } from "./schema/option.ts";
import { configSchema } from "./schema/schema.ts";

export interface Converted {
  readonly tree: JSONObject;
  /** Keys that the schema does not have; of a section that it does not have, the section. */
  readonly unknown: readonly string[];
}

interface Context {
  readonly label: string;
  readonly unknown: string[];
}

/**
 * Gives the values of one source their types (contract/config.md section 2): text that reads as a boolean or a number becomes
 * one, `*json:` is parsed. A key that the schema wants as text keeps it, so that a secret of digits stays a text.
 * Errors: `core.configuration.cannot_parse`; `core.configuration.invalid_type` for a section that is given one value.
 */
export function convertLayer(layer: Layer): Converted {
  const context: Context = { label: layer.origin.label, unknown: [] };
  return { tree: convertSection(layer.tree, configSchema, [], context), unknown: context.unknown };
}

function convertSection(
  section: JSONObject,
  node: OptionSchema | undefined,
  names: readonly string[],
  context: Context,
): JSONObject {
  checkDepth(names, context);
  const converted: JSONObject = {};
  for (const name of Object.keys(section)) {
    guardName(name, context.label);
    const path = [...names, name];
    const child = childOf(node, name);
    if (child === undefined && node?.additionalProperties === false)
      context.unknown.push(nameUnknown(path, section[name]));
    converted[name] = convert(section[name], child, path, context);
  }
  return converted;
}

/** A section with a single key is named down to that key: `SERVER.PORT` says more than `SERVER`. */
function nameUnknown(names: readonly string[], value: unknown): string {
  const path = [...names];
  let inner = value;
  while (isPlainObject(inner) && path.length < maxDepth) {
    const [only, ...others] = Object.keys(inner);
    if (only === undefined || others.length > 0) break;
    path.push(only);
    inner = inner[only];
  }
  return path.join(".");
}

function convert(value: unknown, node: OptionSchema | undefined, names: readonly string[], context: Context): unknown {
  const typed = typeof value === "string" ? convertText(value, node, names, context) : value;
  if (node?.properties !== undefined && (typeof typed === "string" || typeof typed === "number")) {
    throw invalidType(names.join("."), "a section of keys", typed, context.label);
  }
  if (isPlainObject(typed)) return convertSection(typed, node, names, context);
  if (!Array.isArray(typed)) return typeof typed === "number" ? numberAsText(typed, node) : typed;
  checkDepth(names, context);
  const items = itemsOf(node);
  return typed.map((element: unknown, i) => convert(element, items, [...names, String(i)], context));
}

function convertText(
  text: string,
  node: OptionSchema | undefined,
  names: readonly string[],
  context: Context,
): unknown {
  const name = names[names.length - 1] ?? "";
  if (/version$/i.test(name)) return text;
  if (text.startsWith("*json:")) return parseJson(text.slice("*json:".length), names, context);
  const types = node === undefined ? [] : typesOf(node);
  const keepsText = types.includes("string");
  if ((text === "true" || text === "false") && (!keepsText || types.includes("boolean"))) return text === "true";
  if (keepsText && !types.includes("integer") && !types.includes("number")) return text;
  if (!/^[-+]?\d+(\.\d+)?$/.test(text)) return text;
  // The contract makes every such text a number, but a password is one in any engine's options: "0123" must not become 123.
  if (node === undefined && /(password|passphrase|secret)$/i.test(name)) return text;
  const number = Number(text);
  // A number that would lose digits (an id, an account number) is left as it was written.
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? text : number;
}

/** `majorVersion: 7` in a JSON file means `"7"`. */
function numberAsText(number: number, node: OptionSchema | undefined): unknown {
  return node?.enum?.includes(String(number)) ? String(number) : number;
}

function parseJson(json: string, names: readonly string[], context: Context): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // The parser's own error quotes the text, where a password may be: it goes neither into the message nor into the log.
    throw cannotParse(`"${names.join(".")}" from ${context.label} has no valid JSON after *json:`);
  }
}

function checkDepth(names: readonly string[], context: Context): void {
  if (names.length >= maxDepth) throw cannotParse(`${context.label} is nested deeper than ${maxDepth} levels`);
}

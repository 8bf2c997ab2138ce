import { isPlainObject, type JSONObject } from "../../../../../kernel/index.ts";
import { InvalidValue } from "../../invalid-value.ts";
import { encodeGeohash, parseGeoPoint } from "../geo-point.ts";

/** One of the contexts of a `completion` field: a category, or a place as the beginning of its geohash. */
export interface ContextMapping {
  readonly name: string;
  readonly kind: "category" | "geo";
  /** The field of the document whose values are contexts too. */
  readonly path: string | undefined;
  /** Length of geohashes, 1 to 12. */
  readonly precision: number;
}

/** A context of an input: its name, and the category or geohash. */
export type ContextTag = readonly [name: string, value: string];

const maxContexts = 10;
const maxTags = 256;
const usualPrecision = 6;

/** Reads the `contexts` of a mapping: one, or a list of 1 to 10. Undefined when they are malformed; none when they are absent. */
export function readContextMappings(value: unknown): readonly ContextMapping[] | undefined {
  if (value === undefined || value === null) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0 || list.length > maxContexts) return undefined;
  const found = new Map<string, ContextMapping>();
  for (const one of list) {
    const context = readContext(one);
    if (context === undefined || found.has(context.name)) return undefined;
    found.set(context.name, context);
  }
  return [...found.values()];
}

function readContext(value: unknown): ContextMapping | undefined {
  if (!isPlainObject(value)) return undefined;
  const { name, type, path, precision, ...others } = value;
  if (typeof name !== "string" || name === "" || Object.keys(others).length > 0) return undefined;
  if (path !== undefined && typeof path !== "string") return undefined;
  const kind = String(type).toLowerCase();
  if (kind !== "category" && kind !== "geo") return undefined;
  if (precision !== undefined && kind === "category") return undefined;
  const length = precision === undefined ? usualPrecision : Number(precision);
  if (!(Number.isInteger(length) && length >= 1 && length <= 12)) return undefined;
  return { name, kind, path, precision: length };
}

/**
 * The contexts that stand beside an input: `{place: "cafe", at: [{lat, lon}]}`. Throws `InvalidValue` for names that the mapping does not
 * have, and when there are none: nobody would find the input.
 */
export function tagsOf(mappings: readonly ContextMapping[], value: unknown): ContextTag[] {
  if (value !== undefined && !isPlainObject(value)) throw new InvalidValue('"contexts" must be an object');
  const tags = new Map<string, ContextTag>();
  for (const [name, given] of Object.entries(value ?? {})) {
    const mapping = mappings.find((one) => one.name === name);
    if (mapping === undefined)
      throw new InvalidValue(`"${name}" is none of its contexts ${mappings.map((one) => one.name).join(", ")}`);
    for (const text of valuesOf(mapping, given)) tags.set(JSON.stringify([name, text]), [name, text]);
  }
  if (tags.size === 0) throw new InvalidValue("the field has contexts, so an input needs one");
  if (tags.size > maxTags) throw new InvalidValue(`an input may have ${maxTags} contexts at most`);
  return [...tags.values()];
}

function valuesOf({ name, kind, precision }: ContextMapping, given: unknown): string[] {
  if (kind === "geo") {
    const isList = Array.isArray(given) && typeof given[0] !== "number";
    return (isList ? given : [given]).map((one) => hashOf(one, precision));
  }
  return (Array.isArray(given) ? given : [given]).map((one) => {
    if (typeof one === "string" || typeof one === "number" || typeof one === "boolean") return String(one);
    throw new InvalidValue(`a value of context "${name}" is a text, a number or a boolean`);
  });
}

function hashOf(value: unknown, precision: number): string {
  const { lat, lon } = parseGeoPoint(value);
  return encodeGeohash(lat, lon, precision);
}

/** A completion field whose contexts come from other fields too. */
export interface ContextField {
  readonly path: string;
  readonly contexts: readonly ContextMapping[];
}

/** Those among some fields. */
export function contextFieldsOf(
  fields: Iterable<{ readonly path: string; readonly type: string; readonly definition: JSONObject }>,
): ContextField[] {
  const found: ContextField[] = [];
  for (const { path, type, definition } of fields) {
    const contexts = type === "completion" ? (readContextMappings(definition.contexts) ?? []) : [];
    if (contexts.some((one) => one.path !== undefined)) found.push({ path, contexts });
  }
  return found;
}

/** A document in which the inputs of such fields have the contexts that other fields say. What is given beside an input stays. */
export function withContexts(source: JSONObject, fields: readonly ContextField[]): JSONObject {
  return fields.reduce((document, { path, contexts }) => {
    const added: JSONObject = {};
    for (const { name, path: from } of contexts) {
      const values = from === undefined ? [] : valuesAt(document, from.split("."));
      if (values.length > 0) added[name] = values;
    }
    return Object.keys(added).length === 0 ? document : extended(document, path.split("."), added);
  }, source);
}

function valuesAt(source: unknown, names: readonly string[]): unknown[] {
  const [name, ...rest] = names;
  if (Array.isArray(source) && !(name === undefined && typeof source[0] === "number"))
    return source.flatMap((one) => valuesAt(one, names));
  if (name === undefined) return source === null || source === undefined ? [] : [source];
  if (!isPlainObject(source)) return [];
  const whole = names.join(".");
  if (rest.length > 0 && Object.hasOwn(source, whole)) return valuesAt(source[whole], []);
  return Object.hasOwn(source, name) ? valuesAt(source[name], rest) : [];
}

function extended(source: JSONObject, names: readonly string[], added: JSONObject): JSONObject {
  const [name = "", ...rest] = names;
  if (!Object.hasOwn(source, name)) return source;
  const value = source[name];
  const inner = (one: unknown): unknown => (rest.length === 0 ? extendedInput(one, added) : below(one, rest, added));
  return { ...source, [name]: Array.isArray(value) ? value.map(inner) : inner(value) };
}

const below = (value: unknown, names: readonly string[], added: JSONObject): unknown =>
  isPlainObject(value) ? extended(value, names, added) : value;

function extendedInput(value: unknown, added: JSONObject): unknown {
  if (typeof value === "string") return { input: value, contexts: added };
  if (!isPlainObject(value) || (value.contexts !== undefined && !isPlainObject(value.contexts))) return value;
  const contexts: JSONObject = { ...value.contexts };
  for (const [name, values] of Object.entries(added)) contexts[name] = joined(contexts[name], values);
  return { ...value, contexts };
}

/** A point may be an array of numbers. */
function joined(given: unknown, values: unknown): unknown[] {
  const own = given === undefined ? [] : Array.isArray(given) && typeof given[0] !== "number" ? given : [given];
  return [...own, ...(Array.isArray(values) ? values : [values])];
}

import { isPlainObject, type JSONObject, kerror } from "../../../kernel/index.ts";
import type { Analysis } from "./analysis/analysis.ts";
import type { DynamicPolicy } from "./compile-mapping.ts";
import { InvalidValue } from "./invalid-value.ts";
import { isFlag } from "./types/field-type.ts";
import { fieldTypes, unsupportedTypes } from "./types/field-types.ts";

const objectKeys: ReadonlySet<string> = new Set([
  "type",
  "properties",
  "dynamic",
  "enabled",
  "_meta",
  "dynamic_templates",
]);
const commonParameters: ReadonlySet<string> = new Set(["type", "fields", "copy_to", "meta"]);
const dynamicValues: readonly unknown[] = ["true", "false", "strict", "runtime"];

/** What a parser descends into at most, for the sake of the stack; the limit of a collection's mapping is lower. */
const maxDepth = 100;

/** A policy for unknown members, which may be written as a boolean. Error (400): `services.storage.invalid_mapping`. */
export function parseDynamic(value: unknown, place: string): DynamicPolicy {
  const text = typeof value === "boolean" ? String(value) : value;
  if (!dynamicValues.includes(text))
    throw kerror("services.storage.invalid_mapping", place, "true, false, strict or runtime");
  return text as DynamicPolicy; // one of the list, as just checked
}

/** Definitions by name; those with dots become objects. */
export function parseProperties(
  properties: unknown,
  path: string,
  depth: number,
  analysis: Analysis,
): Record<string, JSONObject> {
  if (!isPlainObject(properties)) throw kerror("services.storage.wrong_mapping_property", `${path}properties`);
  if (depth > maxDepth) {
    throw kerror(
      "services.storage.unexpected_bad_request",
      `The mapping is deeper than ${maxDepth} levels, at "${path}".`,
    );
  }
  const parsed = new Map<string, JSONObject>();
  for (const [name, definition] of Object.entries(properties)) {
    const dot = name.indexOf(".");
    const head = dot < 0 ? name : name.slice(0, dot);
    if (head === "" || name.endsWith(".")) throw kerror("services.storage.wrong_mapping_property", `${path}${name}`);
    if (!isPlainObject(definition)) throw kerror("services.storage.wrong_mapping_property", `${path}${name}`);
    const own = dot < 0 ? definition : { properties: { [name.slice(dot + 1)]: definition } };
    const field = parseField(own, `${path}${head}`, depth, analysis);
    const before = parsed.get(head);
    parsed.set(head, before === undefined ? field : joinObjects(before, field, `${path}${head}`));
  }
  return Object.fromEntries(parsed);
}

/** `a.b` beside `a: {properties: {c}}` are two halves of one object. */
function joinObjects(left: JSONObject, right: JSONObject, path: string): JSONObject {
  const { properties: leftFields } = left;
  const { properties: rightFields } = right;
  if (!isPlainObject(leftFields) || !isPlainObject(rightFields)) {
    throw kerror("services.storage.duplicate_field_mapping", path);
  }
  const joined = new Map(Object.entries(leftFields));
  for (const [name, field] of Object.entries(rightFields)) {
    const before = joined.get(name);
    const isBoth = isPlainObject(before) && isPlainObject(field);
    joined.set(name, isBoth ? joinObjects(before, field, `${path}.${name}`) : field);
  }
  return { ...left, ...right, properties: Object.fromEntries(joined) };
}

/** One definition of a field or an object. Errors as those of `parseMappings`. */
export function parseField(definition: JSONObject, path: string, depth: number, analysis: Analysis): JSONObject {
  const { type, properties } = definition;
  const isObject = ["properties", "dynamic", "enabled"].some((key) => definition[key] !== undefined);
  if (type === undefined && !isObject) throw kerror("services.storage.wrong_mapping_property", `${path}.type`);
  if (type === undefined || type === "object" || type === "nested")
    return parseObject(definition, path, depth, analysis);
  if (typeof type !== "string") throw kerror("services.storage.wrong_mapping_property", `${path}.type`);
  if (properties !== undefined) throw kerror("services.storage.unexpected_properties", "properties", path);
  return type === "alias" ? parseAlias(definition, path) : parseLeaf(definition, type, path, analysis);
}

function parseObject(definition: JSONObject, path: string, depth: number, analysis: Analysis): JSONObject {
  for (const [key, value] of Object.entries(definition)) {
    if (objectKeys.has(key)) continue;
    const isInclusion = key === "include_in_parent" || key === "include_in_root";
    if (!isInclusion || definition.type !== "nested") throw kerror("services.storage.unexpected_properties", key, path);
    if (!isFlag(value)) throw kerror("services.storage.wrong_mapping_property", `${path}.${key}`);
  }
  const { dynamic, enabled, properties, type, include_in_parent: inParent, include_in_root: inRoot } = definition;
  if (enabled !== undefined && !isFlag(enabled)) {
    throw kerror("services.storage.wrong_mapping_property", `${path}.enabled`);
  }
  return {
    ...(type === undefined ? {} : { type }),
    ...(dynamic === undefined ? {} : { dynamic: parseDynamic(dynamic, `${path}.dynamic`) }),
    ...(enabled === undefined ? {} : { enabled }),
    ...(inParent === undefined ? {} : { include_in_parent: inParent }),
    ...(inRoot === undefined ? {} : { include_in_root: inRoot }),
    ...(properties === undefined ? {} : { properties: parseProperties(properties, `${path}.`, depth + 1, analysis) }),
  };
}

function parseAlias(definition: JSONObject, path: string): JSONObject {
  for (const key of Object.keys(definition)) {
    if (key !== "type" && key !== "path") throw kerror("services.storage.unexpected_properties", key, path);
  }
  if (typeof definition.path !== "string" || definition.path === path) {
    throw kerror("services.storage.wrong_mapping_property", `${path}.path`);
  }
  return definition;
}

function parseLeaf(definition: JSONObject, type: string, path: string, analysis: Analysis): JSONObject {
  const fieldType = fieldTypes.get(type);
  if (fieldType === undefined) {
    if (!unsupportedTypes.has(type)) throw kerror("services.storage.invalid_mapping_type", type);
    const reason = `Field "${path}": the type "${type}" needs a search cluster, the embedded engine does not index it.`;
    throw kerror("services.storage.unexpected_bad_request", reason);
  }
  for (const [key, value] of Object.entries(definition)) {
    if (key === "type" || (commonParameters.has(key) && fieldType.isBare !== true)) continue;
    const check = Object.hasOwn(fieldType.parameters, key) ? fieldType.parameters[key] : undefined;
    if (check === undefined) throw kerror("services.storage.unexpected_properties", key, path);
    const isNamed = key.endsWith("analyzer") || (key === "normalizer" && type === "keyword");
    const isKnown = !isNamed || namesOf(analysis, key, value);
    if (!check(value) || !isKnown) throw wrongParameter(path, key, value);
  }
  for (const key of fieldType.required ?? []) {
    if (definition[key] === undefined)
      throw kerror("services.storage.wrong_mapping_property", `${path}.${key} (is needed)`);
  }
  for (const key of ["search_analyzer", "search_quote_analyzer"]) {
    if (type === "search_as_you_type" && definition[key] !== undefined && definition.analyzer === undefined)
      throw kerror("services.storage.wrong_mapping_property", `${path}.${key} ("analyzer" must be given with it)`);
  }
  checkNullValue(definition, path, analysis);
  checkCopyTo(definition.copy_to, path);
  if (definition.fields === undefined) return definition;
  return { ...definition, fields: parseSubfields(definition.fields, path, analysis) };
}

/** Names what is not known, where a name was meant. */
function wrongParameter(path: string, key: string, value: unknown): Error {
  const shown = JSON.stringify(value) ?? "";
  const kind = key === "format" ? "date format" : key === "normalizer" ? "normalizer" : "analyzer";
  const isName = typeof value === "string" && (key === "format" || key === "normalizer" || key.endsWith("analyzer"));
  const where = key === "format" ? "" : " of the settings";
  const why = isName && shown.length < 100 ? ` (${shown} is no ${kind}${where})` : "";
  return kerror("services.storage.wrong_mapping_property", `${path}.${key}${why}`);
}

function namesOf(analysis: Analysis, key: string, value: unknown): boolean {
  if (typeof value !== "string") return false;
  return (key === "normalizer" ? analysis.normalizer(value) : analysis.analyzer(value)) !== undefined;
}

function checkNullValue(definition: JSONObject, path: string, analysis: Analysis): void {
  const { null_value: value, type } = definition;
  if (value === undefined || value === null) return;
  try {
    fieldTypes.get(String(type))?.compile(definition, analysis).parse(value);
  } catch (err) {
    if (!(err instanceof InvalidValue)) throw err;
    throw kerror("services.storage.wrong_mapping_property", `${path}.null_value (${err.message})`);
  }
}

function checkCopyTo(copyTo: unknown, path: string): void {
  const targets = copyTo === undefined ? [] : Array.isArray(copyTo) ? copyTo : [copyTo];
  if (!targets.every((target) => typeof target === "string" && target !== path)) {
    throw kerror("services.storage.wrong_mapping_property", `${path}.copy_to`);
  }
}

function parseSubfields(fields: unknown, path: string, analysis: Analysis): JSONObject {
  if (!isPlainObject(fields)) throw kerror("services.storage.wrong_mapping_property", `${path}.fields`);
  const parsed: [string, JSONObject][] = [];
  for (const [name, definition] of Object.entries(fields)) {
    const at = `${path}.${name}`;
    if (name === "" || name.includes(".") || !isPlainObject(definition)) {
      throw kerror("services.storage.wrong_mapping_property", at);
    }
    const { type } = definition;
    if (typeof type !== "string" || type === "object" || type === "nested" || type === "alias") {
      throw kerror("services.storage.wrong_mapping_property", `${at}.type`);
    }
    for (const key of ["fields", "copy_to"])
      if (definition[key] !== undefined) throw kerror("services.storage.unexpected_properties", key, at);
    parsed.push([name, parseLeaf(definition, type, at, analysis)]);
  }
  return Object.fromEntries(parsed);
}

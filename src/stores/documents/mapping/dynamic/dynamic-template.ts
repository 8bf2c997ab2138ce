import { RE2JS } from "re2js";
import { isPlainObject, type JSONObject, kerror } from "../../../../kernel/index.ts";

/** What a value of an unknown field looks like in JSON. */
export type ValueKind = "object" | "string" | "long" | "double" | "boolean" | "date" | "binary";

const kinds: readonly unknown[] = ["object", "string", "long", "double", "boolean", "date", "binary"];
const patternNames = ["match", "unmatch", "path_match", "path_unmatch"] as const;
const otherNames: readonly string[] = ["match_mapping_type", "match_pattern", "mapping"];

/** One of `dynamic_templates`, ready to be asked. */
export interface DynamicTemplate {
  readonly mapping: JSONObject;
  fits(path: string, name: string, kind: ValueKind): boolean;
}

/**
 * Reads `[{name: {match, unmatch, path_match, path_unmatch, match_pattern, match_mapping_type, mapping}}]`.
 * Errors (400): `services.storage.wrong_mapping_property` with the place.
 */
export function compileTemplates(templates: unknown): DynamicTemplate[] {
  if (templates === undefined) return [];
  if (!Array.isArray(templates)) throw wrong("dynamic_templates");
  return templates.map((entry, i) => {
    const [name, ...others] = isPlainObject(entry) ? Object.keys(entry) : [];
    if (!isPlainObject(entry) || name === undefined || others.length > 0) throw wrong(`dynamic_templates[${i}]`);
    return compileTemplate(entry[name], `dynamic_templates[${i}].${name}`);
  });
}

function compileTemplate(template: unknown, place: string): DynamicTemplate {
  if (!isPlainObject(template)) throw wrong(place);
  for (const key of Object.keys(template))
    if (!otherNames.includes(key) && !patternNames.some((name) => name === key))
      throw kerror("services.storage.unexpected_properties", key, place);
  const { mapping, match_mapping_type: kind = "*", match_pattern: style = "simple" } = template;
  if (!isPlainObject(mapping)) throw wrong(`${place}.mapping`);
  if (kind !== "*" && !kinds.includes(kind)) throw wrong(`${place}.match_mapping_type`);
  if (style !== "simple" && style !== "regex") throw wrong(`${place}.match_pattern`);
  const isBound =
    template.match !== undefined || template.path_match !== undefined || template.match_mapping_type !== undefined;
  if (!isBound) throw wrong(`${place}.match`);
  const [match, unmatch, pathMatch, pathUnmatch] = patternNames.map((name) =>
    compilePattern(template[name], style === "regex", `${place}.${name}`),
  );
  return {
    mapping,
    fits: (path, name, found) =>
      (pathMatch === undefined || pathMatch(path)) &&
      (match === undefined || match(name)) &&
      !(pathUnmatch?.(path) ?? false) &&
      !(unmatch?.(name) ?? false) &&
      (kind === "*" || kind === found),
  };
}

/** `*` stands for anything, or a regular expression for the whole text; both run in linear time. */
function compilePattern(pattern: unknown, isRegex: boolean, place: string): ((text: string) => boolean) | undefined {
  if (pattern === undefined) return undefined;
  if (typeof pattern !== "string" || pattern.length > 1000) throw wrong(place);
  const source = isRegex ? pattern : pattern.split("*").map(RE2JS.quote).join(".*");
  try {
    const compiled = RE2JS.compile(source, isRegex ? 0 : RE2JS.DOTALL);
    return (text) => compiled.matcher(text).matches();
  } catch {
    throw wrong(place);
  }
}

/** The template's definition for one field: `{name}` and `{dynamic_type}` are filled in, wherever they stand. */
export function fillTemplate(mapping: JSONObject, name: string, dynamicType: string): JSONObject {
  const fill = (value: unknown): unknown => {
    if (typeof value === "string") {
      const named = value.replaceAll("{name}", name);
      return named.replaceAll("{dynamic_type}", dynamicType).replaceAll("{dynamicType}", dynamicType);
    }
    if (Array.isArray(value)) return value.map(fill);
    if (!isPlainObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [String(fill(key)), fill(inner)]));
  };
  const filled = fill(mapping) as JSONObject; // an object stays one
  return filled.type === undefined ? { type: dynamicType, ...filled } : filled;
}

function wrong(place: string): Error {
  return kerror("services.storage.wrong_mapping_property", place);
}

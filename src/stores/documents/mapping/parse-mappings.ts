import { isPlainObject, type JSONObject, kerror } from "../../../kernel/index.ts";
import type { Mappings, Settings } from "../document-store.ts";
import { createAnalysis } from "./analysis/analysis.ts";
import { compileDateFormat } from "./dates/date-format.ts";
import { compileTemplates } from "./dynamic/dynamic-template.ts";
import { parseDynamic, parseProperties } from "./parse-field.ts";
import { isFlag } from "./types/field-type.ts";

const rootKeys = [
  "properties",
  "_meta",
  "dynamic",
  "dynamic_templates",
  "date_detection",
  "numeric_detection",
  "dynamic_date_formats",
] as const;

/**
 * Checks field definitions as clients send them, and answers them in one form: booleans of `dynamic` as strings, dotted names as objects.
 *
 * `settings` names the analyzers and normalizers of the collection (`analysis`).
 * Errors (400): `services.storage.invalid_mapping` (unknown key of the mapping itself), `invalid_mapping_type` (unknown type),
 * `unexpected_properties` (parameter that the type does not have), `wrong_mapping_property` (value of a parameter),
 * `duplicate_field_mapping`, and `unexpected_bad_request` for types that only search clusters have.
 */
export function parseMappings(mappings: unknown, settings: Settings = {}): Mappings {
  const analysis = createAnalysis(settings);
  if (mappings === undefined || mappings === null) return {};
  if (!isPlainObject(mappings)) throw kerror("services.storage.invalid_mapping", "mappings", "an object");
  for (const key of Object.keys(mappings)) {
    if (!rootKeys.some((known) => known === key))
      throw kerror("services.storage.invalid_mapping", key, nearestKey(key));
  }
  const { dynamic, properties, _meta: meta } = mappings;
  if (meta !== undefined && !isPlainObject(meta)) throw kerror("services.storage.wrong_mapping_property", "_meta");
  return {
    ...(dynamic === undefined ? {} : { dynamic: parseDynamic(dynamic, "dynamic") }),
    ...(properties === undefined ? {} : { properties: parseProperties(properties, "", 1, analysis) }),
    ...(meta === undefined ? {} : { _meta: meta }),
    ...parseDetection(mappings),
  };
}

/** What says which fields unknown members become. */
function parseDetection(mappings: JSONObject): Mappings {
  const { dynamic_templates: templates, dynamic_date_formats: formats } = mappings;
  compileTemplates(templates);
  for (const name of ["date_detection", "numeric_detection"])
    if (mappings[name] !== undefined && !isFlag(mappings[name]))
      throw kerror("services.storage.wrong_mapping_property", name);
  const names = formats === undefined ? [] : Array.isArray(formats) ? formats : [formats];
  if (!names.every((name) => typeof name === "string" && compileDateFormat(name) !== undefined))
    throw kerror("services.storage.wrong_mapping_property", "dynamic_date_formats");
  const { date_detection: dates, numeric_detection: numbers } = mappings;
  // The casts: checked above, templates by their compiler.
  return {
    ...(templates === undefined ? {} : { dynamic_templates: templates as readonly JSONObject[] }),
    ...(dates === undefined ? {} : { date_detection: dates as boolean }),
    ...(numbers === undefined ? {} : { numeric_detection: numbers as boolean }),
    ...(formats === undefined ? {} : { dynamic_date_formats: names as readonly string[] }),
  };
}

function nearestKey(key: string): string {
  const plain = key.toLowerCase().replace(/[^a-z]/g, "");
  return rootKeys.find((known) => known.replace(/[^a-z]/g, "").startsWith(plain.slice(0, 3))) ?? "properties";
}

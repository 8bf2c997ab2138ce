import { isPlainObject, type JSONObject, kerror } from "../../../kernel/index.ts";
import type { Mappings } from "../document-store.ts";

/** Parameters that may change while documents exist; another value of any other one is refused. */
const changeable: ReadonlySet<string> = new Set([
  "boost",
  "coerce",
  "copy_to",
  "dynamic",
  "eager_global_ordinals",
  "fielddata",
  "fields",
  "ignore_above",
  "ignore_malformed",
  "ignore_z_value",
  "meta",
  "null_value",
  "path",
  "properties",
  "search_analyzer",
  "search_quote_analyzer",
  "split_queries_on_whitespace",
]);

/**
 * Adds fields to a mapping; both arguments went through `parseMappings`. What the update leaves out stays, `_meta` is replaced as a whole.
 *
 * Errors (400): `services.storage.cannot_change_mapping` with the dotted path of the field whose type or fixed parameter would change.
 */
export function mergeMappings(current: Mappings, update: Mappings): Mappings {
  return {
    ...current,
    ...update,
    ...(current.properties === undefined && update.properties === undefined
      ? {}
      : { properties: mergeProperties(current.properties ?? {}, update.properties ?? {}, "") }),
  };
}

function mergeProperties(
  current: Readonly<Record<string, unknown>>,
  update: Readonly<Record<string, unknown>>,
  path: string,
): Record<string, JSONObject> {
  const merged = new Map<string, JSONObject>();
  for (const [name, definition] of Object.entries(current)) if (isPlainObject(definition)) merged.set(name, definition);
  for (const [name, definition] of Object.entries(update)) {
    if (!isPlainObject(definition)) continue;
    const before = merged.get(name);
    merged.set(name, before === undefined ? definition : mergeField(before, definition, `${path}${name}`));
  }
  return Object.fromEntries(merged);
}

function typeOf(definition: JSONObject): unknown {
  return definition.type ?? "object";
}

function mergeField(current: JSONObject, update: JSONObject, path: string): JSONObject {
  if (typeOf(current) !== typeOf(update)) throw kerror("services.storage.cannot_change_mapping", path);
  for (const [key, value] of Object.entries(update)) {
    const before = current[key];
    if (changeable.has(key) || key === "type" || String(before) === String(value)) continue;
    if (JSON.stringify(before) !== JSON.stringify(value))
      throw kerror("services.storage.cannot_change_mapping", `${path} (${key})`);
  }
  const merged: JSONObject = { ...current, ...update };
  for (const part of ["properties", "fields"]) {
    const before = current[part];
    const added = update[part];
    if (isPlainObject(before) && isPlainObject(added)) merged[part] = mergeProperties(before, added, `${path}.`);
  }
  return merged;
}

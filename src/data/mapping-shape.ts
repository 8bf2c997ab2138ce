import { isPlainObject, type JSONObject, kerror } from "../kernel/index.ts";
import type { Mappings } from "../stores/documents/index.ts";

const commonKeys = ["properties", "_meta", "dynamic", "dynamic_templates"] as const;
const rootKeys = [...commonKeys, "date_detection", "numeric_detection", "dynamic_date_formats"] as const;
const nestedKeys = [...commonKeys, "type", "enabled", "include_in_parent", "include_in_root"] as const;
const policies = new Set(["true", "false", "strict", "runtime"]);

/**
 * The outer shape of mappings, before the engine judges the field types: root and object levels hold only the known keys, `dynamic` is a
 * policy at every level. Booleans of `dynamic` become text; `dynamic_templates` are kept at the root and left out below it.
 * Error: `services.storage.invalid_mapping` (400) with the dotted path.
 */
export function shapeMappings(mappings: JSONObject): Mappings {
  return shapeLevel(mappings, "", rootKeys, 0) as Mappings;
}

function shapeLevel(level: JSONObject, path: string, allowed: readonly string[], depth: number): JSONObject {
  if (depth > 50) throw kerror("services.storage.invalid_mapping", path, "fewer levels");
  const shaped: JSONObject = {};
  for (const [key, value] of Object.entries(level)) {
    if (!allowed.includes(key))
      throw kerror("services.storage.invalid_mapping", `${path}${key}`, closest(key, allowed));
    if (value === undefined || (key === "dynamic_templates" && depth > 0)) continue;
    if (key === "dynamic") shaped.dynamic = shapePolicy(value, path);
    else if (key === "properties") shaped.properties = shapeProperties(value, `${path}properties.`, depth);
    else shaped[key] = value;
  }
  return shaped;
}

function shapePolicy(value: unknown, path: string): string {
  const policy = typeof value === "boolean" ? String(value) : value;
  if (typeof policy === "string" && policies.has(policy)) return policy;
  throw kerror("services.storage.invalid_mapping", `${path}dynamic`, 'true", "false" or "strict');
}

function shapeProperties(properties: unknown, path: string, depth: number): JSONObject {
  if (!isPlainObject(properties))
    throw kerror("services.storage.invalid_mapping", path.slice(0, -1), "an object of fields");
  const shaped: JSONObject = {};
  for (const [name, field] of Object.entries(properties)) {
    if (name === "__proto__") throw kerror("services.storage.invalid_mapping", `${path}__proto__`, "another name");
    if (!isPlainObject(field)) throw kerror("services.storage.invalid_mapping", `${path}${name}`, '{ "type": … }');
    shaped[name] =
      "properties" in field
        ? shapeLevel(field, `${path}${name}.`, nestedKeys, depth + 1)
        : shapeLeaf(field, `${path}${name}.`);
  }
  return shaped;
}

function shapeLeaf(field: JSONObject, path: string): JSONObject {
  return field.dynamic === undefined ? field : { ...field, dynamic: shapePolicy(field.dynamic, path) };
}

function closest(key: string, allowed: readonly string[]): string {
  const starting = allowed.find((name) => name.startsWith(key.slice(0, 3)));
  return starting ?? allowed[0] ?? "";
}

/** True when a policy of the new mappings opens what the old ones kept closed: then documents are indexed again. */
export function opensDynamic(before: JSONObject, after: JSONObject, inherited = "true"): boolean {
  const policyBefore = typeof before.dynamic === "string" ? before.dynamic : inherited;
  if (policyBefore === "false" && typeof after.dynamic === "string" && after.dynamic !== "false") return true;
  const propertiesAfter = isPlainObject(after.properties) ? after.properties : {};
  const propertiesBefore = isPlainObject(before.properties) ? before.properties : {};
  return Object.entries(propertiesAfter).some(([name, field]) => {
    const old = propertiesBefore[name];
    return isPlainObject(field) && isPlainObject(old) && opensDynamic(old, field, policyBefore);
  });
}

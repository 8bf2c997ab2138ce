import { isPlainObject, type JSONObject, kerror } from "../../kernel/index.ts";
import type { PluginImports } from "../../plugins/index.ts";

/** What an application wants loaded beside its imports; `mappings` in their form, with `{ mappings }` under each collection. */
export interface SupportContent {
  readonly mappings: JSONObject;
  readonly fixtures: JSONObject;
  readonly securities: JSONObject;
}

/**
 * What an application set as `_support`: whole files, in the forms of the `admin:load…` actions.
 * Errors: `validation.assert.invalid_type` for a member that is no object, `plugin.runtime.incompatible` (500) beside imports of its kind.
 */
export function readSupport(support: JSONObject, imports: PluginImports): SupportContent {
  const { mappings, fixtures, securities } = support;
  const content = {
    mappings: wrapped(member("mappings", mappings)),
    fixtures: member("fixtures", fixtures),
    securities: member("securities", securities),
  };
  const has = (...kinds: readonly (keyof PluginImports)[]): boolean =>
    kinds.some((kind) => imports[kind] !== undefined);
  if (mappings !== undefined && has("mappings")) {
    throw kerror("plugin.runtime.incompatible", "_support.mappings", "import.mappings");
  }
  if (securities !== undefined && has("roles", "profiles", "users")) {
    throw kerror("plugin.runtime.incompatible", "_support.securities", "import.roles, profiles, users");
  }
  return content;
}

function wrapped(mappings: JSONObject): JSONObject {
  return mapValues(mappings, (collections) =>
    isPlainObject(collections) ? mapValues(collections, (bare) => ({ mappings: bare })) : collections,
  );
}

const mapValues = (object: JSONObject, map: (value: unknown) => unknown): JSONObject =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));

function member(name: string, value: unknown): JSONObject {
  if (value === undefined || value === null) return {};
  if (!isPlainObject(value)) throw kerror("validation.assert.invalid_type", `_support.${name}`, "object");
  return value;
}

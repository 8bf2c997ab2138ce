import { isPlainObject, type JSONObject, kerror } from "../../../kernel/index.ts";
import type { PluginImports } from "../../definition.ts";

const sections = ["mappings", "profiles", "roles", "userMappings", "users"] as const;

/** `imports` of a plugin. Error: `validation.assert.invalid_type`. */
export function readImports({ imports }: JSONObject): PluginImports | undefined {
  if (imports === undefined || imports === null) return undefined;
  if (!isPlainObject(imports)) throw kerror("validation.assert.invalid_type", "imports", "object");
  for (const section of sections) {
    const value = imports[section];
    if (value !== undefined && !isPlainObject(value)) {
      throw kerror("validation.assert.invalid_type", `imports.${section}`, "object");
    }
  }
  const { onExistingUsers } = imports;
  if (onExistingUsers !== undefined && !["fail", "skip", "overwrite"].includes(onExistingUsers as string)) {
    throw kerror("validation.assert.invalid_type", "imports.onExistingUsers", '"fail", "skip" or "overwrite"');
  }
  return imports;
}

import { isPlainObject, type JSONObject } from "../../kernel/index.ts";
import type { Mappings } from "../../stores/documents/index.ts";

/** Where the values of a path are indexed. */
export type FoundField =
  /** Nowhere, because no document has any: the mapping takes up what documents bring. */
  | { readonly kind: "absent" }
  | { readonly kind: "field"; readonly path: string; readonly type: string; readonly definition: JSONObject }
  /** Nobody knows which documents have it. */
  | { readonly kind: "unknown"; readonly reason: string };

/** Finds the field of a path in a mapping as it is stored. */
export function findField(mappings: Mappings, path: string): FoundField {
  let at: JSONObject = { ...mappings };
  let dynamic: unknown = mappings.dynamic ?? "false";
  const names = path.split(".");
  for (const [i, name] of names.entries()) {
    const properties = isPlainObject(at.properties) ? at.properties : {};
    const next = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (!isPlainObject(next)) return missing(path, dynamic);
    const isLast = i === names.length - 1;
    const { type = "object" } = next;
    if (type === "alias") return unknown(`"${path}" is an alias: name the field itself`);
    if (type === "nested") return unknown(`"${path}" lies in nested objects`);
    if (type !== "object") {
      if (isLast) return { kind: "field", path, type: String(type), definition: next };
      return unknown(
        `"${names.slice(0, i + 1).join(".")}" is mapped as ${String(type)}, which has no fields of its own`,
      );
    }
    if (next.enabled === false || next.enabled === "false")
      return unknown(`"${path}" lies in an object that is not indexed`);
    dynamic = next.dynamic ?? dynamic;
    at = next;
  }
  return unknown(`"${path}" is an object: name one of its fields`);
}

const unknown = (reason: string): FoundField => ({ kind: "unknown", reason });

function missing(path: string, dynamic: unknown): FoundField {
  // An open mapping has a field for whatever was ever stored.
  return String(dynamic) === "true" ? { kind: "absent" } : unknown(`"${path}" is not mapped: add it to the mapping`);
}

/** Whether some field copies its values into the one at a path (`copy_to`). */
export function isCopiedTo({ properties = {} }: Mappings | JSONObject, path: string): boolean {
  for (const field of Object.values(properties as JSONObject)) {
    if (!isPlainObject(field)) continue;
    if ([field.copy_to].flat().includes(path) || isCopiedTo(field, path)) return true;
  }
  return false;
}

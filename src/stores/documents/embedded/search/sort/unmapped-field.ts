import { compileMapping } from "../../../mapping/compile-mapping.ts";
import { fieldTypes } from "../../../mapping/types/field-types.ts";
import type { QueryField } from "../query/context.ts";
import { malformed } from "../query/parameters.ts";

/**
 * A field of a type that no document has, for `unmapped_type`: what stands in for missing values is read as for that type.
 * Errors: `unexpected_bad_request` for what is no type of a field, or one that needs more than its name.
 */
export function unmappedField(path: string, type: string): QueryField {
  const known = fieldTypes.get(type);
  if (known === undefined || known.required !== undefined)
    throw malformed(`[sort.${path}.unmapped_type] "${type}" is no type of field that could be sorted on.`);
  const node = compileMapping({ properties: { unmapped: { type } } }).fields.get("unmapped");
  if (node === undefined) throw malformed(`[sort.${path}.unmapped_type] "${type}" is no type of field.`);
  return { node: { ...node, path }, store: undefined };
}

import { kerror } from "../../../kernel/index.ts";
import type { CompiledMapping, FieldNode } from "./compile-mapping.ts";

/** Checks a mapping that was changed. Error (400): `services.storage.unexpected_bad_request` with the reason. */
export function assertSound(mapping: CompiledMapping): void {
  const reason = findFault(mapping);
  if (reason !== undefined) throw kerror("services.storage.unexpected_bad_request", reason);
}

/** What is wrong with a mapping as a whole, though each of its definitions is right; undefined when nothing. */
export function findFault(mapping: CompiledMapping): string | undefined {
  return checkLimits(mapping) ?? checkAliases(mapping) ?? checkCopies(mapping);
}

/** Which limit of its collection a mapping exceeds. */
function checkLimits({ limits, fieldCount, objects, fields }: CompiledMapping): string | undefined {
  if (fieldCount > limits.totalFields)
    return `The mapping would have ${fieldCount} fields; at most ${limits.totalFields} are allowed (mapping.total_fields.limit).`;
  let nested = 0;
  for (const { path, depth, isNested } of objects.values()) {
    if (path !== "" && depth + 1 > limits.depth)
      return `The mapping is deeper than ${limits.depth} levels, at "${path}" (mapping.depth.limit).`;
    if (isNested && ++nested > limits.nestedFields)
      return `The mapping has more than ${limits.nestedFields} nested objects (mapping.nested_fields.limit).`;
  }
  if (limits.fieldNameLength === Number.POSITIVE_INFINITY) return undefined;
  for (const path of [...fields.keys(), ...objects.keys()]) {
    const name = path.slice(path.lastIndexOf(".") + 1);
    if (name.length > limits.fieldNameLength)
      return `The name "${name}" is longer than ${limits.fieldNameLength} characters (mapping.field_name_length.limit).`;
  }
  return undefined;
}

function checkAliases({ aliases, fields, objects }: CompiledMapping): string | undefined {
  for (const { path, target, nestedPath } of aliases) {
    const field = fields.get(target);
    if (field === undefined || objects.has(target))
      return `The alias "${path}" needs a field as "path", not "${target}".`;
    if (field.path !== target) return `The alias "${path}" stands for "${target}", which is an alias itself.`;
    if (field.nestedPath !== nestedPath)
      return `The alias "${path}" and its field "${target}" must lie in the same nested object.`;
  }
  return undefined;
}

function checkCopies(mapping: CompiledMapping): string | undefined {
  for (const field of mapping.fields.values()) {
    for (const target of field.copyTo) {
      const reason = checkCopy(mapping, field, target);
      if (reason !== undefined) return reason;
    }
  }
  return undefined;
}

/** A nested object's values can be copied to it and to those around it, not to those inside of it or beside it. */
function checkCopy({ fields, objects, aliases }: CompiledMapping, from: FieldNode, target: string): string | undefined {
  const place = `"copy_to" of "${from.path}"`;
  if (objects.has(target)) return `${place} names "${target}", which is an object.`;
  if (aliases.some(({ path }) => path === target)) return `${place} names "${target}", which is an alias.`;
  const dot = target.lastIndexOf(".");
  if (dot > 0 && fields.has(target.slice(0, dot))) return `${place} names the sub-field "${target}".`;
  let scope = "";
  for (let dot = target.indexOf("."); dot > 0; dot = target.indexOf(".", dot + 1))
    if (objects.get(target.slice(0, dot))?.isNested === true) scope = target.slice(0, dot);
  const isOuter = scope === "" || from.nestedPath === scope || from.nestedPath.startsWith(`${scope}.`);
  return isOuter ? undefined : `${place} cannot reach into the nested object "${scope}".`;
}

import { matches } from "../../filters/index.ts";
import { isPlainObject, type JSONObject, KuzzleError, kerrorFrom } from "../../kernel/index.ts";
import { type CompiledSpecification, type Field, fieldValue, type Level } from "./compiled-specification.ts";
import type { Failures } from "./failures.ts";

/** The server's own member is never declared. */
const metadataName = "_kuzzle_info";

/**
 * Tells `failures` where a content does not have its specification; that may throw to stop at the first.
 * `id` is what validators see as `_id`. Source: contract/search.md section 12.3.
 */
export function checkContent(
  { root, validators, jsonSchema }: CompiledSpecification,
  content: JSONObject,
  id: string | null,
  failures: Failures,
): void {
  if (root.isStrict) {
    const unknown = findUndeclared(root, content, metadataName);
    if (unknown !== undefined) failures.document(undeclared(unknown));
  }
  checkLevel(root, content, failures);
  jsonSchema?.check(content, failures);
  if (validators !== undefined && !matches(validators, content, id ?? undefined)) {
    failures.document("It does not match the validators of its collection.");
  }
}

function checkLevel({ fields }: Level, content: JSONObject, failures: Failures): void {
  for (const field of fields) {
    const value = fieldValue(field, content);
    if (value === undefined || value === null) {
      if (field.isMandatory) failures.field(field, ["is mandatory"]);
    } else if (field.multivalued !== undefined) {
      checkValues(field, field.multivalued, value, failures);
    } else if (Array.isArray(value)) {
      failures.field(field, ["must be a single value, not an array"]);
    } else {
      checkValue(field, value, failures);
    }
  }
}

function checkValues(
  field: Field,
  { minCount, maxCount }: NonNullable<Field["multivalued"]>,
  values: unknown,
  failures: Failures,
): void {
  if (!Array.isArray(values)) failures.field(field, ["must be an array"]);
  else if (values.length < minCount) failures.field(field, [`must have at least ${minCount} values`]);
  else if (values.length > maxCount) failures.field(field, [`must have at most ${maxCount} values`]);
  else {
    for (const value of values as readonly unknown[]) {
      // One failure stands for the field; the fields below it may still have theirs in other elements.
      if (!checkValue(field, value, failures) && !field.level?.fields.length) return;
    }
  }
}

/** The rule of its type, then what is below. Answers whether the rule is met. */
function checkValue(field: Field, value: unknown, failures: Failures): boolean {
  const messages: string[] = [];
  if (!isOfType(field, value, messages)) {
    if (messages.length === 0) messages.push(`must be of the type "${field.type.typeName}"`);
    failures.field(field, messages);
    return false;
  }
  const { level } = field;
  if (level === undefined || !isPlainObject(value)) return true;
  if (level.isStrict) {
    const unknown = findUndeclared(level, value, undefined);
    if (unknown !== undefined) failures.field(field, [undeclared(unknown)]);
  }
  checkLevel(level, value, failures);
  return true;
}

function isOfType({ type, options }: Field, value: unknown, messages: string[]): boolean {
  try {
    return type.validate(options, value, messages);
  } catch (error) {
    if (error instanceof KuzzleError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw kerrorFrom(error, "plugin.runtime.unexpected_error", `Validation type "${type.typeName}" failed: ${reason}`);
  }
}

function findUndeclared({ names }: Level, content: JSONObject, except: string | undefined): string | undefined {
  for (const name of Object.keys(content)) if (!names.has(name) && name !== except) return name;
  return undefined;
}

function undeclared(name: string): string {
  return `The member "${name}" is not declared in the specification.`;
}

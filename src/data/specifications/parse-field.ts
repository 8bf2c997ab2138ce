import { isPlainObject, type JSONObject } from "../../kernel/index.ts";
import type { CollectionRef } from "../../stores/documents/index.ts";
import type { Field } from "./compiled-specification.ts";
import type { Problems } from "./problem.ts";
import type { TypeTable } from "./types/type-table.ts";
import type { ValidationType } from "./types/validation-type.ts";

/** A field before its place in the tree is known. */
export interface FieldDraft extends Omit<Field, "level"> {
  /** As declared, levels separated by slashes. */
  readonly key: string;
}

const fieldMembers = ["type", "mandatory", "defaultValue", "description", "multivalued", "typeOptions"];
const multivaluedMembers = ["value", "minCount", "maxCount"];
/** A document nests that deep only when somebody tries to break something. */
const maxLevels = 100;

/** Reads the declaration of one field. Undefined when something is wrong with it: then `problems` has grown. */
export function parseField(
  key: string,
  declaration: unknown,
  target: CollectionRef,
  types: TypeTable,
  problems: Problems,
): FieldDraft | undefined {
  const before = problems.list.length;
  const names = key.split("/");
  const name = names.at(-1) ?? "";
  const path = names.join(".");
  if (names.length > maxLevels) {
    problems.add("validation.assert.invalid_type", "fields", `paths of at most ${maxLevels} levels`);
    return undefined;
  }
  if (!isPlainObject(declaration)) {
    problems.add("validation.assert.invalid_type", path, "an object with a type");
    return undefined;
  }
  checkMembers(declaration, fieldMembers, `field "${path}"`, problems);
  const multivalued = parseMultivalued(declaration.multivalued, path, problems);
  const type = findType(declaration.type, path, target, types, problems);
  const options = type && parseOptions(declaration.typeOptions, type, path, problems);
  if (type === undefined || problems.list.length > before) return undefined;
  return {
    key,
    names,
    name,
    isInherited: name in Object.prototype,
    path,
    type,
    options,
    isMandatory: Boolean(declaration.mandatory) && !Object.hasOwn(declaration, "defaultValue"),
    defaultValue: declaration.defaultValue,
    multivalued,
  };
}

/** Refuses members that mean nothing: they are misspelt ones. */
export function checkMembers(object: JSONObject, known: readonly string[], place: string, problems: Problems): void {
  const unknown = Object.keys(object).filter((member) => !known.includes(member));
  if (unknown.length > 0) problems.add("validation.assert.unexpected_properties", place, unknown.join(", "));
}

function findType(
  name: unknown,
  path: string,
  { index, collection }: CollectionRef,
  types: TypeTable,
  problems: Problems,
): ValidationType | undefined {
  if (name === undefined || name === null || name === "") {
    problems.add("validation.assert.missing_type", path, index, collection);
    return undefined;
  }
  const type = typeof name === "string" ? types.find(name) : undefined;
  if (type === undefined) problems.add("validation.assert.unknown_type", path, index, collection, name);
  return type;
}

function parseMultivalued(value: unknown, path: string, problems: Problems): Field["multivalued"] {
  if (value === undefined || value === null) return undefined;
  if (!isPlainObject(value)) {
    problems.add("validation.assert.invalid_type", `${path}.multivalued`, 'an object such as {"value": true}');
    return undefined;
  }
  checkMembers(value, multivaluedMembers, `"multivalued" of field "${path}"`, problems);
  if (value.value === undefined) {
    problems.add("validation.assert.missing_value", path);
    return undefined;
  }
  if (typeof value.value !== "boolean") {
    problems.add("validation.assert.invalid_type", `${path}.multivalued.value`, "a boolean");
    return undefined;
  }
  if (!value.value) {
    for (const name of ["minCount", "maxCount"]) {
      if (value[name] !== undefined) problems.add("validation.assert.not_multivalued", path, name);
    }
    return undefined;
  }
  const minCount = parseCount(value, "minCount", path, problems) ?? 0;
  const maxCount = parseCount(value, "maxCount", path, problems) ?? Number.POSITIVE_INFINITY;
  if (minCount > maxCount) problems.add("validation.assert.invalid_range", path, "minCount", "maxCount");
  return { minCount, maxCount };
}

function parseCount(multivalued: JSONObject, name: string, path: string, problems: Problems): number | undefined {
  const count = multivalued[name];
  if (count === undefined || typeof count === "number") return count;
  problems.add("validation.assert.invalid_type", `${path}.multivalued.${name}`, "a number");
  return undefined;
}

function parseOptions(given: unknown, type: ValidationType, path: string, problems: Problems): unknown {
  if (given !== undefined && given !== null && !isPlainObject(given)) {
    problems.add("validation.assert.invalid_type", `${path}.typeOptions`, "an object");
    return undefined;
  }
  // A type of a plugin may write into its options: the specification stays as it was sent.
  const options: JSONObject = given ? structuredClone(given) : {};
  const before = problems.list.length;
  checkMembers(options, type.allowedTypeOptions ?? [], `"typeOptions" of field "${path}"`, problems);
  if (problems.list.length > before) return undefined;
  try {
    const prepared = type.validateFieldSpecification(options);
    if (prepared === false) problems.add("validation.assert.invalid_type", `${path}.typeOptions`, "valid for its type");
    return typeof prepared === "object" && prepared !== null ? prepared : options;
  } catch (error) {
    problems.addOfField(path, error);
    return undefined;
  }
}

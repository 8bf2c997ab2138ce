import type { Filter } from "../../filters/index.ts";
import type { JSONObject } from "../../kernel/index.ts";
import type { JsonSchema } from "./json-schema.ts";
import type { ValidationType } from "./types/validation-type.ts";

/** A specification as contents are checked against it. */
export interface CompiledSpecification {
  readonly root: Level;
  /** All validators as one filter. */
  readonly validators: Filter | undefined;
  readonly jsonSchema: JsonSchema | undefined;
}

/** The fields of the document itself, or of an object in it. */
export interface Level {
  /** Members that are not declared are refused. */
  readonly isStrict: boolean;
  readonly names: ReadonlySet<string>;
  /** In the order of their declaration. */
  readonly fields: readonly Field[];
  /** Those that have a default value, or a field below them that has one. */
  readonly defaulted: readonly Field[];
}

export interface Field {
  /** From the root to this field. */
  readonly names: readonly string[];
  readonly name: string;
  /** Objects have a member of this name by nature (`constructor`): only their own counts. */
  readonly isInherited: boolean;
  /** `address.city`, for messages. */
  readonly path: string;
  readonly type: ValidationType;
  /** What the type made of the field's `typeOptions`. */
  readonly options: unknown;
  readonly isMandatory: boolean;
  readonly defaultValue: unknown;
  /** Set when the field holds an array of values. Counts are inclusive. */
  readonly multivalued: { readonly minCount: number; readonly maxCount: number } | undefined;
  /** The fields below; undefined for types that have none. */
  readonly level: Level | undefined;
}

/**
 * Null and undefined are no default values: they are what a default value stands in for. 0, false and "" are (that the original loses
 * them is a quirk of contract/search.md section 12.3).
 */
export function hasDefault({ defaultValue }: Field): boolean {
  return defaultValue !== undefined && defaultValue !== null;
}

/** The value of a field in the object around it; undefined when it is absent. */
export function fieldValue({ name, isInherited }: Field, content: JSONObject): unknown {
  return isInherited && !Object.hasOwn(content, name) ? undefined : content[name];
}

import { kerror } from "../../../kernel/index.ts";
import type { Settings } from "../document-store.ts";
import { settingOf } from "./setting-of.ts";

/** What a mapping may grow to: `index.mapping.total_fields.limit` and so on, with the reference engine's defaults. */
export interface MappingLimits {
  /** Fields, objects, sub-fields and aliases. */
  readonly totalFields: number;
  /** Levels of objects. */
  readonly depth: number;
  /** Mappings of type `nested`. */
  readonly nestedFields: number;
  /** Nested objects of one document. */
  readonly nestedObjects: number;
  /** Characters of one level of a name. */
  readonly fieldNameLength: number;
}

/** Reads the limits of a collection. Error: `services.storage.unexpected_bad_request` for a limit that is no count. */
export function readLimits(settings: Settings): MappingLimits {
  const limit = (name: string, byDefault: number): number => {
    const value = settingOf(settings, `mapping.${name}.limit`);
    if (value === undefined || value === null) return byDefault;
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    if (typeof number === "number" && Number.isInteger(number) && number >= 0) return number;
    throw kerror("services.storage.unexpected_bad_request", `The setting "mapping.${name}.limit" must be a count.`);
  };
  return {
    totalFields: limit("total_fields", 1000),
    depth: limit("depth", 20),
    nestedFields: limit("nested_fields", 50),
    nestedObjects: limit("nested_objects", 10_000),
    fieldNameLength: limit("field_name_length", Number.POSITIVE_INFINITY),
  };
}

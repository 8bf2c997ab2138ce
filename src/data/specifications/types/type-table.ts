import { type Clock, kerror } from "../../../kernel/index.ts";
import { createDateType } from "./date-type.ts";
import { geoShapeType } from "./geo-shape-type.ts";
import { scalarTypes } from "./scalar-types.ts";
import { textTypes } from "./text-types.ts";
import type { ValidationType } from "./validation-type.ts";

/** The types that specifications may name: the built-in ones, and what plugins add. */
export class TypeTable {
  readonly #types = new Map<string, ValidationType>();

  constructor(clock: Clock) {
    for (const type of [...scalarTypes, ...textTypes, createDateType(clock), geoShapeType]) this.add(type);
  }

  /** Errors: `validation.types.missing_type_name`, `missing_function`, `already_exists` (500). */
  add(candidate: unknown): void {
    const type = assertType(candidate);
    if (this.#types.has(type.typeName)) throw kerror("validation.types.already_exists", type.typeName);
    this.#types.set(type.typeName, type);
  }

  /** Takes types away and adds others. What throws leaves the table as it was; errors as those of {@link add}. */
  replace(before: readonly unknown[], after: readonly unknown[]): void {
    const present = [...this.#types];
    for (const [name, type] of present) if (before.includes(type)) this.#types.delete(name);
    try {
      for (const type of after) this.add(type);
    } catch (error) {
      this.#types.clear();
      for (const [name, type] of present) this.#types.set(name, type);
      throw error;
    }
  }

  find(name: string): ValidationType | undefined {
    return this.#types.get(name);
  }
}

function assertType(candidate: unknown): ValidationType {
  if (typeof candidate !== "object" || candidate === null) throw kerror("validation.types.missing_type_name");
  const { typeName, allowChildren } = candidate as Partial<ValidationType>; // each member is looked at here
  if (typeof typeName !== "string" || typeName === "") throw kerror("validation.types.missing_type_name");
  const needed = ["validate", "validateFieldSpecification", ...(allowChildren ? ["getStrictness"] : [])];
  for (const name of needed) {
    if (typeof Reflect.get(candidate, name) !== "function") {
      throw kerror("validation.types.missing_function", typeName, name);
    }
  }
  return candidate as ValidationType;
}

import { type JSONObject, PreconditionError } from "../../../kernel/index.ts";

/**
 * Base class of the field types that plugins add to the validation specifications. A type has a `typeName`, says whether its fields may have
 * children, and which options a specification may give it.
 * Source: contract/plugins/v2.md section 7.
 */
export class BaseValidationType {
  typeName = "";
  allowChildren = false;
  allowedTypeOptions: readonly string[] = [];

  /** False with texts in `errorMessages` when a value is not of the type. */
  validate(_typeOptions: JSONObject, _fieldValue: unknown, _errorMessages: string[]): boolean {
    return true;
  }

  /** The options, completed with defaults; false or an error when they are wrong. */
  validateFieldSpecification(typeOptions: JSONObject): JSONObject | boolean {
    return typeOptions;
  }

  /** For types with children: whether unknown children are refused. */
  getStrictness(typeOptions: JSONObject, parentStrictness: boolean): boolean {
    const { strict } = typeOptions;
    if (strict === undefined) return parentStrictness;
    if (typeof strict !== "boolean") {
      throw new PreconditionError('The option "strict" of a validation type must be a boolean.');
    }
    return strict;
  }

  /** True when an object has no other members than these. */
  checkAllowedProperties(object: JSONObject, allowed: readonly string[]): boolean {
    return Object.keys(object).every((key) => allowed.includes(key));
  }
}

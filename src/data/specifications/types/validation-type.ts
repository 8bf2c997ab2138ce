import type { JSONObject } from "../../../kernel/index.ts";

/**
 * A type that fields of specifications may have. Built-in types and those of plugins (by their base class, `BaseValidationType`) are
 * the same to a specification.
 * `Options` is what `validateFieldSpecification` made of a field's `typeOptions`, once; the other functions get that.
 * Source: contract/search.md section 12.4; contract/plugins/v2.md section 7.
 */
export interface ValidationType<Options = unknown> {
  readonly typeName: string;
  /** Members that `typeOptions` may have; none unless given. */
  readonly allowedTypeOptions?: readonly string[];
  /** Whether fields can be declared below a field of this type; then `getStrictness` is needed. */
  readonly allowChildren?: boolean;
  /** Checks the options of a field (`{}` when it has none) and answers what `validate` shall get. Throws, or answers false, to refuse. */
  validateFieldSpecification(typeOptions: JSONObject): Options;
  /** True when the value is of this type; otherwise adds to `messages` what it must be: `must be a string`. */
  validate(typeOptions: Options, value: unknown, messages: string[]): boolean;
  /** Whether members that are not declared are refused in a value. */
  getStrictness?(typeOptions: Options, isParentStrict: boolean): boolean;
}

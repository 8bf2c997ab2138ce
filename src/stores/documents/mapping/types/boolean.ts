import { InvalidValue } from "../invalid-value.ts";
import { type FieldType, flag, isAnything, isFlag, isNumber } from "./field-type.ts";

function parse(value: unknown): number {
  if (value === true || value === "true") return 1;
  if (value === false || value === "false" || value === "") return 0;
  throw new InvalidValue("not a boolean");
}

/** Nothing is false in a document, and nothing that one could look for. */
function parseQuery(value: unknown): number {
  if (value === "") throw new InvalidValue("not a boolean");
  return parse(value);
}

/** Kept as 0 and 1. */
export const booleanType: FieldType = {
  name: "boolean",
  parameters: { boost: isNumber, doc_values: isFlag, index: isFlag, null_value: isAnything, store: isFlag },
  compile: (definition) => ({ family: "number", docValues: flag(definition, "doc_values", true), parse, parseQuery }),
};

import { InvalidValue } from "../invalid-value.ts";
import { type FieldType, isFlag } from "./field-type.ts";

/** Stored with the document, never searched. */
export const binaryType: FieldType = {
  name: "binary",
  parameters: { doc_values: isFlag, store: isFlag },
  compile: () => ({
    family: "none",
    docValues: false,
    parse(value) {
      if (typeof value !== "string") throw new InvalidValue("expected binary content as Base64 text");
      return undefined;
    },
  }),
};

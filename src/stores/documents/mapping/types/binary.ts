import { InvalidValue } from "../invalid-value.ts";
import { type FieldType, flag, isFlag } from "./field-type.ts";

/** Stored with the document, never searched. */
export const binaryType: FieldType = {
  name: "binary",
  parameters: { doc_values: isFlag, store: isFlag },
  compile(definition) {
    const isKept = flag(definition, "doc_values", false) || flag(definition, "store", false);
    return {
      family: "none",
      docValues: false,
      parse(value) {
        if (typeof value === "object" || (isKept && !isBase64(value)))
          throw new InvalidValue("expected binary content as Base64 text");
        return undefined;
      },
    };
  },
};

/** Content that is not kept beside the document is not looked at. */
function isBase64(value: unknown): boolean {
  return typeof value === "string" && value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value);
}

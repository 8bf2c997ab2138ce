import { type FieldType, isCount, isText } from "./field-type.ts";
import { maxTermBytes, toText } from "./keyword.ts";

/** Whole texts, made to be searched by pieces of them. */
export const wildcardType: FieldType = {
  name: "wildcard",
  parameters: { ignore_above: isCount, null_value: isText },
  compile(definition) {
    const ignoreAbove = Number(definition.ignore_above ?? Number.POSITIVE_INFINITY);
    return {
      family: "keyword",
      docValues: true,
      isUnweighed: true,
      parse(value) {
        const text = toText(value);
        // Longer ones are no terms here; they would only be found by their pieces.
        return text.length > ignoreAbove || Buffer.byteLength(text) > maxTermBytes ? undefined : text;
      },
      parseQuery: toText,
    };
  },
};

import { InvalidValue } from "../invalid-value.ts";
import { type FieldType, flag, isAnything, isFlag, isNumber, isText } from "./field-type.ts";
import { toText } from "./keyword.ts";
import { toNumber } from "./numbers.ts";

/** How many words an analyzer finds in a text; searched as an integer. */
export const tokenCountType: FieldType = {
  name: "token_count",
  parameters: {
    analyzer: isText,
    boost: isNumber,
    doc_values: isFlag,
    enable_position_increments: isFlag,
    index: isFlag,
    null_value: isAnything,
    store: isFlag,
  },
  required: ["analyzer"],
  compile(definition, analysis) {
    const analyzer = analysis.analyzer(String(definition.analyzer));
    const countsGaps = flag(definition, "enable_position_increments", true);
    const isNull = definition.null_value !== undefined;
    const count = (text: string): number => {
      const tokens = analyzer?.tokens(text);
      if (tokens === undefined) return 0;
      return countsGaps ? tokens.next : new Set(tokens.positions.slice(0, tokens.count)).size;
    };
    return {
      family: "number",
      docValues: flag(definition, "doc_values", true),
      parse: (value) => (isNull && value === definition.null_value ? toNumber(value) : count(toText(value))),
      parseQuery(value) {
        const number = toNumber(value);
        if (Number.isNaN(number)) throw new InvalidValue("not a number of words");
        return number;
      },
    };
  },
};

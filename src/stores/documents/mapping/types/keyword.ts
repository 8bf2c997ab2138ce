import { spaced } from "../analysis/tokenizers/characters.ts";
import { Tokens } from "../analysis/tokens.ts";
import { InvalidValue } from "../invalid-value.ts";
import { type FieldType, flag, isAnything, isCount, isFlag, isNumber, isOneOf, isText } from "./field-type.ts";

/** Longer terms cannot be indexed, in bytes of UTF-8. */
export const maxTermBytes = 32_766;

/** Scalars become text as JSON writes them. */
export function toText(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw new InvalidValue("expected a text, found an object");
}

const spaces = spaced();

function cutAtSpaces(text: string): readonly string[] {
  const tokens = new Tokens();
  spaces(text, tokens, 0);
  return tokens.terms.slice(0, tokens.count);
}

export const keywordType: FieldType = {
  name: "keyword",
  parameters: {
    boost: isNumber,
    doc_values: isFlag,
    eager_global_ordinals: isFlag,
    ignore_above: isCount,
    index: isFlag,
    index_options: isOneOf("docs", "freqs"),
    normalizer: isText,
    norms: isFlag,
    null_value: isAnything,
    similarity: isOneOf("BM25", "boolean"),
    split_queries_on_whitespace: isFlag,
    store: isFlag,
  },
  compile(definition, analysis) {
    const ignoreAbove =
      definition.ignore_above === undefined ? Number.POSITIVE_INFINITY : Number(definition.ignore_above);
    const normalizer =
      definition.normalizer === undefined ? undefined : analysis.normalizer(String(definition.normalizer));
    const normalize = (value: unknown): string => {
      const text = toText(value);
      return normalizer === undefined ? text : normalizer(text);
    };
    return {
      family: "keyword",
      docValues: flag(definition, "doc_values", true),
      ...(normalizer === undefined ? {} : { normalizer }),
      ...(flag(definition, "split_queries_on_whitespace", false) ? { cutQuery: cutAtSpaces } : {}),
      parse(value) {
        const text = toText(value);
        if (text.length > ignoreAbove) return undefined;
        if (text.length * 3 > maxTermBytes && Buffer.byteLength(text) > maxTermBytes) {
          throw new InvalidValue(`a term is longer than ${maxTermBytes} bytes (use "ignore_above")`);
        }
        return normalizer === undefined ? text : normalizer(text);
      },
      parseQuery: normalize,
    };
  },
};

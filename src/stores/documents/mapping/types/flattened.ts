import { isPlainObject } from "../../../../kernel/index.ts";
import { InvalidValue } from "../invalid-value.ts";
import { type FieldType, flag, isCount, isFlag, isNumber, isOneOf, isText } from "./field-type.ts";
import { maxTermBytes, toText } from "./keyword.ts";

/** Between the key and the value of a keyed term. */
export const keyEnd = "\0";

/** A whole object as the texts of its leaves, found by their keys (`field.a.b`) or by any of them (`field`). */
export const flattenedType: FieldType = {
  name: "flattened",
  parameters: {
    boost: isNumber,
    depth_limit: isCount,
    doc_values: isFlag,
    eager_global_ordinals: isFlag,
    ignore_above: isCount,
    index: isFlag,
    index_options: isOneOf("docs", "freqs"),
    null_value: isText,
    similarity: isOneOf("BM25", "boolean"),
    split_queries_on_whitespace: isFlag,
  },
  compile(definition) {
    const ignoreAbove = Number(definition.ignore_above ?? Number.POSITIVE_INFINITY);
    const depthLimit = Number(definition.depth_limit ?? 20);
    const nullValue = typeof definition.null_value === "string" ? definition.null_value : undefined;
    return {
      family: "keyword",
      hasKeys: true,
      docValues: flag(definition, "doc_values", true),
      parse: toText,
      parseQuery: toText,
      parseMany(value) {
        if (!isPlainObject(value)) throw new InvalidValue("only objects can be flattened");
        const plain: string[] = [];
        const keyed: string[] = [];
        const add = (text: string, key: string): void => {
          if (text.length > ignoreAbove) return;
          if (key.includes(keyEnd)) throw new InvalidValue("a key holds the character 0");
          const term = key + keyEnd + text;
          if (term.length * 3 > maxTermBytes && Buffer.byteLength(term) > maxTermBytes)
            throw new InvalidValue(`a key and its value are longer than ${maxTermBytes} bytes (use "ignore_above")`);
          plain.push(text);
          keyed.push(term);
        };
        const walk = (inner: unknown, key: string, depth: number): void => {
          if (Array.isArray(inner)) {
            if (depth > depthLimit) throw tooDeep(depthLimit);
            for (const element of inner) walk(element, key, Array.isArray(element) ? depth + 1 : depth);
          } else if (isPlainObject(inner)) {
            if (depth > depthLimit) throw tooDeep(depthLimit);
            for (const name in inner) walk(inner[name], key === "" ? name : `${key}.${name}`, depth + 1);
          } else if (inner !== null && inner !== undefined) add(toText(inner), key);
          else if (nullValue !== undefined) add(nullValue, key);
        };
        walk(value, "", 0);
        return { plain, keyed };
      },
    };
  },
};

function tooDeep(limit: number): InvalidValue {
  return new InvalidValue(`the object is deeper than ${limit} levels (depth_limit)`);
}

import { isPlainObject, type JSONObject } from "../../../../kernel/index.ts";
import type { Mappings } from "../../document-store.ts";
import { InvalidValue } from "../invalid-value.ts";
import { type FieldType, isText } from "./field-type.ts";
import { toText } from "./keyword.ts";

/** The same text in all documents, whether they say it or not; that of the first document, unless the mapping has it. */
export const constantKeywordType: FieldType = {
  name: "constant_keyword",
  parameters: { value: (value) => isText(value) || typeof value === "number" },
  compile({ value: constant }) {
    return {
      family: "constant",
      isUnweighed: true,
      parse(value) {
        const text = toText(value);
        if (constant === undefined || text === String(constant)) return text;
        throw new InvalidValue(`all documents have "${String(constant)}"`);
      },
      parseQuery: toText,
    };
  },
};

/** A mapping in which the field of a path has its value. */
export function setConstant(mappings: Mappings, path: string, value: string): Mappings {
  const within = (
    properties: Readonly<Record<string, unknown>>,
    names: readonly string[],
  ): Record<string, JSONObject> => {
    const entries = Object.entries(properties).flatMap(([name, definition]): [string, JSONObject][] => {
      if (!isPlainObject(definition)) return [];
      if (name !== names[0]) return [[name, definition]];
      if (names.length === 1) return [[name, { ...definition, value }]];
      const rest = names.slice(1);
      const part = isPlainObject(definition.fields) ? "fields" : "properties";
      const inner = definition[part];
      return [[name, isPlainObject(inner) ? { ...definition, [part]: within(inner, rest) } : definition]];
    });
    return Object.fromEntries(entries);
  };
  return { ...mappings, properties: within(mappings.properties ?? {}, path.split(".")) };
}

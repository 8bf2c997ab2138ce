import { compileDateFormat, defaultDateFormatName } from "../dates/date-format.ts";
import { InvalidValue } from "../invalid-value.ts";
import { type FieldType, flag, isAnything, isFlag, isNumber, isText } from "./field-type.ts";

export const dateType: FieldType = {
  name: "date",
  parameters: {
    boost: isNumber,
    doc_values: isFlag,
    format: (value) => typeof value === "string" && compileDateFormat(value) !== undefined,
    ignore_malformed: isFlag,
    index: isFlag,
    locale: isText,
    null_value: isAnything,
    store: isFlag,
  },
  compile(definition) {
    const name = String(definition.format ?? defaultDateFormatName);
    const format = compileDateFormat(name);
    if (format === undefined) throw new InvalidValue(`date format "${name}" is not known`);
    const parse = (value: unknown): number => {
      const ms = typeof value === "string" || typeof value === "number" ? format.parse(value) : undefined;
      if (ms === undefined) throw new InvalidValue(`not a date of format ${name}`);
      return ms;
    };
    return { family: "number", format, docValues: flag(definition, "doc_values", true), parse };
  },
};

import { compileDateFormat, defaultDateFormatName } from "../dates/date-format.ts";
import { InvalidValue } from "../invalid-value.ts";
import { type FieldType, flag, isAnything, isFlag, isNumber, isText } from "./field-type.ts";

/** Latest instant that nanoseconds since 1970 can say, in milliseconds. */
const lastOfNanos = 9_223_372_036_854;

/** The farthest instant from 1970 that can be printed, in milliseconds: the year 275760. */
const farthest = 8.64e15;

const parameters = {
  boost: isNumber,
  doc_values: isFlag,
  format: (value: unknown) => typeof value === "string" && compileDateFormat(value) !== undefined,
  ignore_malformed: isFlag,
  index: isFlag,
  locale: isText,
  null_value: isAnything,
  store: isFlag,
};

const dateOf = (name: "date" | "date_nanos"): FieldType => ({
  name,
  parameters,
  compile(definition) {
    const formatName = String(definition.format ?? defaultDateFormatName);
    const format = compileDateFormat(formatName);
    if (format === undefined) throw new InvalidValue(`date format "${formatName}" is not known`);
    const parse = (value: unknown): number => {
      const ms = typeof value === "string" || typeof value === "number" ? format.parse(value) : undefined;
      if (ms === undefined || Math.abs(ms) > farthest) throw new InvalidValue(`not a date of format ${formatName}`);
      if (name === "date_nanos" && !(ms >= 0 && ms <= lastOfNanos))
        throw new InvalidValue("nanoseconds cannot say dates before 1970 or after 2262");
      return ms;
    };
    return { family: "number", format, docValues: flag(definition, "doc_values", true), parse };
  },
});

export const dateType = dateOf("date");
/** Kept in milliseconds, as a date; what differs is the span of time, and how sort values read. */
export const dateNanosType = dateOf("date_nanos");

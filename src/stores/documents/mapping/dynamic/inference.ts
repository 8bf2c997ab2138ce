import type { JSONObject } from "../../../../kernel/index.ts";
import type { Mappings } from "../../document-store.ts";
import { compileDateFormat, type DateFormat } from "../dates/date-format.ts";
import { parseIsoDate } from "../dates/iso-date.ts";
import { compileTemplates, type DynamicTemplate, fillTemplate, type ValueKind } from "./dynamic-template.ts";

/** The definition that an unknown field gets from a value: from the first template that fits, else by what the value looks like. */
export interface Inference {
  /** Of a string, number or boolean. `asRuntime`: one field of the plain type, as `dynamic: "runtime"` has it. */
  ofScalar(value: string | number | boolean, path: string, name: string, asRuntime: boolean): JSONObject;
  /** Of an object; undefined without a template. */
  ofObject(path: string, name: string): JSONObject | undefined;
}

const whole = /^[+-]?\d+$/;
const decimal = /^\s*[+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[dDfF]?)\s*$/;
const slashDate = /^\d{4}\/\d{2}\/\d{2}( \d{2}:\d{2}:\d{2})?$/;
const slashFormat = "yyyy/MM/dd HH:mm:ss||yyyy/MM/dd||epoch_millis";

/** The type of a kind where no template says another. */
const typeOfKind: Readonly<Record<ValueKind, string>> = {
  object: "object",
  string: "text",
  long: "long",
  double: "float",
  boolean: "boolean",
  date: "date",
  binary: "binary",
};
const runtimeType: Readonly<Partial<Record<ValueKind, string>>> = { string: "keyword", double: "double" };

/** Reads what a mapping says of unknown fields. Errors as {@link compileTemplates}; formats that are not known never fit. */
export function createInference(mappings: Mappings): Inference {
  const templates = compileTemplates(mappings.dynamic_templates);
  const detectsDates = isOn(mappings.date_detection, true);
  const detectsNumbers = isOn(mappings.numeric_detection, false);
  const formats = mappings.dynamic_date_formats
    ?.map((name) => compileDateFormat(name))
    .filter((format): format is DateFormat => format !== undefined);

  const kindOf = (value: string | number | boolean): { kind: ValueKind; format?: string } => {
    if (typeof value === "boolean") return { kind: "boolean" };
    // Beyond 1e21 JSON writes an exponent, which the reference takes for a decimal.
    if (typeof value === "number")
      return { kind: Number.isInteger(value) && Math.abs(value) < 1e21 ? "long" : "double" };
    const isWhole = value.length < 20 && whole.test(value);
    const isDecimal = isWhole || (value.length < 400 && decimal.test(value));
    if (isWhole && detectsNumbers) return { kind: "long" };
    if (isDecimal && detectsNumbers) return { kind: "double" };
    // Texts of digits are too often no dates, although a year would be one.
    if (isDecimal || !detectsDates || value.length > 100) return { kind: "string" };
    if (formats === undefined) {
      if (value.includes("-") && parseIsoDate(value) !== undefined) return { kind: "date" };
      if (slashDate.test(value) && slashDates?.parse(value) !== undefined) return { kind: "date", format: slashFormat };
      return { kind: "string" };
    }
    const fitting = formats.find((format) => format.parse(value) !== undefined);
    return fitting === undefined ? { kind: "string" } : { kind: "date", format: fitting.name };
  };

  return {
    ofScalar(value, path, name, asRuntime) {
      const { kind, format } = kindOf(value);
      const dated = format === undefined ? {} : { format };
      const template = findTemplate(templates, path, name, kind);
      const type = (asRuntime ? runtimeType[kind] : undefined) ?? typeOfKind[kind];
      if (template !== undefined) {
        const filled = fillTemplate(template.mapping, name, type);
        return filled.type === "date" && kind === "date" ? { ...dated, ...filled } : filled;
      }
      if (kind === "string" && !asRuntime)
        return { type: "text", fields: { keyword: { type: "keyword", ignore_above: 256 } } };
      return { type, ...dated };
    },
    ofObject(path, name) {
      const template = findTemplate(templates, path, name, "object");
      return template === undefined ? undefined : fillTemplate(template.mapping, name, "object");
    },
  };
}

const slashDates = compileDateFormat(slashFormat);

function findTemplate(
  templates: readonly DynamicTemplate[],
  path: string,
  name: string,
  kind: ValueKind,
): DynamicTemplate | undefined {
  return templates.find((template) => template.fits(path, name, kind));
}

function isOn(value: unknown, byDefault: boolean): boolean {
  return value === undefined ? byDefault : value === true || value === "true";
}

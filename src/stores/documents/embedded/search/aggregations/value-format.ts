import type { FieldNode } from "../../../mapping/compile-mapping.ts";
import { compileDateFormat } from "../../../mapping/dates/date-format.ts";
import { parseDateMath } from "../../../mapping/dates/date-math.ts";
import { type TimeZone, utc } from "../../../mapping/dates/time-zone.ts";
import { malformed } from "../query/parameters.ts";
import { compileNumberPattern, printDouble } from "./number-pattern.ts";

/** How the values of an aggregation are written and read. */
export interface ValueFormat {
  readonly kind: "plain" | "date" | "boolean" | "pattern";
  /** As a request names it; of dates only. */
  readonly name?: string;
  print(value: number): string;
  /** The number that a text of a request stands for; undefined when it is none. */
  parse(text: string, now: number): number | undefined;
}

/** Numbers say everything themselves; their text is only wanted where they are names. */
export const plainFormat: ValueFormat = { kind: "plain", print: printDouble, parse: parseNumber };

const booleanFormat: ValueFormat = {
  kind: "boolean",
  print: (value) => String(value !== 0),
  parse: (text) => (text === "true" ? 1 : text === "false" || text === "" ? 0 : undefined),
};

function parseNumber(text: string): number | undefined {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isNaN(value) ? undefined : value;
}

/** Error (400) for a value of a request that the field cannot have, with how it is written. */
export function notOfField(value: unknown, { kind, name }: ValueFormat, place: string): Error {
  const wanted = kind === "boolean" ? "true or false" : kind === "date" ? `a date written as ${name}` : "a number";
  return malformed(`[${place}] ${JSON.stringify(value)} is not a value of the field: it takes ${wanted}.`);
}

/** Beyond it there are no dates. */
const mostMs = 8.64e15;

export function dateValueFormat(name: string, zone: TimeZone, place: string): ValueFormat {
  const format = compileDateFormat(name);
  if (format === undefined) throw malformed(`[${place}.format] "${name}" is not a date format.`);
  return {
    kind: "date",
    name,
    // Averages lie between milliseconds, and sums of squares beyond all dates.
    print: (value) => (Math.abs(value) > mostMs ? printDouble(value) : format.print(Math.trunc(value), zone)),
    parse: (text, now) => parseDateMath(text, format, now, false, zone),
  };
}

const isoName = "strict_date_optional_time||epoch_millis";

/** What is asked of the values of one field. */
export interface FormatOptions {
  readonly format: string | undefined;
  readonly zone: TimeZone;
  /** What an unmapped field is taken for. */
  readonly valueType: string | undefined;
}

/**
 * The format of a field's values in an aggregation. `unmapped` says what the aggregation takes a field for that is not in the mapping.
 * Errors (400): a format that is none, or is given to a field that takes none.
 */
export function formatOf(
  node: FieldNode | undefined,
  { format, zone, valueType }: FormatOptions,
  place: string,
  unmapped: "number" | "date" = "number",
): ValueFormat {
  const type = node?.type ?? valueType ?? unmapped;
  if (type === "boolean" || node?.family === "keyword") {
    if (format !== undefined)
      throw malformed(`[${place}] field "${node?.path ?? ""}" of type ${type} takes no "format".`);
    return type === "boolean" ? booleanFormat : plainFormat;
  }
  if (node?.format !== undefined || type === "date")
    return dateValueFormat(format ?? node?.format?.name ?? isoName, zone, place);
  if (format === undefined) return plainFormat;
  const print = compileNumberPattern(format);
  if (print === undefined)
    throw malformed(`[${place}.format] "${format}" is not a pattern for numbers such as "#,##0.00".`);
  return { kind: "pattern", print, parse: parseNumber };
}

/** Whether the text of a value stands beside it (`value_as_string`). */
export function isPrinted(format: ValueFormat): boolean {
  return format.kind !== "plain";
}

export const isoFormat: ValueFormat = dateValueFormat(isoName, utc, "date");

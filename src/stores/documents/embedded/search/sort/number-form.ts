import { compileDateFormat } from "../../../mapping/dates/date-format.ts";
import type { QueryField } from "../query/context.ts";
import { malformed } from "../query/parameters.ts";
import { parseTerm } from "../query/term-clauses.ts";
import type { NumericType, SortKey } from "./parse-sort.ts";

type FieldKey = SortKey & { readonly kind: "field" };

/** Which numbers a field is sorted by, and how they are read and answered. */
export interface NumberForm {
  /** The values are decimal ones, of which the whole parts count. */
  readonly isTruncated: boolean;
  /** The key of a number that stands in for a missing one. Errors: `unexpected_bad_request` when it is none. */
  standIn(value: unknown): number;
  print(key: number): unknown;
  /** The key of a value of `search_after`. */
  keyOf(value: unknown): number;
}

const decimalTypes: ReadonlySet<string> = new Set(["float", "half_float", "double", "scaled_float"]);
const nanosInMilli = 1_000_000;

/** Whether averages of a field are whole numbers. */
export function isSortedWhole({ numericType }: FieldKey, { node }: QueryField): boolean {
  return numericType === undefined ? !decimalTypes.has(node.type) : numericType !== "double";
}

const singleTypes: ReadonlySet<string> = new Set(["float", "half_float"]);

/** Whether a field is sorted by numbers of 32 bits. */
export function isSortedSingle({ numericType }: FieldKey, { node }: QueryField): boolean {
  return numericType === undefined && singleTypes.has(node.type);
}

/** For fields whose `numeric_type` was checked. */
export function numberFormOf(key: FieldKey, field: QueryField): NumberForm {
  const { numericType } = key;
  const { node } = field;
  const isWhole = isSortedWhole(key, field);
  const rounded = isSortedSingle(key, field) ? Math.fround : (value: number) => value;
  const format = key.format === undefined ? undefined : compileDateFormat(key.format);
  const parse = (value: unknown): number => Number(parseTerm(node, value));
  // Dates are kept in milliseconds, also where they are answered in nanoseconds.
  const unit = isInNanos(node.type, numericType) ? nanosInMilli : 1;
  return {
    isTruncated: isWhole && decimalTypes.has(node.type),
    standIn(value) {
      if (typeof value === "number") return (isWhole ? Math.trunc(value) : rounded(value)) / unit;
      if (numericType === undefined) return parse(value);
      const pattern = isWhole ? /^[+-]?\d+$/ : /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
      if (typeof value === "string" && pattern.test(value)) return Number(value) / unit;
      throw malformed(`[sort.${key.field}.missing] ${JSON.stringify(value)} is no number of type ${numericType}.`);
    },
    print: (value) => (format !== undefined ? format.print(value) : unit === 1 ? value : Math.round(value * unit)),
    keyOf(value) {
      if (typeof value === "number") return rounded(value) / unit;
      return (typeof value === "string" ? format?.parse(value) : undefined) ?? parse(value);
    },
  };
}

/** Errors: `unexpected_bad_request` for a `numeric_type` that the field cannot have. */
export function checkNumericType({ field, numericType }: FieldKey, node: QueryField["node"]): void {
  if (numericType === undefined) return;
  if (node.family === "number" && (numericType !== "date_nanos" || node.format !== undefined)) return;
  throw malformed(`[sort.${field}.numeric_type] "${numericType}" does not go with fields of type ${node.type}.`);
}

function isInNanos(type: string, numericType: NumericType | undefined): boolean {
  if (numericType === "date_nanos") return true;
  return type === "date_nanos" && (numericType === undefined || numericType === "long");
}

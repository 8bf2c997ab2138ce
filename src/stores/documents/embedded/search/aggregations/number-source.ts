import type { JSONObject } from "../../../../../kernel/index.ts";
import type { FieldNode } from "../../../mapping/compile-mapping.ts";
import { parseTimeZone, type TimeZone, utc } from "../../../mapping/dates/time-zone.ts";
import type { QueryContext } from "../query/context.ts";
import { malformed, textOf } from "../query/parameters.ts";
import { parseTerm } from "../query/term-clauses.ts";
import type { NumberField } from "../segment/number-field.ts";
import { aggregatedField } from "./aggregator.ts";
import { type FormatOptions, formatOf, notOfField, plainFormat, type ValueFormat } from "./value-format.ts";

/** Members that aggregations of values share. */
export const valueMembers: readonly string[] = ["field", "missing", "format", "value_type", "time_zone"];

const valueTypes: ReadonlySet<string> = new Set(
  "string byte short integer int long float double number numeric date ip boolean".split(" "),
);

export interface ValueOptions extends FormatOptions {
  readonly field: string;
  /** Stands in for documents without value; undefined: they are left out. */
  readonly missing: unknown;
}

/** Errors (400): no field, no such zone or type of values. */
export function valueOptions(options: JSONObject, place: string): ValueOptions {
  const { missing, format, value_type: valueType, time_zone: zone } = options;
  if (valueType !== undefined && !(typeof valueType === "string" && valueTypes.has(valueType)))
    throw malformed(`[${place}.value_type] ${JSON.stringify(valueType)} is no type of values.`);
  return {
    field: textOf(options.field, `${place}.field`),
    missing: missing ?? undefined,
    format: format === undefined || format === null ? undefined : textOf(format, `${place}.format`),
    zone: zone === undefined || zone === null ? utc : zoneOf(zone, place),
    valueType,
  };
}

export function zoneOf(value: unknown, place: string): TimeZone {
  const zone =
    typeof value === "number" ? parseTimeZone(`${value < 0 ? "-" : "+"}${Math.abs(value)}`) : parseZone(value);
  if (zone === undefined) throw malformed(`[${place}.time_zone] ${JSON.stringify(value)} is not a time zone.`);
  return zone;
}

const parseZone = (value: unknown): TimeZone | undefined =>
  typeof value === "string" ? parseTimeZone(value) : undefined;

/** The numbers of one field, segment by segment. */
export class NumberSource {
  readonly #options: ValueOptions;
  readonly #place: string;
  readonly #unmapped: "number" | "date";
  #isKnown = false;
  store: NumberField | undefined;
  /** Of all documents of the segment, NaN for those without, where none has two. */
  column: Float64Array | undefined;
  /** NaN: documents without value are left out. */
  missing = Number.NaN;
  format: ValueFormat = plainFormat;

  constructor(options: ValueOptions, place: string, unmapped: "number" | "date" = "number") {
    this.#options = options;
    this.#place = place;
    this.#unmapped = unmapped;
    // A format that is none fails whether there are documents or not; which of both kinds it has to be the field says.
    if (options.format === undefined) this.format = formatOf(undefined, options, place, unmapped);
  }

  /** Whether there can be a value. */
  get isAnswered(): boolean {
    return this.#isKnown || !Number.isNaN(this.missing);
  }

  open(context: QueryContext): void {
    const { field: path } = this.#options;
    const field = aggregatedField(context, path, this.#place);
    if (field !== undefined && field.node.family !== "number") {
      throw malformed(`[${this.#place}] needs a number or date; field "${path}" is of type ${field.node.type}.`);
    }
    this.store = field?.store?.kind === "number" ? field.store : undefined;
    const { store } = this;
    this.column = store?.isMultiple === false && store.values.length >= context.maxDoc ? store.values : undefined;
    if (field !== undefined || !this.#isKnown) this.describe(field?.node, context.now);
  }

  /** Reads the options as the field has its values. */
  describe(node: FieldNode | undefined, now: number): void {
    this.format = formatOf(node, this.#options, this.#place, this.#unmapped);
    this.missing = missingNumber(this.#options.missing, this.format, now, this.#place);
    if (this.#unmapped === "date") this.missing = Math.trunc(this.missing);
    this.#isKnown = node !== undefined;
  }
}

export const fractionTypes: ReadonlySet<string> = new Set(["float", "double", "half_float", "scaled_float"]);

/** The number that stands in for a missing value; NaN when nothing does. */
export function missingNumber(missing: unknown, format: ValueFormat, now: number, place: string): number {
  if (missing === undefined) return Number.NaN;
  let value: number | undefined;
  const isBoolean = format.kind === "boolean";
  if (typeof missing === "number" && !isBoolean)
    value = format.kind === "date" ? format.parse(String(missing), now) : missing;
  else if (typeof missing === "boolean" && isBoolean) value = missing ? 1 : 0;
  else if (typeof missing === "string") value = format.parse(missing, now);
  if (value === undefined || Number.isNaN(value)) throw notOfField(missing, format, `${place}.missing`);
  return value;
}

/** Fields of whole numbers cut fractions off where numbers are keys. */
export function wholeOf(node: FieldNode | undefined, value: number): number {
  return node === undefined || fractionTypes.has(node.type) ? value : Math.trunc(value);
}

/** The term that stands in for a missing text or address. Error (400): no address. */
export function missingTerm(node: FieldNode | undefined, missing: unknown): string {
  return node?.type === "ip" ? String(parseTerm(node, missing)) : String(missing);
}

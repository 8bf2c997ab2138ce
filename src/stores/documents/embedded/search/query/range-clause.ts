import type { JSONObject } from "../../../../../kernel/index.ts";
import { isPlainObject } from "../../../../../kernel/index.ts";
import type { FieldNode } from "../../../mapping/compile-mapping.ts";
import { compileDateFormat, type DateFormat } from "../../../mapping/dates/date-format.ts";
import { parseDateMath } from "../../../mapping/dates/date-math.ts";
import { parseTimeZone, type TimeZone, utc } from "../../../mapping/dates/time-zone.ts";
import { exactProduct } from "../../../mapping/types/exact-product.ts";
import { neighbour } from "../../../mapping/types/neighbour.ts";
import { readNumber } from "../../../mapping/types/numbers.ts";
import { anyOfTerms } from "./any-of-terms.ts";
import type { ClauseTable } from "./clause-table.ts";
import { NoneMatcher } from "./matchers/matcher.ts";
import { RangeMatcher } from "./matchers/number-matcher.ts";
import { boostOf, fieldClause, malformed, onlyKnown, textOf } from "./parameters.ts";
import { dateEnds, rangesMatcher, relationOf, searchedBounds } from "./range-field.ts";
import { assertIndexed, parseTerm } from "./term-clauses.ts";

/** Bounds of a range; undefined is open. The long form `from`, `to`, `include_lower`, `include_upper` means the same. */
export interface Bounds {
  readonly low: unknown;
  readonly high: unknown;
  readonly includeLow: boolean;
  readonly includeHigh: boolean;
}

const members = [
  "gt",
  "gte",
  "lt",
  "lte",
  "from",
  "to",
  "include_lower",
  "include_upper",
  "format",
  "time_zone",
  "relation",
];

export const rangeClauses: ClauseTable = {
  *range(body, context) {
    const clause = fieldClause(body, "range");
    const place = `range.${clause.field}`;
    if (!isPlainObject(clause.value)) throw malformed(`[${place}] must be an object with gt, gte, lt or lte.`);
    onlyKnown(clause.value, members, place);
    const bounds = readBounds(clause.value);
    const own = clause.boost * boostOf(clause.value, place);
    const field = context.field(clause.field);
    if (field === undefined) return new NoneMatcher();
    const { node, store } = field;
    // Terms and ranges are not boosted by their mapping, as the reference engine has it.
    const boost = node.family === "number" || node.type === "ip" ? own * node.boost : own;
    const relation = relationOf(clause.value.relation, place);
    assertIndexed(node);
    const isOpen = bounds.low === undefined && bounds.high === undefined;
    // Whatever the type: all that has a value.
    if (isOpen && (node.range !== undefined || node.family === "geo_point"))
      return yield* context.compile({ exists: { field: clause.field, boost } });
    if (node.range !== undefined) {
      const isDate = node.format !== undefined;
      const ends = isDate
        ? dateEnds(node.range, ...numericBounds(node, bounds, clause.value, context.now, place), bounds, place)
        : searchedBounds(node, node.range, bounds, clause.value, place);
      return yield* rangesMatcher(field, ends, relation, boost, context);
    }
    if (node.family === "number") {
      const [low, high] = numericBounds(node, bounds, clause.value, context.now, place);
      return store?.kind === "number" && low <= high ? new RangeMatcher(store, low, high, boost) : new NoneMatcher();
    }
    if (node.family !== "keyword" && node.family !== "text") {
      throw malformed(`[range] cannot be used on field "${node.path}" of type ${node.type}.`);
    }
    const low = bounds.low === undefined ? undefined : String(parseTerm(node, bounds.low));
    const high = bounds.high === undefined ? undefined : String(parseTerm(node, bounds.high));
    if (store?.kind !== "keyword" && store?.kind !== "text") return new NoneMatcher();
    const excluded = { excludeLow: !bounds.includeLow, excludeHigh: !bounds.includeHigh };
    const ords = yield* store.dictionary.range({ low, high, ...excluded });
    return yield* anyOfTerms(store, ords, boost, context);
  },
};

/** Whether the bounds are values of a field's type. */
export function isRangeOf(node: FieldNode, range: JSONObject, now: number): boolean {
  if (!node.indexed) return false;
  const bounds = readBounds(range);
  try {
    if (node.range !== undefined && node.format === undefined) searchedBounds(node, node.range, bounds, range, "range");
    else if (node.range !== undefined || node.family === "number") numericBounds(node, bounds, range, now, "range");
    else if (node.family === "keyword") for (const end of [bounds.low, bounds.high]) parseTerm(node, end ?? "::");
    else return node.family === "text";
    return true;
  } catch {
    return false;
  }
}

/** Of two lower or two upper bounds the last one counts. */
export function readBounds(range: JSONObject): Bounds {
  const bounds: { -readonly [Name in keyof Bounds]: Bounds[Name] } = {
    low: undefined,
    high: undefined,
    includeLow: true,
    includeHigh: true,
  };
  const isOn = (value: unknown): boolean => value !== false && value !== "false";
  for (const [name, value] of Object.entries(range)) {
    const end = value ?? undefined;
    if (name === "gt" || name === "gte") bounds.includeLow = name === "gte" || end === undefined;
    if (name === "lt" || name === "lte") bounds.includeHigh = name === "lte" || end === undefined;
    if (name === "gt" || name === "gte" || name === "from") bounds.low = end;
    else if (name === "lt" || name === "lte" || name === "to") bounds.high = end;
    else if (name === "include_lower") bounds.includeLow = isOn(value);
    else if (name === "include_upper") bounds.includeHigh = isOn(value);
  }
  return bounds;
}

/** Lowest and highest number of the range, both included. */
function numericBounds(
  node: FieldNode,
  bounds: Bounds,
  range: JSONObject,
  now: number,
  place: string,
): [number, number] {
  const { low, high, includeLow, includeHigh } = bounds;
  if (node.format !== undefined) {
    const zone = zoneOf(range.time_zone, place);
    const format = formatOf(range.format, node.format, place);
    // "gt" leaves out all of what the text names, and "lte" takes all of it: both round up.
    const from = low === undefined ? Number.NEGATIVE_INFINITY : dateBound(low, format, now, !includeLow, zone, place);
    const to = high === undefined ? Number.POSITIVE_INFINITY : dateBound(high, format, now, includeHigh, zone, place);
    return [includeLow ? from : from + 1, includeHigh ? to : to - 1];
  }
  const isWhole =
    node.type !== "float" && node.type !== "double" && node.type !== "half_float" && node.type !== "scaled_float";
  const from = low === undefined ? Number.NEGATIVE_INFINITY : Number(parseTerm(node, low));
  const to = high === undefined ? Number.POSITIVE_INFINITY : Number(parseTerm(node, high));
  if (isWhole)
    return [includeLow ? Math.ceil(from) : Math.floor(from) + 1, includeHigh ? Math.floor(to) : Math.ceil(to) - 1];
  if (node.type === "scaled_float") return scaledBounds(node, bounds);
  if (node.type === "half_float") {
    // A bound that the type cannot hold lies between two values: it is not rounded.
    const [least, most] = [
      Math.fround(readNumber(low ?? -Infinity, false)),
      Math.fround(readNumber(high ?? Infinity, false)),
    ];
    return [includeLow ? least : neighbour(least, true, true), includeHigh ? most : neighbour(most, false, true)];
  }
  const fine = node.type === "double";
  return [includeLow ? from : neighbour(from, true, fine), includeHigh ? to : neighbour(to, false, fine)];
}

/** The multiples of a scaled number's unit that lie inside of the bounds. */
function scaledBounds({ definition }: FieldNode, { low, high, includeLow, includeHigh }: Bounds): [number, number] {
  const factor = Number(definition.scaling_factor);
  const least = exactProduct(readNumber(low ?? Number.NEGATIVE_INFINITY, false), factor);
  const most = exactProduct(readNumber(high ?? Number.POSITIVE_INFINITY, false), factor);
  return [
    Math.ceil(includeLow ? least : neighbour(least, true, true)) / factor,
    Math.floor(includeHigh ? most : neighbour(most, false, true)) / factor,
  ];
}

export function zoneOf(value: unknown, place: string): TimeZone {
  if (value === undefined) return utc;
  const zone = parseTimeZone(textOf(value, `${place}.time_zone`));
  if (zone === undefined) throw malformed(`[${place}.time_zone] "${String(value)}" is not a time zone.`);
  return zone;
}

export function formatOf(value: unknown, byDefault: DateFormat, place: string): DateFormat {
  if (value === undefined) return byDefault;
  const format = compileDateFormat(textOf(value, `${place}.format`));
  if (format === undefined) throw malformed(`[${place}.format] "${String(value)}" is not a date format.`);
  return format;
}

export function dateBound(
  value: unknown,
  format: DateFormat,
  now: number,
  roundUp: boolean,
  zone: TimeZone,
  place: string,
): number {
  const isScalar = typeof value === "string" || typeof value === "number";
  const ms = isScalar ? parseDateMath(value, format, now, roundUp, zone) : undefined;
  if (ms === undefined) throw malformed(`[${place}] ${JSON.stringify(value)} is not a date of format ${format.name}.`);
  return ms;
}

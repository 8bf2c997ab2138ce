import { isPlainObject, type JSONObject } from "../../../../../kernel/index.ts";
import { InvalidValue } from "../../../mapping/invalid-value.ts";
import type { GeoPoint } from "../../../mapping/types/field-type.ts";
import { parseGeoPoint } from "../../../mapping/types/geo-point.ts";
import { unitMetres } from "../query/geo/geo-distance.ts";
import { flagOf, malformed, onlyKnown, textOf } from "../query/parameters.ts";

/** As which numbers values are compared. */
export type NumericType = "long" | "double" | "date" | "date_nanos";

export type SortMode = "min" | "max" | "sum" | "avg" | "median";

/** The nested objects whose values sort: those of a path, which pass a filter, in objects around them that pass filters too. */
export interface NestedSort {
  readonly path: string;
  readonly filter: unknown;
  /** By the path of the objects around. */
  readonly outer: ReadonlyMap<string, unknown>;
}

/** One key of a sort, as the request has it. */
export type SortKey = { readonly descending: boolean } & (
  | { readonly kind: "_score" | "_doc" }
  | {
      readonly kind: "field";
      readonly field: string;
      readonly missing: unknown;
      readonly mode: SortMode;
      /** What a field that is not mapped counts as. */
      readonly unmappedType: string | undefined;
      readonly nested: NestedSort | undefined;
      readonly format: string | undefined;
      readonly numericType: NumericType | undefined;
    }
  | {
      readonly kind: "geo";
      readonly field: string;
      readonly points: readonly GeoPoint[];
      readonly metres: number;
      readonly isPlane: boolean;
      readonly mode: SortMode;
      readonly unmapped: boolean;
      readonly nested: NestedSort | undefined;
    }
);

const maxNestedSteps = 20;
const numericTypes: readonly unknown[] = ["long", "double", "date", "date_nanos"];
const modes: readonly unknown[] = ["min", "max", "sum", "avg", "median"];

/** Each document is measured from all of them. */
const mostPoints = 256;

const geoNames: ReadonlySet<string> = new Set(["_geo_distance", "_geoDistance"]);

/** Reads `"f"`, `{f: "desc"}`, `{f: {order, missing, mode, unmapped_type, nested}}`, `_score`, `_doc`, `_geo_distance`, or a list of these. */
export function parseSort(sort: unknown): SortKey[] {
  if (sort === undefined || sort === null) return [];
  const list = Array.isArray(sort) ? sort : [sort];
  const keys: SortKey[] = [];
  for (const entry of list) {
    if (typeof entry === "string") {
      keys.push(entry.includes(":") ? parseShort(entry) : parseField(entry, {}));
    } else if (isPlainObject(entry)) {
      for (const [field, options] of Object.entries(entry)) {
        keys.push(geoNames.has(field) ? parseGeo(options) : parseField(field, options));
      }
    } else {
      throw malformed("[sort] takes field names and objects.");
    }
  }
  if (keys.length > 64) throw malformed("[sort] takes 64 keys at most.");
  return keys;
}

function parseShort(entry: string): SortKey {
  const at = entry.lastIndexOf(":");
  return parseField(entry.slice(0, at), entry.slice(at + 1));
}

function parseOrder(order: unknown, byDefault: string, field: string): boolean {
  const wanted = order === undefined ? byDefault : String(order).toLowerCase();
  if (wanted !== "asc" && wanted !== "desc") throw malformed(`[sort.${field}.order] must be "asc" or "desc".`);
  return wanted === "desc";
}

function parseMode(mode: unknown, descending: boolean, field: string): SortMode {
  const wanted = mode === undefined ? (descending ? "max" : "min") : String(mode).toLowerCase();
  if (!modes.includes(wanted)) throw malformed(`[sort.${field}.mode] must be one of ${modes.join(", ")}.`);
  return wanted as SortMode; // one of the list, as just checked
}

function parseField(field: string, value: unknown): SortKey {
  const options: JSONObject = isPlainObject(value) ? value : { order: value };
  if (value === null || Array.isArray(value)) throw malformed(`[sort.${field}] must be an order or an object.`);
  const known = [
    "order",
    "missing",
    "mode",
    "unmapped_type",
    "nested",
    "nested_path",
    "nested_filter",
    "numeric_type",
    "format",
    "ignore_unmapped",
  ];
  onlyKnown(options, known, `sort.${field}`);
  const descending = parseOrder(options.order, field === "_score" ? "desc" : "asc", field);
  if (field === "_score" || field === "_doc") return { kind: field, descending };
  return {
    kind: "field",
    field,
    descending,
    missing: options.missing ?? "_last",
    mode: parseMode(options.mode, descending, field),
    unmappedType: parseUnmapped(options, field),
    nested: parseNested(options, field),
    numericType: parseNumericType(options.numeric_type, field),
    format: options.format === undefined ? undefined : textOf(options.format, `sort.${field}.format`),
  };
}

function parseUnmapped(
  { unmapped_type: type, ignore_unmapped: isIgnored }: JSONObject,
  field: string,
): string | undefined {
  if (type !== undefined) return textOf(type, `sort.${field}.unmapped_type`);
  return flagOf(isIgnored, false, `sort.${field}.ignore_unmapped`) ? "long" : undefined;
}

function parseNumericType(type: unknown, field: string): NumericType | undefined {
  if (type === undefined) return undefined;
  const wanted = textOf(type, `sort.${field}.numeric_type`).toLowerCase();
  if (!numericTypes.includes(wanted))
    throw malformed(`[sort.${field}.numeric_type] must be one of ${numericTypes.join(", ")}.`);
  return wanted as NumericType; // one of the list, as just checked
}

function parseNested(options: JSONObject, field: string): NestedSort | undefined {
  const outer = new Map<string, unknown>();
  let { nested } = options;
  if (nested === undefined) {
    if (options.nested_path === undefined) return undefined;
    return { path: textOf(options.nested_path, `sort.${field}.nested_path`), filter: options.nested_filter, outer };
  }
  for (let place = `sort.${field}.nested`; ; place += ".nested") {
    if (!isPlainObject(nested)) throw malformed(`[${place}] must be an object.`);
    onlyKnown(nested, ["path", "filter", "nested"], place);
    const { filter, nested: inner } = nested;
    const path = textOf(nested.path, `${place}.path`);
    if (inner === undefined) return { path, filter, outer };
    if (outer.has(path) || outer.size > maxNestedSteps) throw malformed(`[${place}.path] does not lead any deeper.`);
    outer.set(path, filter);
    nested = inner;
  }
}

function parseGeo(value: unknown): SortKey {
  if (!isPlainObject(value)) throw malformed("[sort._geo_distance] must be an object.");
  const {
    order,
    unit = "m",
    mode,
    distance_type: type = "arc",
    nested: _nested,
    nested_path: _path,
    nested_filter: _filter,
    ignore_unmapped: ignore,
    validation_method: _method,
    ...fields
  } = value;
  const [field, ...others] = Object.keys(fields);
  if (field === undefined || others.length > 0) throw malformed("[sort._geo_distance] takes one field.");
  const descending = parseOrder(order, "asc", "_geo_distance");
  const wanted = String(type).toLowerCase();
  if (wanted !== "arc" && wanted !== "plane")
    throw malformed('[sort._geo_distance.distance_type] must be "arc" or "plane".');
  const points = readPoints(fields[field], `sort._geo_distance.${field}`);
  if (points.length > mostPoints) throw malformed(`[sort._geo_distance.${field}] takes ${mostPoints} points at most.`);
  const metres = unitMetres(String(unit), "sort._geo_distance.unit");
  const sortMode = parseMode(mode, descending, "_geo_distance");
  const nested = parseNested(value, "_geo_distance");
  // The reference engine has a quick way for the nearest in metres, and it goes over the sphere whatever is asked for.
  const isQuick = metres === 1 && !descending && points.length === 1 && sortMode === "min" && nested === undefined;
  return {
    kind: "geo",
    field,
    descending,
    points,
    metres,
    isPlane: wanted === "plane" && !isQuick,
    nested,
    mode: sortMode,
    unmapped: flagOf(ignore, false, "sort._geo_distance.ignore_unmapped"),
  };
}

/** One point in any form, or a list of points. */
export function readPoints(value: unknown, place: string): GeoPoint[] {
  const isList = Array.isArray(value) && typeof value[0] !== "number";
  try {
    return (isList ? value : [value]).map((point) => parseGeoPoint(point));
  } catch (err) {
    if (!(err instanceof InvalidValue)) throw err;
    throw malformed(`[${place}] ${err.message}.`);
  }
}

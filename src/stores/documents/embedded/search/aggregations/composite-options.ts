import { isPlainObject, type JSONObject } from "../../../../../kernel/index.ts";
import type { FieldNode } from "../../../mapping/compile-mapping.ts";
import { utc } from "../../../mapping/dates/time-zone.ts";
import { flagOf, malformed, numberOf, onlyKnown, textOf } from "../query/parameters.ts";
import { parseTerm } from "../query/term-clauses.ts";
import type { AfterReader, CompositeSource } from "./composite.ts";
import { boundsTest, tileCell } from "./geo-grid.ts";
import { zoneOf } from "./number-source.ts";
import { zoomOf } from "./options.ts";
import { dateRounding, numberRounding } from "./rounding.ts";
import { dateValueFormat } from "./value-format.ts";

const shared = ["field", "order", "missing_bucket", "value_type"];
const membersOf: Readonly<Record<CompositeSource["type"], readonly string[]>> = {
  terms: shared,
  histogram: [...shared, "interval"],
  date_histogram: [...shared, "interval", "calendar_interval", "fixed_interval", "time_zone", "offset", "format"],
  geotile_grid: [...shared, "precision", "bounds"],
};

/** `{name: {terms: {field}}}`, and the same with `histogram`, `date_histogram` or `geotile_grid`. */
export function readSource(source: unknown, place: string): CompositeSource {
  const [name, ...others] = isPlainObject(source) ? Object.keys(source) : [];
  const definition = isPlainObject(source) && name !== undefined ? source[name] : undefined;
  const [type, ...more] = isPlainObject(definition) ? Object.keys(definition) : [];
  const options = isPlainObject(definition) && type !== undefined ? definition[type] : undefined;
  if (name === undefined || type === undefined || others.length + more.length > 0 || !isPlainObject(options)) {
    throw malformed(`[${place}.sources] takes objects such as {"name": {"terms": {"field": "f"}}}.`);
  }
  const at = `${place}.${name}`;
  if (!isSourceType(type)) throw malformed(`[${at}] a source of type "${type}" is not supported.`);
  onlyKnown(options, membersOf[type], at);
  const order = textOf(options.order ?? "asc", `${at}.order`).toLowerCase();
  if (order !== "asc" && order !== "desc") throw malformed(`[${at}.order] must be "asc" or "desc".`);
  return {
    name,
    type,
    field: textOf(options.field, `${at}.field`),
    rounding: roundingOf(type, options, at),
    descending: order === "desc",
    missingBucket: flagOf(options.missing_bucket, false, at),
    format:
      options.format === undefined
        ? undefined
        : dateValueFormat(
            textOf(options.format, `${at}.format`),
            options.time_zone === undefined ? utc : zoneOf(options.time_zone, at),
            at,
          ),
    cell: type === "geotile_grid" ? tileCell(zoomOf(options.precision, at)) : undefined,
    bounds: boundsTest(options.bounds, at),
  };
}

const isSourceType = (type: string): type is CompositeSource["type"] => Object.hasOwn(membersOf, type);

function roundingOf(type: CompositeSource["type"], options: JSONObject, at: string): CompositeSource["rounding"] {
  if (type === "date_histogram") return dateRounding(options, at);
  if (type !== "histogram") return undefined;
  const interval = numberOf(options.interval, 0, `${at}.interval`);
  if (!(interval > 0)) throw malformed(`[${at}.interval] must be greater than 0.`);
  return numberRounding(interval, 0);
}

/** Reads one member of `after`. Errors (400): nothing that a key of the source can be. */
export function afterReader(value: unknown, source: CompositeSource, now: number, place: string): AfterReader {
  const at = `${place}.after.${source.name}`;
  if (value === undefined || (value === null && !source.missingBucket))
    throw malformed(`[${at}] must be a key of this source, as "after_key" had it.`);
  if (value !== null && typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean")
    throw malformed(`[${at}] must be a key of this source, as "after_key" had it.`);
  return (node) => {
    if (value === null) return null;
    if (source.type === "geotile_grid") return textOf(value, at);
    if (source.format !== undefined && typeof value === "string") {
      const ms = source.format.parse(value, now);
      if (ms === undefined) throw malformed(`[${at}] "${value}" does not have the format of the source.`);
      return ms;
    }
    return keyOf(value, node, source, at);
  };
}

function keyOf(
  value: string | number | boolean,
  node: FieldNode | undefined,
  { type }: CompositeSource,
  at: string,
): string | number {
  if (type === "terms" && node === undefined) return typeof value === "boolean" ? Number(value) : value;
  if (node?.family === "keyword") {
    if (typeof value !== "string") throw malformed(`[${at}] must be a string.`);
    return node.type === "ip" ? String(parseTerm(node, value)) : value;
  }
  if (typeof value === "boolean") return Number(value);
  if (node?.type === "boolean" && (value === "true" || value === "false")) return Number(value === "true");
  if (node?.format !== undefined && typeof value === "string") {
    const ms = Number(value);
    return Number.isNaN(ms) ? Number(parseTerm(node, value)) : ms;
  }
  return numberOf(value, 0, at);
}

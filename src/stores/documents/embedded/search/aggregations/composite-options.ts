import { isPlainObject } from "../../../../../kernel/index.ts";
import { flagOf, malformed, numberOf, onlyKnown } from "../query/parameters.ts";
import type { CompositeSource } from "./composite.ts";
import { dateFormat, fieldOf } from "./options.ts";
import { dateRounding, numberRounding } from "./rounding.ts";

/** `{name: {terms: {field}}}`, and the same with `histogram` or `date_histogram`. */
export function readSource(source: unknown, place: string): CompositeSource {
  const [name, ...others] = isPlainObject(source) ? Object.keys(source) : [];
  const definition = isPlainObject(source) && name !== undefined ? source[name] : undefined;
  const [type, ...more] = isPlainObject(definition) ? Object.keys(definition) : [];
  const options = isPlainObject(definition) && type !== undefined ? definition[type] : undefined;
  if (name === undefined || type === undefined || others.length + more.length > 0 || !isPlainObject(options)) {
    throw malformed(`[${place}.sources] takes objects such as {"name": {"terms": {"field": "f"}}}.`);
  }
  const at = `${place}.${name}`;
  if (type !== "terms" && type !== "histogram" && type !== "date_histogram")
    throw malformed(`[${at}] a source of type "${type}" is not supported.`);
  onlyKnown(
    options,
    [
      "field",
      "order",
      "missing_bucket",
      "interval",
      "calendar_interval",
      "fixed_interval",
      "time_zone",
      "offset",
      "format",
    ],
    at,
  );
  const rounding =
    type === "histogram"
      ? numberRounding(numberOf(options.interval, 1, at), 0)
      : type === "date_histogram"
        ? dateRounding(options, at)
        : undefined;
  return {
    name,
    field: fieldOf(options, at),
    rounding,
    descending: String(options.order ?? "asc") === "desc",
    missingBucket: flagOf(options.missing_bucket, false, at),
    format: dateFormat(options.format, at),
  };
}

/** A part of `after`, as the keys are kept. */
export function readAfter(value: unknown, source: CompositeSource): string | number | null {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "string" && source.format !== undefined) return source.format.parse(value) ?? value;
  return typeof value === "string" || typeof value === "number" ? value : null;
}

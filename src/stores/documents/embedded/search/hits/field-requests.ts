import { isPlainObject } from "../../../../../kernel/index.ts";
import type { FieldNode } from "../../../mapping/compile-mapping.ts";
import { compileDateFormat } from "../../../mapping/dates/date-format.ts";
import { malformed, onlyKnown, textOf } from "../query/parameters.ts";
import { fitsPattern } from "../query/term-clauses.ts";

/** One entry of `fields` or `docvalue_fields`: a path or pattern, and how its values are printed. */
export interface FieldRequest {
  readonly pattern: string;
  readonly format: string | undefined;
}

/** Entries of one search; as `index.max_docvalue_fields_search` of the reference engine. */
const maxFields = 100;

/** `["title", "meta.*", {field: "at", format: "yyyy-MM"}]`. */
export function parseFieldRequests(value: unknown, place: string): readonly FieldRequest[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw malformed(`[${place}] must be a list of fields.`);
  if (value.length > maxFields) throw malformed(`[${place}] takes at most ${maxFields} entries.`);
  return value.map((one): FieldRequest => {
    if (typeof one === "string") return { pattern: one, format: undefined };
    if (!isPlainObject(one)) throw malformed(`[${place}] takes names of fields, and objects such as {"field": "at"}.`);
    onlyKnown(one, ["field", "format"], place);
    const { format } = one;
    return {
      pattern: textOf(one.field, `${place}.field`),
      format: format === undefined || format === null ? undefined : textOf(format, `${place}.format`),
    };
  });
}

/** The fields of a mapping that a request names; none when nothing fits. */
export function* requestedFields(
  fields: ReadonlyMap<string, FieldNode>,
  { pattern }: FieldRequest,
): Generator<readonly [string, FieldNode], void> {
  if (!pattern.includes("*")) {
    const node = fields.get(pattern);
    if (node !== undefined) yield [pattern, node];
    return;
  }
  const parts = pattern.split("*");
  for (const [path, node] of fields) if (fitsPattern(path, parts)) yield [path, node];
}

/** Prints the instants of a date field. Error: 400 for a format that does not exist. */
export function datePrinter(node: FieldNode, format: string | undefined, place: string): (ms: number) => string {
  const wanted = format === undefined || format === "use_field_mapping" ? node.format : compileDateFormat(format);
  if (wanted === undefined) throw malformed(`[${place}.format] "${format}" is not a date format.`);
  return (ms) => wanted.print(ms);
}

/** Refuses formats for types that have none. */
export function refuseFormat(node: FieldNode, format: string | undefined, place: string): void {
  if (format === undefined || format === "use_field_mapping") return;
  throw malformed(`[${place}] field "${node.path}" of type ${node.type} does not take the format "${format}".`);
}

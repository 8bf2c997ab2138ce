import type { JSONObject } from "../../../../../kernel/index.ts";
import { utc } from "../../../mapping/dates/time-zone.ts";
import type { QueryContext } from "../query/context.ts";
import { compareText } from "../segment/compare-text.ts";
import { hasValues } from "../segment/field-store.ts";
import { decodeLat, decodeLon } from "../segment/geo-field.ts";
import { aggregatedField, printTerm } from "./aggregator.ts";
import { formatOf } from "./value-format.ts";

/** A field whose values stand beside a hit. */
export interface WantedField {
  readonly field: string;
  /** A format of dates or numbers. */
  readonly format: string | undefined;
}

/** The values of a document, by field; those without any are left out. */
export function readFields(wanted: readonly WantedField[], doc: number, context: QueryContext): JSONObject {
  const read = new Map<string, unknown[]>();
  for (const { field, format } of wanted) {
    const values = valuesAt(field, format, doc, context);
    if (values.length > 0) read.set(field, [...(read.get(field) ?? []), ...values]);
  }
  return Object.fromEntries(read);
}

function valuesAt(path: string, format: string | undefined, doc: number, context: QueryContext): unknown[] {
  const field = aggregatedField(context, path, "top_hits.docvalue_fields");
  const store = field?.store;
  if (field === undefined || store === undefined) return [];
  const { node } = field;
  const printer = formatOf(node, { format, zone: utc, valueType: undefined }, "top_hits.docvalue_fields");
  const values: unknown[] = [];
  const count = hasValues(store) ? store.countOf(doc) : 0;
  if (store.kind === "keyword") {
    const terms = Array.from({ length: count }, (_, v) => store.dictionary.term(store.ordAt(doc, v)));
    return terms.sort(compareText).map((term) => printTerm(node, term));
  }
  for (let v = 0; v < count; v++) {
    if (store.kind === "geo_point") values.push(`${decodeLat(store.latAt(doc, v))}, ${decodeLon(store.lonAt(doc, v))}`);
    else if (store.kind === "number") {
      const value = store.valueAt(doc, v);
      if (printer.kind === "boolean") values.push(value !== 0);
      else values.push(printer.kind === "plain" ? value : printer.print(value));
    }
  }
  return values;
}

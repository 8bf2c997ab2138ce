import type { JSONObject } from "../../../../../kernel/index.ts";
import type { FieldNode } from "../../../mapping/compile-mapping.ts";
import { compileNumberPattern, printDouble } from "../aggregations/number-pattern.ts";
import type { QueryContext } from "../query/context.ts";
import { malformed } from "../query/parameters.ts";
import type { FieldStore } from "../segment/field-store.ts";
import { decodeLat, decodeLon } from "../segment/geo-field.ts";
import { datePrinter, type FieldRequest, refuseFormat, requestedFields } from "./field-requests.ts";

interface Column {
  readonly path: string;
  readonly store: FieldStore | undefined;
  readonly read: (store: FieldStore, doc: number) => unknown[];
}

/** Answers `docvalue_fields` of a search from the columns of one segment: sorted, keywords without repetition. */
export class DocValueFetcher {
  readonly #columns: readonly Column[];

  constructor(requests: readonly FieldRequest[], context: QueryContext) {
    this.#columns = requests.flatMap((request) => {
      const columns: Column[] = [];
      const id = request.pattern === "_id" ? context.field("_id") : undefined;
      if (id !== undefined) columns.push({ path: "_id", store: id.store, read: readerOf(id.node, request) });
      for (const [path, node] of requestedFields(context.mapping.fields, request)) {
        if (node.nestedPath !== context.space.path) continue;
        columns.push({ path, store: context.field(path)?.store, read: readerOf(node, request) });
      }
      return columns;
    });
  }

  run(doc: number): JSONObject | undefined {
    const found = new Map<string, unknown[]>();
    for (const { path, store, read } of this.#columns) {
      const values = store === undefined ? [] : read(store, doc);
      if (values.length > 0) found.set(path, [...(found.get(path) ?? []), ...values]);
    }
    return found.size === 0 ? undefined : Object.fromEntries(found);
  }
}

/** Families whose values are kept in a column each. */
const families: ReadonlySet<string> = new Set(["number", "keyword", "constant", "geo_point"]);

function readerOf(node: FieldNode, { format }: FieldRequest): Column["read"] {
  const place = "docvalue_fields";
  if (node.docValues === false || !families.has(node.family)) {
    throw malformed(
      `[${place}] field "${node.path}" of type ${node.type} keeps no column of its values; use "fields".`,
    );
  }
  if (node.format !== undefined) {
    const print = datePrinter(node, format, place);
    return (store, doc) => numbersOf(store, doc).map(print);
  }
  if (node.family === "number" && node.type !== "boolean" && format !== undefined && format !== "use_field_mapping") {
    const print = compileNumberPattern(format);
    if (print === undefined)
      throw malformed(`[${place}.format] "${format}" is not a pattern for numbers such as "#,##0.00".`);
    const factor = Number(node.definition.scaling_factor);
    // Multiples of the unit, as the reference engine has them: the last digit may say how they are rounded.
    const read = (value: number): number => (factor > 0 ? Math.round(value * factor) * (1 / factor) : value);
    return (store, doc) => numbersOf(store, doc).map((value) => print(read(value)));
  }
  refuseFormat(node, format, place);
  if (node.type === "boolean") return (store, doc) => numbersOf(store, doc).map((value) => value === 1);
  if (node.family === "geo_point") return pointsOf;
  return node.family === "number" ? numbersOf : (store, doc) => termsOf(store, doc, node.print);
}

function numbersOf(store: FieldStore, doc: number): number[] {
  if (store.kind !== "number") return [];
  return Array.from({ length: store.countOf(doc) }, (_, i) => store.valueAt(doc, i));
}

function termsOf(store: FieldStore, doc: number, print: FieldNode["print"]): string[] {
  if (store.kind !== "keyword") return [];
  const ords = new Set(Array.from({ length: store.countOf(doc) }, (_, i) => store.ordAt(doc, i)));
  const sorted = [...ords].sort((a, b) => store.dictionary.compare(a, b));
  const terms = sorted.map((ord) => store.dictionary.term(ord));
  return print === undefined ? terms : terms.map(print);
}

/** In the order of the reference engine's columns: from the south, and then eastwards from Greenwich. */
function pointsOf(store: FieldStore, doc: number): string[] {
  if (store.kind !== "geo_point") return [];
  const points = Array.from(
    { length: store.countOf(doc) },
    (_, i) => [decodeLat(store.latAt(doc, i)), decodeLon(store.lonAt(doc, i))] as const,
  );
  const eastwards = (lon: number): number => (lon < 0 ? lon + 360 : lon);
  points.sort(([lat, lon], [otherLat, otherLon]) => lat - otherLat || eastwards(lon) - eastwards(otherLon));
  return points.map(([lat, lon]) => `${printDouble(lat)}, ${printDouble(lon)}`);
}

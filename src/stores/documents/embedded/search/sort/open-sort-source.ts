import type { FieldNode } from "../../../mapping/compile-mapping.ts";
import { matchBits } from "../collect/windows.ts";
import type { QueryContext, QueryField } from "../query/context.ts";
import { malformed } from "../query/parameters.ts";
import { parseTerm } from "../query/term-clauses.ts";
import { compareText } from "../segment/compare-text.ts";
import { NestedSource } from "./nested-source.ts";
import { checkNumericType, isSortedSingle, isSortedWhole, numberFormOf } from "./number-form.ts";
import type { NestedSort, SortKey } from "./parse-sort.ts";
import { Reduction } from "./reduction.ts";
import { DocSource, MissingSource, type SortSource } from "./sort-source.ts";
import { unmappedField } from "./unmapped-field.ts";
import { GeoSource, KeywordSource, NumberSource } from "./value-sources.ts";
import { WholeNumberSource } from "./whole-number-source.ts";

/** Makes a key ready for one segment. Errors: `unexpected_bad_request` for fields that are not mapped or cannot be sorted on. */
export function* openSortSource(key: SortKey, context: QueryContext): Generator<void, SortSource> {
  if (key.kind !== "field" && key.kind !== "geo") return new DocSource(context.firstDoc);
  const last = key.descending ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (key.nested !== undefined && context.mapping.fields.has(key.field)) checkNested(key.nested.path, context);
  const inside = key.nested !== undefined ? context.inside(key.nested.path) : context;
  const unmappedType = key.kind === "field" && !context.mapping.fields.has(key.field) ? key.unmappedType : undefined;
  const unmapped = unmappedType === undefined ? undefined : unmappedField(key.field, unmappedType);
  const field = inside.field(key.field) ?? unmapped;
  if (field === undefined) {
    if (key.kind === "geo" && key.unmapped) return new MissingSource(last);
    if (context.mapping.fields.has(key.field)) return new MissingSource(last);
    throw malformed(
      `[sort] field "${key.field}" is not in the mapping, so it cannot be sorted on (or give "unmapped_type").`,
    );
  }
  if (key.kind === "geo") {
    if (field.node.family !== "geo_point")
      throw malformed(`[sort._geo_distance] "${key.field}" is not a geo_point field.`);
    if (field.store?.kind !== "geo_point") {
      const keyOf = (value: unknown): number => Number(value);
      return new MissingSource(Number.POSITIVE_INFINITY, { value: "Infinity", keyOf });
    }
    const source = new GeoSource(field.store, key.points, key.metres, key.mode, key.isPlane);
    if (key.nested === undefined) return source;
    if (key.mode === "median") throw malformed('[sort._geo_distance.mode] "median" does not go over nested objects.');
    const absent = new MissingSource(Number.POSITIVE_INFINITY);
    return yield* overNested(source, key.nested, inside, context, absent, new Reduction(key.mode, "none"), false);
  }
  const { family } = field.node;
  if (field.node.docValues === false || family === "geo_point" || family === "range" || family === "none") {
    throw malformed(
      `[sort] field "${key.field}" of type ${field.node.type} cannot be sorted on; ${insteadOf(field.node)}.`,
    );
  }
  checkNumericType(key, field.node);
  if (key.mode !== "min" && key.mode !== "max" && family !== "number")
    throw malformed(
      `[sort.${key.field}.mode] "${key.mode}" is for numbers; field "${key.field}" is of type ${field.node.type}.`,
    );
  const source = yield* openField(key, field, last);
  if (key.nested === undefined) return source;
  if (key.mode === "median") throw malformed(`[sort.${key.field}.mode] "median" does not go over nested objects.`);
  const isText = field.node.family === "keyword";
  const absent = absentSource(key, field, last, source);
  return yield* overNested(source, key.nested, inside, context, absent, reductionOf(key, field), isText);
}

function checkNested(path: string, { mapping }: QueryContext): void {
  if (mapping.objects.get(path)?.isNested !== true) throw malformed(`[sort] "${path}" is no path of nested objects.`);
}

function* overNested(
  source: SortSource,
  { filter, outer }: NestedSort,
  inside: QueryContext,
  outside: QueryContext,
  absent: MissingSource,
  reduction: Reduction,
  isText: boolean,
): Generator<void, SortSource> {
  let nested = new NestedSource(source, inside.space, yield* allowedBy(filter, inside), absent, reduction, isText);
  // Objects within objects: each step on the way to the document.
  for (
    let space = inside.space.parent;
    space !== undefined && space.path !== outside.space.path;
    space = space.parent
  ) {
    const allowed = yield* allowedBy(outer.get(space.path), outside.inside(space.path));
    nested = new NestedSource(nested, space, allowed, absent, reduction, isText);
  }
  return nested;
}

function* allowedBy(filter: unknown, context: QueryContext): Generator<void, Uint32Array | undefined> {
  return filter === undefined ? undefined : yield* matchBits(yield* context.compile(filter), context);
}

function* openField(key: SortKey & { kind: "field" }, field: QueryField, last: number): Generator<void, SortSource> {
  const { node, store } = field;
  if (store?.kind === "keyword") {
    const ranks = yield* store.dictionary.ranks();
    const termOf = (value: unknown): string => String(node.print === undefined ? value : parseTerm(node, value));
    const placeOf = (value: unknown): number => store.dictionary.rankOf(termOf(value), ranks);
    const missing = missingKey(key.missing, last, placeOf);
    const isNamed = key.missing !== "_last" && key.missing !== "_first";
    const missingOrdering = isNamed ? termOf(key.missing) : missing;
    // Terms between the same two of the dictionary have one place: the one that stands in for missing ones is told from the others.
    const rankOf = (value: unknown): number => {
      const place = placeOf(value);
      if (place !== missing || !isNamed) return place;
      return place + Math.sign(compareText(termOf(value), String(missingOrdering))) * 1e-6;
    };
    return new KeywordSource(store, ranks, missing, missingOrdering, key.mode === "max", node.print, rankOf);
  }
  if (store?.kind !== "number") return missingSource(key, field, last);
  const form = numberFormOf(key, field);
  const missing = missingKey(key.missing, last, (value) => form.standIn(value));
  const reduction = reductionOf(key, field);
  return form.isTruncated
    ? new WholeNumberSource(store, missing, reduction, form)
    : new NumberSource(store, missing, reduction, form.print, form.keyOf);
}

/** Documents of a segment without any value still take their place among those of others. */
function missingSource(key: SortKey & { kind: "field" }, field: QueryField, last: number): MissingSource {
  const { node } = field;
  if (key.missing === "_last" || key.missing === "_first")
    return new MissingSource(key.missing === "_first" ? -last : last);
  if (node.family === "number") {
    const form = numberFormOf(key, field);
    const value = form.standIn(key.missing);
    return new MissingSource(value, { value: form.print(value), keyOf: form.keyOf });
  }
  const term = String(parseTerm(node, key.missing));
  // The segment has no terms to rank, so others rank by how they compare to this one.
  const keyOf = (value: unknown): number => compareText(String(parseTerm(node, value)), term);
  return new MissingSource(0, { value: node.type === "ip" ? key.missing : term, ordering: term, keyOf });
}

/** What stands for documents without any value among those of a segment that may have some. */
function absentSource(
  key: SortKey & { kind: "field" },
  field: QueryField,
  last: number,
  source: SortSource,
): MissingSource {
  const absent = missingSource(key, field, last);
  if (field.store?.kind !== "keyword" || key.missing === "_last" || key.missing === "_first") return absent;
  return new MissingSource(source.keyOf(key.missing), { value: absent.value(), ordering: absent.ordering() });
}

function reductionOf(key: SortKey & { kind: "field" }, field: QueryField): Reduction {
  const rounded = isSortedWhole(key, field) ? "whole" : isSortedSingle(key, field) ? "single" : "none";
  return new Reduction(key.mode, rounded);
}

function missingKey(missing: unknown, last: number, parse: (value: unknown) => number): number {
  if (missing === "_last") return last;
  return missing === "_first" ? -last : parse(missing);
}

/** What may be sorted on in place of a field. */
function insteadOf({ family, type, docValues, subfields, path }: FieldNode): string {
  const sortable = subfields.find((sub) => sub.family === "keyword" && sub.docValues !== false);
  if (sortable !== undefined) return `use its sub-field "${sortable.path}"`;
  if (family === "geo_point") return `use {"_geo_distance": {"${path}": {"lat": 0, "lon": 0}}}`;
  const isKept = family === "keyword" || family === "number";
  if (isKept && docValues === false && type !== "completion") return 'its mapping has "doc_values": false';
  return "use a keyword, number or date";
}

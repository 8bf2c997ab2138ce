import { compileDateFormat } from "../../../mapping/dates/date-format.ts";
import { matchBits } from "../collect/windows.ts";
import type { QueryContext, QueryField } from "../query/context.ts";
import { malformed } from "../query/parameters.ts";
import { parseTerm } from "../query/term-clauses.ts";
import type { NestedSort, SortKey } from "./parse-sort.ts";
import { Reduction } from "./reduction.ts";
import { DocSource, MissingSource, type SortSource } from "./sort-source.ts";
import { GeoSource, KeywordSource, NestedSource, NumberSource } from "./value-sources.ts";

const decimalTypes: ReadonlySet<string> = new Set(["float", "half_float", "double", "scaled_float", "geo_point"]);

const nanosInMilli = 1_000_000;

/** Makes a key ready for one segment. Errors: `unexpected_bad_request` for fields that are not mapped or cannot be sorted on. */
export function* openSortSource(key: SortKey, context: QueryContext): Generator<void, SortSource> {
  if (key.kind !== "field" && key.kind !== "geo") return new DocSource(context.firstDoc);
  const last = key.descending ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const inside = key.nested !== undefined ? context.inside(key.nested.path) : context;
  const field = inside.field(key.field);
  if (field === undefined) {
    if (key.unmapped) return new MissingSource(last);
    if (context.mapping.fields.has(key.field)) return new MissingSource(last);
    throw malformed(
      `[sort] field "${key.field}" is not in the mapping, so it cannot be sorted on (or give "unmapped_type").`,
    );
  }
  if (key.kind === "geo") {
    if (field.node.family !== "geo_point")
      throw malformed(`[sort._geo_distance] "${key.field}" is not a geo_point field.`);
    if (field.store?.kind !== "geo_point") return new MissingSource(Number.POSITIVE_INFINITY, "Infinity");
    const source = new GeoSource(field.store, key.points, key.metres, key.mode, key.isPlane);
    if (key.nested === undefined) return source;
    if (key.mode === "median") throw malformed('[sort._geo_distance.mode] "median" does not go over nested objects.');
    const missing = Number.POSITIVE_INFINITY;
    return yield* overNested(source, key.nested, inside, context, missing, new Reduction(key.mode, false), false);
  }
  const { family } = field.node;
  if (field.node.docValues === false || family === "geo_point" || family === "range" || family === "none") {
    throw malformed(
      `[sort] field "${key.field}" of type ${field.node.type} cannot be sorted on; use a keyword, number or date.`,
    );
  }
  checkNumericType(key, field);
  if (key.mode !== "min" && key.mode !== "max" && family !== "number")
    throw malformed(
      `[sort.${key.field}.mode] "${key.mode}" is for numbers; field "${key.field}" is of type ${field.node.type}.`,
    );
  const source = yield* openField(key, field, last);
  if (key.nested === undefined) return source;
  if (key.mode === "median") throw malformed(`[sort.${key.field}.mode] "median" does not go over nested objects.`);
  const missing = key.missing === "_first" ? -last : last;
  const isText = field.node.family === "keyword";
  return yield* overNested(source, key.nested, inside, context, missing, reductionOf(key, field), isText);
}

function* overNested(
  source: SortSource,
  { filter, outer }: NestedSort,
  inside: QueryContext,
  outside: QueryContext,
  missing: number,
  reduction: Reduction,
  isText: boolean,
): Generator<void, SortSource> {
  let nested = new NestedSource(source, inside.space, yield* allowedBy(filter, inside), missing, reduction, isText);
  // Objects within objects: each step on the way to the document.
  for (
    let space = inside.space.parent;
    space !== undefined && space.path !== outside.space.path;
    space = space.parent
  ) {
    const allowed = yield* allowedBy(outer.get(space.path), outside.inside(space.path));
    nested = new NestedSource(nested, space, allowed, missing, reduction, isText);
  }
  return nested;
}

function* allowedBy(filter: unknown, context: QueryContext): Generator<void, Uint32Array | undefined> {
  return filter === undefined ? undefined : yield* matchBits(yield* context.compile(filter), context);
}

/** Sorting by other numbers than those of the type is refused where it would make a difference. */
function checkNumericType({ numericType, field: path }: SortKey & { kind: "field" }, { node }: QueryField): void {
  if (numericType === undefined || numericType === "double") return;
  if (numericType === (node.format === undefined ? "long" : "date") && !decimalTypes.has(node.type)) return;
  throw malformed(`[sort.${path}.numeric_type] "${numericType}" is not supported for fields of type ${node.type}.`);
}

function* openField(key: SortKey & { kind: "field" }, field: QueryField, last: number): Generator<void, SortSource> {
  const { node, store } = field;
  if (store?.kind === "keyword") {
    const ranks = yield* store.dictionary.ranks();
    const termOf = (value: unknown): string => String(node.print === undefined ? value : parseTerm(node, value));
    const rankOf = (value: unknown): number => store.dictionary.rankOf(termOf(value), ranks);
    const missing = missingKey(key.missing, last, rankOf);
    const isNamed = key.missing !== "_last" && key.missing !== "_first";
    const missingOrdering = isNamed ? termOf(key.missing) : missing;
    return new KeywordSource(store, ranks, missing, missingOrdering, key.mode === "max", node.print, rankOf);
  }
  if (store?.kind !== "number") return missingSource(key, field, last);
  const parse = (value: unknown): number => Number(parseTerm(node, value));
  const format = key.format === undefined ? undefined : compileDateFormat(key.format);
  // Sorted dates in nanoseconds are answered in these.
  const unit = node.type === "date_nanos" ? nanosInMilli : 1;
  const print = (value: number): unknown => (format === undefined ? value * unit : format.print(value));
  const parseAfter = (value: unknown): number =>
    typeof value === "number"
      ? value / unit
      : format !== undefined && typeof value === "string"
        ? (format.parse(value) ?? parse(value))
        : parse(value);
  return new NumberSource(
    store,
    missingKey(key.missing, last, (value) => standIn(node, value)),
    reductionOf(key, field),
    print,
    parseAfter,
  );
}

/** A number that stands in for a missing one: as it is, though the type would round it or read it in another format. */
function standIn(node: QueryField["node"], value: unknown): number {
  const isKept = node.format !== undefined || node.type === "scaled_float" || node.type === "half_float";
  return isKept && typeof value === "number" ? value : Number(parseTerm(node, value));
}

/** Documents of a segment without any value still take their place among those of others. */
function missingSource(key: SortKey & { kind: "field" }, { node }: QueryField, last: number): SortSource {
  if (key.missing === "_last" || key.missing === "_first")
    return new MissingSource(key.missing === "_first" ? -last : last);
  const term = parseTerm(node, key.missing);
  if (typeof term !== "number")
    return new MissingSource(last, node.type === "ip" ? key.missing : String(term), String(term));
  const value = standIn(node, key.missing);
  return new MissingSource(
    value,
    key.format === undefined ? value : (compileDateFormat(key.format)?.print(value) ?? value),
  );
}

function reductionOf(key: SortKey & { kind: "field" }, field: QueryField): Reduction {
  return new Reduction(key.mode, !decimalTypes.has(field.node.type) && key.numericType !== "double");
}

function missingKey(missing: unknown, last: number, parse: (value: unknown) => number): number {
  if (missing === "_last") return last;
  return missing === "_first" ? -last : parse(missing);
}

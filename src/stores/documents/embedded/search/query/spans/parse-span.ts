import { isPlainObject, type JSONObject } from "../../../../../../kernel/index.ts";
import {
  boostOf,
  clauseBody,
  fieldClause,
  flagOf,
  malformed,
  numberOf,
  onlyKnown,
  scalar,
  textOf,
} from "../parameters.ts";
import {
  EitherSource,
  FirstSource,
  InsideSource,
  MaskedSource,
  OutsideSource,
  RowSource,
  RunSource,
  type SpanSource,
} from "./span-source.ts";

/** Where the words of spans are looked up. */
export interface SpanWords {
  /** A word of a field. */
  term(path: string, word: string): SpanSource;
  /** The words that a `prefix`, `wildcard`, `regexp`, `fuzzy` or `range` stands for. */
  multi(match: JSONObject): Generator<void, SpanSource>;
  /** The path of a field that may go by another name. Error: 400 for a field whose lengths cannot weigh spans. */
  masked(path: string): string;
}

/** A clause and its boost. */
export interface ParsedSpan {
  readonly source: SpanSource;
  readonly boost: number;
}

const maxDepth = 50;
/** So many clauses a row or a choice of spans may have; highlights look for phrases as for rows. */
export const maxParts = 1024;

type SpanParser = (body: JSONObject, words: SpanWords, depth: number) => Generator<void, SpanSource>;

const parsers: ReadonlyMap<string, SpanParser> = new Map<string, SpanParser>([
  ["span_near", parseNear],
  ["span_or", parseOr],
  ["span_not", parseNot],
  ["span_first", parseFirst],
  ["span_containing", (body, words, depth) => parseInside("span_containing", body, words, depth)],
  ["span_within", (body, words, depth) => parseInside("span_within", body, words, depth)],
  ["span_multi", parseMulti],
  ["field_masking_span", parseMask],
]);

/** The names of the clauses that find spans. */
export const spanNames: readonly string[] = ["span_term", ...parsers.keys()];

/** Parses one clause by its name. Errors (400) name the place. */
export function* parseSpan(name: string, body: unknown, words: SpanWords, depth = 0): Generator<void, ParsedSpan> {
  if (depth > maxDepth) throw malformed(`[${name}] is nested deeper than ${maxDepth} levels.`);
  const parse = parsers.get(name);
  if (parse === undefined) return parseTerm(body, words);
  const object = clauseBody(body, name);
  return { source: yield* parse(object, words, depth), boost: boostOf(object, name) };
}

function parseTerm(body: unknown, words: SpanWords): ParsedSpan {
  const clause = fieldClause(body, "span_term");
  const { field, value } = clause;
  const place = `span_term.${field}`;
  if (isPlainObject(value)) onlyKnown(value, ["value", "term"], place);
  const given = isPlainObject(value) ? (value.value ?? value.term) : value;
  const boost = clause.boost * (isPlainObject(value) ? boostOf(value, place) : 1);
  return { source: words.term(field, String(scalar(given, "span_term", field))), boost };
}

/** A clause within another one: of spans, and not boosted. */
function* inner(value: unknown, words: SpanWords, place: string, depth: number): Generator<void, SpanSource> {
  const [name, ...others] = isPlainObject(value) ? Object.keys(value) : [];
  if (name === undefined || others.length > 0 || !spanNames.includes(name))
    throw malformed(`[${place}] takes one clause of spans: ${spanNames.join(", ")}.`);
  const { source, boost } = yield* parseSpan(name, (value as JSONObject)[name], words, depth + 1);
  if (boost !== 1) throw malformed(`[${place}] "boost" belongs to the outermost clause of spans.`);
  return source;
}

function listOf({ clauses }: JSONObject, name: string): readonly unknown[] {
  if (!Array.isArray(clauses) || clauses.length === 0 || clauses.length > maxParts)
    throw malformed(`[${name}.clauses] must be a list of 1 to ${maxParts} clauses.`);
  return clauses;
}

function assertOneField(name: string, sources: readonly SpanSource[]): void {
  const [first] = sources;
  for (const { field } of sources)
    if (field !== first?.field)
      throw malformed(
        `[${name}] its clauses must be on one field, found "${first?.field}" and "${field}": use "field_masking_span".`,
      );
}

function* parseNear(body: JSONObject, words: SpanWords, depth: number): Generator<void, SpanSource> {
  onlyKnown(body, ["clauses", "slop", "in_order"], "span_near");
  const slop = Math.trunc(numberOf(body.slop, 0, "span_near.slop"));
  const isOrdered = flagOf(body.in_order, true, "span_near.in_order");
  const parts: (SpanSource | number)[] = [];
  const gapFields: string[] = [];
  for (const [i, one] of listOf(body, "span_near").entries()) {
    const place = `span_near.clauses[${i}]`;
    if (isPlainObject(one) && one.span_gap !== undefined) {
      const { field, width } = readGap(one.span_gap, place);
      gapFields.push(field);
      parts.push(width);
    } else parts.push(yield* inner(one, words, place, depth));
  }
  const sources = parts.filter((part) => typeof part !== "number");
  assertOneField("span_near", sources);
  const [first, ...others] = parts;
  if (first === undefined || typeof first === "number")
    throw malformed('[span_near.clauses[0]] must not be a "span_gap": begin with what stands before it.');
  if (gapFields.length > 0 && !isOrdered) throw malformed('[span_near] a "span_gap" needs "in_order": true.');
  for (const path of gapFields)
    if (words.masked(path) !== first.field)
      throw malformed(`[span_near] a "span_gap" is on field "${path}", the other clauses on "${first.field}".`);
  if (parts.length === 1) return first;
  return isOrdered ? new RowSource(first, others, slop) : new RunSource(first, sources.slice(1), slop);
}

/** `{field: width}` */
function readGap(body: unknown, place: string): { readonly field: string; readonly width: number } {
  const { field, value } = fieldClause(body, `${place}.span_gap`);
  const width = numberOf(value, 0, `${place}.span_gap.${field}`);
  if (!Number.isInteger(width) || width < 0 || width > 1_000_000)
    throw malformed(`[${place}.span_gap.${field}] must be a whole number from 0 to 1000000.`);
  return { field, width };
}

function* parseOr(body: JSONObject, words: SpanWords, depth: number): Generator<void, SpanSource> {
  onlyKnown(body, ["clauses"], "span_or");
  const sources: SpanSource[] = [];
  for (const [i, one] of listOf(body, "span_or").entries())
    sources.push(yield* inner(one, words, `span_or.clauses[${i}]`, depth));
  assertOneField("span_or", sources);
  const [first, ...others] = sources;
  if (first === undefined) throw malformed("[span_or.clauses] is empty.");
  return new EitherSource(first, others);
}

function* parseNot(body: JSONObject, words: SpanWords, depth: number): Generator<void, SpanSource> {
  onlyKnown(body, ["include", "exclude", "pre", "post", "dist"], "span_not");
  const include = yield* inner(body.include, words, "span_not.include", depth);
  const exclude = yield* inner(body.exclude, words, "span_not.exclude", depth);
  assertOneField("span_not", [include, exclude]);
  const { dist, pre, post } = body;
  if (dist !== undefined && (pre !== undefined || post !== undefined))
    throw malformed('[span_not] takes "dist", or "pre" and "post".');
  const distance = (value: unknown, name: string): number =>
    Math.max(0, Math.trunc(numberOf(value, 0, `span_not.${name}`)));
  return new OutsideSource(include, exclude, distance(dist ?? pre, "pre"), distance(dist ?? post, "post"));
}

function* parseFirst(body: JSONObject, words: SpanWords, depth: number): Generator<void, SpanSource> {
  onlyKnown(body, ["match", "end"], "span_first");
  const match = yield* inner(body.match, words, "span_first.match", depth);
  const end = Math.trunc(numberOf(body.end, -1, "span_first.end"));
  if (end < 0) throw malformed("[span_first.end] must be a number from 0 on.");
  return new FirstSource(match, end);
}

function* parseInside(name: string, body: JSONObject, words: SpanWords, depth: number): Generator<void, SpanSource> {
  onlyKnown(body, ["big", "little"], name);
  const big = yield* inner(body.big, words, `${name}.big`, depth);
  const little = yield* inner(body.little, words, `${name}.little`, depth);
  assertOneField(name, [big, little]);
  return new InsideSource(big, little, name === "span_containing");
}

function* parseMulti(body: JSONObject, words: SpanWords): Generator<void, SpanSource> {
  onlyKnown(body, ["match"], "span_multi");
  return yield* words.multi(clauseBody(body.match, "span_multi.match"));
}

function* parseMask(body: JSONObject, words: SpanWords, depth: number): Generator<void, SpanSource> {
  onlyKnown(body, ["query", "field"], "field_masking_span");
  const source = yield* inner(body.query, words, "field_masking_span.query", depth);
  return new MaskedSource(source, words.masked(textOf(body.field, "field_masking_span.field")));
}

import type { JSONObject } from "../../../../../../kernel/index.ts";
import type { QueryContext, QueryField } from "../context.ts";
import { flagOf, malformed, numberOf, textOf } from "../parameters.ts";
import { lowersCase } from "../pattern-clauses.ts";
import { isRangeOf } from "../range-clause.ts";
import { asksEveryField, expandFields, wordsOf } from "../text/text-clauses.ts";
import type { PartBuilder } from "./query-string-parser.ts";

/** Writes parts of a query string as queries over the fields that were named, or over those of the clause. */
export function createPartBuilder(
  object: JSONObject,
  fields: unknown,
  byDefault: "best_fields" | "most_fields",
  context: QueryContext,
): PartBuilder {
  const { type = byDefault, analyzer, time_zone: zone, quote_field_suffix: suffix } = object;
  const operator = String(object.default_operator ?? "or").toLowerCase();
  if (operator !== "or" && operator !== "and") throw malformed('[default_operator] must be "and" or "or".');
  const analyzesPatterns = flagOf(object.analyze_wildcard, false, "analyze_wildcard");
  const leadingPatterns = flagOf(object.allow_leading_wildcard, true, "allow_leading_wildcard");
  const slop = numberOf(object.phrase_slop, 0, "query_string.phrase_slop");
  const isLenient = flagOf(object.lenient, asksEveryField(fields), "lenient");
  const tie = object.tie_breaker === undefined ? {} : { tie_breaker: object.tie_breaker };
  const tieOfParts = numberOf(
    object.tie_breaker,
    type === "most_fields" || type === "bool_prefix" ? 1 : 0,
    "tie_breaker",
  );
  const options: JSONObject = { lenient: isLenient, ...(analyzer === undefined ? {} : { analyzer }), ...tie };
  const nearness = {
    prefix_length: object.fuzzy_prefix_length,
    max_expansions: object.fuzzy_max_expansions,
    transpositions: object.fuzzy_transpositions,
  };
  const list = (field: string | undefined): unknown => (field === undefined ? (fields ?? ["*"]) : [field]);
  /** Under a suffix stands the field for phrases, if there is one. */
  const quoted = (names: unknown): unknown =>
    suffix === undefined
      ? names
      : expandFields(names, context, "fields").map(({ field, boost }) => {
          const other = `${field}${textOf(suffix, "quote_field_suffix")}`;
          return `${context.field(other) === undefined ? field : other}^${boost}`;
        });
  const each = <Query extends JSONObject | undefined>(
    field: string | undefined,
    write: (path: string, boost: number) => Query,
  ): Query | JSONObject => {
    const written = expandFields(list(field), context, "fields").map((one) => write(one.field, one.boost));
    if (written.length === 0) return { match_none: {} };
    const queries = written.filter((query) => query !== undefined);
    const [only] = queries;
    if (only === undefined) return undefined as Query; // which only a `write` of such a type has answered
    return queries.length === 1 ? only : { dis_max: { queries, tie_breaker: tieOfParts } };
  };
  /** Fields that have no such values, or are not searched, are left out where that is asked for. */
  const isLeftOut = (field: QueryField | undefined): boolean => {
    if (field === undefined) return true;
    const { family, type: named, indexed } = field.node;
    return isLenient && (!indexed || named === "ip" || (family !== "text" && family !== "keyword"));
  };
  return {
    isAnd: operator === "and",
    hasDefault: object.fields === undefined,
    words(field, text) {
      if (field === "_exists_") return { exists: { field: text } };
      const names = list(field);
      if (leavesNothing(names, text, object, context)) return undefined;
      return { multi_match: { query: text, fields: names, type, operator, ...options } };
    },
    phrase(field, text, own) {
      if (field === "_exists_") return { exists: { field: text } };
      const names = quoted(list(field));
      if (leavesNothing(names, text, object, context)) return undefined;
      return { multi_match: { query: text, fields: names, type: "phrase", slop: own ?? slop, ...options } };
    },
    fuzzy: (field, word, fuzziness) =>
      each(field, (path, boost) => {
        const named = context.field(path);
        if (isLeftOut(named)) return { match_none: {} };
        const edits =
          fuzziness === undefined ? (object.fuzziness ?? "AUTO") : Math.min(2, Math.trunc(Number(fuzziness)));
        const value = lowersCase(named?.node) ? word.toLowerCase() : word;
        return { fuzzy: { [path]: { value, fuzziness: edits, boost, ...defined(nearness) } } };
      }),
    pattern(field, kind, text) {
      if (text === "*" && kind === "wildcard") {
        if (field === "*" || (field === undefined && asksEveryField(fields))) return { match_all: {} };
        return field === undefined
          ? each(field, (path, boost) => ({ exists: { field: path, boost } }))
          : { exists: { field } };
      }
      if (!leadingPatterns && kind === "wildcard" && /^[*?]/.test(text))
        throw malformed(
          `[query_string] "${text}": [allow_leading_wildcard] is false, so a pattern cannot begin with * or ?.`,
        );
      return each(field, (path, boost) => {
        const named = context.field(path);
        if (isLeftOut(named)) return { match_none: {} };
        const isText = named?.node.family === "text";
        if (named !== undefined && kind === "prefix" && isText && analyzesPatterns)
          return analyzedBeginning(named, text, boost, operator, context);
        // Beginnings are not analysed, but the terms of most texts are lower-case.
        const value = kind === "prefix" && lowersCase(named?.node) ? text.toLowerCase() : text;
        return { [kind]: { [path]: { value, boost } } };
      });
    },
    range: (field, bounds) =>
      each(field, (path, boost) => {
        const named = context.field(path);
        if (named === undefined) return { match_none: {} };
        const range = {
          ...loweredBounds(named, bounds),
          ...(zone === undefined || named.node.format === undefined ? {} : { time_zone: zone }),
        };
        if (isLenient && !isRangeOf(named.node, range, context.now)) return { match_none: {} };
        return { range: { [path]: { ...range, boost } } };
      }),
  };
}

const defined = (object: JSONObject): JSONObject =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));

/** Whether the analyzers of all fields, which there are, drop the whole of a text. */
function leavesNothing(fields: unknown, text: string, { analyzer }: JSONObject, context: QueryContext): boolean {
  const expanded = expandFields(fields, context, "fields");
  return (
    expanded.length > 0 &&
    expanded.every(({ field }) => {
      const named = context.field(field);
      return named?.node.family === "text" && wordsOf(named, text, analyzer, context).groups.length === 0;
    })
  );
}

/** `quick brow*` with `analyze_wildcard`: all words but the last are whole ones. */
function analyzedBeginning(
  field: QueryField,
  text: string,
  boost: number,
  operator: string,
  context: QueryContext,
): JSONObject | undefined {
  const { path } = field.node;
  const { groups } = wordsOf(field, text, undefined, context);
  const parts = groups.map((group, i): JSONObject => {
    const clause = i === groups.length - 1 ? "prefix" : "term";
    const words = group.kind === "terms" ? group.terms : group.paths.flat();
    const should = words.map((word) => ({ [clause]: { [path]: { value: word, boost } } }));
    return should.length === 1 ? (should[0] as JSONObject) : { bool: { should } };
  });
  if (parts.length < 2) return parts[0];
  return { bool: { [operator === "and" ? "must" : "should"]: parts } };
}

function loweredBounds(field: QueryField | undefined, bounds: JSONObject): JSONObject {
  if (!lowersCase(field?.node)) return bounds;
  const lowered = Object.entries(bounds).map(([name, bound]) => [
    name,
    typeof bound === "string" ? bound.toLowerCase() : bound,
  ]);
  return Object.fromEntries(lowered);
}

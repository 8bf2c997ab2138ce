import type { JSONObject } from "../../../../../../kernel/index.ts";
import type { ClauseTable } from "../clause-table.ts";
import type { QueryContext, QueryField } from "../context.ts";
import type { Matcher } from "../matchers/matcher.ts";
import { boostOf, clauseBody, flagOf, malformed, numberOf, onlyKnown, textOf } from "../parameters.ts";
import { expandFields, wordsOf } from "../text/text-clauses.ts";
import { combine, type PartBuilder, QueryStringParser, withoutBackslashes } from "./query-string-parser.ts";
import { parseSimpleQuery } from "./simple-query.ts";

const shared = [
  "query",
  "fields",
  "default_operator",
  "analyzer",
  "lenient",
  "minimum_should_match",
  "analyze_wildcard",
  "auto_generate_synonyms_phrase_query",
  "fuzzy_max_expansions",
  "fuzzy_prefix_length",
  "fuzzy_transpositions",
  "quote_field_suffix",
];

export const queryStringClauses: ClauseTable = {
  *query_string(body, context) {
    const object = clauseBody(body, "query_string");
    const own = [
      "default_field",
      "allow_leading_wildcard",
      "fuzziness",
      "phrase_slop",
      "tie_breaker",
      "type",
      "time_zone",
      "enable_position_increments",
      "max_determinized_states",
      "rewrite",
      "escape",
    ];
    onlyKnown(object, [...shared, ...own], "query_string");
    const builder = createBuilder(
      object,
      object.fields ?? (object.default_field === undefined ? undefined : [object.default_field]),
      "best_fields",
      context,
    );
    const text = textOf(object.query, "query_string.query");
    if (text.length > 100_000) throw malformed("[query_string.query] is longer than 100000 characters.");
    return yield* compileBoosted(new QueryStringParser(text, builder).parse(), object, "query_string", context);
  },

  *simple_query_string(body, context) {
    const object = clauseBody(body, "simple_query_string");
    onlyKnown(object, [...shared, "flags"], "simple_query_string");
    const builder = createBuilder(
      { ...object, lenient: object.lenient ?? true },
      object.fields,
      "most_fields",
      context,
    );
    const text = textOf(object.query, "simple_query_string.query");
    if (text.length > 100_000) throw malformed("[simple_query_string.query] is longer than 100000 characters.");
    return yield* compileBoosted(combine(parseSimpleQuery(text, builder)), object, "simple_query_string", context);
  },
};

function* compileBoosted(
  query: JSONObject,
  object: JSONObject,
  clause: string,
  context: QueryContext,
): Generator<void, Matcher> {
  const { bool } = query;
  const minimum = object.minimum_should_match;
  const inner =
    minimum !== undefined && typeof bool === "object" ? { bool: { ...bool, minimum_should_match: minimum } } : query;
  const boost = boostOf(object, clause);
  return yield* context.compile(boost === 1 ? inner : { bool: { must: inner, boost } });
}

/** Writes parts of a query string as queries over the fields that were named, or over those of the clause. */
function createBuilder(
  object: JSONObject,
  fields: unknown,
  type: "best_fields" | "most_fields",
  context: QueryContext,
): PartBuilder {
  const operator = String(object.default_operator ?? "or").toLowerCase();
  if (operator !== "or" && operator !== "and") throw malformed('[default_operator] must be "and" or "or".');
  const analyzesPatterns = flagOf(object.analyze_wildcard, false, "analyze_wildcard");
  const slop = numberOf(object.phrase_slop, 0, "query_string.phrase_slop");
  const isLenient = flagOf(object.lenient, false, "lenient") || fields === undefined;
  const options: JSONObject = {
    operator,
    lenient: isLenient,
    ...(object.analyzer === undefined ? {} : { analyzer: object.analyzer }),
  };
  const list = (field: string | undefined): unknown => (field === undefined ? (fields ?? ["*"]) : [field]);
  const each = <Query extends JSONObject | undefined>(
    field: string | undefined,
    write: (path: string, boost: number) => Query,
  ): Query | JSONObject => {
    const written = expandFields(list(field), context, "fields").map((one) => write(one.field, one.boost));
    if (written.length === 0) return { match_none: {} };
    const queries = written.filter((query) => query !== undefined);
    const [only] = queries;
    if (only === undefined) return undefined as Query; // which only a `write` of such a type has answered
    return queries.length === 1 ? only : { dis_max: { queries, tie_breaker: type === "most_fields" ? 1 : 0 } };
  };
  return {
    isAnd: operator === "and",
    words(field, text) {
      if (field === "_exists_") return { exists: { field: text } };
      const names = list(field);
      if (leavesNothing(names, text, object, context)) return undefined;
      // A minimum counts the words of one field; over several, the reference engine does not apply it.
      const minimum = object.minimum_should_match !== undefined && expandFields(names, context, "fields").length === 1;
      const counted = minimum ? { minimum_should_match: object.minimum_should_match } : {};
      return { multi_match: { query: text, fields: names, type, ...options, ...counted } };
    },
    phrase(field, text, own) {
      const names = list(field);
      if (leavesNothing(names, text, object, context)) return undefined;
      return {
        multi_match: {
          query: text,
          fields: names,
          type: "phrase",
          slop: own === 0 ? slop : own,
          lenient: isLenient,
        },
      };
    },
    fuzzy: (field, word, fuzziness) =>
      each(field, (path, boost) => ({
        match: { [path]: { query: word, fuzziness: fuzziness ?? object.fuzziness ?? "AUTO", boost } },
      })),
    pattern(field, kind, text) {
      if (text === "*") return field === undefined || field === "*" ? { match_all: {} } : { exists: { field } };
      return each(field, (path, boost) => {
        const named = context.field(path);
        const family = named?.node.family;
        if (family !== "text" && family !== "keyword") return { match_none: {} };
        const isAnalyzed = analyzesPatterns && kind === "wildcard" && family === "text";
        const beginning = isAnalyzed ? /^((?:[^*?\\]|\\.)+)\*$/s.exec(text)?.[1] : undefined;
        if (named !== undefined && beginning !== undefined)
          return analyzedBeginning(named, withoutBackslashes(beginning), boost, operator, context);
        // Patterns are not analysed, but the terms of most texts are lower-case.
        return {
          [kind]: { [path]: { value: kind === "wildcard" && lowersCase(named) ? text.toLowerCase() : text, boost } },
        };
      });
    },
    range: (field, bounds) =>
      each(field, (path, boost) => ({ range: { [path]: { ...loweredBounds(context.field(path), bounds), boost } } })),
  };
}

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

/** Whether the terms of a field are in lower case, so that what is not analysed must be, too. */
function lowersCase(field: QueryField | undefined): boolean {
  if (field?.node.family !== "text") return false;
  const tokens = field.node.searchAnalyzer?.tokens("Aaaaa");
  return tokens !== undefined && tokens.count > 0 && tokens.terms[0]?.startsWith("A") === false;
}

function loweredBounds(field: QueryField | undefined, bounds: JSONObject): JSONObject {
  if (!lowersCase(field)) return bounds;
  const lowered = Object.entries(bounds).map(([name, bound]) => [
    name,
    typeof bound === "string" ? bound.toLowerCase() : bound,
  ]);
  return Object.fromEntries(lowered);
}

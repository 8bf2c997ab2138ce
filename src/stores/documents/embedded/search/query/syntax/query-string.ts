import { isPlainObject, type JSONObject } from "../../../../../../kernel/index.ts";
import type { ClauseTable } from "../clause-table.ts";
import type { QueryContext } from "../context.ts";
import type { Matcher } from "../matchers/matcher.ts";
import { boostOf, clauseBody, flagOf, malformed, onlyKnown, textOf } from "../parameters.ts";
import { expandFields } from "../text/text-clauses.ts";
import { createPartBuilder } from "./part-builder.ts";
import { QueryStringParser } from "./query-string-parser.ts";
import { withBackslashes } from "./query-string-tokens.ts";
import { parseSimpleQuery, readFlags } from "./simple-query.ts";

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
const longestText = 100_000;

export const queryStringClauses: ClauseTable = {
  *query_string(body, context) {
    const object = clauseBody(body, "query_string");
    onlyKnown(object, [...shared, ...own], "query_string");
    const fields = object.fields ?? (object.default_field === undefined ? undefined : [object.default_field]);
    const builder = createPartBuilder(object, fields, "best_fields", context);
    const given = readText(object, "query_string");
    const text = flagOf(object.escape, false, "query_string.escape") ? withBackslashes(given) : given;
    const parsed = new QueryStringParser(text, builder).parse();
    // A minimum counts single words, where there is more than words.
    const isCounted = object.minimum_should_match !== undefined && parsed.bool !== undefined;
    const query = isCounted ? new QueryStringParser(text, builder, false).parse() : parsed;
    return yield* compileBoosted(query, object, "query_string", context);
  },

  *simple_query_string(body, context) {
    const object = clauseBody(body, "simple_query_string");
    onlyKnown(object, [...shared, "flags"], "simple_query_string");
    const builder = createPartBuilder(object, object.fields, "most_fields", context);
    const text = readText(object, "simple_query_string");
    const query = parseSimpleQuery(text, builder, readFlags(object.flags));
    return yield* compileBoosted(query, object, "simple_query_string", context);
  },
};

function readText(object: JSONObject, clause: string): string {
  const { query } = object;
  const text =
    typeof query === "number" || typeof query === "boolean" ? String(query) : textOf(query, `${clause}.query`);
  if (text.length > longestText) throw malformed(`[${clause}.query] is longer than ${longestText} characters.`);
  return text;
}

function* compileBoosted(
  query: JSONObject,
  object: JSONObject,
  clause: string,
  context: QueryContext,
): Generator<void, Matcher> {
  const boost = boostOf(object, clause);
  const inner = withMinimum(query, object.minimum_should_match, context);
  return yield* context.compile(boost === 1 ? inner : { bool: { must: inner, boost } });
}

/** A minimum counts the clauses of the whole, or the words of one field; over several, the reference engine does not apply it. */
function withMinimum(query: JSONObject, minimum: unknown, context: QueryContext): JSONObject {
  if (minimum === undefined || minimum === null) return query;
  const { bool, multi_match: words } = query;
  if (isPlainObject(bool)) return { bool: { ...bool, minimum_should_match: minimum } };
  if (!isPlainObject(words) || words.type === "phrase") return query;
  if (expandFields(words.fields, context, "fields").length !== 1) return query;
  return { multi_match: { ...words, minimum_should_match: minimum } };
}

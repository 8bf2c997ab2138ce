import { isPlainObject, type JSONObject, KuzzleError } from "../../../../../../kernel/index.ts";
import type { ClauseTable } from "../clause-table.ts";
import type { QueryContext } from "../context.ts";
import { DisMaxMatcher } from "../matchers/dis-max-matcher.ts";
import { type Matcher, NoneMatcher } from "../matchers/matcher.ts";
import { matchAny } from "../matchers/term-matcher.ts";
import { clauseBody, flagOf, malformed, numberOf, onlyKnown } from "../parameters.ts";
import { combineGroups, crossFields } from "./cross-fields.ts";
import {
  asksEveryField,
  boolPrefixMatcher,
  expandFields,
  matchMembers,
  readWords,
  wordsMatcher,
} from "./text-clauses.ts";

export const multiMatchClauses: ClauseTable = {
  *multi_match(body, context) {
    const object = clauseBody(body, "multi_match");
    onlyKnown(object, ["query", "fields", "type", "tie_breaker", "slop", ...matchMembers], "multi_match");
    return yield* multiMatch(object, context);
  },
};

const kinds: readonly unknown[] = [
  "best_fields",
  "most_fields",
  "cross_fields",
  "phrase",
  "phrase_prefix",
  "bool_prefix",
];

function* multiCrossFields(object: JSONObject, context: QueryContext): Generator<void, Matcher> {
  const { type: _type, fields, tie_breaker: tie, boost, slop: _slop, _name, ...rest } = object;
  const found = expandFields(fields, context, "multi_match.fields").flatMap(({ field: path, boost: own }) => {
    const field = context.field(path);
    return field === undefined ? [] : [{ field, boost: own }];
  });
  const options = readWords({ ...rest, lenient: rest.lenient ?? asksEveryField(fields) }, "multi_match", "fields");
  const tieBreaker = numberOf(tie, 0, "multi_match.tie_breaker");
  const matchers = yield* crossFields(found, options, tieBreaker, context);
  if (matchers.length === 0) return new NoneMatcher();
  return combineGroups(matchers, tieBreaker, numberOf(boost, 1, "multi_match.boost"), context.maxDoc);
}

/** What cannot be looked for in a field matches nothing there. */
function* leniently(compiled: Generator<void, Matcher>): Generator<void, Matcher> {
  try {
    return yield* compiled;
  } catch (err) {
    if (err instanceof KuzzleError && err.id === "services.storage.unexpected_bad_request") return new NoneMatcher();
    throw err;
  }
}

function* multiMatch(object: JSONObject, context: QueryContext): Generator<void, Matcher> {
  const { type = "best_fields", fields, tie_breaker: tie, boost, query, slop, _name, ...rest } = object;
  if (!kinds.includes(type))
    throw malformed(`[multi_match.type] "${String(type)}" is not supported. Known: ${kinds.join(", ")}.`);
  if (isPlainObject(query)) throw malformed("[multi_match.query] must be a text.");
  if (type === "cross_fields") return yield* multiCrossFields(object, context);
  if (slop !== undefined && slop !== 0 && type === "bool_prefix")
    throw malformed('[multi_match.slop] not for type "bool_prefix".');
  const isPhrase = type === "phrase" || type === "phrase_prefix";
  const isLenient = flagOf(rest.lenient, asksEveryField(fields), "multi_match.lenient");
  const matchers: Matcher[] = [];
  for (const { field: path, boost: fieldBoost } of expandFields(fields, context, "multi_match.fields")) {
    const field = context.field(path);
    if (field === undefined) continue;
    if (isPhrase) {
      const clause = type === "phrase" ? "match_phrase" : "match_phrase_prefix";
      const options = {
        query,
        boost: fieldBoost,
        ...(slop === undefined ? {} : { slop }),
        ...(rest.analyzer === undefined ? {} : { analyzer: rest.analyzer }),
      };
      const phrase = context.compile({ [clause]: { [path]: options } });
      matchers.push(yield* isLenient ? leniently(phrase) : phrase);
      continue;
    }
    const options = readWords({ ...rest, query, boost: fieldBoost, lenient: isLenient }, "multi_match", path);
    if (type === "bool_prefix") {
      const beginnings = boolPrefixMatcher(field, options, context);
      matchers.push(yield* isLenient ? leniently(beginnings) : beginnings);
    } else matchers.push(yield* wordsMatcher(field, options, context));
  }
  if (matchers.length === 0) return new NoneMatcher();
  const all = numberOf(boost, 1, "multi_match.boost");
  const isSum = type === "most_fields" || type === "bool_prefix";
  if (!isSum || tie !== undefined)
    return new DisMaxMatcher(matchers, numberOf(tie, isSum ? 1 : 0, "multi_match.tie_breaker"), all);
  return matchAny(matchers, context.maxDoc, all);
}

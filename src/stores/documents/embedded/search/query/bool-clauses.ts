import type { ClauseTable } from "./clause-table.ts";
import type { QueryContext } from "./context.ts";
import { type BoolClauses, BoolMatcher } from "./matchers/bool-matcher.ts";
import { BoostingMatcher } from "./matchers/boosting-matcher.ts";
import { ConstantMatcher } from "./matchers/constant-matcher.ts";
import { DisMaxMatcher } from "./matchers/dis-max-matcher.ts";
import { AllMatcher, type Matcher, NoneMatcher } from "./matchers/matcher.ts";
import { matchAny } from "./matchers/term-matcher.ts";
import { boostOf, clauseBody, malformed, minimumShouldMatch, numberOf, onlyKnown } from "./parameters.ts";

export const boolClauses: ClauseTable = {
  *bool(body, context) {
    const object = clauseBody(body, "bool");
    onlyKnown(
      object,
      ["must", "filter", "should", "must_not", "mustNot", "minimum_should_match", "adjust_pure_negative"],
      "bool",
    );
    const must = yield* compileList(object.must, context);
    const filter = yield* compileList(object.filter, context);
    const should = yield* compileList(object.should, context);
    const mustNot = yield* compileList(object.must_not ?? object.mustNot, context);
    const boost = boostOf(object, "bool");
    if (must.length + filter.length + should.length + mustNot.length === 0)
      return new AllMatcher(context.maxDoc, boost);
    const isOptional = must.length + filter.length > 0;
    const minimum = object.minimum_should_match ?? (isOptional ? 0 : 1);
    const wanted = minimumShouldMatch(minimum, should.length, "bool.minimum_should_match");
    // Without anything to match, what is left asks for all documents but some.
    const count = isOptional || should.length > 0 ? wanted : 0;
    if (count > should.length) return new NoneMatcher();
    const needed = isOptional || should.length === 0 ? count : Math.max(1, count);
    return newBool({ must, filter, should, mustNot, minimumShouldMatch: needed }, context, boost);
  },

  match_all(body, context) {
    const object = clauseBody(body, "match_all");
    onlyKnown(object, [], "match_all");
    return new AllMatcher(context.maxDoc, boostOf(object, "match_all"));
  },

  match_none(body) {
    onlyKnown(clauseBody(body, "match_none"), [], "match_none");
    return new NoneMatcher();
  },

  *constant_score(body, context) {
    const object = clauseBody(body, "constant_score");
    onlyKnown(object, ["filter"], "constant_score");
    const inner = yield* context.compile(object.filter);
    return new ConstantMatcher(inner, boostOf(object, "constant_score"));
  },

  *dis_max(body, context) {
    const object = clauseBody(body, "dis_max");
    onlyKnown(object, ["queries", "tie_breaker"], "dis_max");
    const queries = yield* compileList(object.queries, context);
    if (queries.length === 0) throw malformed('[dis_max] needs "queries".');
    return new DisMaxMatcher(
      queries,
      numberOf(object.tie_breaker, 0, "dis_max.tie_breaker"),
      boostOf(object, "dis_max"),
    );
  },

  *boosting(body, context) {
    const object = clauseBody(body, "boosting");
    onlyKnown(object, ["positive", "negative", "negative_boost"], "boosting");
    const negativeBoost = numberOf(object.negative_boost, -1, "boosting.negative_boost");
    if (negativeBoost < 0) throw malformed('[boosting] needs a "negative_boost" of 0 or more.');
    const positive = yield* context.compile(object.positive);
    const negative = yield* context.compile(object.negative);
    return new BoostingMatcher(positive, negative, negativeBoost, boostOf(object, "boosting"));
  },
};

/** One clause alone needs no frame around it. */
function newBool(clauses: BoolClauses, context: QueryContext, boost: number): Matcher {
  const { must, filter, should, mustNot, minimumShouldMatch: minimum } = clauses;
  const [only] = must.length === 1 ? must : should;
  const isAlone = must.length + should.length === 1 && filter.length + mustNot.length === 0;
  if (only !== undefined && isAlone && boost === 1 && (must.length === 1 || minimum === 1)) return only;
  const isAny = must.length + filter.length + mustNot.length === 0 && minimum === 1;
  return isAny ? matchAny(should, context.maxDoc, boost) : new BoolMatcher(clauses, context.maxDoc, boost);
}

function* compileList(value: unknown, context: QueryContext): Generator<void, Matcher[]> {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const compiled: Matcher[] = [];
  for (const query of list) {
    // The engine that the language is from skips what is null, and published plugins leave conditions out by that.
    if (query !== undefined && query !== null) compiled.push(yield* context.compile(query));
  }
  return compiled;
}

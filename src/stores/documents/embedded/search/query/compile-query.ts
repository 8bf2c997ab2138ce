import { isPlainObject, kerror } from "../../../../../kernel/index.ts";
import { percolateClauses } from "../percolate/percolate-clause.ts";
import { boolClauses } from "./bool-clauses.ts";
import type { ClauseCompiler } from "./clause-table.ts";
import type { QueryCompiler } from "./context.ts";
import { distanceFeatureClauses } from "./distance-feature.ts";
import { functionScoreClauses } from "./function-score.ts";
import { geoClauses } from "./geo/geo-clauses.ts";
import { shapeClauses } from "./geo/shape-clause.ts";
import { intervalClauses } from "./intervals/intervals.ts";
import { knnClauses } from "./knn-clause.ts";
import { Matcher } from "./matchers/matcher.ts";
import { nestedClauses } from "./nested-clause.ts";
import { malformed } from "./parameters.ts";
import { patternClauses } from "./pattern-clauses.ts";
import { rangeClauses } from "./range-clause.ts";
import { rankFeatureClauses } from "./rank-feature.ts";
import { spanClauses } from "./spans/span-clauses.ts";
import { queryStringClauses } from "./syntax/query-string.ts";
import { termClauses } from "./term-clauses.ts";
import { moreLikeThisClauses } from "./text/more-like-this.ts";
import { multiMatchClauses } from "./text/multi-match.ts";
import { phraseClauses } from "./text/phrase-clauses.ts";
import { textClauses } from "./text/text-clauses.ts";
import { unsupportedClauses } from "./unsupported-clauses.ts";
import { wrapperClauses } from "./wrapper-clause.ts";

const maxDepth = 50;
const maxClauses = 20_000;

const clauses: ReadonlyMap<string, ClauseCompiler> = new Map(
  [
    boolClauses,
    termClauses,
    rangeClauses,
    textClauses,
    multiMatchClauses,
    phraseClauses,
    patternClauses,
    geoClauses,
    shapeClauses,
    nestedClauses,
    functionScoreClauses,
    queryStringClauses,
    knnClauses,
    distanceFeatureClauses,
    rankFeatureClauses,
    intervalClauses,
    moreLikeThisClauses,
    wrapperClauses,
    spanClauses,
    percolateClauses,
  ].flatMap((table) => Object.entries<ClauseCompiler>(table)),
);

/**
 * Compiles `{clause: body}`. Errors (400): `services.storage.unknown_query_keyword` for a clause that does not exist or whose body is no
 * object, `invalid_search_query` for an object in place of a term, `unexpected_bad_request` for what is malformed, naming the place.
 */
export const compileQuery: QueryCompiler = function* (query, context) {
  if (!isPlainObject(query)) throw malformed("A query must be an object.");
  const names = Object.keys(query);
  const [name] = names;
  if (name === undefined) throw malformed("A query is empty: it needs a clause.");
  if (names.length > 1)
    throw malformed(`A query holds one clause; found "${names.slice(0, 3).join('", "')}". Combine them with "bool".`);
  const compile = clauses.get(name);
  if (unsupportedClauses.has(name))
    throw malformed(`The query clause "${name}" needs a search cluster, the embedded engine does not have it.`);
  if (compile === undefined) throw kerror("services.storage.unknown_query_keyword", name);
  const { spent } = context;
  if (++spent.clauses > maxClauses) throw malformed(`The query has more than ${maxClauses} clauses.`);
  if (++spent.depth > maxDepth) throw malformed(`The query is nested deeper than ${maxDepth} levels.`);
  yield* context.budget.pause();
  const compiled = compile(query[name], context);
  const matcher = compiled instanceof Matcher ? compiled : yield* compiled;
  spent.depth--;
  return matcher;
};

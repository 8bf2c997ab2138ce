import { compareText } from "../segment/compare-text.ts";
import type { KeywordField } from "../segment/keyword-field.ts";
import type { TextField } from "../segment/text-field.ts";
import { BoolMatcher } from "./bool-matcher.ts";
import type { ClauseTable } from "./clause-table.ts";
import type { QueryContext, QueryField } from "./context.ts";
import { type Matcher, NoneMatcher } from "./matcher.ts";
import { boostOf, fieldClause, fieldOptions, malformed, numberOf, scalar, textOf } from "./parameters.ts";
import { PhraseMatcher, type PhraseTerm } from "./phrase-matcher.ts";
import { termMatcher } from "./term-clauses.ts";
import { TermMatcher } from "./term-matcher.ts";
import { docFreqOf } from "./term-statistics.ts";

export const phraseClauses: ClauseTable = {
  *match_phrase(body, context) {
    const clause = fieldClause(body, "match_phrase");
    const options = fieldOptions(clause, "match_phrase", "query", ["analyzer", "slop", "zero_terms_query"]);
    const text = String(scalar(options.query, "match_phrase", clause.field));
    const slop = numberOf(options.slop, 0, "match_phrase.slop");
    const field = context.field(clause.field);
    if (field === undefined) return new NoneMatcher();
    return yield* phraseMatcher(field, text, slop, boostOf(options, "match_phrase"), context, options.analyzer);
  },

  *match_phrase_prefix(body, context) {
    const clause = fieldClause(body, "match_phrase_prefix");
    const options = fieldOptions(clause, "match_phrase_prefix", "query", [
      "analyzer",
      "slop",
      "max_expansions",
      "zero_terms_query",
    ]);
    const text = String(scalar(options.query, "match_phrase_prefix", clause.field));
    const slop = numberOf(options.slop, 0, "match_phrase_prefix.slop");
    const expansions = numberOf(options.max_expansions, 50, "match_phrase_prefix.max_expansions");
    const field = context.field(clause.field);
    if (field === undefined) return new NoneMatcher();
    const boost = boostOf(options, "match_phrase_prefix");
    return yield* phraseMatcher(field, text, slop, boost, context, options.analyzer, expansions);
  },
};

/** With `expansions` the last word is the beginning of one. */
export function* phraseMatcher(
  field: QueryField,
  text: string,
  slop: number,
  boost: number,
  context: QueryContext,
  analyzerName?: unknown,
  expansions = 0,
): Generator<void, Matcher> {
  const { node, store } = field;
  if (node.family !== "text" && expansions > 0)
    throw malformed(`[match_phrase_prefix] needs a text field; "${node.path}" is of type ${node.type}.`);
  if (node.family !== "text") return yield* termMatcher(field, text, boost, context);
  const analyzer =
    analyzerName === undefined
      ? node.searchAnalyzer
      : context.mapping.analysis.analyzer(textOf(analyzerName, "analyzer"));
  if (analyzer === undefined) throw malformed(`Analyzer "${String(analyzerName)}" does not exist.`);
  if (store?.kind !== "text") return new NoneMatcher();
  const statistics = context.statisticsOf(field, store);
  const stores = context.statistics.termStores(context.space.path, node.path);
  const tokens = analyzer.tokens(text);
  const terms: PhraseTerm[] = [];
  for (let i = 0; i < tokens.count; i++) {
    const word = tokens.terms[i] as string;
    const isLast = i === tokens.count - 1 && expansions > 0;
    const key = JSON.stringify(["prefix", context.space.path, node.path, word, expansions]);
    const words = isLast ? yield* context.statistics.once(key, () => expand(stores, word, expansions)) : [word];
    const ords = words.map((one) => store.dictionary.find(one)).filter((ord) => ord >= 0);
    if (ords.length === 0) return new NoneMatcher();
    const docFreqs = words.map((one) => docFreqOf(one, stores)).filter((docFreq) => docFreq > 0);
    terms.push({ ords, docFreqs, position: tokens.positions[i] as number });
  }
  const [first] = terms;
  if (first === undefined) return new NoneMatcher();
  const hasNorms = node.norms === true;
  if (terms.length > 1) return new PhraseMatcher(store, terms, slop, boost, hasNorms, statistics);
  const should = first.ords.map((ord) => new TermMatcher(store, ord, boost, hasNorms, statistics));
  const [only] = should;
  if (only === undefined || should.length === 1) return only ?? new NoneMatcher();
  return new BoolMatcher({ must: [], filter: [], should, mustNot: [], minimumShouldMatch: 1 }, context.maxDoc, 1);
}

/** The first terms, in their order, that begin with a text, over all segments. */
function* expand(
  stores: readonly (KeywordField | TextField)[],
  prefix: string,
  limit: number,
): Generator<void, readonly string[]> {
  const found = new Set<string>();
  for (const { dictionary } of stores) {
    const ords = yield* dictionary.range({ low: prefix, high: `${prefix}\u{10ffff}` });
    ords.sort((a, b) => dictionary.compare(a, b));
    for (const ord of ords.slice(0, limit)) found.add(dictionary.term(ord));
  }
  return [...found].sort(compareText).slice(0, limit);
}

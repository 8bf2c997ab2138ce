import { longestPrefix } from "../../../../mapping/types/search-as-you-type.ts";
import { compareText } from "../../segment/compare-text.ts";
import type { KeywordField } from "../../segment/keyword-field.ts";
import type { TextField } from "../../segment/text-field.ts";
import type { ClauseTable } from "../clause-table.ts";
import type { QueryContext, QueryField } from "../context.ts";
import { GraphPhraseMatcher, type PhraseWay } from "../matchers/graph-phrase-matcher.ts";
import { type Matcher, NoneMatcher, newWindow } from "../matchers/matcher.ts";
import { PhraseMatcher, type PhraseTerm } from "../matchers/phrase-matcher.ts";
import { SynonymMatcher } from "../matchers/synonym-matcher.ts";
import { matchAny, matchTerm } from "../matchers/term-matcher.ts";
import { boostOf, fieldClause, fieldOptions, malformed, numberOf, scalar, textOf } from "../parameters.ts";
import { bm25Weight, idf } from "../scoring/bm25.ts";
import { docFreqOf } from "../scoring/term-statistics.ts";
import { maxParts } from "../spans/parse-span.ts";
import { termMatcher } from "../term-clauses.ts";
import { allPaths, groupTokens, type TokenGroup } from "./token-graph.ts";

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
  if (node.family !== "text") {
    if ((node.cutQuery?.(text).length ?? 1) > 1) checkPositions({ ...node, hasPositions: false });
    return yield* termMatcher(field, text, boost, context);
  }
  const analyzer =
    analyzerName === undefined
      ? (node.quoteAnalyzer ?? node.searchAnalyzer)
      : context.mapping.analysis.analyzer(textOf(analyzerName, "analyzer"));
  if (analyzer === undefined) throw malformed(`Analyzer "${String(analyzerName)}" does not exist.`);
  if (store?.kind !== "text") return new NoneMatcher();
  const groups = groupTokens(analyzer.tokens(text), analyzer.ignoresGraph);
  const [only] = groups;
  if (only === undefined) return new NoneMatcher();
  if (groups.length === 1 && only.kind === "terms" && only.terms.length > 1 && expansions === 0)
    return synonymMatcher(field, store, only.terms, boost, context);
  if (groups.length > 1) checkPositions(node);
  if (slop === 0 && node.rowFields !== undefined) {
    const rows = yield* rowFieldMatcher(field, groups, boost, expansions, context);
    if (rows !== undefined) return rows;
  }
  const hasPaths = groups.some(({ kind }) => kind === "paths");
  // Several ways through the text: each is a phrase of its own.
  const rows: PhraseRow[] = hasPaths
    ? allPaths(groups).map((words) => words.map((word, position) => ({ words: [word], position })))
    : [groups.flatMap((group) => (group.kind === "terms" ? [{ words: group.terms, position: group.position }] : []))];
  const beginnings = only.kind === "terms" ? only.terms.length : only.paths.length;
  const options = { slop, boost, expansions, ...(hasPaths && slop === 0 ? { beginnings } : {}) };
  return yield* rowsMatcher(field, store, rows, options, context);
}

/** A phrase in the field that holds rows of words, when there is one: fewer and rarer terms. */
function* rowFieldMatcher(
  { node }: QueryField,
  groups: readonly TokenGroup[],
  boost: number,
  expansions: number,
  context: QueryContext,
): Generator<void, Matcher | undefined> {
  const { rowFields = [], prefixField } = node;
  const words: string[] = [];
  for (const [i, group] of groups.entries()) {
    const [word, ...others] = group.kind === "terms" ? group.terms : [];
    if (word === undefined || others.length > 0 || group.position !== i) return undefined;
    words.push(word);
  }
  if (words.length < 2 || (expansions > 0 && prefixField === undefined)) return undefined;
  const size = Math.min(words.length, rowFields.length + 1);
  const isPrefix = expansions > 0 && size === words.length;
  if (isPrefix && words.join(" ").length <= longestPrefix) {
    const field = context.field(`${node.path}.${prefixField}`);
    return field === undefined ? undefined : yield* termMatcher(field, words.join(" "), boost, context);
  }
  const field = context.field(`${node.path}.${rowFields[size - 2]}`);
  if (field === undefined) return undefined;
  if (field.store?.kind !== "text") return new NoneMatcher();
  const row = words.slice(size - 1).map((_, i) => ({ words: [words.slice(i, i + size).join(" ")], position: i }));
  return yield* rowsMatcher(field, field.store, [row], { slop: 0, boost, expansions }, context);
}

export interface PhraseOptions {
  readonly slop: number;
  readonly boost: number;
  /** Above 0 the last word is the beginning of one of so many. */
  readonly expansions: number;
  /** The rows are ways of one phrase, which begin in so many ways: as many rows for each, one after the other. */
  readonly beginnings?: number;
}

/** Error: 400 for a field that does not know where its words stand. */
export function checkPositions({ path, hasPositions }: QueryField["node"]): void {
  if (hasPositions === false)
    throw malformed(`Field "${path}" has no positions (index_options): phrases cannot be searched.`);
}

/** Documents that hold one of several phrases. */
export function* rowsMatcher(
  field: QueryField,
  store: TextField,
  rows: readonly PhraseRow[],
  { slop, boost, expansions, beginnings = 0 }: PhraseOptions,
  context: QueryContext,
): Generator<void, Matcher> {
  const { node } = field;
  if (rows.some(({ length }) => length > 1)) checkPositions(node);
  const statistics = context.statisticsOf(field, store);
  const stores = context.statistics.termStores(context.space.path, node.path);
  const hasNorms = node.norms === true;
  const phrases: Matcher[] = [];
  const ways: PhraseWay[] = [];
  const idfs = new Map<string, number>();
  for (const [r, row] of rows.entries()) {
    if (row.length > maxParts) throw malformed(`A phrase has ${maxParts} words at most, this one ${row.length}.`);
    yield* context.budget.pause();
    const terms: PhraseTerm[] = [];
    for (const [i, { words: asked, position }] of row.entries()) {
      const isLast = i === row.length - 1 && expansions > 0;
      const key = JSON.stringify(["prefix", context.space.path, node.path, asked, expansions]);
      const words = isLast ? yield* context.statistics.once(key, () => expandAll(stores, asked, expansions)) : asked;
      const ords = words.map((one) => store.dictionary.find(one)).filter((ord) => ord >= 0);
      const docFreqs = words.map((one) => docFreqOf(one, stores));
      for (const [k, docFreq] of docFreqs.entries())
        if (docFreq > 0) idfs.set(words[k] as string, idf(statistics.docCount, docFreq));
      terms.push({ ords, docFreqs: docFreqs.filter((docFreq) => docFreq > 0), position });
    }
    if (terms.some(({ ords }) => ords.length === 0)) continue;
    const [first] = terms;
    if (terms.length > 1 || beginnings > 0) {
      const matcher = new PhraseMatcher(store, terms, slop, boost, hasNorms, statistics, context.arrays);
      phrases.push(matcher);
      ways.push({ phrase: matcher, beginning: Math.floor((r * beginnings) / rows.length), bits: newWindow() });
    } else
      for (const ord of first?.ords ?? [])
        phrases.push(matchTerm({ field: store, term: ord, boost, hasNorms, statistics }));
  }
  const [phrase] = phrases;
  if (phrase === undefined) return new NoneMatcher();
  if (beginnings > 0) {
    let sum = 0;
    for (const one of idfs.values()) sum += one;
    const rarity = (sum * bm25Weight(statistics, 1, boost)) / idf(statistics.docCount, 1);
    const weight = statistics.isFlat === true ? boost : rarity;
    const lengths = hasNorms ? store.lengths : undefined;
    return new GraphPhraseMatcher(ways, { weight, norms: statistics.norms, lengths }, context.arrays);
  }
  if (phrases.length === 1) return phrase;
  return matchAny(phrases, context.maxDoc);
}

/** The places of a phrase, and the words of which one has to stand there. */
export type PhraseRow = readonly { readonly words: readonly string[]; readonly position: number }[];

/** Documents that hold any of several words that mean the same. */
export function synonymMatcher(
  field: QueryField,
  store: TextField,
  words: readonly string[],
  boost: number,
  context: QueryContext,
): Matcher {
  const ords = words.map((word) => store.dictionary.find(word)).filter((ord) => ord >= 0);
  if (ords.length === 0) return new NoneMatcher();
  const stores = context.statistics.termStores(context.space.path, field.node.path);
  const docFreq = Math.max(...words.map((word) => docFreqOf(word, stores)));
  const hasNorms = field.node.norms === true;
  return new SynonymMatcher(store, ords, docFreq, boost, hasNorms, context.statisticsOf(field, store));
}

/** Words that begin with one of several, at most `limit` of them. */
function* expandAll(
  stores: readonly (KeywordField | TextField)[],
  prefixes: readonly string[],
  limit: number,
): Generator<void, readonly string[]> {
  const found = new Set<string>();
  for (const prefix of prefixes)
    for (const word of yield* expand(stores, prefix, limit)) if (found.size < limit) found.add(word);
  return [...found];
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

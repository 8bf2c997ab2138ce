import type { QueryContext, QueryField } from "../context.ts";
import { BoolMatcher } from "../matchers/bool-matcher.ts";
import { DisMaxMatcher } from "../matchers/dis-max-matcher.ts";
import { AllMatcher, type Matcher, NoneMatcher } from "../matchers/matcher.ts";
import { matchAny, matchTerm } from "../matchers/term-matcher.ts";
import { malformed } from "../parameters.ts";
import { docFreqOf } from "../scoring/term-statistics.ts";
import { assertIndexed, termMatcher } from "../term-clauses.ts";
import { rowsMatcher } from "./phrase-clauses.ts";
import { asksTooMuch, combineWords, type WordsOptions, wordsMatcher, wordsOf } from "./text-clauses.ts";
import type { TokenGroup } from "./token-graph.ts";

/** A field and what its matches are multiplied by. */
export interface WeighedField {
  readonly field: QueryField;
  readonly boost: number;
}

/**
 * Looks for words as if the fields were one: each word may stand in any of them. Fields with the same analyzer make a group, whose words
 * must all be found in it where all are asked for; a word is as rare as in the field that has it most. Answers one matcher for each group.
 */
export function* crossFields(
  fields: readonly WeighedField[],
  options: WordsOptions,
  tieBreaker: number,
  context: QueryContext,
): Generator<void, Matcher[]> {
  if (options.fuzzy !== undefined) throw malformed('[multi_match.fuzziness] cannot be used with type "cross_fields".');
  const groups = new Map<unknown, WeighedField[]>();
  for (const one of fields) {
    if (!options.lenient) assertIndexed(one.field.node);
    const { searchAnalyzer, normalizer } = one.field.node;
    const key = options.analyzer ?? searchAnalyzer ?? normalizer;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const matchers: Matcher[] = [];
  for (const group of groups.values()) {
    const [only] = group;
    if (only !== undefined && group.length === 1)
      matchers.push(yield* wordsMatcher(only.field, { ...options, boost: options.boost * only.boost }, context));
    else matchers.push(yield* groupMatcher(group, options, tieBreaker, context));
  }
  return matchers;
}

function* groupMatcher(
  group: readonly WeighedField[],
  options: WordsOptions,
  tieBreaker: number,
  context: QueryContext,
): Generator<void, Matcher> {
  const [first] = group;
  if (first === undefined) return new NoneMatcher();
  const isText = options.analyzer !== undefined || first.field.node.searchAnalyzer !== undefined;
  const text = String(options.text);
  const { groups: words } = isText ? wordsOf(first.field, text, options.analyzer, context) : oneWord(text);
  if (words.length === 0) return options.zeroTermsAll ? new AllMatcher(context.maxDoc) : new NoneMatcher();
  if (asksTooMuch(words, options)) return new NoneMatcher();
  const clauses: Matcher[] = [];
  for (const word of words) {
    if (word.kind === "terms") clauses.push(yield* anywhere(group, word.terms, tieBreaker, context));
    else clauses.push(yield* anyWay(group, word.paths, options, tieBreaker, context));
  }
  return combineWords(clauses, options, context);
}

const oneWord = (word: string): { readonly groups: readonly TokenGroup[] } => ({
  groups: [{ kind: "terms", terms: [word], position: 0 }],
});

/** One of several ways to say a thing: words in any of the fields, or several next to each other in one of them. */
function* anyWay(
  group: readonly WeighedField[],
  paths: readonly (readonly string[])[],
  options: WordsOptions,
  tieBreaker: number,
  context: QueryContext,
): Generator<void, Matcher> {
  const should: Matcher[] = [];
  for (const path of paths) {
    if (path.length > 1 && options.synonymPhrases) {
      should.push(yield* phraseAnywhere(group, path, tieBreaker, context));
      continue;
    }
    const must: Matcher[] = [];
    for (const word of path) must.push(yield* anywhere(group, [word], tieBreaker, context));
    const [only] = must;
    should.push(only !== undefined && must.length === 1 ? only : allOf(must, context));
  }
  return matchAny(should, context.maxDoc);
}

const allOf = (must: readonly Matcher[], { maxDoc }: QueryContext): Matcher => new BoolMatcher({ must }, maxDoc);

function* phraseAnywhere(
  group: readonly WeighedField[],
  path: readonly string[],
  tieBreaker: number,
  context: QueryContext,
): Generator<void, Matcher> {
  const row = path.map((word, position) => ({ words: [word], position }));
  const phrases: Matcher[] = [];
  for (const { field, boost } of group) {
    const { node, store } = field;
    if (node.family !== "text")
      throw malformed(
        `[multi_match] a synonym of several words needs text fields; "${node.path}" is of type ${node.type}.`,
      );
    if (store?.kind !== "text") continue;
    phrases.push(yield* rowsMatcher(field, store, [row], { slop: 0, boost, expansions: 0 }, context));
  }
  return new DisMaxMatcher(phrases, tieBreaker, 1);
}

/** One word, or any of several that mean the same, in any of the fields. */
function* anywhere(
  group: readonly WeighedField[],
  words: readonly string[],
  tieBreaker: number,
  context: QueryContext,
): Generator<void, Matcher> {
  const terms: Matcher[] = [];
  const others: Matcher[] = [];
  const places = group.flatMap(({ field, boost }) => words.map((word) => ({ field, boost, word })));
  const blended = blend(places, context);
  for (const [i, { field, boost, word }] of places.entries()) {
    const { store, node } = field;
    const isTerm = node.family === "text" || (node.family === "keyword" && node.type !== "ip");
    if (!isTerm) {
      others.push(...(yield* valueMatcher(field, word, boost, context)));
      continue;
    }
    if (store?.kind !== "text" && store?.kind !== "keyword") continue;
    const ord = store.dictionary.find(termOf(field, word));
    if (ord < 0) continue;
    const statistics = context.statisticsOf(field, store);
    terms.push(
      matchTerm({
        field: store,
        term: ord,
        boost: boost * node.boost,
        hasNorms: node.norms === true,
        statistics,
        docFreq: blended[i],
      }),
    );
  }
  const best = terms.length === 1 ? terms[0] : new DisMaxMatcher(terms, tieBreaker, 1);
  if (others.length === 0) return best ?? new NoneMatcher();
  return new DisMaxMatcher(best === undefined ? others : [...others, best], 1, 1);
}

const termOf = ({ node }: QueryField, word: string): string => node.normalizer?.(word) ?? word;

/** A value of a field that has no terms; a word that is no such value matches nothing there. */
function* valueMatcher(
  field: QueryField,
  word: string,
  boost: number,
  context: QueryContext,
): Generator<void, Matcher[]> {
  try {
    return [yield* termMatcher(field, word, boost, context)];
  } catch {
    return [];
  }
}

/**
 * How many documents a word counts as having, for each of the fields: those of the field that has it most, and one more for each field
 * that has it less, so that of two the rarer place does not win by its rarity. The same goes for words that mean the same.
 */
function blend(
  places: readonly { readonly field: QueryField; readonly word: string }[],
  context: QueryContext,
): (number | undefined)[] {
  let fewestTerms = Number.POSITIVE_INFINITY;
  const docFreqs = places.map(({ field, word }) => {
    const stores = context.statistics.termStores(context.space.path, field.node.path);
    const docFreq = docFreqOf(termOf(field, word), stores);
    // A field that has not the word says nothing of how many documents may have it.
    if (docFreq > 0)
      fewestTerms = Math.min(
        fewestTerms,
        stores.reduce((sum, { totalTerms }) => sum + totalTerms, 0),
      );
    return docFreq;
  });
  const most = Math.max(...docFreqs);
  const blended: (number | undefined)[] = docFreqs.map(() => undefined);
  if (most === 0 || docFreqs.length === 1) return blended;
  const limit = Math.min(context.statistics.maxDoc, fewestTerms);
  let docFreq = Math.min(limit, most);
  let previous = most;
  const order = docFreqs.map((_, i) => i).sort((a, b) => (docFreqs[b] as number) - (docFreqs[a] as number));
  for (const i of order) {
    const own = docFreqs[i] as number;
    if (own === 0) break;
    if (previous > own) docFreq++;
    blended[i] = Math.min(limit, docFreq);
    previous = own;
  }
  return blended;
}

/** Any of the groups: the best of them, or their sum when the others count in full. */
export function combineGroups(
  matchers: readonly Matcher[],
  tieBreaker: number,
  boost: number,
  maxDoc: number,
): Matcher {
  if (tieBreaker !== 1) return new DisMaxMatcher(matchers, tieBreaker, boost);
  return matchAny(matchers, maxDoc, boost);
}

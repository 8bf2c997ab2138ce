import { BoolMatcher, DisMaxMatcher } from "./bool-matcher.ts";
import type { QueryContext, QueryField } from "./context.ts";
import { AllMatcher, type Matcher, NoneMatcher } from "./matcher.ts";
import { malformed } from "./parameters.ts";
import { termMatcher } from "./term-clauses.ts";
import { TermMatcher } from "./term-matcher.ts";
import { docFreqOf } from "./term-statistics.ts";
import { combineWords, type WordsOptions, wordsMatcher, wordsOf } from "./text-clauses.ts";

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
  const words = isText ? wordsOf(first.field, String(options.text), options.analyzer, context) : [String(options.text)];
  if (words.length === 0) return options.zeroTermsAll ? new AllMatcher(context.maxDoc) : new NoneMatcher();
  const clauses: Matcher[] = [];
  for (const word of words) clauses.push(yield* anywhere(group, word, tieBreaker, context));
  return combineWords(clauses, options, context);
}

/** One word in any of the fields. */
function* anywhere(
  group: readonly WeighedField[],
  word: string,
  tieBreaker: number,
  context: QueryContext,
): Generator<void, Matcher> {
  const terms: Matcher[] = [];
  const others: Matcher[] = [];
  const blended = blend(group, word, context);
  for (const [i, { field, boost }] of group.entries()) {
    const { store, node } = field;
    const isTerm = node.family === "text" || (node.family === "keyword" && node.type !== "ip");
    if (!isTerm) {
      others.push(...(yield* valueMatcher(field, word, boost, context)));
      continue;
    }
    if (store?.kind !== "text" && store?.kind !== "keyword") continue;
    const ord = store.dictionary.find(node.normalizer === undefined ? word : node.normalizer(word));
    if (ord < 0) continue;
    const statistics = context.statisticsOf(field, store);
    terms.push(new TermMatcher(store, ord, boost, node.norms === true, statistics, blended[i]));
  }
  const best = terms.length === 1 ? terms[0] : new DisMaxMatcher(terms, tieBreaker, 1);
  if (others.length === 0) return best ?? new NoneMatcher();
  return new DisMaxMatcher(best === undefined ? others : [...others, best], 1, 1);
}

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
 * that has it less, so that of two the rarer place does not win by its rarity.
 */
function blend(group: readonly WeighedField[], word: string, context: QueryContext): (number | undefined)[] {
  let fewestTerms = Number.POSITIVE_INFINITY;
  const docFreqs = group.map(({ field: { node } }) => {
    const stores = context.statistics.termStores(context.space.path, node.path);
    fewestTerms = Math.min(
      fewestTerms,
      stores.reduce((sum, { totalTerms }) => sum + totalTerms, 0),
    );
    return docFreqOf(node.normalizer === undefined ? word : node.normalizer(word), stores);
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
  return new BoolMatcher({ must: [], filter: [], should: matchers, mustNot: [], minimumShouldMatch: 1 }, maxDoc, boost);
}

import type { JSONObject } from "../../../../../../kernel/index.ts";
import type { Budget } from "../../budget.ts";
import type { KeywordField } from "../../segment/keyword-field.ts";
import type { TextField } from "../../segment/text-field.ts";
import type { QueryContext, QueryField } from "../context.ts";
import { type Matcher, NoneMatcher } from "../matchers/matcher.ts";
import { matchAny, matchTerm } from "../matchers/term-matcher.ts";
import { flagOf, malformed, numberOf } from "../parameters.ts";
import { docFreqOf } from "../scoring/term-statistics.ts";
import { CloseTerms } from "./close-terms.ts";

export interface FuzzyOptions {
  /** Edits allowed for a word of a length. */
  readonly editsFor: (length: number) => number;
  readonly prefixLength: number;
  readonly maxExpansions: number;
  readonly transpositions: boolean;
}

/** Undefined when the clause asks for no fuzziness. */
export function readFuzzyOptions(options: JSONObject, clause: string, byDefault?: string): FuzzyOptions | undefined {
  const { fuzziness = byDefault } = options;
  if (fuzziness === undefined) return undefined;
  return {
    editsFor: readFuzziness(fuzziness, clause),
    prefixLength: numberOf(options.prefix_length, 0, `${clause}.prefix_length`),
    maxExpansions: numberOf(options.max_expansions, 50, `${clause}.max_expansions`),
    transpositions: flagOf(options.fuzzy_transpositions ?? options.transpositions, true, `${clause}.transpositions`),
  };
}

export function readFuzziness(value: unknown, clause: string): (length: number) => number {
  const text = String(value).toUpperCase();
  const auto = /^AUTO(?::(\d+),(\d+))?$/.exec(text);
  if (auto !== null) {
    const low = Number(auto[1] ?? 3);
    const high = Number(auto[2] ?? 6);
    return (length) => (length < low ? 0 : length < high ? 1 : 2);
  }
  const edits = Number(text);
  if (!(edits >= 0)) throw malformed(`[${clause}.fuzziness] must be 0, 1, 2 or AUTO.`);
  return () => Math.min(2, Math.floor(edits));
}

/** Each is a list that is read; thirteen hundred words of fifty terms. */
const mostTerms = 65_536;

/** Documents with terms a few edits away, the closest `maxExpansions` of them, scored as one term would be. */
export function* fuzzyMatcher(
  field: QueryField,
  store: KeywordField | TextField,
  word: string,
  options: FuzzyOptions,
  boost: number,
  context: QueryContext,
): Generator<void, Matcher> {
  const { node } = field;
  const hasNorms = node.norms === true;
  const statistics = context.statisticsOf(field, store);
  const edits = options.editsFor([...word].length);
  if (edits === 0) {
    const ord = store.dictionary.find(word);
    return ord < 0 ? new NoneMatcher() : matchTerm({ field: store, term: ord, boost, hasNorms, statistics });
  }
  const stores = context.statistics.termStores(context.space.path, node.path);
  const { prefixLength, maxExpansions, transpositions } = options;
  const asked = ["fuzzy", context.space.path, node.path, word, edits, prefixLength, maxExpansions, transpositions];
  const { terms, docFreq } = yield* context.statistics.once(JSON.stringify(asked), () =>
    closestTerms(stores, word, edits, options, context.budget),
  );
  context.spent.terms += terms.length;
  if (context.spent.terms > mostTerms)
    throw malformed(
      `The fuzzy words of the query stand for more than ${mostTerms} terms. Ask for fewer words, or for a lower "max_expansions".`,
    );
  const should: Matcher[] = [];
  for (const { term, closeness } of terms) {
    const ord = store.dictionary.find(term);
    if (ord >= 0)
      should.push(
        matchTerm({ field: store, term: ord, boost: boost * Math.max(0, closeness), hasNorms, statistics, docFreq }),
      );
  }
  const [only] = should;
  if (only === undefined) return new NoneMatcher();
  if (should.length === 1) return only;
  return matchAny(should, context.maxDoc);
}

interface CloseTerm {
  readonly term: string;
  /** 1 for the word itself, less for each edit; below 0 for a term that is shorter than its edits are many. Such a one weighs nothing. */
  readonly closeness: number;
}

interface Expansion {
  readonly terms: readonly CloseTerm[];
  /** Documents of the most frequent of them: they all count as that one. */
  readonly docFreq: number;
}

/** The terms of a field that are closest to a word, over all segments. */
export function* closestTerms(
  stores: readonly (KeywordField | TextField)[],
  word: string,
  edits: number,
  options: FuzzyOptions,
  budget: Budget,
): Generator<void, Expansion> {
  const wanted = [...word];
  const close = new CloseTerms(wanted, edits, options.transpositions);
  const prefix = wanted.slice(0, options.prefixLength).join("");
  const closest = new Map<string, number>();
  for (const { dictionary } of stores) {
    yield* close.of(dictionary, prefix, budget, (ord, apart) => {
      const term = dictionary.term(ord);
      closest.set(term, 1 - apart / Math.min(wanted.length, [...term].length));
    });
  }
  const found = Array.from(closest, ([term, closeness]): CloseTerm => ({ term, closeness }));
  found.sort((a, b) => b.closeness - a.closeness || (a.term < b.term ? -1 : 1));
  const terms = found.slice(0, options.maxExpansions);
  const docFreq = terms.reduce((most, { term }) => Math.max(most, docFreqOf(term, stores)), 0);
  return { terms, docFreq };
}

/** Whether a term is as near to a word as the options allow, be it among the closest ones or not. */
export function nearTest(word: string, options: FuzzyOptions): (term: string) => boolean {
  const wanted = [...word];
  const close = new CloseTerms(wanted, options.editsFor(wanted.length), options.transpositions);
  const prefix = wanted.slice(0, options.prefixLength).join("");
  return (term) => term.startsWith(prefix) && close.isNear(term);
}

import type { JSONObject } from "../../../../../kernel/index.ts";
import type { Budget } from "../budget.ts";
import type { KeywordField } from "../segment/keyword-field.ts";
import type { TextField } from "../segment/text-field.ts";
import { BoolMatcher } from "./bool-matcher.ts";
import type { QueryContext, QueryField } from "./context.ts";
import { type Matcher, NoneMatcher } from "./matcher.ts";
import { flagOf, malformed, numberOf } from "./parameters.ts";
import { TermMatcher } from "./term-matcher.ts";
import { docFreqOf } from "./term-statistics.ts";

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
  if (!(edits >= 0 && edits <= 2)) throw malformed(`[${clause}.fuzziness] must be 0, 1, 2 or AUTO.`);
  return () => Math.floor(edits);
}

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
    return ord < 0 ? new NoneMatcher() : new TermMatcher(store, ord, boost, hasNorms, statistics);
  }
  const stores = context.statistics.termStores(context.space.path, node.path);
  const { prefixLength, maxExpansions, transpositions } = options;
  const asked = ["fuzzy", context.space.path, node.path, word, edits, prefixLength, maxExpansions, transpositions];
  const { terms, docFreq } = yield* context.statistics.once(JSON.stringify(asked), () =>
    closestTerms(stores, word, edits, options, context.budget),
  );
  const should: Matcher[] = [];
  for (const { term, weight } of terms) {
    const ord = store.dictionary.find(term);
    if (ord >= 0) should.push(new TermMatcher(store, ord, boost * weight, hasNorms, statistics, docFreq));
  }
  const [only] = should;
  if (only === undefined) return new NoneMatcher();
  if (should.length === 1) return only;
  return new BoolMatcher({ must: [], filter: [], should, mustNot: [], minimumShouldMatch: 1 }, context.maxDoc, 1);
}

interface CloseTerm {
  readonly term: string;
  /** 1 for the word itself, less for each edit. */
  readonly weight: number;
}

interface CloseTerms {
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
): Generator<void, CloseTerms> {
  const wanted = [...word];
  const distance = new EditDistance(wanted, edits, options.transpositions);
  const prefix = wanted.slice(0, options.prefixLength).join("");
  const weights = new Map<string, number>();
  for (const { dictionary } of stores) {
    const candidates =
      prefix === "" ? undefined : yield* dictionary.range({ low: prefix, high: `${prefix}\u{10ffff}` });
    const count = candidates?.length ?? dictionary.size;
    for (let i = 0; i < count; i++) {
      if ((i & 255) === 255) yield* budget.pause();
      const ord = candidates === undefined ? i : (candidates[i] as number);
      const bytes = dictionary.byteLength(ord);
      if (bytes < wanted.length - edits || bytes > (wanted.length + edits) * 4) continue;
      const term = dictionary.term(ord);
      const apart = distance.to(term);
      if (apart > edits) continue;
      weights.set(term, Math.max(0, 1 - apart / Math.min(wanted.length, [...term].length)));
    }
  }
  const found = Array.from(weights, ([term, weight]): CloseTerm => ({ term, weight }));
  found.sort((a, b) => b.weight - a.weight || (a.term < b.term ? -1 : 1));
  const terms = found.slice(0, options.maxExpansions);
  const docFreq = terms.reduce((most, { term }) => Math.max(most, docFreqOf(term, stores)), 0);
  return { terms, docFreq };
}

/** Levenshtein distance, with exchanged neighbours as one edit; gives up beyond a limit. */
export class EditDistance {
  readonly #wanted: readonly number[];
  readonly #limit: number;
  readonly #transpositions: boolean;
  #rows: [Uint8Array, Uint8Array, Uint8Array];

  constructor(wanted: readonly string[], limit: number, transpositions: boolean) {
    this.#wanted = wanted.map((char) => char.codePointAt(0) ?? 0);
    this.#limit = limit;
    this.#transpositions = transpositions;
    const length = wanted.length + 1;
    this.#rows = [new Uint8Array(length), new Uint8Array(length), new Uint8Array(length)];
  }

  to(term: string): number {
    const wanted = this.#wanted;
    const columns = wanted.length;
    let [before, above, row] = this.#rows;
    for (let j = 0; j <= columns; j++) above[j] = Math.min(j, 200);
    let previous = -1;
    let i = 0;
    for (let at = 0; at < term.length; ) {
      const code = term.codePointAt(at) ?? 0;
      at += code > 0xffff ? 2 : 1;
      i++;
      row[0] = Math.min(i, 200);
      let lowest = row[0] as number;
      for (let j = 1; j <= columns; j++) {
        const letter = wanted[j - 1] as number;
        let cost = Math.min(
          (above[j] as number) + 1,
          (row[j - 1] as number) + 1,
          (above[j - 1] as number) + (letter === code ? 0 : 1),
        );
        if (this.#transpositions && i > 1 && j > 1 && letter === previous && wanted[j - 2] === code) {
          cost = Math.min(cost, (before[j - 2] as number) + 1);
        }
        cost = Math.min(cost, 200);
        row[j] = cost;
        if (cost < lowest) lowest = cost;
      }
      // A transposition reaches over one row, so one row beyond the limit does not decide yet.
      if (lowest > this.#limit + 1) return lowest;
      previous = code;
      [before, above, row] = [above, row, before];
    }
    return above[columns] as number;
  }
}

import type { JSONObject } from "../../../../../../kernel/index.ts";
import type { FieldNode } from "../../../../mapping/compile-mapping.ts";
import type { TextField } from "../../segment/text-field.ts";
import type { ClauseTable } from "../clause-table.ts";
import type { QueryContext, QueryField } from "../context.ts";
import { type FuzzyOptions, fuzzyMatcher, readFuzzyOptions } from "../fuzzy/fuzzy.ts";
import { BoolMatcher } from "../matchers/bool-matcher.ts";
import { AllMatcher, type Matcher, NoneMatcher } from "../matchers/matcher.ts";
import { matchAny, matchTerm } from "../matchers/term-matcher.ts";
import {
  boostOf,
  type FieldClause,
  fieldClause,
  fieldOptions,
  flagOf,
  malformed,
  minimumShouldMatch,
  numberOf,
  scalar,
  textOf,
} from "../parameters.ts";
import { assertIndexed, fitsPattern, termMatcher } from "../term-clauses.ts";
import { rowsMatcher, synonymMatcher } from "./phrase-clauses.ts";
import { groupTokens, type TokenGroup } from "./token-graph.ts";

export const matchMembers = [
  "analyzer",
  "auto_generate_synonyms_phrase_query",
  "cutoff_frequency",
  "fuzziness",
  "fuzzy_rewrite",
  "fuzzy_transpositions",
  "lenient",
  "max_expansions",
  "minimum_should_match",
  "operator",
  "prefix_length",
  "zero_terms_query",
] as const;

/** How the words of one text are looked for in one field. */
export interface WordsOptions {
  readonly text: string | number | boolean;
  readonly boost: number;
  readonly isAnd: boolean;
  readonly minimum: unknown;
  readonly fuzzy: FuzzyOptions | undefined;
  readonly zeroTermsAll: boolean;
  readonly analyzer: unknown;
  readonly lenient: boolean;
  /** Words of a synonym of several must stand next to each other. */
  readonly synonymPhrases: boolean;
}

export const textClauses: ClauseTable = {
  *match(body, context) {
    const clause = fieldClause(body, "match");
    const options = readWords(fieldOptions(clause, "match", "query", matchMembers), "match", clause.field);
    const field = context.field(clause.field);
    return field === undefined ? new NoneMatcher() : yield* wordsMatcher(field, options, context);
  },

  *match_bool_prefix(body, context) {
    const clause = fieldClause(body, "match_bool_prefix");
    const members = [
      "analyzer",
      "operator",
      "minimum_should_match",
      "fuzziness",
      "prefix_length",
      "max_expansions",
      "fuzzy_transpositions",
      "fuzzy_rewrite",
    ];
    const options = readWords(
      fieldOptions(clause, "match_bool_prefix", "query", members),
      "match_bool_prefix",
      clause.field,
    );
    const field = context.field(clause.field);
    if (field === undefined) return new NoneMatcher();
    return yield* boolPrefixMatcher(field, options, context);
  },
};

export function readWords(options: JSONObject, clause: string, field: string): WordsOptions {
  const { operator = "or" } = options;
  const zeroTerms = String(options.zero_terms_query ?? "none").toLowerCase();
  const wanted = String(operator).toLowerCase();
  if (wanted !== "or" && wanted !== "and") throw malformed(`[${clause}.operator] must be "and" or "or".`);
  if (zeroTerms !== "none" && zeroTerms !== "all")
    throw malformed(`[${clause}.zero_terms_query] must be "none" or "all".`);
  return {
    text: scalar(options.query, clause, field),
    boost: boostOf(options, clause),
    isAnd: wanted === "and",
    minimum: options.minimum_should_match,
    fuzzy: readFuzzyOptions(options, clause),
    zeroTermsAll: zeroTerms === "all",
    analyzer: options.analyzer,
    lenient: flagOf(options.lenient, false, `${clause}.lenient`),
    synonymPhrases: flagOf(
      options.auto_generate_synonyms_phrase_query,
      true,
      `${clause}.auto_generate_synonyms_phrase_query`,
    ),
  };
}

/** The words of a text as a field's analyzer, or the one that was asked for, cuts it. */
export function wordsOf(field: QueryField, text: string, analyzer: unknown, context: QueryContext): QueryWords {
  const chosen =
    analyzer === undefined
      ? field.node.searchAnalyzer
      : context.mapping.analysis.analyzer(textOf(analyzer, "analyzer"));
  if (chosen === undefined) throw malformed(`Analyzer "${String(analyzer)}" does not exist.`);
  const tokens = chosen.tokens(text);
  const isOpen = tokens.count > 0 && tokens.ends[tokens.count - 1] === text.length;
  return { groups: groupTokens(tokens, chosen.ignoresGraph), isOpen };
}

interface QueryWords {
  readonly groups: readonly TokenGroup[];
  /** Nothing stands behind the last word: it may be the beginning of one. */
  readonly isOpen: boolean;
}

export function* wordsMatcher(
  field: QueryField,
  options: WordsOptions,
  context: QueryContext,
): Generator<void, Matcher> {
  const { node, store } = field;
  if (node.family !== "text") return yield* wholeMatcher(field, options, context);
  if (!options.lenient) assertIndexed(node);
  const { groups: words } = wordsOf(field, String(options.text), options.analyzer, context);
  if (asksTooMuch(words, options)) return new NoneMatcher();
  if (words.length === 0) return options.zeroTermsAll ? new AllMatcher(context.maxDoc) : new NoneMatcher();
  const clauses: Matcher[] = [];
  for (const word of words) {
    if (store?.kind !== "text") clauses.push(new NoneMatcher());
    else clauses.push(yield* groupMatcher(field, store, word, options, context));
  }
  return combineWords(clauses, options, context);
}

/** Ways of one text are words that a minimum counts as one: true when it asks for more. */
export function asksTooMuch(words: readonly TokenGroup[], { minimum }: WordsOptions): boolean {
  if (words.length !== 1 || words[0]?.kind !== "paths" || minimum === undefined) return false;
  return minimumShouldMatch(minimum, 1, "minimum_should_match") > 1;
}

/** One word, several that mean the same, or ways of one or several words. */
function* groupMatcher(
  field: QueryField,
  store: TextField,
  group: TokenGroup,
  options: WordsOptions,
  context: QueryContext,
  expansions = 0,
): Generator<void, Matcher> {
  if (group.kind === "terms") {
    const [word = "", ...others] = group.terms;
    if (others.length === 0) return yield* wordMatcher(field, store, word, options, context);
    return synonymMatcher(field, store, group.terms, options.boost, context);
  }
  const should: Matcher[] = [];
  for (const path of group.paths) {
    const [word = "", ...others] = path;
    if (expansions > 0 || (others.length > 0 && options.synonymPhrases)) {
      const terms = path.map((term, position) => ({ words: [term], position }));
      should.push(yield* rowsMatcher(field, store, [terms], { slop: 0, boost: options.boost, expansions }, context));
    } else if (others.length === 0) should.push(yield* wordMatcher(field, store, word, options, context));
    else {
      const must: Matcher[] = [];
      for (const term of path) must.push(yield* wordMatcher(field, store, term, options, context));
      should.push(new BoolMatcher({ must }, context.maxDoc));
    }
  }
  return matchAny(should, context.maxDoc);
}

/** A text as a whole; of a keyword, cut where the field or the search asks for it. */
function* wholeMatcher(
  field: QueryField,
  options: WordsOptions,
  context: QueryContext,
  isBeginning = false,
): Generator<void, Matcher> {
  if (field.node.type !== "keyword") return yield* exactMatcher(field, options, context);
  const words = keywordsOf(field, options, context);
  if (words.length === 0) return options.zeroTermsAll ? new AllMatcher(context.maxDoc) : new NoneMatcher();
  const clauses: Matcher[] = [];
  for (const [i, text] of words.entries()) {
    if (!isBeginning || i < words.length - 1) clauses.push(yield* exactMatcher(field, { ...options, text }, context));
    else clauses.push(yield* beginningMatcher(field, text, options, context));
  }
  return combineWords(clauses, options, context);
}

function keywordsOf(field: QueryField, { text, analyzer }: WordsOptions, context: QueryContext): readonly string[] {
  if (analyzer === undefined) return field.node.cutQuery?.(String(text)) ?? [String(text)];
  const { groups } = wordsOf(field, String(text), analyzer, context);
  return groups.flatMap((group) => (group.kind === "terms" ? group.terms : group.paths.flat()));
}

function beginningMatcher(
  { node }: QueryField,
  value: string,
  { boost }: WordsOptions,
  context: QueryContext,
): Generator<void, Matcher> {
  return context.compile({ prefix: { [node.path]: { value, boost } } });
}

function* exactMatcher(field: QueryField, options: WordsOptions, context: QueryContext): Generator<void, Matcher> {
  const { store } = field;
  if (options.fuzzy !== undefined && store?.kind === "keyword") {
    return yield* fuzzyMatcher(field, store, String(options.text), options.fuzzy, options.boost, context);
  }
  try {
    return yield* termMatcher(field, options.text, options.boost, context);
  } catch (err) {
    if (options.lenient) return new NoneMatcher();
    throw err;
  }
}

function* wordMatcher(
  field: QueryField,
  store: TextField,
  word: string,
  options: WordsOptions,
  context: QueryContext,
): Generator<void, Matcher> {
  if (options.fuzzy !== undefined)
    return yield* fuzzyMatcher(field, store, word, options.fuzzy, options.boost, context);
  const ord = store.dictionary.find(word);
  if (ord < 0) return new NoneMatcher();
  return matchTerm({
    field: store,
    term: ord,
    boost: options.boost * field.node.boost,
    hasNorms: field.node.norms === true,
    statistics: context.statisticsOf(field, store),
  });
}

export function combineWords(clauses: readonly Matcher[], options: WordsOptions, context: QueryContext): Matcher {
  const [only] = clauses;
  if (only !== undefined && clauses.length === 1) return only;
  if (options.isAnd) {
    // Required words are no optional ones, so a number of these cannot be reached; a share of none is none.
    const { minimum = 0 } = options;
    if (minimumShouldMatch(minimum, 0, "minimum_should_match") > 0) return new NoneMatcher();
    return new BoolMatcher({ must: clauses }, context.maxDoc);
  }
  const minimum =
    options.minimum === undefined ? 1 : minimumShouldMatch(options.minimum, clauses.length, "minimum_should_match");
  if (minimum > clauses.length) return new NoneMatcher();
  return minimum <= 1
    ? matchAny(clauses, context.maxDoc)
    : new BoolMatcher({ should: clauses, minimumShouldMatch: minimum }, context.maxDoc);
}

/** All words, of which the last may be the beginning of one. */
export function* boolPrefixMatcher(
  field: QueryField,
  options: WordsOptions,
  context: QueryContext,
): Generator<void, Matcher> {
  const { store, node } = field;
  if (node.family !== "text") return yield* wholeMatcher(field, options, context, true);
  const { groups: words, isOpen } = wordsOf(field, String(options.text), options.analyzer, context);
  const clauses: Matcher[] = [];
  for (const [i, word] of words.entries()) {
    // A last word with something behind it, if only a space, is complete.
    if (store?.kind !== "text") clauses.push(new NoneMatcher());
    else if (i < words.length - 1 || !isOpen || (word.kind === "terms" && word.terms.length > 1))
      clauses.push(yield* groupMatcher(field, store, word, options, context));
    else if (word.kind === "paths") clauses.push(yield* groupMatcher(field, store, word, options, context, 50));
    else clauses.push(yield* beginningMatcher(field, word.terms[0] ?? "", options, context));
  }
  return clauses.length === 0 ? new NoneMatcher() : combineWords(clauses, options, context);
}

/** Whether a clause asks for all fields that there are: what a field cannot hold is then not looked for in it. */
export function asksEveryField(fields: unknown): boolean {
  if (fields === undefined || fields === null || fields === "*") return true;
  return Array.isArray(fields) && (fields.length === 0 || fields.includes("*"));
}

const patternTypes: ReadonlySet<string> = new Set(["keyword", "ip", "wildcard", "version"]);

/** Whether a pattern of names means a field: those that a text may be compared with. */
const fitsPatterns = ({ family, type }: FieldNode): boolean =>
  family === "text" || family === "number" || family === "range" || family === "constant" || patternTypes.has(type);

/** Fields with their boosts: `title^3`, `name.*`. Without a list, every field that a text may be compared with. */
export function expandFields(fields: unknown, context: QueryContext, place: string): FieldClause[] {
  const given = Array.isArray(fields) ? fields : [fields];
  const list = fields === undefined || fields === null || given.length === 0 ? ["*"] : given;
  // A field that is named twice counts once, with its last boost; one that several patterns name, with the product of theirs.
  const named = new Map<string, number>();
  for (const entry of list) {
    const [pattern = "", power] = textOf(entry, place).split("^");
    named.set(pattern, power === undefined ? 1 : numberOf(power, 1, place));
  }
  const boosts = new Map<string, number>();
  const add = (path: string, boost: number): void => void boosts.set(path, boost * (boosts.get(path) ?? 1));
  for (const [pattern, boost] of named) {
    if (!pattern.includes("*")) {
      add(pattern, boost);
      continue;
    }
    const parts = pattern.split("*");
    for (const [path, node] of context.mapping.fields) {
      const isHere = node.nestedPath === context.space.path || node.alsoIn.includes(context.space.path);
      if (!isHere || !fitsPatterns(node) || !fitsPattern(path, parts)) continue;
      // A field and its alias are one.
      if (path === node.path || !fitsPattern(node.path, parts)) add(path, boost);
    }
  }
  const expanded = Array.from(boosts, ([field, boost]): FieldClause => ({ field, value: undefined, boost }));
  if (expanded.length > 1024) throw malformed(`[${place}] names more than 1024 fields.`);
  return expanded;
}

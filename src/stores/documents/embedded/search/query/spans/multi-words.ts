import { isPlainObject, type JSONObject } from "../../../../../../kernel/index.ts";
import { compareText } from "../../segment/compare-text.ts";
import type { TermBounds } from "../../segment/dictionary.ts";
import { type FuzzyOptions, readFuzzyOptions } from "../fuzzy/fuzzy.ts";
import {
  clauseBody,
  type FieldClause,
  fieldClause,
  fieldOptions,
  flagOf,
  malformed,
  onlyKnown,
  scalar,
} from "../parameters.ts";
import { compileWildcard } from "../pattern-clauses.ts";
import { readBounds } from "../range-clause.ts";
import { foldCase } from "../syntax/fold-case.ts";
import { compileTermPattern } from "../syntax/lucene-regexp.ts";

/** More words than this are refused, unless `rewrite` asks for the first ones only. */
const maxWords = 1024;

/** The words that one clause stands for. */
export interface MultiWords {
  readonly path: string;
  /** Between which terms they lie. */
  readonly bounds: TermBounds;
  readonly matches: (word: string) => boolean;
  /** How many of them count, in their order; undefined for all of them, which may be 1024. */
  readonly most: number | undefined;
  /** The nearest words to one, instead. */
  readonly near?: { readonly word: string; readonly options: FuzzyOptions };
}

/** Texts are well-formed as terms are, in which half a character is U+FFFD. */
type Reader = (clause: FieldClause, place: string) => Omit<MultiWords, "path">;

const startingWith = (low: string): TermBounds => ({ low, high: `${low}\u{10ffff}` });

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  [
    "prefix",
    (clause, place) => {
      const options = fieldOptions(clause, place, "value", ["case_insensitive", "rewrite"]);
      const prefix = String(scalar(options.value, place, clause.field)).toWellFormed();
      const most = mostOf(options, place);
      if (!flagOf(options.case_insensitive, false, `${place}.case_insensitive`))
        return { bounds: startingWith(prefix), matches: (word) => word.startsWith(prefix), most };
      const folded = foldCase(prefix);
      return { bounds: {}, matches: (word) => foldCase(word).startsWith(folded), most };
    },
  ],
  [
    "wildcard",
    (clause, place) => {
      const key = isPlainObject(clause.value) && "wildcard" in clause.value ? "wildcard" : "value";
      const options = fieldOptions(clause, place, key, ["case_insensitive", "rewrite"]);
      const pattern = String(scalar(options[key], place, clause.field)).toWellFormed();
      const fold = flagOf(options.case_insensitive, false, `${place}.case_insensitive`);
      const { prefix, matches } = compileWildcard(pattern, fold);
      return { bounds: fold ? {} : startingWith(prefix), matches, most: mostOf(options, place) };
    },
  ],
  [
    "regexp",
    (clause, place) => {
      const known = ["flags", "flags_value", "max_determinized_states", "case_insensitive", "rewrite"];
      const options = fieldOptions(clause, place, "value", known);
      const pattern = String(scalar(options.value, place, clause.field)).toWellFormed();
      const fold = flagOf(options.case_insensitive, false, `${place}.case_insensitive`);
      const { prefix, matches } = compileTermPattern(pattern, fold);
      return { bounds: prefix === "" ? {} : startingWith(prefix), matches, most: mostOf(options, place) };
    },
  ],
  [
    "fuzzy",
    (clause, place) => {
      const known = ["fuzziness", "max_expansions", "prefix_length", "transpositions", "rewrite"];
      const options = fieldOptions(clause, place, "value", known);
      const word = String(scalar(options.value, place, clause.field));
      const fuzzy = readFuzzyOptions(options, place, "AUTO");
      if (fuzzy === undefined) throw malformed(`[${place}] needs "fuzziness".`);
      const maxExpansions = mostOf(options, place) ?? fuzzy.maxExpansions;
      const near = { word, options: { ...fuzzy, maxExpansions } };
      return { bounds: {}, matches: () => false, most: maxExpansions, near };
    },
  ],
  [
    "range",
    ({ field, value }, place) => {
      const range = clauseBody(value, `${place}.${field}`);
      onlyKnown(range, ["gt", "gte", "lt", "lte", "from", "to", "include_lower", "include_upper"], `${place}.${field}`);
      const { low, high, includeLow, includeHigh } = readBounds(range);
      const text = (bound: unknown): string | undefined =>
        bound === undefined ? undefined : String(scalar(bound, place, field));
      const bounds = { low: text(low), high: text(high), excludeLow: !includeLow, excludeHigh: !includeHigh };
      return { bounds, matches: (word) => isBetween(word, bounds), most: undefined };
    },
  ],
]);

function isBetween(word: string, { low, high, excludeLow = false, excludeHigh = false }: TermBounds): boolean {
  const above = low === undefined ? 1 : compareText(word, low);
  const below = high === undefined ? 1 : compareText(high, word);
  return (above > 0 || (above === 0 && !excludeLow)) && (below > 0 || (below === 0 && !excludeHigh));
}

const topTerms = /^top_terms(?:_boost|_blended_freqs)?_(\d{1,9})$/;
const allTerms = ["constant_score", "constant_score_boolean", "scoring_boolean"];

/** What `rewrite` says of their number. */
function mostOf({ rewrite }: JSONObject, place: string): number | undefined {
  if (rewrite === undefined || allTerms.includes(String(rewrite))) return undefined;
  const count = Number(topTerms.exec(String(rewrite))?.[1] ?? 0);
  if (count > 0) return Math.min(count, maxWords);
  throw malformed(`[${place}.rewrite] must be one of ${allTerms.join(", ")}, or top_terms_N.`);
}

/** Reads the clause inside of `span_multi`. Errors: 400. */
export function readMultiWords(match: JSONObject): MultiWords {
  const [name = "", ...others] = Object.keys(match);
  const read = readers.get(name);
  if (read === undefined || others.length > 0)
    throw malformed(`[span_multi.match] takes one of ${[...readers.keys()].join(", ")}.`);
  const place = `span_multi.match.${name}`;
  const clause = fieldClause(match[name], place);
  return { path: clause.field, ...read(clause, place) };
}

/** Chooses among the words that were found, in whatever order. Error: 400 for too many. */
export function chooseWords(found: Iterable<string>, most: number | undefined): string[] {
  const words = [...found].sort(compareText);
  if (most === undefined && words.length > maxWords)
    throw malformed(
      `[span_multi] stands for more than ${maxWords} words: make it narrower, or choose some with "rewrite": "top_terms_100".`,
    );
  return words.slice(0, most ?? maxWords);
}

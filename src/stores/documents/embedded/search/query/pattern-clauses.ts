import { RE2JS } from "re2js";
import type { JSONObject } from "../../../../../kernel/index.ts";
import type { FieldNode } from "../../../mapping/compile-mapping.ts";
import { longestPrefix } from "../../../mapping/types/search-as-you-type.ts";
import { anyOfTerms } from "./any-of-terms.ts";
import type { ClauseTable } from "./clause-table.ts";
import type { QueryContext, QueryField } from "./context.ts";
import { fuzzyMatcher, readFuzzyOptions } from "./fuzzy/fuzzy.ts";
import { type Matcher, NoneMatcher } from "./matchers/matcher.ts";
import { boostOf, fieldClause, fieldOptions, flagOf, malformed, scalar } from "./parameters.ts";
import { foldCase } from "./syntax/fold-case.ts";
import { compileTermPattern } from "./syntax/lucene-regexp.ts";
import { assertIndexed, parseTerm, scanTerms } from "./term-clauses.ts";

export const patternClauses: ClauseTable = {
  *prefix(body, context) {
    const clause = fieldClause(body, "prefix");
    const options = fieldOptions(clause, "prefix", "value", ["case_insensitive", "rewrite"]);
    const prefix = String(scalar(options.value, "prefix", clause.field));
    const field = termField(context, clause.field, "prefix");
    const boost = boostOf(options, "prefix");
    if (field === undefined) return new NoneMatcher();
    if (flagOf(options.case_insensitive, false, "prefix.case_insensitive")) {
      const wanted = foldCase(normalized(field, prefix));
      return yield* scanTerms(field, (term) => foldCase(term).startsWith(wanted), boost, context);
    }
    const { prefixPath } = field.node;
    const prefixes = prefixPath === undefined ? undefined : context.field(prefixPath);
    if (prefixes?.store?.kind === "text" && prefix !== "" && prefix.length <= longestPrefix) {
      const ord = prefixes.store.dictionary.find(prefix);
      return yield* anyOfTerms(prefixes.store, [ord], boost, context);
    }
    const { store } = field;
    if (store?.kind !== "keyword" && store?.kind !== "text") return new NoneMatcher();
    const ords = yield* prefixOrds(field, normalized(field, prefix));
    return yield* anyOfTerms(store, ords, boost, context);
  },

  *wildcard(body, context) {
    const clause = fieldClause(body, "wildcard");
    const options = fieldOptions(clause, "wildcard", clauseValueKey(clause.value), ["case_insensitive", "rewrite"]);
    const pattern = String(scalar(options.value ?? options.wildcard, "wildcard", clause.field));
    const field = termField(context, clause.field, "wildcard");
    if (field === undefined) return new NoneMatcher();
    const fold = flagOf(options.case_insensitive, false, "wildcard.case_insensitive");
    const asTerms = lowersCase(field.node) ? pattern.toLowerCase() : pattern;
    return yield* wildcardMatcher(field, asTerms, fold, boostOf(options, "wildcard"), context);
  },

  *regexp(body, context) {
    const clause = fieldClause(body, "regexp");
    const options = fieldOptions(clause, "regexp", "value", [
      "flags",
      "flags_value",
      "max_determinized_states",
      "case_insensitive",
      "rewrite",
    ]);
    const pattern = String(scalar(options.value, "regexp", clause.field));
    const field = termField(context, clause.field, "regexp");
    const compiled = compileTermPattern(
      field === undefined ? pattern : normalized(field, pattern),
      flagOf(options.case_insensitive, false, "regexp.case_insensitive"),
    );
    if (field === undefined) return new NoneMatcher();
    const ords = compiled.prefix === "" ? undefined : yield* prefixOrds(field, compiled.prefix);
    return yield* scanTerms(field, compiled.matches, boostOf(options, "regexp"), context, ords);
  },

  *fuzzy(body, context) {
    const clause = fieldClause(body, "fuzzy");
    const members = ["fuzziness", "max_expansions", "prefix_length", "transpositions", "rewrite"];
    const options: JSONObject = fieldOptions(clause, "fuzzy", "value", members);
    const word = String(scalar(options.value, "fuzzy", clause.field));
    const field = termField(context, clause.field, "fuzzy");
    const fuzzy = readFuzzyOptions(options, "fuzzy", "AUTO");
    const store = field?.store;
    if (field === undefined || fuzzy === undefined) return new NoneMatcher();
    if (store?.kind !== "keyword" && store?.kind !== "text") return new NoneMatcher();
    return yield* fuzzyMatcher(field, store, normalized(field, word), fuzzy, boostOf(options, "fuzzy"), context);
  },
};

/** The older form names the pattern `wildcard`. */
function clauseValueKey(value: unknown): string {
  return typeof value === "object" && value !== null && "wildcard" in value ? "wildcard" : "value";
}

/** A field with terms; numbers and dates have none. */
function termField(context: QueryContext, path: string, clause: string): QueryField | undefined {
  const field = context.field(path);
  if (field === undefined) return undefined;
  const { family, type } = field.node;
  assertIndexed(field.node);
  if (type !== "ip" && (family === "keyword" || family === "text")) return field;
  throw malformed(`[${clause}] needs a keyword or text field; "${path}" is of type ${type}.`);
}

/** Whether the terms of a text are in lower case, so that a pattern of them must be, too. */
export function lowersCase(node: FieldNode | undefined): boolean {
  if (node?.family !== "text") return false;
  const tokens = node.searchAnalyzer?.tokens("Aaaaa");
  return tokens !== undefined && tokens.count > 0 && tokens.terms[0]?.startsWith("A") === false;
}

/** Patterns are not analysed, but a normalizer applies to them as to the terms; half a character is U+FFFD in terms, and so it is here. */
function normalized(field: QueryField, text: string): string {
  const whole = text.toWellFormed();
  return field.node.normalizer === undefined ? whole : String(parseTerm(field.node, whole));
}

function* prefixOrds(field: QueryField, prefix: string): Generator<void, number[]> {
  const { store } = field;
  if (store?.kind !== "keyword" && store?.kind !== "text") return [];
  return yield* store.dictionary.range({ low: prefix, high: `${prefix}\u{10ffff}` });
}

/** `*` stands for any text, `?` for one character, a backslash takes either literally. */
export function* wildcardMatcher(
  field: QueryField,
  pattern: string,
  fold: boolean,
  boost: number,
  context: QueryContext,
): Generator<void, Matcher> {
  const { prefix, matches } = compileWildcard(normalized(field, pattern), fold);
  const ords = fold || prefix === "" ? undefined : yield* prefixOrds(field, prefix);
  return yield* scanTerms(field, matches, boost, context, ords);
}

/** A pattern as a test of terms; they begin with `prefix`, unless case makes no difference. */
export function compileWildcard(
  pattern: string,
  fold: boolean,
): { readonly prefix: string; readonly matches: (term: string) => boolean } {
  let source = "";
  let prefix = "";
  let isLiteral = true;
  const chars = [...(fold ? foldCase(pattern) : pattern)];
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i] as string;
    if (char === "*" || char === "?") {
      source += char === "*" ? ".*" : ".";
      isLiteral = false;
      continue;
    }
    const literal = char === "\\" && i + 1 < chars.length ? (chars[++i] as string) : char;
    source += RE2JS.quote(literal);
    if (isLiteral) prefix += literal;
  }
  const compiled = compileRegexp(source, pattern);
  return { prefix, matches: (term) => compiled.matcher(fold ? foldCase(term) : term).matches() };
}

function compileRegexp(source: string, pattern: string): RE2JS {
  if (pattern.length > 1000) throw malformed("A pattern may have 1000 characters at most.");
  try {
    return RE2JS.compile(source, RE2JS.DOTALL);
  } catch {
    throw malformed(`"${pattern}" is not a regular expression that can be run.`);
  }
}

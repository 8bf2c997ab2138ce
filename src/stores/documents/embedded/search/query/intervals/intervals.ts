import { RE2JS } from "re2js";
import { isPlainObject, type JSONObject } from "../../../../../../kernel/index.ts";
import { compareText } from "../../segment/compare-text.ts";
import type { TextField } from "../../segment/text-field.ts";
import type { ClauseTable } from "../clause-table.ts";
import type { QueryContext, QueryField } from "../context.ts";
import { closestTerms, readFuzzyOptions } from "../fuzzy/fuzzy.ts";
import { type Matcher, NoneMatcher } from "../matchers/matcher.ts";
import { type WindowTerm, windowTerms } from "../matchers/window-term.ts";
import {
  boostOf,
  clauseBody,
  fieldClause,
  flagOf,
  malformed,
  numberOf,
  onlyKnown,
  scalar,
  textOf,
} from "../parameters.ts";
import { checkPositions } from "../text/phrase-clauses.ts";
import { groupTokens } from "../text/token-graph.ts";
import { relations } from "./interval-algebra.ts";
import { IntervalMatcher } from "./interval-matcher.ts";
import {
  allSource,
  anySource,
  extendedSource,
  type IntervalSource,
  nothingSource,
  relatedSource,
  termSource,
} from "./interval-sources.ts";

/** Terms that a beginning or a pattern may stand for, as in the reference engine. */
const maxExpansions = 128;
const maxDepth = 20;

export const intervalClauses: ClauseTable = {
  /** `{field: {match | prefix | wildcard | fuzzy | all_of | any_of}}`: words by where they stand. */
  *intervals(body, context) {
    const { field: path, value, boost: outer } = fieldClause(body, "intervals");
    const object = clauseBody(value, `intervals.${path}`);
    const { boost: _boost, _name, ...rule } = object;
    const boost = outer * boostOf(object, "intervals");
    const compiler = new RuleCompiler(context);
    const source = yield* compiler.rule(rule, path, `intervals.${path}`, 0);
    const { terms } = compiler;
    return terms.length === 0
      ? new NoneMatcher()
      : (new IntervalMatcher(source, terms, boost, context.arrays) satisfies Matcher);
  },
};

/** Compiles the rules of one clause; `terms` are all terms that they look at. */
class RuleCompiler {
  readonly terms: WindowTerm[] = [];
  readonly #context: QueryContext;

  constructor(context: QueryContext) {
    this.#context = context;
  }

  *rule(rule: JSONObject, path: string, place: string, depth: number): Generator<void, IntervalSource> {
    if (depth > maxDepth) throw malformed(`[${place}] is nested deeper than ${maxDepth} levels.`);
    const [kind, ...others] = Object.keys(rule);
    if (kind === undefined)
      throw malformed(`[${place}] needs a rule: match, prefix, wildcard, fuzzy, all_of or any_of.`);
    if (others.length > 0) throw malformed(`[${place}] takes one rule, found "${kind}" and "${others[0]}".`);
    const at = `${place}.${kind}`;
    const options = clauseBody(rule[kind], at);
    yield* this.#context.budget.pause();
    switch (kind) {
      case "match":
        onlyKnown(options, ["query", "max_gaps", "ordered", "analyzer", "filter", "use_field"], at);
        return yield* this.#filter(this.#match(options, path, at), options, path, at, depth);
      case "all_of":
        onlyKnown(options, ["intervals", "max_gaps", "ordered", "filter"], at);
        return yield* this.#filter(
          allSource(
            yield* this.#list(options, path, at, depth),
            numberOf(options.max_gaps, -1, `${at}.max_gaps`),
            flagOf(options.ordered, false, `${at}.ordered`),
          ),
          options,
          path,
          at,
          depth,
        );
      case "any_of":
        onlyKnown(options, ["intervals", "filter"], at);
        return yield* this.#filter(anySource(yield* this.#list(options, path, at, depth)), options, path, at, depth);
      case "prefix":
        onlyKnown(options, ["prefix", "analyzer", "use_field"], at);
        return yield* this.#pattern(textOf(options.prefix, `${at}.prefix`), "", options, path, at);
      case "wildcard":
        onlyKnown(options, ["pattern", "analyzer", "use_field"], at);
        return yield* this.#wildcard(options, path, at);
      case "fuzzy":
        onlyKnown(options, ["term", "prefix_length", "transpositions", "fuzziness", "analyzer", "use_field"], at);
        return yield* this.#fuzzy(options, path, at);
      default:
        throw malformed(`[${place}] "${kind}" is no rule: match, prefix, wildcard, fuzzy, all_of and any_of are.`);
    }
  }

  *#list(options: JSONObject, path: string, at: string, depth: number): Generator<void, IntervalSource[]> {
    const { intervals } = options;
    if (!Array.isArray(intervals) || intervals.length === 0 || intervals.length > 1024)
      throw malformed(`[${at}.intervals] must be a list of 1 to 1024 rules.`);
    const sources: IntervalSource[] = [];
    for (const one of intervals) sources.push(yield* this.rule(clauseBody(one, at), path, at, depth + 1));
    return sources;
  }

  *#filter(
    source: IntervalSource,
    { filter }: JSONObject,
    path: string,
    at: string,
    depth: number,
  ): Generator<void, IntervalSource> {
    if (filter === undefined) return source;
    if (!isPlainObject(filter)) throw malformed(`[${at}.filter] must be an object.`);
    const [name = ""] = Object.keys(filter);
    if (name === "script") throw malformed(`[${at}.filter.script] scripts are not supported.`);
    const relation = relations.get(name);
    if (relation === undefined || Object.keys(filter).length > 1)
      throw malformed(`[${at}.filter] takes one of ${[...relations.keys()].join(", ")}.`);
    const place = `${at}.filter.${name}`;
    const other = yield* this.rule(clauseBody(filter[name], place), path, place, depth + 1);
    return relatedSource(name, source, other, relation);
  }

  /** The field of a rule, if this segment has words of it. Error: 400 for a field without positions. */
  #field(options: JSONObject, path: string, at: string): { field: QueryField; store: TextField } | undefined {
    const name = options.use_field === undefined ? path : textOf(options.use_field, `${at}.use_field`);
    const field = this.#context.field(name);
    if (field === undefined) return undefined;
    const { node, store } = field;
    if (node.family !== "text")
      throw malformed(`[intervals] needs a text field, which keeps positions; "${name}" is of type ${node.type}.`);
    checkPositions(node);
    return store?.kind === "text" ? { field, store } : undefined;
  }

  #analyzer(options: JSONObject, field: QueryField, at: string): QueryField["node"]["searchAnalyzer"] {
    if (options.analyzer === undefined) return field.node.searchAnalyzer;
    const analyzer = this.#context.mapping.analysis.analyzer(textOf(options.analyzer, `${at}.analyzer`));
    if (analyzer === undefined) throw malformed(`[${at}.analyzer] "${String(options.analyzer)}" does not exist.`);
    return analyzer;
  }

  #match(options: JSONObject, path: string, at: string): IntervalSource {
    const text = String(scalar(options.query, "intervals.match", "query"));
    const maxGaps = numberOf(options.max_gaps, -1, `${at}.max_gaps`);
    const isOrdered = flagOf(options.ordered, false, `${at}.ordered`);
    const found = this.#field(options, path, at);
    if (found === undefined) return nothingSource;
    const { field, store } = found;
    const tokens = this.#analyzer(options, field, at)?.tokens(text);
    if (tokens === undefined) return nothingSource;
    const word = (term: string): IntervalSource => this.#terms(`${field.node.path}:${term}`, store, [term]);
    const places: IntervalSource[] = [];
    // Of a single word nobody asks what was left out before it, as in the reference engine.
    let last = tokens.count === 1 ? undefined : -1;
    for (const group of groupTokens(tokens, false)) {
      const choices =
        group.kind === "terms" ? group.terms.map(word) : group.paths.map((path) => allSource(path.map(word), 0, true));
      const left = last === undefined ? 0 : group.position - last - 1;
      places.push(left > 0 ? extendedSource(anySource(choices), left) : anySource(choices));
      // Where ways of several lengths end, nobody can say what was left out behind them.
      last = group.kind === "terms" ? group.position : undefined;
    }
    return allSource(places, maxGaps, isOrdered);
  }

  #terms(key: string, store: TextField, words: readonly string[]): IntervalSource {
    const own = windowTerms(store, words, this.#context.arrays);
    this.terms.push(...own);
    return termSource(key, own);
  }

  *#wildcard(options: JSONObject, path: string, at: string): Generator<void, IntervalSource> {
    const pattern = textOf(options.pattern, `${at}.pattern`);
    if (pattern.length > 1000) throw malformed("A pattern may have 1000 characters at most.");
    const literal = /^[^*?\\]*/.exec(pattern)?.[0] ?? "";
    return yield* this.#pattern(literal, pattern, options, path, at);
  }

  /** The terms that begin with a text, and fit a pattern if there is one; too many are refused. */
  *#pattern(
    prefix: string,
    pattern: string,
    options: JSONObject,
    path: string,
    at: string,
  ): Generator<void, IntervalSource> {
    const found = this.#field(options, path, at);
    if (found === undefined) return nothingSource;
    const { field, store } = found;
    const test = pattern === "" ? undefined : RE2JS.compile(wildcardSource(pattern), RE2JS.DOTALL);
    const stores = this.#context.statistics.termStores(this.#context.space.path, field.node.path);
    const seen = new Set<string>();
    for (const { dictionary } of stores) {
      for (const ord of yield* dictionary.range({ low: prefix, high: `${prefix}\u{10ffff}` })) {
        const word = dictionary.term(ord);
        if (test !== undefined && !test.matcher(word).matches()) continue;
        seen.add(word);
        if (seen.size > maxExpansions) throw malformed(`[${at}] stands for more than ${maxExpansions} terms.`);
      }
    }
    const words = [...seen].sort(compareText);
    return this.#terms(`${field.node.path}:${prefix}*${pattern}`, store, words);
  }

  *#fuzzy(options: JSONObject, path: string, at: string): Generator<void, IntervalSource> {
    const word = textOf(options.term, `${at}.term`);
    const fuzzy = readFuzzyOptions(options, at, "AUTO");
    const found = this.#field(options, path, at);
    if (found === undefined || fuzzy === undefined) return nothingSource;
    const { field, store } = found;
    const stores = this.#context.statistics.termStores(this.#context.space.path, field.node.path);
    const edits = fuzzy.editsFor([...word].length);
    const { terms } = yield* closestTerms(stores, word, edits, { ...fuzzy, maxExpansions }, this.#context.budget);
    return this.#terms(
      `${field.node.path}:${word}~${edits}`,
      store,
      terms.map(({ term }) => term),
    );
  }
}

function wildcardSource(pattern: string): string {
  const chars = [...pattern];
  let source = "";
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i] as string;
    if (char === "*" || char === "?") source += char === "*" ? ".*" : ".";
    else source += RE2JS.quote(char === "\\" && i + 1 < chars.length ? (chars[++i] as string) : char);
  }
  return source;
}

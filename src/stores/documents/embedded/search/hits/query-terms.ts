import { isPlainObject } from "../../../../../kernel/index.ts";
import type { CompiledMapping, FieldNode } from "../../../mapping/compile-mapping.ts";
import { nearTest, readFuzzyOptions } from "../query/fuzzy/fuzzy.ts";
import { flagOf, numberOf } from "../query/parameters.ts";
import { compileWildcard, lowersCase } from "../query/pattern-clauses.ts";
import { type Bounds, readBounds } from "../query/range-clause.ts";
import { spanNames } from "../query/spans/parse-span.ts";
import { foldCase } from "../query/syntax/fold-case.ts";
import { compileTermPattern } from "../query/syntax/lucene-regexp.ts";
import { allPaths, groupTokens, type TokenGroup } from "../query/text/token-graph.ts";
import { unwrapped } from "../query/wrapper-clause.ts";
import { compareText } from "../segment/compare-text.ts";
import { intervalParts } from "./interval-parts.ts";
import { queryStringParts, textsNamed } from "./query-string-parts.ts";
import { SpanMarks } from "./span-marks.ts";

/** What a query looks for in one field: tests of single words, and phrases whose words only count next to each other ("" is any word). */
export interface WantedTerms {
  readonly words: Set<string>;
  readonly tests: ((word: string) => boolean)[];
  readonly phrases: (readonly string[])[];
  readonly spans: SpanMarks[];
}

/** Collects what a query looks for, by field, for highlights. What it excludes (`must_not`) and numbers are left out. */
export function collectTerms(query: unknown, mapping: CompiledMapping): Map<string, WantedTerms> {
  const found = new Map<string, WantedTerms>();
  visit(query, mapping, found, 0);
  return found;
}

function of(found: Map<string, WantedTerms>, path: string): WantedTerms {
  const known = found.get(path) ?? { words: new Set<string>(), tests: [], phrases: [], spans: [] };
  found.set(path, known);
  return known;
}

function visit(query: unknown, mapping: CompiledMapping, found: Map<string, WantedTerms>, depth: number): void {
  if (!isPlainObject(query) || depth > 50) return;
  for (const [clause, body] of Object.entries(query)) {
    if (clause === "bool" && isPlainObject(body)) {
      for (const name of ["must", "should", "filter"]) {
        const list = body[name];
        for (const one of Array.isArray(list) ? list : [list]) visit(one, mapping, found, depth + 1);
      }
    } else if (clause === "percolate") {
      // Its documents are marked by the queries that match them.
    } else if (clause === "multi_match") {
      visitMulti(body, mapping, found);
    } else if (clause === "query_string" || clause === "simple_query_string") {
      for (const part of queryStringParts(clause, body, mapping)) visit(part, mapping, found, depth + 1);
    } else if (clause === "intervals" && isPlainObject(body)) {
      for (const [path, rule] of Object.entries(body))
        for (const part of intervalParts(path, rule)) visit(part, mapping, found, depth + 1);
    } else if (clause === "wrapper") {
      visit(unwrapped(body), mapping, found, depth + 1);
    } else if (spanNames.includes(clause)) {
      const spans = new SpanMarks(clause, body, mapping);
      for (const path of spans.paths) of(found, path).spans.push(spans);
    } else if (isPlainObject(body)) {
      for (const inner of ["query", "filter", "positive"])
        if (isPlainObject(body[inner])) visit(body[inner], mapping, found, depth + 1);
      if (Array.isArray(body.queries)) for (const one of body.queries) visit(one, mapping, found, depth + 1);
      for (const [path, value] of Object.entries(body)) {
        const node = mapping.fields.get(path);
        if (node !== undefined && (node.family === "text" || node.family === "keyword"))
          addLeaf(clause, node, value, of(found, node.path), mapping);
      }
    }
  }
}

function visitMulti(body: unknown, mapping: CompiledMapping, found: Map<string, WantedTerms>): void {
  if (!isPlainObject(body)) return;
  const kind = kindsOfMulti[String(body.type)] ?? "match";
  for (const node of textsNamed(body.fields ?? ["*"], mapping))
    addLeaf(kind, node, body, of(found, node.path), mapping);
}

const kindsOfMulti: Readonly<Record<string, string>> = {
  phrase: "match_phrase",
  phrase_prefix: "match_phrase_prefix",
  bool_prefix: "match_bool_prefix",
};

function addLeaf(clause: string, node: FieldNode, value: unknown, wanted: WantedTerms, mapping: CompiledMapping): void {
  const options = isPlainObject(value) ? value : { value, query: value };
  const asTerm = (one: unknown): string => node.normalizer?.(String(one)) ?? String(one);
  const text = asTerm(options.query ?? options.value ?? options.wildcard ?? "");
  const ignoresCase = flagOf(options.case_insensitive, false, `${clause}.case_insensitive`);
  const isPhrase = clause === "match_phrase" || clause === "match_phrase_prefix";
  const own = isPhrase ? (node.quoteAnalyzer ?? node.searchAnalyzer) : node.searchAnalyzer;
  const named = options.analyzer === undefined ? undefined : mapping.analysis.analyzer(String(options.analyzer));
  const analyzer = own === undefined ? undefined : (named ?? own);
  const groups = analyzer === undefined ? undefined : groupTokens(analyzer.tokens(text), analyzer.ignoresGraph);
  const rows = groups === undefined ? [[text]] : isPhrase ? phraseRows(groups) : [];
  const words = isPhrase ? (rows[0] ?? []) : (groups?.flatMap(wordsOfGroup) ?? node.cutQuery?.(text) ?? [text]);
  if (clause === "terms") {
    // Each of them is looked for, and all of them as one thing once more: so the reference engine weighs them.
    const set = new Set((Array.isArray(value) ? value : []).map(asTerm));
    for (const one of set) wanted.words.add(one);
    if (set.size > 1) wanted.tests.push((word) => set.has(word));
  } else if (clause === "term") {
    if (ignoresCase) wanted.tests.push((word) => foldCase(word) === foldCase(text));
    else wanted.words.add(text);
  } else if (clause === "match_phrase" || clause === "match_phrase_prefix") {
    const isPrefix = clause === "match_phrase_prefix";
    const slop = numberOf(options.slop, 0, `${clause}.slop`);
    for (const row of rows)
      if (row.length < 2) addWords(row, isPrefix, wanted);
      else if (!isPrefix && slop === 0) wanted.phrases.push(row);
      else wanted.spans.push(spansOf(row, isPrefix, slop, node.path, mapping));
  } else if (clause === "match" || clause === "match_bool_prefix") {
    addWords(words, clause === "match_bool_prefix", wanted);
    for (const group of groups ?? [])
      if (group.kind === "paths") wanted.phrases.push(...group.paths.filter(({ length }) => length > 1));
    const fuzzy = readFuzzyOptions(options, clause);
    if (fuzzy !== undefined) for (const word of words) wanted.tests.push(nearTest(word, fuzzy));
  } else if (clause === "fuzzy") {
    // What is looked for is one term, whatever the analyzer would make of it.
    const fuzzy = readFuzzyOptions(options, clause, "AUTO");
    if (fuzzy !== undefined) wanted.tests.push(nearTest(text, fuzzy));
  } else if (clause === "prefix") {
    const prefix = (ignoresCase ? foldCase(text) : text).toWellFormed();
    wanted.tests.push((word) => (ignoresCase ? foldCase(word) : word).startsWith(prefix));
  } else if (clause === "wildcard") {
    wanted.tests.push(compileWildcard(lowersCase(node) ? text.toLowerCase() : text, ignoresCase).matches);
  } else if (clause === "regexp") {
    wanted.tests.push(compileTermPattern(text, ignoresCase).matches);
  } else if (clause === "range") {
    const bounds = readBounds(options);
    // Without an end it asks for any value, which is nothing to mark.
    if (bounds.low !== undefined || bounds.high !== undefined) wanted.tests.push(betweenTest(bounds, asTerm));
  }
}

/** Whether a word lies between two ends, in the order of terms. */
function betweenTest(bounds: Bounds, asTerm: (end: unknown) => string): (word: string) => boolean {
  const { includeLow, includeHigh } = bounds;
  const [low, high] = [bounds.low, bounds.high].map((end) => (end === undefined ? undefined : asTerm(end)));
  const isWithin = (difference: number, isIncluded: boolean): boolean =>
    difference > 0 || (isIncluded && difference === 0);
  return (word) =>
    (low === undefined || isWithin(compareText(word, low), includeLow)) &&
    (high === undefined || isWithin(compareText(high, word), includeHigh));
}

/** The places of a phrase whose words may stand apart, or of which the last is a beginning; `slop` is what they may be moved by. */
function spansOf(
  row: readonly string[],
  isPrefix: boolean,
  slop: number,
  path: string,
  mapping: CompiledMapping,
): SpanMarks {
  const words = row.filter((word) => word !== "");
  const clauses = words.map((word, i) =>
    isPrefix && i === words.length - 1
      ? { span_multi: { match: { prefix: { [path]: word } } } }
      : { span_term: { [path]: word } },
  );
  // The gaps of words that were left out may be anywhere.
  const most = slop + row.length - words.length;
  return new SpanMarks("span_near", { clauses, slop: most, in_order: slop === 0 }, mapping);
}

/** The words of phrases place by place; where the analyzer left a word out, "" stands for any. */
function phraseRows(groups: readonly TokenGroup[]): string[][] {
  const rows = allPaths(groups);
  const [first] = groups;
  if (first === undefined || groups.some(({ kind }) => kind === "paths")) return rows;
  return rows.map((row) => {
    const places: string[] = [];
    for (const [i, word] of row.entries()) {
      const place = (groups[i]?.position ?? 0) - first.position;
      while (places.length < place) places.push("");
      places.push(word);
    }
    return places;
  });
}

/** Words that count alone; those of paths of several words only count next to each other. */
function wordsOfGroup(group: TokenGroup): readonly string[] {
  if (group.kind === "terms") return group.terms;
  return group.paths.flatMap((path) => (path.length === 1 ? path : []));
}

function addWords(words: readonly string[], isPrefix: boolean, wanted: WantedTerms): void {
  for (const [i, word] of words.entries()) {
    if (isPrefix && i === words.length - 1) wanted.tests.push((one) => one.startsWith(word));
    else wanted.words.add(word);
  }
}

import { isPlainObject, type JSONObject } from "../../../../../kernel/index.ts";
import type { Tokens } from "../../../mapping/analysis/tokens.ts";
import type { CompiledMapping, FieldNode } from "../../../mapping/compile-mapping.ts";
import { flagOf, malformed, numberOf, onlyKnown } from "../query/parameters.ts";
import { fitsPattern } from "../query/term-clauses.ts";
import { collectTerms, type WantedTerms } from "./query-terms.ts";

interface FieldHighlight {
  readonly node: FieldNode;
  readonly preTag: string;
  readonly postTag: string;
  readonly fragmentSize: number;
  readonly fragments: number;
  readonly noMatchSize: number;
  readonly byScore: boolean;
  readonly wanted: WantedTerms | undefined;
}

const members = [
  "pre_tags",
  "post_tags",
  "fragment_size",
  "number_of_fragments",
  "no_match_size",
  "require_field_match",
  "highlight_query",
  "type",
  "order",
  "encoder",
  "fragmenter",
  "boundary_scanner",
  "boundary_chars",
  "boundary_max_scan",
  "boundary_scanner_locale",
  "phrase_limit",
  "tags_schema",
  "matched_fields",
  "max_analyzed_offset",
  "fragment_offset",
  "force_source",
];

/** Marks what a query found in the texts of a document. */
export class Highlighter {
  readonly #fields: readonly FieldHighlight[];

  constructor(highlight: JSONObject, query: unknown, mapping: CompiledMapping) {
    const { fields, ...shared } = highlight;
    onlyKnown(shared, members, "highlight");
    const list = Array.isArray(fields) ? fields : [fields];
    // Patterns may name a field again: the last one counts, and the work does not grow with their number.
    const found = new Map<FieldNode, JSONObject>();
    for (const entry of list) {
      if (!isPlainObject(entry)) throw malformed('[highlight] needs "fields".');
      for (const [pattern, own] of Object.entries(entry)) {
        if (!isPlainObject(own)) throw malformed(`[highlight.fields.${pattern}] must be an object.`);
        onlyKnown(own, members, `highlight.fields.${pattern}`);
        for (const [path, node] of mapping.fields) {
          const fits = pattern === path || (pattern.includes("*") && fitsPattern(path, pattern.split("*")));
          if (fits && (node.family === "text" || node.type === "keyword")) found.set(node, own);
        }
      }
    }
    this.#fields = Array.from(found, ([node, own]) => readField(node, { ...shared, ...own }, query, mapping));
  }

  /** Undefined when nothing of the source is marked. */
  run(source: JSONObject): JSONObject | undefined {
    const marked: [string, string[]][] = [];
    for (const field of this.#fields) {
      const fragments = markField(field, source);
      if (fragments.length > 0) marked.push([field.node.path, fragments]);
    }
    return marked.length === 0 ? undefined : Object.fromEntries(marked);
  }
}

function readField(node: FieldNode, options: JSONObject, query: unknown, mapping: CompiledMapping): FieldHighlight {
  const place = `highlight.${node.path}`;
  const terms = collectTerms(options.highlight_query ?? query, mapping);
  const onlyOwn = flagOf(options.require_field_match, true, `${place}.require_field_match`);
  const first = (value: unknown, byDefault: string): string =>
    String((Array.isArray(value) ? value[0] : value) ?? byDefault);
  return {
    node,
    preTag: first(options.pre_tags, "<em>"),
    postTag: first(options.post_tags, "</em>"),
    fragmentSize: numberOf(options.fragment_size, 100, `${place}.fragment_size`),
    fragments: numberOf(options.number_of_fragments, 5, `${place}.number_of_fragments`),
    noMatchSize: numberOf(options.no_match_size, 0, `${place}.no_match_size`),
    byScore: options.order === "score",
    wanted: onlyOwn ? terms.get(node.path) : joinTerms([...terms.values()]),
  };
}

function joinTerms(all: readonly WantedTerms[]): WantedTerms {
  return {
    words: new Set(all.flatMap(({ words }) => [...words])),
    tests: all.flatMap(({ tests }) => tests),
    phrases: all.flatMap(({ phrases }) => phrases),
  };
}

/** The texts of a field, which may lie in arrays of objects; a sub-field has those of the field it belongs to. */
function textsAt(source: unknown, path: string): string[] {
  if (typeof source === "string") return path === "" ? [source] : [];
  if (typeof source === "number" || typeof source === "boolean") return path === "" ? [String(source)] : [];
  if (Array.isArray(source)) return source.flatMap((element) => textsAt(element, path));
  if (!isPlainObject(source) || path === "") return [];
  if (Object.hasOwn(source, path)) return textsAt(source[path], "");
  const found: string[] = [];
  for (let dot = path.indexOf("."); dot > 0; dot = path.indexOf(".", dot + 1)) {
    const head = path.slice(0, dot);
    if (Object.hasOwn(source, head)) found.push(...textsAt(source[head], path.slice(dot + 1)));
  }
  return found;
}

interface Mark {
  readonly start: number;
  readonly end: number;
}

function markField(field: FieldHighlight, source: JSONObject): string[] {
  const { node } = field;
  let texts = textsAt(source, node.path);
  const parent = node.path.slice(0, Math.max(0, node.path.lastIndexOf(".")));
  if (texts.length === 0 && parent !== "") texts = textsAt(source, parent);
  const found: { readonly text: string; readonly marks: number }[] = [];
  for (const text of texts) {
    const marks = field.wanted === undefined ? [] : findMarks(text, node, field.wanted);
    if (marks.length > 0) found.push(...cut(text, marks, field));
  }
  if (field.byScore) found.sort((a, b) => b.marks - a.marks);
  const limit = field.fragments === 0 ? found.length : field.fragments;
  const [first] = texts;
  if (found.length === 0 && field.noMatchSize > 0 && first !== undefined)
    return [first.slice(0, endOfWord(first, field.noMatchSize))];
  return found.slice(0, limit).map(({ text }) => text);
}

function findMarks(text: string, node: FieldNode, wanted: WantedTerms): Mark[] {
  if (node.analyzer === undefined) {
    const key = node.normalizer === undefined ? text : node.normalizer(text);
    const isWanted = wanted.words.has(key) || wanted.tests.some((test) => test(key));
    return isWanted ? [{ start: 0, end: text.length }] : [];
  }
  const tokens = node.analyzer.tokens(text);
  const marks: Mark[] = [];
  const mark = (i: number): void => {
    marks.push({ start: tokens.starts[i] ?? 0, end: tokens.ends[i] ?? 0 });
  };
  for (let i = 0; i < tokens.count; i++) {
    const word = tokens.terms[i] ?? "";
    if (wanted.words.has(word) || wanted.tests.some((test) => test(word))) mark(i);
    for (const phrase of wanted.phrases) for (const at of phraseAt(tokens, i, phrase)) mark(at);
  }
  marks.sort((a, b) => a.start - b.start || b.end - a.end);
  return marks.filter((one, i) => i === 0 || one.start >= (marks[i - 1]?.end ?? 0));
}

/** The tokens of a phrase that begins at a token; several may stand at one position. Empty when the phrase does not. */
function phraseAt(tokens: Tokens, first: number, phrase: readonly string[]): readonly number[] {
  const found: number[] = [];
  let at = first;
  for (const [k, word] of phrase.entries()) {
    if (word === "") continue;
    const position = (tokens.positions[first] as number) + k;
    while (at < tokens.count && !(tokens.positions[at] === position && tokens.terms[at] === word)) {
      if ((tokens.positions[at] as number) > position) return [];
      at++;
    }
    if (at >= tokens.count || (k === 0 && at !== first)) return [];
    found.push(at);
  }
  return found;
}

/** Cuts a text into fragments of about the wanted size, between words, and keeps those with marks. */
function cut(text: string, marks: readonly Mark[], field: FieldHighlight): { text: string; marks: number }[] {
  const size = field.fragments === 0 ? text.length : Math.max(1, field.fragmentSize);
  const fragments: { text: string; marks: number }[] = [];
  for (let start = 0; start < text.length; ) {
    const end = endOfWord(text, start + size);
    const own = marks.filter((mark) => mark.start >= start && mark.start < end);
    if (own.length > 0) fragments.push({ text: tag(text, start, end, own, field), marks: own.length });
    start = end;
  }
  return fragments;
}

/** The first place from `at` on where no word is cut. */
function endOfWord(text: string, at: number): number {
  let end = at;
  while (end < text.length && !/\s/.test(text[end] ?? " ")) end++;
  return Math.min(end, text.length);
}

function tag(text: string, start: number, end: number, marks: readonly Mark[], field: FieldHighlight): string {
  let out = "";
  let at = start;
  for (const mark of marks) {
    out += text.slice(at, mark.start) + field.preTag + text.slice(mark.start, Math.min(mark.end, end)) + field.postTag;
    at = Math.min(mark.end, end);
  }
  return out + text.slice(at, end);
}

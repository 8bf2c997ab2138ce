import { isPlainObject, type JSONObject } from "../../../../../kernel/index.ts";
import type { CompiledMapping, FieldNode } from "../../../mapping/compile-mapping.ts";
import { flagOf, malformed, numberOf, onlyKnown } from "../query/parameters.ts";
import { fitsPattern } from "../query/term-clauses.ts";
import { findMarks } from "./find-marks.ts";
import { bySentences, byWords, type Passage, type PassageCutter, passagesOf, wholeText } from "./passages.ts";
import { collectTerms, type WantedTerms } from "./query-terms.ts";

interface FieldHighlight {
  /** As it was asked for, which may be by an alias. */
  readonly path: string;
  readonly node: FieldNode;
  readonly preTag: string;
  readonly postTag: string;
  readonly fragmentSize: number;
  readonly fragments: number;
  readonly noMatchSize: number;
  readonly byScore: boolean;
  readonly scanner: "sentence" | "word";
  readonly encode: (text: string) => string;
  readonly wanted: WantedTerms | undefined;
  /** A phrase is one thing that is marked, and not each of its words. */
  readonly joinsPhrases: boolean;
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
    const found = new Map<string, { readonly node: FieldNode; readonly own: JSONObject }>();
    for (const entry of list) {
      if (!isPlainObject(entry)) throw malformed('[highlight] needs "fields".');
      for (const [pattern, own] of Object.entries(entry)) {
        if (!isPlainObject(own)) throw malformed(`[highlight.fields.${pattern}] must be an object.`);
        onlyKnown(own, members, `highlight.fields.${pattern}`);
        for (const [path, node] of mapping.fields) {
          const fits = pattern === path || (pattern.includes("*") && fitsPattern(path, pattern.split("*")));
          if (fits && (node.family === "text" || node.type === "keyword")) found.set(path, { node, own });
        }
      }
    }
    const tags = tagsOf(shared, "highlight");
    this.#fields = Array.from(found, ([path, { node, own }]) => {
      const options = { ...shared, ...own };
      return readField(path, node, options, { ...tags, ...tagsOf(own, `highlight.${path}`) }, query, mapping);
    });
  }

  /** Undefined when nothing of the source is marked. */
  run(source: JSONObject): JSONObject | undefined {
    const marked: [string, string[]][] = [];
    for (const field of this.#fields) {
      const fragments = markField(field, source);
      if (fragments.length > 0) marked.push([field.path, fragments]);
    }
    return marked.length === 0 ? undefined : Object.fromEntries(marked);
  }
}

const choices: Readonly<Record<string, readonly unknown[]>> = {
  type: ["unified", "plain", "fvh"],
  order: ["score", "none"],
  encoder: ["default", "html"],
  boundary_scanner: ["sentence", "word", "chars"],
  fragmenter: ["simple", "span"],
};

/** What an option says when it is left out; other values are refused for the types that follow them. */
const defaults: readonly { readonly name: string; readonly value: unknown; readonly types: readonly unknown[] }[] = [
  { name: "boundary_chars", value: ".,!? \t\n", types: ["fvh"] },
  { name: "boundary_max_scan", value: 20, types: ["fvh"] },
  { name: "fragment_offset", value: 0, types: ["fvh"] },
  { name: "phrase_limit", value: 256, types: ["fvh"] },
  { name: "matched_fields", value: undefined, types: ["fvh"] },
  { name: "fragmenter", value: "span", types: ["plain"] },
  { name: "max_analyzed_offset", value: undefined, types: ["unified", "plain", "fvh"] },
];

function checkDefaults(options: JSONObject, place: string): void {
  const { type = "unified" } = options;
  for (const { name, value, types } of defaults) {
    const given = options[name] ?? value;
    if (types.includes(type) && given !== value && String(given) !== String(value))
      throw malformed(`[${place}.${name}] is not supported with type "${String(type)}": leave it out.`);
  }
}

function checkChoices(node: FieldNode, options: JSONObject, place: string): void {
  for (const [name, known] of Object.entries(choices)) {
    const value = options[name];
    if (value !== undefined && !known.includes(value))
      throw malformed(`[${place}.${name}] must be one of ${known.join(", ")}.`);
  }
  const vectors = String(node.definition.term_vector ?? "no");
  if (options.type === "fvh" && !vectors.startsWith("with_positions_offsets"))
    throw malformed(`[${place}.type] "fvh" needs a field with "term_vector": "with_positions_offsets".`);
}

interface Tags {
  readonly preTag?: string;
  readonly postTag?: string;
}

/** What stands last counts: a schema replaces tags before it, and is replaced by those behind it. */
function tagsOf(options: JSONObject, place: string): Tags {
  if (options.pre_tags !== undefined && options.post_tags === undefined)
    throw malformed(`[${place}] has "pre_tags" without "post_tags".`);
  const tags: { preTag?: string; postTag?: string } = {};
  for (const [name, value] of Object.entries(options)) {
    const [first] = Array.isArray(value) ? value : [value];
    if (first === undefined || first === null) continue;
    if (name === "pre_tags") tags.preTag = tagOf(first, `${place}.pre_tags`);
    else if (name === "post_tags") tags.postTag = tagOf(first, `${place}.post_tags`);
    else if (name === "tags_schema") {
      if (value !== "styled" && value !== "default")
        throw malformed(`[${place}.tags_schema] must be one of default, styled.`);
      tags.preTag = value === "styled" ? '<em class="hlt1">' : "<em>";
      tags.postTag = "</em>";
    }
  }
  return tags;
}

function tagOf(value: unknown, place: string): string {
  if (typeof value === "object") throw malformed(`[${place}] must be a list of texts such as ["<b>"].`);
  return String(value);
}

function readField(
  path: string,
  node: FieldNode,
  options: JSONObject,
  { preTag = "<em>", postTag = "</em>" }: Tags,
  query: unknown,
  mapping: CompiledMapping,
): FieldHighlight {
  const place = `highlight.${path}`;
  checkChoices(node, options, place);
  checkDefaults(options, place);
  const terms = collectTerms(options.highlight_query ?? query, mapping);
  const onlyOwn = flagOf(options.require_field_match, true, `${place}.require_field_match`);
  return {
    path,
    node,
    preTag,
    postTag,
    fragmentSize: numberOf(options.fragment_size, 100, `${place}.fragment_size`),
    fragments: numberOf(options.number_of_fragments, 5, `${place}.number_of_fragments`),
    noMatchSize: numberOf(options.no_match_size, 0, `${place}.no_match_size`),
    byScore: options.order === "score",
    scanner: options.boundary_scanner === "word" ? "word" : "sentence",
    encode: options.encoder === "html" ? encodeHtml : (text) => text,
    wanted: onlyOwn ? terms.get(node.path) : joinTerms([...terms.values()]),
    joinsPhrases: options.type === "fvh",
  };
}

const entities: Readonly<Record<string, string>> = {
  '"': "&quot;",
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "'": "&#x27;",
  "/": "&#x2F;",
};
const encodeHtml = (text: string): string => text.replace(/["&<>'/]/g, (char) => entities[char] ?? char);

function joinTerms(all: readonly WantedTerms[]): WantedTerms {
  return {
    words: new Set(all.flatMap(({ words }) => [...words])),
    tests: all.flatMap(({ tests }) => tests),
    phrases: all.flatMap(({ phrases }) => phrases),
    spans: all.flatMap(({ spans }) => spans),
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

function markField(field: FieldHighlight, source: JSONObject): string[] {
  const { node } = field;
  let texts = textsAt(source, node.path);
  const parent = node.path.slice(0, Math.max(0, node.path.lastIndexOf(".")));
  if (texts.length === 0 && parent !== "") texts = textsAt(source, parent);
  const { wanted, joinsPhrases } = field;
  const place = { position: 0 };
  const marked = texts.map((text) =>
    wanted === undefined ? [] : findMarks(text, node, { wanted, joinsPhrases, place }),
  );
  const counts = new Map<string, number>();
  for (const { keys } of marked.flat()) for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  // Values stand one after the other, with one character between them.
  const length = texts.reduce((sum, text) => sum + text.length + 1, -1);
  const found: { readonly text: string; readonly score: number; readonly order: number }[] = [];
  let offset = 0;
  for (const [i, text] of texts.entries()) {
    for (const passage of passagesOf(marked[i] ?? [], cutterOf(text, field), counts, offset, length))
      found.push({ text: tag(text, passage, field), score: passage.score, order: found.length });
    offset += text.length + 1;
  }
  if (found.length === 0) return summary(texts, field);
  found.sort((a, b) => b.score - a.score || a.order - b.order);
  const best = field.fragments === 0 ? found : found.slice(0, field.fragments);
  if (!field.byScore) best.sort((a, b) => a.order - b.order);
  return best.map(({ text }) => text);
}

function cutterOf(text: string, { fragments, fragmentSize, scanner }: FieldHighlight): PassageCutter {
  if (fragments === 0) return wholeText(text);
  return scanner === "word" ? byWords(text) : bySentences(text, fragmentSize);
}

/** The beginning of a text in which nothing was found, if it was asked for. */
function summary(texts: readonly string[], field: FieldHighlight): string[] {
  const { noMatchSize } = field;
  const first = texts.find((text) => text !== "");
  if (noMatchSize <= 0 || first === undefined) return [];
  const end = noMatchSize < first.length ? byWords(first).around(noMatchSize).end : first.length;
  return [field.encode(first.slice(0, end)).trim()];
}

/** The text of a passage, with tags around its marks. */
function tag(text: string, { start, end, marks }: Passage, { preTag, postTag, encode }: FieldHighlight): string {
  let out = "";
  let at = start;
  for (const mark of marks) {
    out +=
      encode(text.slice(at, mark.start)) + preTag + encode(text.slice(mark.start, Math.min(mark.end, end))) + postTag;
    at = Math.min(mark.end, end);
  }
  return (out + encode(text.slice(at, end))).trim();
}

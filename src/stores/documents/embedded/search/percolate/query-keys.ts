import { isPlainObject, type JSONObject } from "../../../../../kernel/index.ts";
import type { CompiledMapping, FieldNode } from "../../../mapping/compile-mapping.ts";
import { encodeNetwork } from "../../../mapping/types/ip.ts";
import { groupTokens } from "../query/text/token-graph.ts";
import { unwrapped } from "../query/wrapper-clause.ts";
import { clauseOf, listOf } from "./query-tree.ts";

/** Of a query that may match any document. */
export const anyKey = "";
/** Of a document that has the term in the field. */
export const termKey = (path: string, term: string | number): string => `${path}\0${term}`;
/** Of a document that has a value in the field. */
export const fieldKey = (path: string): string => path;

/** A query of more terms is found by its field alone. A guess. */
const maxKeys = 256;
/** As deep as queries may be. */
const maxDepth = 50;
const any: readonly string[] = [anyKey];

/**
 * What a stored query is found by: it matches no document that has none of these keys. `title\0elm`, a term; `title`, any value; "", any document.
 * Where a query cannot be told by its terms, or would be told otherwise once the mapping has grown, it has the key of any document.
 */
export function queryKeys(query: unknown, mapping: CompiledMapping): readonly string[] {
  try {
    return [...new Set(keysOf(query, mapping, 0))];
  } catch {
    // What cannot be read is told by running it.
    return any;
  }
}

type KeyMaker = (body: unknown, mapping: CompiledMapping, depth: number) => readonly string[];

function keysOf(query: unknown, mapping: CompiledMapping, depth: number): readonly string[] {
  const clause = clauseOf(query);
  if (clause === undefined || depth > maxDepth) return any;
  const make = Object.hasOwn(makers, clause.name) ? makers[clause.name] : undefined;
  const keys = make?.(clause.body, mapping, depth + 1) ?? any;
  return keys.length > maxKeys ? any : keys;
}

const member =
  (name: string): KeyMaker =>
  (body, mapping, depth) =>
    keysOf((body as JSONObject)[name], mapping, depth);

/** Keys of one field's clause: `{field: value}`. */
const ofField =
  (make: (node: FieldNode, value: unknown, mapping: CompiledMapping) => readonly string[]): KeyMaker =>
  (body, mapping) => {
    const [path = ""] = Object.keys(body as JSONObject).filter((name) => name !== "boost" && name !== "_name");
    const node = nodeOf(path, mapping);
    return node === undefined ? any : make(node, (body as JSONObject)[path], mapping);
  };

/** An alias may lead to another field one day. */
function nodeOf(path: string, mapping: CompiledMapping): FieldNode | undefined {
  const node = mapping.fields.get(path);
  return node?.path === path && node.family !== "constant" && node.family !== "none" ? node : undefined;
}

const byField = ofField((node) => [fieldKey(node.path)]);

const makers: Readonly<Record<string, KeyMaker>> = {
  bool(body, mapping, depth) {
    const { must, filter, should } = body as JSONObject;
    const needed = [...listOf(must), ...listOf(filter)].map((one) => keysOf(one, mapping, depth));
    if (needed.length > 0) return needed.reduce(better);
    const wanted = listOf(should);
    return wanted.length === 0 ? any : unionOf(wanted, mapping, depth);
  },
  dis_max: (body, mapping, depth) => unionOf(listOf((body as JSONObject).queries), mapping, depth),
  constant_score: member("filter"),
  boosting: member("positive"),
  function_score: member("query"),
  nested: member("query"),
  wrapper: (body, mapping, depth) => keysOf(unwrapped(body), mapping, depth),
  term: ofField((node, value) => {
    const options = isPlainObject(value) ? value : { value };
    return options.case_insensitive === undefined ? termKeys(node, [options.value]) : [fieldKey(node.path)];
  }),
  terms: ofField((node, value) => termKeys(node, Array.isArray(value) ? value : [])),
  match: ofField(wordKeys),
  match_phrase: ofField(phraseKeys),
  multi_match(body, mapping) {
    const { fields, type, ...options } = body as JSONObject;
    const isPrefix = type === "phrase_prefix" || type === "bool_prefix";
    const names = Array.isArray(fields) ? fields.map((field) => String(field).replace(/\^.*$/, "")) : [];
    const nodes = names.map((name) => nodeOf(name, mapping));
    if (nodes.length === 0) return any;
    // Words of several fields may count together, so none of them is needed in one.
    const loose = { ...options, operator: "or" };
    return nodes.flatMap((node) => {
      if (node === undefined) return any;
      return isPrefix ? fieldKeys(node, options) : wordKeys(node, loose, mapping);
    });
  },
  span_term: ofField((node, value) => termKeys(node, [isPlainObject(value) ? value.value : value])),
  range: byField,
  prefix: byField,
  wildcard: byField,
  regexp: byField,
  fuzzy: byField,
  match_phrase_prefix: ofField(fieldKeys),
  match_bool_prefix: ofField(fieldKeys),
  exists(body, mapping) {
    const node = nodeOf(String((body as JSONObject).field), mapping);
    return node === undefined ? any : [fieldKey(node.path)];
  },
  geo_distance: geoKeys,
  geo_bounding_box: geoKeys,
};

/** The fewer keys there are, and the longer, the fewer documents have one. */
function better(one: readonly string[], other: readonly string[]): readonly string[] {
  const [left, right] = [rarity(one), rarity(other)];
  return left === right ? (one.length <= other.length ? one : other) : left > right ? one : other;
}

/** The shortest term: any document is 0, any value of a field 1. */
function rarity(keys: readonly string[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const key of keys) {
    const end = key.indexOf("\0");
    least = Math.min(least, key === anyKey ? 0 : end < 0 ? 1 : 1 + Math.max(1, key.length - end - 1));
  }
  return least;
}

function unionOf(queries: readonly unknown[], mapping: CompiledMapping, depth: number): readonly string[] {
  return queries.length > maxKeys ? any : queries.flatMap((query) => keysOf(query, mapping, depth));
}

function fieldKeys(node: FieldNode, options: unknown): readonly string[] {
  return isPlainObject(options) && options.zero_terms_query !== undefined ? any : [fieldKey(node.path)];
}

/** Whole values, as the index keeps them; dates, ranges and networks stand for many. */
function termKeys(node: FieldNode, values: readonly unknown[]): readonly string[] {
  const { family, format, type, path } = node;
  const hasTerms = family === "text" || family === "keyword" || (family === "number" && format === undefined);
  const isNetwork = type === "ip" && values.some((value) => encodeNetwork(String(value)) !== undefined);
  if (!hasTerms || isNetwork || values.length > maxKeys) return [fieldKey(path)];
  const parse = node.parseQuery ?? node.parse;
  const parsed = values.map((value) => parse(value));
  const terms = parsed.filter((term) => typeof term === "string" || typeof term === "number");
  return terms.length < parsed.length ? [fieldKey(path)] : terms.map((term) => termKey(path, term));
}

/** One of the words of a text; of several that are all needed, those at the place that says most. */
function wordKeys(node: FieldNode, value: unknown, mapping: CompiledMapping): readonly string[] {
  const options = isPlainObject(value) ? value : { query: value };
  if (options.zero_terms_query !== undefined || options.lenient !== undefined) return any;
  if (options.fuzziness !== undefined) return [fieldKey(node.path)];
  const named = options.analyzer === undefined ? undefined : mapping.analysis.analyzer(String(options.analyzer));
  const analyzer = named ?? node.searchAnalyzer;
  if (named !== undefined && node.family !== "text") return [fieldKey(node.path)];
  if (analyzer === undefined) return termKeys(node, node.cutQuery?.(String(options.query)) ?? [options.query]);
  // A phrase may be cut by another analyzer, so both have a say.
  const analyzers = new Set(named === undefined ? [analyzer, node.quoteAnalyzer ?? analyzer] : [named]);
  const groups = [...analyzers].flatMap((one) => groupTokens(one.tokens(String(options.query)), one.ignoresGraph));
  const places: (readonly string[])[] = groups.map((group) =>
    (group.kind === "terms" ? group.terms : group.paths.flat()).map((term) => termKey(node.path, term)),
  );
  if (places.length === 0) return any;
  const isAnd = String(options.operator ?? "or").toLowerCase() === "and";
  return isAnd && analyzers.size === 1 ? places.reduce(better) : places.flat();
}

/** All of its words are needed. */
function phraseKeys(node: FieldNode, value: unknown, mapping: CompiledMapping): readonly string[] {
  return wordKeys(node, { ...(isPlainObject(value) ? value : { query: value }), operator: "and" }, mapping);
}

function geoKeys(body: unknown, mapping: CompiledMapping): readonly string[] {
  const nodes = Object.keys(body as JSONObject).flatMap((name) => nodeOf(name, mapping) ?? []);
  const points = nodes.filter(({ family }) => family === "geo_point");
  return points.length === 1 && nodes.length === 1 ? points.map(({ path }) => fieldKey(path)) : any;
}

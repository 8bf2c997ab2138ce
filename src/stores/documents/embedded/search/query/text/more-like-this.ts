import { isPlainObject, type JSONObject } from "../../../../../../kernel/index.ts";
import type { FieldNode } from "../../../../mapping/compile-mapping.ts";
import { walkDocument } from "../../../../mapping/walk-document.ts";
import { anyOfTerms } from "../any-of-terms.ts";
import type { ClauseTable } from "../clause-table.ts";
import type { QueryContext } from "../context.ts";
import { BoolMatcher } from "../matchers/bool-matcher.ts";
import { type Matcher, NoneMatcher } from "../matchers/matcher.ts";
import { matchAny, matchTerm } from "../matchers/term-matcher.ts";
import {
  boostOf,
  clauseBody,
  flagOf,
  malformed,
  minimumShouldMatch,
  numberOf,
  onlyKnown,
  textOf,
} from "../parameters.ts";
import { docFreqOf } from "../scoring/term-statistics.ts";

import { termsOfDocs } from "./doc-terms.ts";
import { expandFields } from "./text-clauses.ts";

const place = "more_like_this";
/** Texts and documents that one clause may be given. */
const maxItems = 1_000;

const members = [
  "like",
  "unlike",
  "fields",
  "max_query_terms",
  "min_term_freq",
  "min_doc_freq",
  "max_doc_freq",
  "min_word_length",
  "max_word_length",
  "stop_words",
  "analyzer",
  "minimum_should_match",
  "fail_on_unsupported_field",
  "boost_terms",
  "include",
];

/** What is to be like, or unlike: texts, documents of the collection, and documents that are given as such. */
interface Items {
  readonly texts: readonly string[];
  readonly ids: readonly string[];
  readonly documents: readonly JSONObject[];
  readonly foreign: readonly ForeignDocument[];
}

/** Of another collection: only the fields that are asked for are read, and its id is left out of what is found, as in the reference engine. */
interface ForeignDocument {
  readonly id: string;
  readonly content: JSONObject;
}

const nothing: Items = { texts: [], ids: [], documents: [], foreign: [] };

interface Selection {
  readonly maxQueryTerms: number;
  readonly minTermFreq: number;
  readonly minDocFreq: number;
  readonly maxDocFreq: number;
  readonly minWordLength: number;
  readonly maxWordLength: number;
  readonly stopWords: ReadonlySet<string>;
}

interface ChosenTerm {
  /** Where it is looked for. */
  readonly node: FieldNode;
  readonly word: string;
  readonly weight: number;
}

/** How often words occur. */
type Frequencies = Map<string, number>;

export const moreLikeThisClauses: ClauseTable = {
  *more_like_this(body, context) {
    const object = clauseBody(body, place);
    onlyKnown(object, members, place);
    const like = readItems(object.like, `${place}.like`);
    const unlike = readItems(object.unlike ?? [], `${place}.unlike`);
    if (object.like === undefined) throw malformed(`[${place}] needs "like".`);
    const nodes = readFields(object, context);
    const selection = readSelection(object);
    const minimum = object.minimum_should_match ?? "30%";
    const boostTerms = numberOf(object.boost_terms, 0, `${place}.boost_terms`);
    const parts: Matcher[] = [];
    if (object.fields === undefined && like.texts.length > 0) throw malformed(`[${place}] needs "fields" for a text.`);
    const hasDocuments = like.ids.length + like.documents.length + like.foreign.length > 0;
    // As in the reference engine: unlike documents count beside like documents only, unlike texts in the first field only.
    const avoided = yield* wordsOfDocuments(nodes, hasDocuments ? unlike : nothing, context);
    const [first] = nodes;
    if (first !== undefined)
      for (const text of unlike.texts) addWords(first, text, object, context, wordsIn(avoided, first));
    const choose = (among: readonly FieldNode[], words: Frequencies, unwanted: Frequencies | undefined): Matcher[] =>
      matchersOf(chooseTerms(among, words, unwanted ?? new Map(), selection, context), boostTerms, context);
    if (hasDocuments) {
      const should: Matcher[] = [];
      for (const [node, words] of yield* wordsOfDocuments(nodes, like, context))
        should.push(...choose([node], words, avoided.get(node)));
      parts.push(enough(should, minimum, context));
    }
    // Texts are analysed as the first field's are, and each word is looked for in the field where most documents have it.
    if (first !== undefined && like.texts.length > 0) {
      const words: Frequencies = new Map();
      for (const text of like.texts) addWords(first, text, object, context, words);
      parts.push(enough(choose(nodes, words, avoided.get(first)), minimum, context));
    }
    const boost = boostOf(object, place);
    const isIncluded = flagOf(object.include, false, `${place}.include`);
    const known = [...like.ids, ...like.foreign.map(({ id }) => id)];
    const mustNot = isIncluded || known.length === 0 ? [] : [yield* matchIds(known, context)];
    return new BoolMatcher({ should: parts, mustNot, minimumShouldMatch: 1 }, context.maxDoc, boost);
  },
};

function readItems(value: unknown, at: string): Items {
  const list: readonly unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
  if (list.length > maxItems) throw malformed(`[${at}] takes at most ${maxItems} texts and documents.`);
  const texts: string[] = [];
  const ids: string[] = [];
  const documents: JSONObject[] = [];
  const foreign: ForeignDocument[] = [];
  for (const one of list) {
    if (typeof one === "string") texts.push(one);
    else if (!isPlainObject(one)) throw malformed(`[${at}] takes texts, {"_id": ...} and {"doc": {...}}.`);
    else {
      onlyKnown(one, ["_id", "doc"], at);
      const { doc: content } = one;
      if (!isPlainObject(content)) ids.push(textOf(one._id, `${at}._id`));
      else if (one._id === undefined) documents.push(content);
      else foreign.push({ id: textOf(one._id, `${at}._id`), content });
    }
  }
  return { texts, ids, documents, foreign };
}

function readSelection(object: JSONObject): Selection {
  const { stop_words: stopWords = [] } = object;
  const number = (name: string, byDefault: number): number => numberOf(object[name], byDefault, `${place}.${name}`);
  const maxQueryTerms = number("max_query_terms", 25);
  if (maxQueryTerms < 1 || maxQueryTerms > 1024)
    throw malformed(`[${place}.max_query_terms] must lie between 1 and 1024.`);
  return {
    maxQueryTerms,
    minTermFreq: number("min_term_freq", 2),
    minDocFreq: number("min_doc_freq", 5),
    maxDocFreq: number("max_doc_freq", Number.MAX_SAFE_INTEGER),
    minWordLength: number("min_word_length", 0),
    maxWordLength: number("max_word_length", 0),
    stopWords: new Set((Array.isArray(stopWords) ? stopWords : [stopWords]).map(String)),
  };
}

function readFields(object: JSONObject, context: QueryContext): FieldNode[] {
  const { fields } = object;
  if (Array.isArray(fields) && fields.length === 0) throw malformed(`[${place}.fields] must not be empty.`);
  const isAsked = flagOf(object.fail_on_unsupported_field, true, `${place}.fail_on_unsupported_field`);
  const names = new Set(Array.isArray(fields) ? fields : [fields]);
  const nodes: FieldNode[] = [];
  for (const { field } of expandFields(fields, context, `${place}.fields`)) {
    const node = context.field(field)?.node;
    if (node === undefined) continue;
    const isSupported = node.family === "text" || (node.family === "keyword" && node.type !== "ip");
    if (isSupported) nodes.push(node);
    else if (isAsked && names.has(field))
      throw malformed(`[${place}] needs text or keyword fields; "${field}" is of type ${node.type}.`);
  }
  return nodes;
}

/** The words of stored and of given documents, by field. Of a given one all fields count, named or not. */
function* wordsOfDocuments(
  nodes: readonly FieldNode[],
  { ids, documents, foreign }: Items,
  context: QueryContext,
): Generator<void, Map<FieldNode, Frequencies>> {
  const found = new Map<FieldNode, Frequencies>();
  for (const node of nodes) {
    if (ids.length === 0) continue;
    const key = JSON.stringify([place, node.path, ids]);
    // Added up once for all segments; the rest is added to a copy.
    const { segments } = context.statistics;
    const stored = yield* context.statistics.once(key, () => termsOfDocs(segments, node.path, ids, context.budget));
    if (stored.size > 0) found.set(node, new Map(stored));
  }
  // A document that is given is read whole, whatever the fields that are asked for: as by the reference engine.
  for (const document of documents) addDocument(document, undefined, context, found);
  for (const { content } of foreign) addDocument(content, new Set(nodes), context, found);
  return found;
}

function addDocument(
  document: JSONObject,
  among: ReadonlySet<FieldNode> | undefined,
  context: QueryContext,
  found: Map<FieldNode, Frequencies>,
): void {
  walkDocument(context.mapping, document, {
    value(field, value) {
      const isSupported = field.family === "text" || (field.family === "keyword" && field.type === "keyword");
      if (isSupported && field.nestedPath === "" && (among === undefined || among.has(field)))
        addWords(field, String(value), {}, context, wordsIn(found, field), field.analyzer);
    },
    enterNested() {},
    leaveNested() {},
    unmapped() {},
    refuse() {},
  });
}

function wordsIn(all: Map<FieldNode, Frequencies>, node: FieldNode): Frequencies {
  const known = all.get(node) ?? new Map<string, number>();
  all.set(node, known);
  return known;
}

function addWords(
  node: FieldNode,
  text: string,
  { analyzer: name }: JSONObject,
  context: QueryContext,
  words: Frequencies,
  byDefault = node.searchAnalyzer,
): void {
  const chosen = name === undefined ? undefined : textOf(name, `${place}.analyzer`);
  const analyzer = chosen === undefined ? byDefault : context.mapping.analysis.analyzer(chosen);
  if (name !== undefined && analyzer === undefined) throw malformed(`Analyzer "${String(name)}" does not exist.`);
  const add = (word: string): void => {
    words.set(word, (words.get(word) ?? 0) + 1);
  };
  if (analyzer === undefined) {
    add(node.normalizer === undefined ? text : node.normalizer(text));
    return;
  }
  const tokens = analyzer.tokens(text);
  for (let i = 0; i < tokens.count; i++) add(tokens.terms[i] as string);
}

/** The words that say most: often in what is given, rare elsewhere. The least of them first. */
function chooseTerms(
  nodes: readonly FieldNode[],
  words: Frequencies,
  avoided: Frequencies,
  selection: Selection,
  context: QueryContext,
): ChosenTerm[] {
  const fields = nodes.map((node) => {
    const stores = context.statistics.termStores(context.space.path, node.path);
    return { node, docFreq: (word: string) => docFreqOf(word, stores) };
  });
  const { minTermFreq, minDocFreq, maxDocFreq, minWordLength, maxWordLength, stopWords, maxQueryTerms } = selection;
  const chosen: ChosenTerm[] = [];
  for (const [word, frequency] of words) {
    if (minWordLength > 0 && word.length < minWordLength) continue;
    if (maxWordLength > 0 && word.length > maxWordLength) continue;
    if (stopWords.has(word) || avoided.has(word) || frequency < minTermFreq) continue;
    let docFreq = 0;
    let best: FieldNode | undefined;
    for (const field of fields) {
      const own = field.docFreq(word);
      if (own > docFreq) [docFreq, best] = [own, field.node];
    }
    if (best === undefined || docFreq < minDocFreq || docFreq > maxDocFreq) continue;
    const rarity = Math.log((context.statistics.liveDocs + 1) / (docFreq + 1)) + 1;
    chosen.push({ node: best, word, weight: Math.fround(frequency * Math.fround(rarity)) });
  }
  chosen.sort((a, b) => a.weight - b.weight || (a.word < b.word ? 1 : -1));
  return chosen.slice(Math.max(0, chosen.length - maxQueryTerms));
}

function matchersOf(terms: readonly ChosenTerm[], boostTerms: number, context: QueryContext): Matcher[] {
  const [first] = terms;
  return terms.map(({ node, word, weight }) => {
    const field = context.field(node.path);
    const store = field?.store;
    if (field === undefined || (store?.kind !== "text" && store?.kind !== "keyword")) return new NoneMatcher();
    const ord = store.dictionary.find(word);
    if (ord < 0) return new NoneMatcher();
    const boost = boostTerms > 0 && first !== undefined ? (boostTerms * weight) / first.weight : 1;
    return matchTerm({
      field: store,
      term: ord,
      boost,
      hasNorms: node.norms === true,
      statistics: context.statisticsOf(field, store),
    });
  });
}

function enough(should: readonly Matcher[], minimum: unknown, context: QueryContext): Matcher {
  if (should.length === 0) return new NoneMatcher();
  const wanted = Math.max(1, minimumShouldMatch(minimum, should.length, `${place}.minimum_should_match`));
  if (wanted > should.length) return new NoneMatcher();
  return wanted === 1
    ? matchAny(should, context.maxDoc)
    : new BoolMatcher({ should, minimumShouldMatch: wanted }, context.maxDoc);
}

function matchIds(list: readonly string[], context: QueryContext): Generator<void, Matcher> {
  const { ids } = context.snapshot.segment;
  return anyOfTerms(
    ids,
    list.map((id) => ids.dictionary.find(id)),
    1,
    context,
  );
}

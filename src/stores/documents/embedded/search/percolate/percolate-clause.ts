import { isPlainObject, type JSONObject, KuzzleError } from "../../../../../kernel/index.ts";
import { parseClientJson } from "../../../client-json.ts";
import { type FieldNode, keyedPath } from "../../../mapping/compile-mapping.ts";
import { addTerm } from "../query/any-of-terms.ts";
import type { ClauseTable } from "../query/clause-table.ts";
import type { QueryContext } from "../query/context.ts";
import { HoldingDocs } from "../query/matchers/holding-docs.ts";
import { ListMatcher } from "../query/matchers/list-matcher.ts";
import { type Matcher, NoneMatcher } from "../query/matchers/matcher.ts";
import { boostOf, clauseBody, malformed, onlyKnown, textOf } from "../query/parameters.ts";
import { wordsFor } from "../segment/bits.ts";
import type { KeywordField } from "../segment/keyword-field.ts";
import { PercolatedDocuments, type QueryMatch } from "./percolated-documents.ts";
import { anyKey } from "./query-keys.ts";

/** What a `percolate` clause asks: which queries of a field match any of some documents. */
export interface Percolation {
  readonly node: FieldNode;
  /** Tells the clause from others of one search. */
  readonly name: string;
  readonly documents: readonly JSONObject[];
}

/** Each hit may name all of them. A guess. */
const maxDocuments = 1_000;

const places = ["document", "documents", "id"] as const;

export const percolateClauses: ClauseTable = {
  /** The documents whose stored queries match given documents. Its boost changes nothing, as in the reference engine. */
  *percolate(body, context): Generator<void, Matcher> {
    const percolation = readPercolation(body, context);
    const { path, keyed } = percolation.node;
    const queries = context.space.fields.get(path);
    const keys = context.space.fields.get(keyed?.path ?? keyedPath(path));
    const isOutside = context.field(path) === undefined;
    const given = yield* openDocuments(percolation, context);
    if (isOutside || queries?.kind !== "keyword" || keys?.kind !== "keyword") return new NoneMatcher();
    const candidates = yield* findCandidates(keys, given, context);
    return new ListMatcher(yield* matchCandidates(candidates, queries, given, context), 1);
  },
};

/** Errors (400): `services.storage.unexpected_bad_request` for a clause that is not complete, or a field without queries. */
export function readPercolation(body: unknown, { mapping }: QueryContext): Percolation {
  const object = clauseBody(body, "percolate");
  onlyKnown(
    object,
    ["field", "name", ...places, "index", "collection", "routing", "preference", "version"],
    "percolate",
  );
  const found = places.filter((place) => object[place] !== undefined);
  if (found.length !== 1) throw malformed(`[percolate] needs one of "${places.join('", "')}", found ${found.length}.`);
  if (found[0] === "id") throw malformed("[percolate] no document can be looked up here: read it and send it.");
  boostOf(object, "percolate");
  const field = textOf(object.field, "percolate.field");
  const node = mapping.fields.get(field);
  if (node === undefined) throw malformed(`[percolate.field] "${field}" is not in the mapping.`);
  if (node.family !== "query")
    throw malformed(`[percolate.field] "${field}" is of type ${node.type}: it must be of type percolator.`);
  const { document, documents = [document], name = field } = object;
  const list: readonly unknown[] = Array.isArray(documents) ? documents : [documents];
  if (list.length === 0) throw malformed("[percolate.documents] is empty.");
  if (list.length > maxDocuments)
    throw malformed(`[percolate.documents] takes at most ${maxDocuments} documents, found ${list.length}.`);
  if (!list.every(isPlainObject)) throw malformed(`[percolate.${found[0]}] must be an object.`);
  return { node, name: textOf(name, "percolate.name"), documents: list };
}

/** The documents of a clause, read once for all segments. */
export function openDocuments({ documents }: Percolation, context: QueryContext): Generator<void, PercolatedDocuments> {
  const key = JSON.stringify(["percolate", documents]);
  return context.statistics.once(key, () => PercolatedDocuments.open(documents, context));
}

/** Stored queries that may match: their documents have one of the keys, or may match anything. */
function* findCandidates(
  keys: KeywordField,
  given: PercolatedDocuments,
  context: QueryContext,
): Generator<void, Uint32Array> {
  const bits = new Uint32Array(wordsFor(context.maxDoc));
  addTerm(keys, keys.dictionary.find(anyKey), bits, context.maxDoc);
  let looked = 0;
  for (const key of given.keys) {
    addTerm(keys, keys.dictionary.find(key), bits, context.maxDoc);
    if ((++looked & 255) === 0) yield* context.budget.pause();
  }
  if (context.space.path !== "") return bits;
  const { deleted } = context.snapshot;
  for (let i = 0; i < bits.length; i++) bits[i] = (bits[i] as number) & ~(deleted[i] ?? 0);
  return bits;
}

/** Each query is run once, however many documents hold it. */
function* matchCandidates(
  bits: Uint32Array,
  queries: KeywordField,
  given: PercolatedDocuments,
  context: QueryContext,
): Generator<void, HoldingDocs> {
  const found = new HoldingDocs("max");
  const scores = new Map<number, number | undefined>();
  let looked = 0;
  for (let i = 0; i < bits.length; i++) {
    for (let word = bits[i] as number; word !== 0; word &= word - 1) {
      const doc = (i << 5) + 31 - Math.clz32(word & -word);
      if (doc >= context.maxDoc) return found;
      if ((++looked & 1023) === 0) yield* context.budget.pause();
      for (let at = 0; at < queries.countOf(doc); at++) {
        const ord = queries.ordAt(doc, at);
        if (!scores.has(ord)) {
          scores.set(
            ord,
            (yield* runStored(parseClientJson(queries.dictionary.term(ord)), doc, given, context))?.score,
          );
        }
        const score = scores.get(ord);
        if (score !== undefined) found.add(doc, score);
      }
    }
  }
  return found;
}

/** A query that could be run when it was stored may ask for an analyzer that is gone: whoever stored it is named. */
function* runStored(
  query: unknown,
  doc: number,
  given: PercolatedDocuments,
  context: QueryContext,
): Generator<void, QueryMatch | undefined> {
  try {
    return yield* given.run(query, context);
  } catch (err) {
    if (!(err instanceof KuzzleError)) throw err;
    const { ids, root } = context.snapshot.segment;
    let holder = doc;
    for (let { space } = context; space.parent !== undefined && space !== root; space = space.parent)
      holder = space.parentOf[holder] as number;
    const id = ids.dictionary.term(ids.ordAt(holder, 0));
    throw malformed(`[percolate] the stored query of document "${id}" cannot be run: ${err.message}`);
  }
}

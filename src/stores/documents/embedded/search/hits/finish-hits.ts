import { isPlainObject, type JSONObject } from "../../../../../kernel/index.ts";
import type { IndexHit, IndexSearchRequest, IndexSearchResult, InnerHit } from "../collection-index.ts";
import { PercolatedHits } from "../percolate/matched-slots.ts";
import type { QueryContext } from "../query/context.ts";
import { AllMatcher } from "../query/matchers/matcher.ts";
import { countOf, malformed, onlyKnown } from "../query/parameters.ts";
import { type Explanation, given } from "../query/scoring/explanation.ts";
import type { SearchBody } from "../search-body.ts";
import { filterSource, parseSourceFilter } from "../source-filter.ts";
import { Highlighter } from "./highlighter.ts";
import { HitFields } from "./hit-fields.ts";
import { findInnerHits, innerHitsByName, type NestedInnerHits } from "./inner-hits.ts";
import { scoreDocs } from "./score-docs.ts";

/** One document of the page, before what its hit needs is read. */
export interface FoundDoc {
  /** Position of its segment among all that are searched. */
  readonly part: number;
  readonly doc: number;
  readonly score: number | null;
  /** What orders it among documents of other segments. */
  readonly orderings: readonly (number | string)[];
  readonly values: readonly unknown[];
  /** Value of the collapsed field; null when the document has none. */
  readonly group: string | number | null | undefined;
  /** What second queries made of its score, in their order. */
  readonly rescored?: readonly Rescored[];
}

/** One step of a score: that of a second query, undefined when it does not match, and what came out. */
export interface Rescored {
  readonly second: number | undefined;
  readonly mode: string;
  readonly score: number;
}

/** Runs another search over the same indexes: the members of a collapsed group. */
export type SearchAgain = (request: IndexSearchRequest) => Generator<void, IndexSearchResult>;

/** One segment of one index, and which index that is. */
export interface SearchPart {
  readonly index: number;
  readonly context: QueryContext;
}

/** Makes hits of the documents of a page, with highlights and inner hits. */
export function* finishHits(
  page: readonly FoundDoc[],
  parts: readonly SearchPart[],
  body: SearchBody,
  request: IndexSearchRequest,
  searchAgain: SearchAgain,
): Generator<void, IndexHit[]> {
  const { highlight } = body;
  const highlighters =
    highlight === undefined
      ? undefined
      : parts.map(({ context }) => new Highlighter(highlight, body.query, context.mapping));
  const wantedInner = findInnerHits(body.query);
  const inner = wantedInner.length === 0 ? [] : yield* nestedHits(wantedInner, page, parts, request);
  const explanations = body.explain ? yield* explain(page, parts, body, request) : undefined;
  const hitFields = parts.map(({ context }) => new HitFields(body.fields, body.docValueFields, context));
  const percolatedHits = new PercolatedHits(body.query, highlight);
  const needsSource = highlighters !== undefined || hitFields[0]?.needsSource === true;
  const isPlain =
    !needsSource &&
    body.docValueFields.length === 0 &&
    wantedInner.length === 0 &&
    !percolatedHits.areWanted &&
    explanations === undefined &&
    body.collapse === undefined;
  const hits: IndexHit[] = [];
  for (const found of page) {
    const part = parts[found.part];
    if (part === undefined) continue;
    const { index, context } = part;
    yield* context.budget.pause();
    const { segment } = context.snapshot;
    const docNumber = segment.docNumber(found.doc);
    const source = !needsSource ? undefined : request.fetch?.(index, docNumber);
    const id = segment.ids.dictionary.term(segment.ids.ordAt(found.doc, 0));
    const hit = { index, docNumber, id, score: found.score };
    if (isPlain) {
      hits.push(body.sort.length === 0 ? hit : { ...hit, sort: found.values });
      continue;
    }
    const percolated = yield* percolatedHits.run(found.doc, context);
    const marked = {
      ...(source === undefined ? undefined : highlighters?.[found.part]?.run(source)),
      ...percolated?.highlight,
    };
    const fields = {
      ...percolated?.fields,
      ...(body.collapse === undefined || found.group === null
        ? undefined
        : { [String(body.collapse.field)]: [found.group] }),
      ...hitFields[found.part]?.run(found.doc, source),
    };
    const explanation = explanations?.get(found);
    const innerHits = {
      ...inner[found.part]?.get(found.doc),
      ...(yield* groupHits(found, body, request, searchAgain)),
    };
    hits.push({
      ...hit,
      ...(body.sort.length === 0 ? {} : { sort: found.values }),
      ...(Object.keys(marked).length === 0 ? {} : { highlight: marked }),
      ...(Object.keys(fields).length === 0 ? {} : { fields }),
      ...(explanation === undefined ? {} : { explanation }),
      ...(Object.keys(innerHits).length === 0 ? {} : { innerHits }),
    });
  }
  return hits;
}

/** Adds what is done with a score after the query: the boost of the index, second queries. */
function completed(query: Explanation, { rescored = [] }: FoundDoc, boost: number): Explanation {
  let whole = query;
  if (boost !== 1) {
    const details = [query, given(boost, "boost of the index")];
    whole = { value: query.value * boost, description: "product of:", details };
  }
  for (const { second, mode, score } of rescored) {
    const details = second === undefined ? [whole] : [whole, given(second, "second query, weighted")];
    whole = { value: score, description: second === undefined ? "weighted:" : `${mode} of:`, details };
  }
  return whole;
}

/** How the scores of a page came about. */
function* explain(
  page: readonly FoundDoc[],
  parts: readonly SearchPart[],
  body: SearchBody,
  request: IndexSearchRequest,
): Generator<void, Map<FoundDoc, Explanation>> {
  const explanations = new Map<FoundDoc, Explanation>();
  for (const [at, { index, context }] of parts.entries()) {
    const own = new Map(page.filter(({ part }) => part === at).map((one) => [one.doc, one]));
    if (own.size === 0) continue;
    const matcher = body.query === undefined ? new AllMatcher(context.maxDoc) : yield* context.compile(body.query);
    yield* scoreDocs(matcher, context, [...own.keys()], (scored) => {
      const one = own.get(scored.doc);
      if (one !== undefined) explanations.set(one, completed(scored.explain(), one, request.boosts?.[index] ?? 1));
    });
  }
  return explanations;
}

type InnerByName = Record<string, readonly InnerHit[]>;

/** By segment and document: the nested objects that matched, under the names of their clauses. */
function* nestedHits(
  wanted: readonly NestedInnerHits[],
  page: readonly FoundDoc[],
  parts: readonly SearchPart[],
  request: IndexSearchRequest,
): Generator<void, Map<number, InnerByName>[]> {
  const all: Map<number, InnerByName>[] = [];
  for (const [at, { index, context }] of parts.entries()) {
    const own = page.filter(({ part }) => part === at).map(({ doc }) => doc);
    all.push(yield* innerHitsByName(wanted, own, index, context, request));
  }
  return all;
}

/** What the members of a group are asked for as hits of a search are. */
const passedOn = ["sort", "explain", "fields", "docvalue_fields", "highlight", "track_scores", "collapse"] as const;
const groupMembers = ["name", "from", "size", "_source", ...passedOn];

/** The best members of a collapsed group, for each `inner_hits` of the collapse. */
function* groupHits(
  found: FoundDoc,
  body: SearchBody,
  request: IndexSearchRequest,
  searchAgain: SearchAgain,
): Generator<void, InnerByName> {
  const { collapse } = body;
  const wanted = collapse?.inner_hits;
  if (collapse === undefined || wanted === undefined) return {};
  const groups: InnerByName = {};
  const isGroup =
    found.group === null || found.group === undefined
      ? { bool: { must_not: { exists: { field: collapse.field } } } }
      : { term: { [String(collapse.field)]: found.group } };
  for (const options of Array.isArray(wanted) ? wanted : [wanted]) {
    if (!isPlainObject(options)) throw malformed("[collapse.inner_hits] must be an object.");
    onlyKnown(options, groupMembers, "collapse.inner_hits");
    if (typeof options.name !== "string") throw malformed('[collapse.inner_hits] needs a "name".');
    const query = {
      bool: {
        must: body.query ?? { match_all: {} },
        filter: [isGroup, ...(body.postFilter === undefined ? [] : [body.postFilter])],
      },
    };
    const inner: JSONObject = { query };
    for (const name of passedOn) if (options[name] !== undefined) inner[name] = options[name];
    const from = countOf(options.from, 0, "collapse.inner_hits.from", 0);
    const size = countOf(options.size, 3, "collapse.inner_hits.size", 0);
    const answer = yield* searchAgain({ ...request, body: inner, from, size });
    const filter = parseSourceFilter({ _source: options._source });
    groups[options.name] = answer.hits.map((hit) => {
      const source = request.fetch?.(hit.index, hit.docNumber);
      const filtered = source === undefined ? undefined : filterSource(source, filter);
      return { ...hit, ...(filtered === undefined ? {} : { source: filtered }) };
    });
  }
  return groups;
}

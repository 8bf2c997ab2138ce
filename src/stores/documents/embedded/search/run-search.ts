import { Aggregations } from "./aggregations/aggregations.ts";
import { Budget } from "./budget.ts";
import { collectFirst } from "./collect/first-docs.ts";
import { GroupedDocs } from "./collect/grouped-docs.ts";
import { collectListed } from "./collect/listed-docs.ts";
import { SearchCollector } from "./collect/search-collector.ts";
import { TopDocs } from "./collect/top-docs.ts";
import { collectInOrder } from "./collect/walk-in-order.ts";
import { forEachWindow } from "./collect/windows.ts";
import type { IndexSearchRequest, IndexSearchResult } from "./collection-index.ts";
import { type FoundDoc, finishHits, type SearchPart } from "./hits/finish-hits.ts";
import { rescoreHits, scoresOf } from "./hits/rescore.ts";
import { LentArrays } from "./lent-arrays.ts";
import { compileQuery } from "./query/compile-query.ts";
import { QueryContext } from "./query/context.ts";
import { BoolMatcher } from "./query/matchers/bool-matcher.ts";
import { AllMatcher, type Matcher, windowSize } from "./query/matchers/matcher.ts";
import { malformed, onlyKnown } from "./query/parameters.ts";
import { TermStatistics } from "./query/scoring/term-statistics.ts";
import { parseSearchBody, type SearchBody } from "./search-body.ts";
import type { SegmentedIndex } from "./segmented-index.ts";
import { compareOrderings } from "./sort/compare-orderings.ts";
import { openSortSource } from "./sort/open-sort-source.ts";
import type { SortKey } from "./sort/parse-sort.ts";
import type { SortSource } from "./sort/sort-source.ts";
import { suggest } from "./suggest/suggest.ts";
import { refuseHidden, visibleParts } from "./visibility.ts";

const byScore: readonly SortKey[] = [{ kind: "_score", descending: true }];

/** What a search over several indexes shares. */
interface Run {
  readonly request: IndexSearchRequest;
  readonly body: SearchBody;
  readonly keys: readonly SortKey[];
  readonly directions: readonly number[];
  readonly needsScores: boolean;
  readonly aggregations: Aggregations | undefined;
  /** Hits that each segment has to give: those of the page, and those that are scored again. */
  readonly window: number;
  /** When the search answers with what it has, on the clock of `performance.now()`. */
  readonly until: number;
  /** Of one window: segments are searched one after the other. */
  readonly scores: Float64Array;
}

/** Runs one search: matches, sorts and aggregates segment by segment, then merges the best hits. */
export function* runSearch(
  indexes: readonly SegmentedIndex[],
  request: IndexSearchRequest,
): Generator<void, IndexSearchResult> {
  const budget = new Budget();
  const arrays = new LentArrays();
  const { visible } = request;
  const all = indexes.flatMap((one, index) => partsOf(one, index, request.now, budget, arrays));
  const body = parseSearchBody(request.body);
  if (body.explain) refuseHidden(visible, "[explain]", "leave it out");
  const parts = visible === undefined ? all : yield* visibleParts(all, visible);
  const contexts = parts.map(({ context }) => context);
  const keys = body.sort.length === 0 ? byScore : body.sort;
  const aggregations =
    body.aggregations === undefined ? undefined : new Aggregations(body.aggregations, parts, request);
  const sortsByScore = keys.some((key) => key.kind === "_score");
  const run: Run = {
    request,
    body,
    keys,
    directions: keys.map((key) => (key.descending ? -1 : 1)),
    needsScores:
      (sortsByScore && request.from + request.size > 0) ||
      body.minScore !== undefined ||
      aggregations?.needsScores === true,
    aggregations,
    window: body.rescore.reduce((most, one) => Math.max(most, one.windowSize), request.from + request.size),
    until: body.timeoutMs === undefined ? Number.POSITIVE_INFINITY : performance.now() + body.timeoutMs,
    scores: arrays.numbers(windowSize),
  };
  let found: FoundDoc[] = [];
  let total = 0;
  const left = indexes.map(() => body.terminateAfter ?? Number.POSITIVE_INFINITY);
  for (const [part, { index, context }] of parts.entries()) {
    // The growing segment of a collection where nothing is written; the one before has shown whether the query can be run.
    if (context.maxDoc === 0 && parts[part - 1]?.index === index) continue;
    const matched = yield* searchPart(run, part, index, context, left[index] ?? 0, found);
    left[index] = (left[index] ?? 0) - matched;
    total += matched;
  }
  // One segment answers in order; several are merged.
  if (contexts.length > 1) {
    found.sort((a, b) => compareFound(a, b, run.directions));
    if (body.collapse !== undefined) found = firstOfGroups(found);
    // Second queries order no more hits than one segment would have answered.
    if (found.length > run.window) found.length = run.window;
  }
  for (const rescore of body.rescore) found = yield* rescoreHits(found, parts, rescore);
  let page = found.slice(request.from, request.from + request.size);
  if (body.trackScores && !sortsByScore) page = yield* withScores(page, parts, run);
  const hits = yield* finishHits(page, parts, body, request, (again) => runSearch(indexes, again));
  const result = {
    total,
    hits,
    ...(aggregations === undefined ? {} : { aggregations: yield* aggregations.result() }),
    ...(body.suggest === undefined ? {} : { suggest: yield* suggest(body.suggest, parts, request) }),
  };
  arrays.giveBack();
  return result;
}

function* withScores(
  page: readonly FoundDoc[],
  parts: readonly SearchPart[],
  { body, request }: Run,
): Generator<void, FoundDoc[]> {
  const scores = yield* scoresOf(page, parts, body.query);
  return page.map((one) => {
    const boost = request.boosts?.[parts[one.part]?.index ?? 0] ?? 1;
    return { ...one, score: Math.fround((scores.get(one) ?? 0) * boost) };
  });
}

/** The segments of an index, ready to be searched. */
export function partsOf(
  one: SegmentedIndex,
  index: number,
  now: number,
  budget: Budget,
  arrays = new LentArrays(),
): SearchPart[] {
  const snapshots = one.snapshots();
  const statistics = new TermStatistics(snapshots);
  let firstDoc = 0;
  return snapshots.map((snapshot) => {
    const scope = { mapping: one.mapping, snapshot, statistics, firstDoc, now, budget, compiler: compileQuery, arrays };
    firstDoc += snapshot.maxDoc;
    return { index, context: new QueryContext(scope) };
  });
}

function* searchPart(
  run: Run,
  part: number,
  index: number,
  context: QueryContext,
  limit: number,
  found: FoundDoc[],
): Generator<void, number> {
  const { body, keys, directions, request } = run;
  const plain = body.query === undefined ? new AllMatcher(context.maxDoc) : yield* context.compile(body.query);
  const matcher = boostedBy(plain, request.boosts?.[index] ?? 1, context);
  const postFilter = body.postFilter === undefined ? undefined : yield* context.compile(body.postFilter);
  const sources: (SortSource | undefined)[] = [];
  for (const key of keys) sources.push(key.kind === "_score" ? undefined : yield* openSortSource(key, context));
  const isUnlimited = limit === Number.POSITIVE_INFINITY;
  const aggregations = yield* openAggregations(run, matcher, part, context, isUnlimited);
  // No more than there is: a page far behind the end costs nothing.
  const size = Math.min(run.window, context.maxDoc);
  const top =
    body.collapse === undefined ? new TopDocs(size, directions) : openGroups(body.collapse, size, directions, context);
  const keysBefore = body.searchAfter?.map((value, i) => sources[i]?.keyOf(value) ?? Number(value));
  const after = keysBefore === undefined ? undefined : Float64Array.from(keysBefore);
  const isWhole = aggregations === undefined && postFilter === undefined && isUnlimited;
  const shortcut = isWhole ? yield* collectBest(run, matcher, { sources, directions, after, top }, context) : undefined;
  let total = shortcut;
  if (total === undefined) {
    const collector = new SearchCollector({
      matcher,
      top,
      sources,
      directions,
      needsScores: run.needsScores,
      scoresOnlyOrder: body.minScore === undefined && run.aggregations?.needsScores !== true,
      minScore: body.minScore,
      postFilter,
      after,
      floor: keys === byScore && body.collapse === undefined ? worstOf(found, run.window) : Number.NEGATIVE_INFINITY,
      aggregations,
      limit,
      until: run.until,
      scores: run.scores,
    });
    const known = isWhole && isPlain(run) && isUntouched(run, context) ? matcher.exactCount : undefined;
    if (known !== undefined) collector.leaveOutTheRest();
    yield* forEachWindow(matcher, context, collector);
    total = known ?? collector.total;
  }
  const scoreAt = keys.findIndex((key) => key.kind === "_score");
  for (const { doc, keys: own, ...entry } of top.sorted()) {
    found.push({
      part,
      doc,
      score: scoreAt < 0 ? null : (own[scoreAt] as number),
      orderings: sources.map((source, i) => source?.ordering(doc) ?? (own[i] as number)),
      values: sources.map((source, i) => (source === undefined ? own[i] : (source.value(doc) ?? null))),
      group: "group" in entry ? (entry.group as string | number | null) : undefined,
    });
  }
  return total;
}

interface Wanted {
  /** One for each key; undefined is the score. */
  readonly sources: readonly (SortSource | undefined)[];
  readonly directions: readonly number[];
  readonly after: Float64Array | undefined;
  readonly top: TopDocs | GroupedDocs;
}

/** Finds the best without a look at each window, where there is a way. Answers how many match; undefined, and nothing is done, where there is none. */
function* collectBest(
  run: Run,
  matcher: Matcher,
  { sources, directions, after, top }: Wanted,
  context: QueryContext,
): Generator<void, number | undefined> {
  if (!(top instanceof TopDocs)) return undefined;
  if (isPlain(run)) {
    if (matcher instanceof AllMatcher) return collectFirst(context, matcher.boost, top);
    const isCountKnown = isUntouched(run, context) && matcher.exactCount !== undefined;
    if (isCountKnown && matcher.constantScore !== undefined) return undefined;
    const { listed } = matcher;
    return listed && collectListed(listed, context, top);
  }
  const isInTime = run.until === Number.POSITIVE_INFINITY;
  if (run.needsScores || !isInTime || !context.snapshot.segment.isFrozen || top.size === 0 || !areValues(sources))
    return undefined;
  return yield* collectInOrder(matcher, { sources, directions, after, top }, context);
}

/** The score that a document of a later segment must exceed to get into the window. */
function worstOf(found: readonly FoundDoc[], window: number): number {
  if (found.length < window || window === 0) return Number.NEGATIVE_INFINITY;
  const scores = Float64Array.from(found, ({ score }) => score ?? Number.NEGATIVE_INFINITY).sort();
  return scores[scores.length - window] as number;
}

const areValues = (sources: readonly (SortSource | undefined)[]): sources is readonly SortSource[] =>
  sources.every((source) => source !== undefined);

/** The matches of a query, with scores multiplied by the boost of its index. */
function boostedBy(matcher: Matcher, boost: number, context: QueryContext): Matcher {
  return boost === 1 ? matcher : new BoolMatcher({ must: [matcher] }, context.maxDoc, boost);
}

/** The aggregations, if any has to see the documents of this segment. */
function* openAggregations(
  { aggregations, body }: Run,
  matcher: Matcher,
  part: number,
  context: QueryContext,
  isUnlimited: boolean,
): Generator<void, Aggregations | undefined> {
  if (aggregations === undefined) return undefined;
  yield* aggregations.enter(part, context);
  const { segment, deletedCount } = context.snapshot;
  const isWhole = matcher instanceof AllMatcher && segment.isFrozen && deletedCount === 0;
  if (isWhole && isUnlimited && body.minScore === undefined) yield* aggregations.collectWhole(context);
  return aggregations.isWaiting ? aggregations : undefined;
}

/** There are as many matches as there are postings: nobody has to count, and what cannot get among the best need not be looked at. */
function isUntouched({ body }: Run, { snapshot }: QueryContext): boolean {
  return snapshot.segment.isFrozen && snapshot.deletedCount === 0 && body.collapse === undefined;
}

/** By score, and nothing stands between the matches and the answer. */
function isPlain({ body, keys }: Run): boolean {
  const isFiltered = body.postFilter !== undefined || body.minScore !== undefined || body.searchAfter !== undefined;
  return !isFiltered && keys === byScore;
}

function openGroups(
  collapse: NonNullable<SearchBody["collapse"]>,
  size: number,
  directions: readonly number[],
  context: QueryContext,
): GroupedDocs {
  onlyKnown(collapse, ["field", "inner_hits", "max_concurrent_group_searches"], "collapse");
  const { field: path } = collapse;
  if (typeof path !== "string") throw malformed('[collapse] needs a "field".');
  const field = context.field(path);
  if (field === undefined) throw malformed(`[collapse] field "${path}" is not in the mapping.`);
  const { family } = field.node;
  if (family !== "keyword" && family !== "number")
    throw malformed(`[collapse] needs a keyword or number field; "${path}" is of type ${field.node.type}.`);
  const store = field.store?.kind === "keyword" || field.store?.kind === "number" ? field.store : undefined;
  return new GroupedDocs(size, directions, store);
}

function compareFound(a: FoundDoc, b: FoundDoc, directions: readonly number[]): number {
  return compareOrderings(a.orderings, b.orderings, directions) || a.part - b.part || a.doc - b.doc;
}

/** The best document of each group: segments know only their own. */
function firstOfGroups(found: readonly FoundDoc[]): FoundDoc[] {
  const seen = new Set<FoundDoc["group"]>();
  return found.filter(({ group }) => !seen.has(group) && seen.add(group));
}

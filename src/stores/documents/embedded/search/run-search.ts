import { Aggregations } from "./aggregations/aggregations.ts";
import { Budget } from "./budget.ts";
import { collectFirst } from "./collect/first-docs.ts";
import { GroupedDocs } from "./collect/grouped-docs.ts";
import { SearchCollector } from "./collect/search-collector.ts";
import { TopDocs } from "./collect/top-docs.ts";
import { forEachWindow } from "./collect/windows.ts";
import type { IndexSearchRequest, IndexSearchResult } from "./collection-index.ts";
import { type FoundDoc, finishHits } from "./hits/finish-hits.ts";
import type { MemoryIndex } from "./memory-index.ts";
import { compileQuery } from "./query/compile-query.ts";
import { QueryContext } from "./query/context.ts";
import { AllMatcher, type Matcher } from "./query/matcher.ts";
import { malformed } from "./query/parameters.ts";
import { parseSearchBody, type SearchBody } from "./search-body.ts";
import { openSortSource } from "./sort/open-sort-source.ts";
import type { SortKey } from "./sort/parse-sort.ts";
import type { SortSource } from "./sort/sort-source.ts";

const byScore: readonly SortKey[] = [{ kind: "_score", descending: true }];

/** What a search over several indexes shares. */
interface Run {
  readonly request: IndexSearchRequest;
  readonly body: SearchBody;
  readonly keys: readonly SortKey[];
  readonly directions: readonly number[];
  readonly needsScores: boolean;
  readonly aggregations: Aggregations | undefined;
}

/** Runs one search: matches, sorts and aggregates index by index, then merges the best hits. */
export function* runSearch(
  indexes: readonly MemoryIndex[],
  request: IndexSearchRequest,
): Generator<void, IndexSearchResult> {
  const budget = new Budget();
  const contexts = indexes.map(
    (index) => new QueryContext(index.mapping, index.snapshot(), request.now, budget, compileQuery),
  );
  const body = parseSearchBody(request.body);
  const keys = body.sort.length === 0 ? byScore : body.sort;
  const aggregations =
    body.aggregations === undefined ? undefined : new Aggregations(body.aggregations, contexts, request);
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
  };
  const found: FoundDoc[] = [];
  let total = 0;
  for (const [index, context] of contexts.entries()) total += yield* searchIndex(run, index, context, found);
  // One index answers in order; several are merged by the values themselves, as keys of different dictionaries do not compare.
  if (contexts.length > 1) found.sort((a, b) => compareFound(a, b, keys));
  const page = found.slice(request.from, request.from + request.size);
  const hits = yield* finishHits(page, contexts, body, request, (again) => runSearch(indexes, again));
  return { total, hits, ...(aggregations === undefined ? {} : { aggregations: aggregations.result() }) };
}

function* searchIndex(run: Run, index: number, context: QueryContext, found: FoundDoc[]): Generator<void, number> {
  const { body, keys, directions, request } = run;
  const matcher = body.query === undefined ? new AllMatcher(context.maxDoc) : yield* context.compile(body.query);
  const postFilter = body.postFilter === undefined ? undefined : yield* context.compile(body.postFilter);
  const sources: (SortSource | undefined)[] = [];
  for (const key of keys) sources.push(key.kind === "_score" ? undefined : yield* openSortSource(key, context));
  if (run.aggregations !== undefined) yield* run.aggregations.enter(index, context);
  // No more than there is: a page far behind the end costs nothing.
  const size = Math.min(request.from + request.size, context.maxDoc);
  const top =
    body.collapse === undefined ? new TopDocs(size, directions) : openGroups(body.collapse, size, directions, context);
  let total: number;
  if (isWhole(run, matcher) && top instanceof TopDocs) {
    total = collectFirst(context, matcher.boost, top);
  } else {
    const after = body.searchAfter?.map((value, i) => sources[i]?.keyOf(value) ?? Number(value));
    const collector = new SearchCollector({
      matcher,
      top,
      sources,
      directions,
      needsScores: run.needsScores,
      minScore: body.minScore,
      postFilter,
      after: after === undefined ? undefined : Float64Array.from(after),
      aggregations: run.aggregations,
    });
    yield* forEachWindow(matcher, context, collector);
    total = collector.total;
  }
  const scoreAt = keys.findIndex((key) => key.kind === "_score");
  for (const entry of top.sorted()) {
    found.push({
      index,
      doc: entry.doc,
      score: scoreAt < 0 ? null : (entry.keys[scoreAt] as number),
      keys: entry.keys,
      values: keys.map((_, i) => sources[i]?.value(entry.doc) ?? (sources[i] === undefined ? entry.keys[i] : null)),
      group: "group" in entry ? (entry.group as string | number | null) : undefined,
    });
  }
  return total;
}

/** All documents, by a score that all have: there is nothing to look for. */
function isWhole({ body, keys, aggregations }: Run, matcher: Matcher): boolean {
  const isPlain = body.postFilter === undefined && body.minScore === undefined && body.searchAfter === undefined;
  return isPlain && matcher instanceof AllMatcher && aggregations === undefined && keys === byScore;
}

function openGroups(
  collapse: NonNullable<SearchBody["collapse"]>,
  size: number,
  directions: readonly number[],
  context: QueryContext,
): GroupedDocs {
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

function compareFound(a: FoundDoc, b: FoundDoc, keys: readonly SortKey[]): number {
  for (const [i, key] of keys.entries()) {
    const left = a.values[i];
    const right = b.values[i];
    const isText = typeof left === "string" && typeof right === "string" && left !== "Infinity";
    // Without values on both sides the keys tell: missing values have the same keys everywhere.
    const l = isText ? left : (a.keys[i] as number);
    const r = isText ? right : (b.keys[i] as number);
    if (l !== r) return l < r === key.descending ? 1 : -1;
  }
  return a.index - b.index || a.doc - b.doc;
}

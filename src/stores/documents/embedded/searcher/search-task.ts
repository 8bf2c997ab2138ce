import { isPlainObject, type JSONObject, kerror } from "../../../../kernel/index.ts";
import type { SearchHit, SearchPage } from "../../document-store.ts";
import type { RowReader } from "../rows/row-reader.ts";
import { maxResultWindow } from "../rows/settings.ts";
import { type CollectionIndex, type IndexHit, type IndexSearchResult, searchMany } from "../search/collection-index.ts";
import { flagOf } from "../search/query/parameters.ts";
import type { Visibilities } from "../search/visibility.ts";
import type { SearchCommand } from "../wire/search-messages.ts";
import { answerHits, fetchSource, type HitFormat, RowsGone } from "./answer-hits.ts";
import { collectionBoosts } from "./collection-boosts.ts";
import type { Cursor, Cursors } from "./cursors.ts";
import { compactHits, fullHits, numberedHits } from "./hit-list.ts";
import type { SearchedCollection } from "./searched-collection.ts";
import { textFilterOf, withoutSource } from "./source-filter.ts";

/** What a search works with; `position` is that of the state it sees. */
export interface SearchScope {
  readonly reader: RowReader;
  readonly cursors: Cursors;
  readonly collections: readonly SearchedCollection[];
  readonly now: number;
  readonly position: number;
  readonly supersededBytes: number;
  /** By collection; undefined: everything may be seen. */
  readonly visible: Visibilities | undefined;
}

/** A search with its body parsed. */
export type Search = Omit<Extract<SearchCommand, { kind: "search" }>, "body"> & { readonly body: JSONObject };

/** Formats of open scrolls, by cursor: a later page is filtered as the first one was. */
const formats = new WeakMap<Cursor, HitFormat>();

/** Answers a search; with a time to live it opens a scroll. */
export function* runSearch(scope: SearchScope, command: Search): Generator<void, SearchPage> {
  const { body, from, size, scrollTtlMs } = command;
  const format: HitFormat = {
    filter: body.stored_fields === undefined ? textFilterOf(body) : withoutSource(body.stored_fields),
    withVersion: flagOf(body.version ?? undefined, false, "version"),
    withSeqNo: flagOf(body.seq_no_primary_term ?? undefined, false, "seq_no_primary_term"),
    visible: scope.visible,
  };
  if (scrollTtlMs !== undefined) return yield* openScroll(scope, command, scrollTtlMs, format);
  checkWindow(scope.collections, from, size);
  const result = yield* searchIndexes(scope, body, from, size);
  const hits = yield* answerHits(scope.reader, scope.collections, result.hits, format);
  return page(result, hits);
}

function* searchIndexes(
  scope: SearchScope,
  body: JSONObject,
  from: number,
  size: number,
): Generator<void, IndexSearchResult> {
  const indexes = scope.collections.map(indexOf);
  const boosts = collectionBoosts(body.indices_boost, scope.collections);
  const request = {
    body,
    from,
    size,
    now: scope.now,
    fetch: fetchSource(scope.reader, scope.collections, scope.visible),
    ...(scope.visible === undefined ? undefined : { visible: scope.visible }),
    ...(boosts === undefined ? undefined : { boosts }),
  };
  const [only] = indexes;
  if (indexes.length === 1 && only !== undefined) return yield* only.search(request);
  return yield* searchMany(indexes, request);
}

function* openScroll(
  scope: SearchScope,
  command: Search,
  ttlMs: number,
  format: HitFormat,
): Generator<void, SearchPage> {
  const { body, size } = command;
  checkScroll(command);
  checkWindow(scope.collections, 0, size);
  let window = 0;
  for (const collection of scope.collections) window += indexOf(collection).documents;
  const [first] = scope.collections;
  const isPlain = isInStoredOrder(body) && scope.collections.length === 1 && first !== undefined;
  // Both look at the state of their first step, so both take it now.
  const numbers = isPlain ? indexOf(first).matchAll(queryOf(body), scope.now, scope.visible?.[0]) : undefined;
  let step = numbers?.next();
  const result = yield* searchIndexes(scope, body, 0, isPlain ? 0 : Math.max(window, 1));
  while (numbers !== undefined && step?.done === false) {
    yield;
    step = numbers.next();
  }
  const hits =
    step?.done === true
      ? numberedHits(step.value, body.sort === undefined ? 1 : null)
      : carriesMore(body)
        ? fullHits(result.hits)
        : compactHits(result.hits);
  const { collections, position, supersededBytes } = scope;
  const cursor = scope.cursors.open({
    kind: "scroll",
    collections,
    hits,
    size,
    position,
    supersededBytes,
    next: 0,
    expiresAt: scope.now + ttlMs,
  });
  formats.set(cursor, format);
  const answered = yield* nextHits(scope.reader, cursor, format);
  return { ...page(result, answered), total: hits.length, scrollId: cursor.id, remaining: hits.length - cursor.next };
}

/** The next page of a scroll; the one with the last hits closes it. */
export function* runScroll(
  scope: Pick<SearchScope, "reader" | "cursors" | "now">,
  scrollId: string,
  ttlMs: number,
): Generator<void, SearchPage> {
  const cursor = scope.cursors.find(scrollId, "scroll", scope.now);
  const format = cursor === undefined ? undefined : formats.get(cursor);
  if (cursor === undefined || format === undefined) throw kerror("services.storage.unknown_scroll_id", scrollId);
  cursor.expiresAt = scope.now + ttlMs;
  let hits: SearchHit[];
  try {
    hits = yield* nextHits(scope.reader, cursor, format);
  } catch (error) {
    if (error instanceof RowsGone) throw kerror("services.storage.unknown_scroll_id", scrollId);
    throw error;
  }
  const remaining = cursor.hits.length - cursor.next;
  if (remaining === 0) scope.cursors.close(scrollId);
  return { total: cursor.hits.length, hits, scrollId, remaining };
}

function* nextHits(reader: RowReader, cursor: Cursor, format: HitFormat): Generator<void, SearchHit[]> {
  const from = cursor.next;
  // Moved on before the first slice: two requests for the next page must not get the same one.
  cursor.next = Math.min(cursor.hits.length, from + cursor.size);
  const hits: IndexHit[] = [];
  for (let i = from; i < cursor.next; i++) {
    const hit = cursor.hits.at(i);
    if (hit !== undefined) hits.push(hit);
  }
  return yield* answerHits(reader, cursor.collections, hits, format);
}

export function* runCount(scope: SearchScope, query: JSONObject): Generator<void, number> {
  const result = yield* searchIndexes(scope, { query }, 0, 0);
  return result.total;
}

function page(result: IndexSearchResult, hits: readonly SearchHit[]): SearchPage {
  return {
    total: result.total,
    hits,
    ...(result.aggregations === undefined ? undefined : { aggregations: result.aggregations }),
    ...(result.suggest === undefined ? undefined : { suggest: result.suggest }),
  };
}

export function indexOf(collection: SearchedCollection): CollectionIndex {
  if (collection.live !== undefined) return collection.live.index;
  throw kerror(
    "services.storage.unexpected_error",
    `the index of "${collection.indexName}:${collection.name}" is not ready`,
  );
}

function checkWindow(collections: readonly SearchedCollection[], from: number, size: number): void {
  for (const collection of collections) {
    const window = maxResultWindow(collection.settings);
    if (from + size <= window) continue;
    throw kerror(
      "services.storage.unexpected_bad_request",
      `"from" + "size" is ${from + size}, and at most ${window} results can be paged through. Use a scroll, or "search_after".`,
    );
  }
}

/** What a body may not ask for in a scroll. */
const unscrollable = ["search_after", "collapse", "rescore"];

function checkScroll(command: Search): void {
  const problem = scrollProblem(command);
  if (problem !== undefined) throw kerror("services.storage.unexpected_bad_request", problem);
}

function scrollProblem({ body, from, size }: Search): string | undefined {
  if (from !== 0) return '"from" must be 0 in a scroll.';
  if (size < 1) return '"size" must be at least 1 in a scroll.';
  const name = unscrollable.find((one) => body[one] !== undefined);
  return name && `"${name}" cannot be used in a scroll.`;
}

const queryOf = (body: JSONObject): JSONObject => (isPlainObject(body.query) ? body.query : {});

/** Every match has the same score and no order is asked for: the numbers of the matches are all there is to keep. */
function isInStoredOrder(body: JSONObject): boolean {
  const { query, sort } = body;
  if (body.post_filter !== undefined || body.terminate_after !== undefined || body.timeout !== undefined) return false;
  if (body.min_score !== undefined || body.indices_boost !== undefined || carriesMore({ ...body, sort: undefined }))
    return false;
  if (sort !== undefined && (sort !== "_doc" || body.track_scores !== undefined)) return false;
  return query === undefined || (isPlainObject(query) && Object.entries(query).every(isEveryDocument));
}

/** `match_all` without a boost, which would be the score of each. */
const isEveryDocument = ([clause, options]: [string, unknown]): boolean =>
  clause === "match_all" && isPlainObject(options) && Object.keys(options).length === 0;

/** Hits carry sort values, highlights or inner hits, which later pages answer too. */
function carriesMore(body: JSONObject): boolean {
  return (
    body.sort !== undefined ||
    body.explain !== undefined ||
    body.fields !== undefined ||
    body.docvalue_fields !== undefined ||
    body.highlight !== undefined ||
    JSON.stringify(body.query ?? {}).includes('"inner_hits"')
  );
}

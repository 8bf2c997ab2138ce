import { type JSONObject, kerror } from "../../../../kernel/index.ts";
import type { StoredDocument } from "../../document-store.ts";
import type { RowReader } from "../rows/row-reader.ts";
import type { WalkBatch } from "../wire/search-messages.ts";
import { RowsGone } from "./answer-hits.ts";
import type { HitList } from "./hit-list.ts";
import { numberedHits } from "./hit-list.ts";
import { indexOf, type SearchScope } from "./search-task.ts";
import type { SearchedCollection } from "./searched-collection.ts";

/** An idle walk is thrown away after this long: its consumer went away without closing it. */
const walkTtlMs = 3_600_000;
/** Rows that are read in one slice. A guess: about a millisecond. */
const rowsPerSlice = 500;

/** Notes all matches of a query as they are now, and answers the id of the walk; few of them are answered at once. Throws {@link RowsGone}. */
export function* openWalk(
  scope: SearchScope,
  query: JSONObject,
  batchSize: number,
): Generator<void, string | WalkBatch | undefined> {
  const { reader, collections, position, supersededBytes, now, visible } = scope;
  const [collection] = collections;
  if (collection === undefined) return undefined;
  const hits = numberedHits(yield* indexOf(collection).matchAll(query, now, visible?.[0]), null);
  if (hits.length <= batchSize) {
    const documents = yield* readHits(reader, collection, hits, 0, hits.length);
    if (documents === undefined) throw new RowsGone();
    return { documents, isLast: true };
  }
  const cursor = scope.cursors.open({
    kind: "walk",
    collections,
    hits,
    size: batchSize,
    position,
    supersededBytes,
    next: 0,
    expiresAt: now + walkTtlMs,
  });
  return cursor.id;
}

/** The next batch of a walk; the last one closes it. Error: `services.storage.unknown_scroll_id` when the collection was emptied meanwhile. */
export function* continueWalk(
  scope: Pick<SearchScope, "reader" | "cursors" | "now">,
  walkId: string,
): Generator<void, WalkBatch> {
  const cursor = scope.cursors.find(walkId, "walk", scope.now);
  const [collection] = cursor?.collections ?? [];
  if (cursor === undefined || collection === undefined) throw kerror("services.storage.unknown_scroll_id", walkId);
  cursor.expiresAt = scope.now + walkTtlMs;
  const from = cursor.next;
  cursor.next = Math.min(cursor.hits.length, from + cursor.size);
  const documents = yield* readHits(scope.reader, collection, cursor.hits, from, cursor.next);
  if (documents === undefined) throw kerror("services.storage.unknown_scroll_id", walkId);
  const isLast = cursor.next === cursor.hits.length;
  if (isLast) scope.cursors.close(walkId);
  return { documents, isLast };
}

/** The documents of the hits from `from` to before `to`, in slices; undefined when the collection was emptied meanwhile. */
function* readHits(
  reader: RowReader,
  collection: SearchedCollection,
  hits: HitList,
  from: number,
  to: number,
): Generator<void, readonly StoredDocument[] | undefined> {
  const documents: StoredDocument[] = [];
  for (let i = from; i < to; i += rowsPerSlice) {
    if (i > from) yield;
    readRows(reader, collection, hits, i, Math.min(to, i + rowsPerSlice), documents);
  }
  return documents.length < to - from ? undefined : documents;
}

function readRows(
  reader: RowReader,
  collection: SearchedCollection,
  hits: HitList,
  from: number,
  to: number,
  into: StoredDocument[],
): void {
  reader.begin();
  try {
    for (let i = from; i < to; i++) {
      const row = reader.byNumber(collection.id, hits.at(i)?.docNumber ?? 0);
      if (row !== undefined) into.push(row);
    }
  } finally {
    reader.end();
  }
}

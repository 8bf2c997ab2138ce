import { type JSONObject, kerror } from "../../../../kernel/index.ts";
import type { SearchHit, StoredDocument } from "../../document-store.ts";
import type { RowReader } from "../rows/row-reader.ts";
import type { IndexHit, InnerHit } from "../search/collection-index.ts";
import type { Visibilities } from "../search/visibility.ts";
import type { SearchedCollection } from "./searched-collection.ts";
import type { TextFilter } from "./source-filter.ts";

const sliceMs = 2;

/** How hits become answers: which parts of the source, and whether with the version and the number of the write. */
export interface HitFormat {
  readonly filter: TextFilter;
  readonly withVersion: boolean;
  readonly withSeqNo: boolean;
  /** By place of the collection; undefined: everything may be seen. */
  readonly visible: Visibilities | undefined;
}

/** The collection was emptied while it was searched; in no other case a row goes before a search is done with it. */
export class RowsGone extends Error {}

/** Reads the sources of hits by their numbers and makes the public hits, in slices. */
export function* answerHits(
  reader: RowReader,
  collections: readonly SearchedCollection[],
  hits: readonly IndexHit[],
  format: HitFormat,
): Generator<void, SearchHit[]> {
  const answered: SearchHit[] = [];
  let next = answerSlice(reader, collections, hits, format, 0, answered);
  while (next < hits.length) {
    yield;
    next = answerSlice(reader, collections, hits, format, next, answered);
  }
  return answered;
}

/** Answers hits from `from` on for one slice of time; answers how far it came. */
function answerSlice(
  reader: RowReader,
  collections: readonly SearchedCollection[],
  hits: readonly IndexHit[],
  format: HitFormat,
  from: number,
  answered: SearchHit[],
): number {
  const sliceEnd = performance.now() + sliceMs;
  let next = from;
  reader.begin();
  try {
    while (next < hits.length) {
      const hit = hits[next++];
      if (hit === undefined) continue;
      const collection = targetOf(collections, hit.index);
      const row = reader.byNumber(collection.id, hit.docNumber);
      if (row === undefined) throw new RowsGone();
      answered.push(answerHit(collections, collection, row, hit, format));
      if (performance.now() > sliceEnd) break;
    }
  } finally {
    reader.end();
  }
  return next;
}

function answerHit(
  collections: readonly SearchedCollection[],
  collection: SearchedCollection,
  row: StoredDocument,
  hit: IndexHit,
  format: HitFormat,
): SearchHit {
  const source = format.filter(format.visible?.[hit.index]?.fields?.cutText(row.source) ?? row.source);
  return {
    index: collection.indexName,
    collection: collection.name,
    id: row.id,
    score: hit.score,
    ...(source === undefined ? undefined : { source }),
    ...(format.withVersion ? { version: row.version } : undefined),
    ...(hit.sort === undefined ? undefined : { sort: hit.sort }),
    ...(format.withSeqNo ? { seqNo: hit.docNumber } : undefined),
    ...answerExtras(collections, hit),
  };
}

function answerExtras(
  collections: readonly SearchedCollection[],
  { highlight, fields, explanation, innerHits }: IndexHit,
): Partial<SearchHit> {
  return {
    ...(highlight === undefined ? undefined : { highlight }),
    ...(fields === undefined ? undefined : { fields }),
    ...(explanation === undefined ? undefined : { explanation: { ...explanation } }),
    ...(innerHits === undefined ? undefined : { innerHits: answerInnerHits(collections, innerHits) }),
  };
}

function answerInnerHits(
  collections: readonly SearchedCollection[],
  byName: Readonly<Record<string, readonly InnerHit[]>>,
): Readonly<Record<string, readonly SearchHit[]>> {
  const answered: [string, SearchHit[]][] = [];
  for (const name of Object.keys(byName)) {
    answered.push([name, (byName[name] ?? []).map((hit) => answerInnerHit(collections, hit))]);
  }
  return Object.fromEntries(answered);
}

function answerInnerHit(collections: readonly SearchedCollection[], hit: InnerHit): SearchHit {
  const collection = targetOf(collections, hit.index);
  return {
    index: collection.indexName,
    collection: collection.name,
    id: hit.id,
    score: hit.score,
    ...(hit.source === undefined ? undefined : { source: JSON.stringify(hit.source) }),
    ...(hit.sort === undefined ? undefined : { sort: hit.sort }),
    ...answerExtras(collections, hit),
  };
}

/** What the index needs of documents for highlights and inner hits: as much as may be seen. */
export const fetchSource =
  (reader: RowReader, collections: readonly SearchedCollection[], visible: Visibilities | undefined) =>
  (index: number, docNumber: number): JSONObject | undefined => {
    const row = reader.byNumber(targetOf(collections, index).id, docNumber);
    if (row === undefined) return undefined;
    const source = JSON.parse(row.source) as JSONObject; // only texts of objects are stored
    return visible?.[index]?.fields?.cut(source) ?? source;
  };

function targetOf(collections: readonly SearchedCollection[], place: number): SearchedCollection {
  const collection = collections[place];
  if (collection === undefined)
    throw kerror("services.storage.unexpected_error", "a hit names a collection that was not searched");
  return collection;
}

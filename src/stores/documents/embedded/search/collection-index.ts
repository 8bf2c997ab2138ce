import type { JSONObject } from "../../../../kernel/index.ts";
import type { Mappings, Settings } from "../../document-store.ts";
import type { Explanation } from "./query/scoring/explanation.ts";
import { runSearch } from "./run-search.ts";
import type { FrozenSegment } from "./segment/frozen-segment.ts";
import type { SegmentSizes } from "./segment/segment-sizes.ts";
import { SegmentedIndex } from "./segmented-index.ts";
import type { Visibilities, Visibility } from "./visibility.ts";

/**
 * One search over one or several collections.
 *
 * `body` is the public search body (contract/search.md 7.2), `from` and `size` count documents, `now` is epoch milliseconds (date math).
 * `fetch` answers the parsed source of a document, or undefined when it is gone; it is called only for highlights, `top_hits`
 * and inner hits, for the few documents that are answered.
 */
export interface IndexSearchRequest {
  readonly body: JSONObject;
  readonly from: number;
  readonly size: number;
  readonly now: number;
  readonly fetch?: (index: number, docNumber: number) => JSONObject | undefined;
  /** By index: what its scores are multiplied by. Absent: 1. */
  readonly boosts?: readonly number[];
  /** What of each index is seen. Absent: everything. `fetch` answers what may be seen only. */
  readonly visible?: Visibilities;
}

export interface IndexHit {
  /** Position in the list given to {@link searchMany}; 0 for a search of one collection. */
  readonly index: number;
  readonly docNumber: number;
  readonly id: string;
  /** Null when the hits are sorted by something else than the score. */
  readonly score: number | null;
  readonly sort?: readonly unknown[];
  readonly highlight?: JSONObject;
  readonly fields?: JSONObject;
  readonly explanation?: Explanation;
  readonly innerHits?: Readonly<Record<string, readonly InnerHit[]>>;
}

/** A hit inside a hit: a nested object (its `source` is that object) or a document of a collapsed group. */
export interface InnerHit extends IndexHit {
  readonly source?: JSONObject;
}

export interface IndexSearchResult {
  /** All matches, not the page. */
  readonly total: number;
  readonly hits: readonly IndexHit[];
  /** By name, in Elasticsearch's layout. */
  readonly aggregations?: JSONObject;
  /** By name: what each suggester has to say. */
  readonly suggest?: JSONObject;
}

/** A piece of work on the segments of an index: a full head was `frozen`, or some frozen segments were `merged` into one. */
export interface Maintained {
  readonly kind: "frozen" | "merged";
  /** Segments that went into it. */
  readonly segments: number;
  /** Documents of the segment that was made. */
  readonly documents: number;
}

/**
 * The search index of one collection, in memory. Synchronous and single-threaded; it holds no timer and no file.
 *
 * Searches are generators: each step works for at most about 2 ms, so that the caller can run others between, or abandon one
 * (`generator.return()`). A search sees the documents as they were when its first step ran, whatever is added and removed meanwhile.
 */
export interface CollectionIndex {
  /** Live documents. */
  readonly documents: number;
  /** Removed documents whose postings are still held; build the index again when they are the majority. */
  readonly removed: number;
  /** Approximate memory held, in bytes. */
  readonly bytes: number;

  /**
   * Adds a document; numbers grow (gaps are fine). An update removes the old number and adds a new one.
   * The source was accepted by `checkDocument`; what the mapping cannot index is skipped here, never thrown.
   */
  add(docNumber: number, id: string, source: JSONObject): void;
  /** Removes a document; unknown numbers are ignored. */
  remove(docNumber: number): void;
  /** New fields take effect for the documents added from now on. */
  updateMappings(mappings: Mappings): void;
  /** Does one piece of work that is due, in slices: freezes a full segment, or makes one of several. Answers undefined when there is none. */
  maintain(): Generator<void, Maintained | undefined>;
  /** Whether `maintain` would find something to do. */
  readonly isDue: boolean;
  /** So much is due that it cannot wait for quieter times. */
  readonly isOverdue: boolean;
  /**
   * No documents come for now: the newest are to be frozen before their segment is full, unless they are few, and segments to become fewer than
   * they are while documents come.
   */
  settle(): void;
  /** Frozen segments, in the order of their documents. */
  frozen(): readonly FrozenSegment[];
  /** Puts a segment with the same documents in the place of another one; false when that is not here any more. */
  replace(segment: FrozenSegment, other: FrozenSegment): boolean;
  /** Begins with these segments; for an index without documents. */
  adopt(segments: readonly FrozenSegment[]): void;

  search(request: IndexSearchRequest): Generator<void, IndexSearchResult>;
  /** Numbers of all matching documents that are seen, ascending. An empty query matches all. */
  matchAll(query: JSONObject, now: number, visibility?: Visibility): Generator<void, Uint32Array>;
}

/**
 * An empty index for documents of a mapping; `settings` brings analyzers (`analysis`). `sizes` says when segments are frozen and merged.
 * Errors: `services.storage.wrong_mapping_property` for settings that are not understood.
 */
export function createCollectionIndex(
  mappings: Mappings,
  settings: Settings = {},
  sizes?: SegmentSizes,
): CollectionIndex {
  return new SegmentedIndex(mappings, settings, sizes);
}

/** One search over several collections: hits are merged, aggregations run over all documents. */
export function searchMany(
  indexes: readonly CollectionIndex[],
  request: IndexSearchRequest,
): Generator<void, IndexSearchResult> {
  const own = indexes.filter((index) => index instanceof SegmentedIndex);
  if (own.length !== indexes.length) throw new TypeError("searchMany takes indexes made by createCollectionIndex.");
  return runSearch(own, request);
}

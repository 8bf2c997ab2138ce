import type { JSONObject } from "../../kernel/index.ts";

/** Public indexes are reached through the API, private ones only by the server and by the plugin that owns them. */
export type Scope = "public" | "private";

/** One collection. An index name exists in one scope only, so the scope is not part of it. */
export interface CollectionRef {
  readonly index: string;
  readonly collection: string;
}

/** Field types and policies, as clients send them: `{ dynamic: "false", properties: { name: { type: "keyword" } }, _meta: {} }`. */
export interface Mappings {
  readonly dynamic?: "true" | "false" | "strict" | "runtime";
  readonly properties?: Readonly<Record<string, JSONObject>>;
  readonly _meta?: JSONObject;
  readonly dynamic_templates?: readonly JSONObject[];
  /** Whether unknown texts that read as dates become date fields; true unless said otherwise. */
  readonly date_detection?: boolean | "true" | "false";
  /** Whether unknown texts that read as numbers become number fields; false unless said otherwise. */
  readonly numeric_detection?: boolean | "true" | "false";
  /** Formats of the texts that are taken for dates. */
  readonly dynamic_date_formats?: readonly string[];
}

/** Engine settings: `{ analysis: {…}, number_of_shards: 1 }`; the embedded engine reads `analysis`, `max_result_window`, `blocks` and `mapping`. */
export type Settings = JSONObject;

export interface CollectionDescription {
  readonly index: string;
  readonly collection: string;
  readonly scope: Scope;
}

/**
 * A stored document. `source` is the JSON text as it was stored: parse it only when somebody needs the object.
 * `version` is 1 at creation, plus 1 for each write.
 */
export interface StoredDocument {
  readonly id: string;
  readonly version: number;
  readonly source: string;
}

/**
 * One write.
 *
 * - `create` refuses an id that exists; without `id` one is generated.
 * - `index` creates or replaces. `replace` needs the document to exist.
 * - `update` merges `partial` into the stored document: objects recursively, arrays and scalars replace, null is stored. With `upsert`
 *   (the JSON text of a whole document) a missing document is created from it instead.
 * - `deleteFields` removes paths (`a.b`, `list[0]`; a literal name with dots wins) and then merges `partial`.
 * - `delete` removes the document.
 *
 * `source`, `partial` and `upsert` are JSON texts of objects, so that a body is serialised once on its way to the disk.
 * `ifVersion`: the write fails with `conflict` when the stored version is another (0: when the document exists).
 */
export type WriteOperation =
  | { readonly kind: "create"; readonly id?: string; readonly source: string }
  | { readonly kind: "index"; readonly id?: string; readonly source: string; readonly ifVersion?: number }
  | { readonly kind: "replace"; readonly id: string; readonly source: string; readonly ifVersion?: number }
  | {
      readonly kind: "update";
      readonly id: string;
      readonly partial: string;
      readonly upsert?: string;
      readonly ifVersion?: number;
      readonly retryOnConflict?: number;
      /** Answer the whole document in the outcome's `source`. */
      readonly returnSource?: boolean;
    }
  | {
      readonly kind: "deleteFields";
      readonly id: string;
      readonly fields: readonly string[];
      readonly partial: string;
      readonly ifVersion?: number;
      readonly returnSource?: boolean;
    }
  | { readonly kind: "delete"; readonly id: string; readonly ifVersion?: number; readonly returnSource?: boolean };

/** Why a write did not happen; `rejected` is the engine's refusal of the content, with the id of the error for the client. */
export type WriteFailure =
  | { readonly reason: "exists" | "missing" | "conflict" }
  | {
      readonly reason: "rejected";
      readonly errorId:
        | "services.storage.strict_mapping_rejection"
        | "services.storage.unexpected_bad_request"
        | "services.storage.no_routing";
      /** Parameters of the error's message, in order. */
      readonly parameters: readonly unknown[];
    };

/** What became of one write, in the order of the operations. */
export type WriteOutcome =
  | {
      readonly ok: true;
      readonly id: string;
      readonly version: number;
      /** False when a document of this id was there before. */
      readonly created: boolean;
      /** The stored text: the new content; for `delete` the last content. Present when it was asked for, or when the engine changed it. */
      readonly source?: string;
    }
  | { readonly ok: false; readonly id: string | undefined; readonly failure: WriteFailure };

export interface WriteOptions {
  /** Wait until the write is searchable. The embedded engine's writes always are; a cluster's need it. */
  readonly refresh?: boolean;
}

/**
 * A search, in the engine-neutral form of the public search body (Elasticsearch's query language; contract/search.md sections 7 and 8).
 * The body is checked by the engine; `from` and `size` count documents.
 */
export interface SearchRequest {
  readonly targets: readonly CollectionRef[];
  readonly body: JSONObject;
  readonly from?: number;
  readonly size?: number;
  /** Opens a scroll that lives this long after each use. */
  readonly scrollTtlMs?: number;
}

export interface SearchHit {
  readonly index: string;
  readonly collection: string;
  readonly id: string;
  /** Null when the hits are sorted by something else. */
  readonly score: number | null;
  /** JSON text, after `_source` filters; absent with `_source: false`. */
  readonly source?: string;
  readonly version?: number;
  readonly sort?: readonly unknown[];
  readonly highlight?: JSONObject;
  readonly fields?: JSONObject;
  /** How the score came about: `{value, description, details: [...]}`; with `explain`. */
  readonly explanation?: JSONObject;
  /** Grows with each write of the collection; with `seq_no_primary_term`. */
  readonly seqNo?: number;
  /** Hits of nested documents, of collapsed groups, by name. */
  readonly innerHits?: Readonly<Record<string, readonly SearchHit[]>>;
}

export interface SearchPage {
  /** All matches, not the page. */
  readonly total: number;
  readonly hits: readonly SearchHit[];
  readonly aggregations?: JSONObject;
  readonly suggest?: JSONObject;
  readonly scrollId?: string;
  /** Matches that the scroll has not answered yet. */
  readonly remaining?: number;
}

/**
 * What a search may see of one collection. With a `filter` (a query) other documents are as if they were not there: for the query, `post_filter`,
 * aggregations with their global and background sets, scrolls. With `fields` (`name`: it and all below it, `visits.*`, `na*`) other fields are as
 * if they were not mapped, for whatever names fields, and no hit of a search answers them. What cannot be answered from that alone is refused.
 */
export interface CollectionView {
  readonly filter?: JSONObject;
  readonly fields?: readonly string[];
}

export interface SearchOptions {
  /** By target; undefined for those that are seen as a whole. Absent: all are. A scroll keeps what its search was given. */
  readonly visible?: readonly (CollectionView | undefined)[];
  /** Cancels the search: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Milliseconds after which the search is cancelled with `services.storage.unexpected_error`. */
  readonly timeoutMs?: number;
}

/** What happened to a collection's index at start: `ready` false while it is being rebuilt; `done` and `total` count documents. */
export interface RebuildProgress {
  readonly index: string;
  readonly collection: string;
  readonly done: number;
  readonly total: number;
}

/**
 * Stores and searches documents: the port behind which the embedded engine or a search cluster stands.
 *
 * All errors are `KuzzleError`s of the catalogue (`services.storage.*`). Unknown indexes and collections are the caller's to check first
 * (it knows them from {@link describe}); an engine that misses one answers `services.storage.unknown_index` or `unknown_collection` (412).
 * Durability: a promise of a write resolves when the write is on disk. A search sent after that sees it when `refresh` was set, and on the
 * embedded engine always. Large writes are split by the caller; operations of one call happen in order.
 * Source: contract/search.md; decisions 0002 (storage) and 0008 (the embedded engine).
 */
export interface DocumentStore extends AsyncDisposable {
  /** Name and version for `server:info`: `{ backend: "embedded", version: "0.1.0" }`. */
  readonly engine: { readonly backend: string; readonly version: string };

  /** Resolves when the engine serves. Errors: what it lacks, e.g. `services.storage.not_writable` (503) while the disk takes no writes. */
  check(): Promise<void>;

  /** Every collection, hidden ones included. The caller keeps its own list up to date afterwards. */
  describe(): Promise<readonly CollectionDescription[]>;

  createCollection(target: CollectionRef, scope: Scope, mappings: Mappings, settings: Settings): Promise<void>;
  deleteCollection(target: CollectionRef): Promise<void>;
  /** Removes all documents, keeps mappings and settings. */
  truncateCollection(target: CollectionRef): Promise<void>;

  getMappings(target: CollectionRef): Promise<Mappings>;
  /**
   * Merges into the mapping: new fields are added, `_meta` is replaced as a whole, types never change
   * (`services.storage.cannot_change_mapping`, `duplicate_field_mapping`, `unexpected_properties`, `invalid_mapping_type`, `wrong_mapping_property`, all 400).
   * Answers the merged mapping.
   */
  updateMappings(target: CollectionRef, mappings: Mappings): Promise<Mappings>;
  getSettings(target: CollectionRef): Promise<Settings>;
  updateSettings(target: CollectionRef, settings: Settings): Promise<void>;
  /** Indexes every document again under the present mapping; resolves when done. Searches see the old index until then. */
  reindex(target: CollectionRef): Promise<void>;

  write(
    target: CollectionRef,
    operations: readonly WriteOperation[],
    options?: WriteOptions,
  ): Promise<readonly WriteOutcome[]>;
  /** Visible as soon as written, without refresh. */
  find(target: CollectionRef, id: string): Promise<StoredDocument | undefined>;
  /** In the order of `ids`; undefined for those that do not exist. */
  mFind(target: CollectionRef, ids: readonly string[]): Promise<readonly (StoredDocument | undefined)[]>;
  exist(target: CollectionRef, ids: readonly string[]): Promise<readonly boolean[]>;

  /**
   * Errors: `services.storage.unknown_query_keyword`, `unexpected_bad_request`, `invalid_search_query` (400).
   */
  search(request: SearchRequest, options?: SearchOptions): Promise<SearchPage>;
  count(target: CollectionRef, query: JSONObject, options?: SearchOptions): Promise<number>;
  /** Next page; the scroll lives on for `ttlMs`. Closed by the page that answers its last hits. Error: `services.storage.unknown_scroll_id` (404). */
  scroll(scrollId: string, ttlMs: number, options?: SearchOptions): Promise<SearchPage>;
  closeScroll(scrollId: string): Promise<void>;
  /**
   * Walks all matches in batches, over the state at the first call, without a deadline: exports and by-query actions. Sources come whole, also
   * where `visible` hides fields from the query: who answers them cuts them.
   * Leaving the loop early releases what it holds.
   * Errors: `services.storage.unknown_collection` and `unexpected_not_found` (404) when the collection is deleted or emptied meanwhile.
   */
  walk(
    target: CollectionRef,
    query: JSONObject,
    options?: SearchOptions & { readonly batchSize?: number },
  ): AsyncIterable<readonly StoredDocument[]>;

  /** Makes all acknowledged writes searchable. */
  refresh(target: CollectionRef): Promise<void>;
  /** Documents, and bytes of their sources and of the index. */
  stats(target: CollectionRef): Promise<{ readonly documents: number; readonly bytes: number }>;

  close(): Promise<void>;
}

import { type Clock, type JSONObject, KuzzleError, kerror, kerrorFrom, type Logger } from "../../../kernel/index.ts";
import type {
  CollectionDescription,
  CollectionRef,
  DocumentStore,
  Mappings,
  RebuildProgress,
  Scope,
  SearchOptions,
  SearchPage,
  SearchRequest,
  Settings,
  StoredDocument,
  WriteOperation,
  WriteOutcome,
} from "../document-store.ts";
import { CollectionTable } from "./collection-table.ts";
import { DiskState } from "./disk-state.ts";
import type { Engine, EngineEvents } from "./engine.ts";
import { ReadFailures } from "./read-failures.ts";
import { formatVersion } from "./rows/format.ts";
import type { SegmentSizes } from "./search/index.ts";
import { SearchClient } from "./search-client.ts";
import { checkCount, toText, unknownCollection } from "./store-arguments.ts";
import { dropPreparedThreads } from "./threads/prepared-threads.ts";
import { startThreadedEngine } from "./threads/threaded-engine.ts";
import type { IndexWork } from "./wire/index-work.ts";
import type { SearchCommand, WalkBatch } from "./wire/search-messages.ts";
import { decodePage, type FlatPage } from "./wire/search-page.ts";
import { visibleText } from "./wire/visible.ts";
import { WriteQueue } from "./write-queue.ts";

export interface EmbeddedStoreOptions {
  /** Where the data lives; made when missing. `":memory:"`: nowhere, in the calling thread, for tests. */
  readonly directory: string;
  readonly log: Logger;
  readonly clock: Clock;
  /** Hears how far the indexes are that are being built; the store serves meanwhile, searches of these collections wait. */
  readonly onRebuild?: (progress: RebuildProgress) => void;
  /** Hears what is done to the indexes: segments frozen, merged, stored, opened. */
  readonly onIndexWork?: (work: IndexWork) => void;
  /** A search that takes longer is stopped, waiting for its index included. 30 000 unless given. */
  readonly searchDeadlineMs?: number;
  /** Scrolls and walks that may be open at once; 500 unless given. */
  readonly maxScrolls?: number;
  /** Memory that open scrolls may hold together; 256 MiB unless given. */
  readonly maxScrollBytes?: number;
  /** Superseded documents kept on the disk for open scrolls; beyond it the oldest scroll is closed. 1 GiB unless given. */
  readonly maxSupersededBytes?: number;
  /** Memory for the fields of stored segments; those not used for longest are read again when they are needed. 512 MiB unless given. */
  readonly maxFieldBytes?: number;
  /** When segments are frozen and merged, for tests; see {@link SegmentSizes}. */
  readonly segmentSizes?: SegmentSizes;
}

const version = "0.1.0";

/**
 * Opens the embedded engine.
 *
 * Throws an `Error` that names the file and the remedy when the directory cannot be written, is locked by another process, is damaged or
 * was written by a newer version. Resolves before the search indexes are built: point reads and writes are served at once.
 */
export async function createEmbeddedStore(options: EmbeddedStoreOptions): Promise<DocumentStore> {
  const limits = {
    maxScrolls: options.maxScrolls ?? 500,
    maxScrollBytes: options.maxScrollBytes ?? 268_435_456,
    maxSupersededBytes: options.maxSupersededBytes ?? 1_073_741_824,
    maxFieldBytes: options.maxFieldBytes ?? 536_870_912,
    segmentSizes: options.segmentSizes,
  };
  const start = async (events: EngineEvents): Promise<Engine> => {
    if (options.directory !== ":memory:") return startThreadedEngine(options.directory, events, limits);
    dropPreparedThreads();
    // Loaded only then: otherwise the search engine is code of its own thread alone.
    const { startLocalEngine } = await import("./local-engine.ts");
    return startLocalEngine(events, limits);
  };
  return EmbeddedStore.open(options, start);
}

class EmbeddedStore implements DocumentStore {
  readonly engine = { backend: "embedded", version };
  readonly #engine: Engine;
  readonly #writes: WriteQueue;
  readonly #searches: SearchClient;
  readonly #collections: CollectionTable;
  readonly #deadlineMs: number;
  readonly #disk: DiskState;
  readonly #failures: ReadFailures;
  #closing: Promise<void> | undefined;

  private constructor(
    options: EmbeddedStoreOptions,
    engine: Engine,
    writes: WriteQueue,
    searches: SearchClient,
    disk: DiskState,
  ) {
    this.#engine = engine;
    this.#disk = disk;
    this.#failures = new ReadFailures(engine, options.log);
    this.#writes = writes;
    this.#searches = searches;
    this.#deadlineMs = options.searchDeadlineMs ?? 30_000;
    this.#collections = new CollectionTable(engine.reader.collections());
  }

  static async open(
    options: EmbeddedStoreOptions,
    start: (events: EngineEvents) => Engine | Promise<Engine>,
  ): Promise<EmbeddedStore> {
    const { log } = options;
    const disk = new DiskState(log);
    const writes = new WriteQueue((message) => engine.write(message));
    const searches = new SearchClient({
      clock: options.clock,
      send: (messages) => engine.search(messages),
      cancel: (request) => engine.cancel(request),
    });
    const engine = await start({
      written: (answers, position) => {
        searches.position = position;
        writes.answered(answers);
      },
      answered: (answers) => searches.answered(answers),
      rebuild: (progress) => options.onRebuild?.(progress),
      worked: options.onIndexWork,
      warned: (event, fields) => log.error(event, fields),
      refused: (reason) => disk.changed(reason),
      migrated: (from) => {
        const hint = "Older versions cannot open the data any more. A backup made before is the way back.";
        log.warn("documents.format.migrated", { from, to: formatVersion, hint });
      },
      failed: (part, error, isFinal) => {
        log.fatal("documents.thread.ended", { part, isFinal, err: error });
        if (part === "writer") writes.fail(error);
        else searches.fail(error, isFinal);
      },
    });
    return new EmbeddedStore(options, engine, writes, searches, disk);
  }

  async check(): Promise<void> {
    if (this.#closing !== undefined) throw kerror("services.storage.not_connected");
    const { error } = this.#disk;
    if (error !== undefined) throw error;
    this.#engine.reader.collections();
  }

  async describe(): Promise<readonly CollectionDescription[]> {
    return this.#collections.describe();
  }

  async createCollection(target: CollectionRef, scope: Scope, mappings: Mappings, settings: Settings): Promise<void> {
    const { index, collection } = target;
    const texts = { mappings: toText("A mapping", mappings), settings: toText("Settings", settings) };
    const request = { kind: "create", target: { index, collection }, scope, ...texts } as const;
    const id = await this.#writes.admin(request, () => unknownCollection(target));
    if (typeof id === "number") this.#collections.add(id, target, scope);
  }

  async deleteCollection(target: CollectionRef): Promise<void> {
    const collection = this.#idOf(target);
    await this.#writes.admin({ kind: "delete", collection }, () => unknownCollection(target));
    this.#collections.remove(target, collection);
  }

  async truncateCollection(target: CollectionRef): Promise<void> {
    await this.#writes.admin({ kind: "truncate", collection: this.#idOf(target) }, () => unknownCollection(target));
  }

  async getMappings(target: CollectionRef): Promise<Mappings> {
    return JSON.parse(this.#rowOf(target).mappings);
  }

  async updateMappings(target: CollectionRef, mappings: Mappings): Promise<Mappings> {
    const request = {
      kind: "mappings",
      collection: this.#idOf(target),
      mappings: toText("A mapping", mappings),
    } as const;
    // The cast: what the writer answers to this request.
    return (await this.#writes.admin(request, () => unknownCollection(target))) as Mappings;
  }

  async getSettings(target: CollectionRef): Promise<Settings> {
    return JSON.parse(this.#rowOf(target).settings);
  }

  async updateSettings(target: CollectionRef, settings: Settings): Promise<void> {
    const request = {
      kind: "settings",
      collection: this.#idOf(target),
      settings: toText("Settings", settings),
    } as const;
    await this.#writes.admin(request, () => unknownCollection(target));
  }

  async reindex(target: CollectionRef): Promise<void> {
    if (this.#rowOf(target).mappings.includes('"dynamic":"true"')) await this.#growMapping(target);
    await this.#ask([target], { kind: "reindex", target: this.#idOf(target) }, Number.POSITIVE_INFINITY);
  }

  /** Documents that were written while the mapping was closed have fields that it does not know. */
  async #growMapping(target: CollectionRef): Promise<void> {
    const collection = this.#idOf(target);
    for await (const batch of this.walk(target, {}, { batchSize: 200 })) {
      const sources = batch.map((document) => document.source);
      await this.#writes.admin({ kind: "grow", collection, sources }, () => unknownCollection(target));
    }
  }

  async write(target: CollectionRef, operations: readonly WriteOperation[]): Promise<readonly WriteOutcome[]> {
    return this.#writes.write(this.#idOf(target), operations, () => unknownCollection(target));
  }

  async find(target: CollectionRef, id: string): Promise<StoredDocument | undefined> {
    const collection = this.#idOf(target);
    try {
      return this.#engine.reader.find(collection, id);
    } catch (error) {
      throw this.#failures.errorOf(target, collection, error);
    }
  }

  async mFind(target: CollectionRef, ids: readonly string[]): Promise<readonly (StoredDocument | undefined)[]> {
    const collection = this.#idOf(target);
    try {
      return this.#engine.reader.mFind(collection, ids);
    } catch (error) {
      throw this.#failures.errorOf(target, collection, error);
    }
  }

  async exist(target: CollectionRef, ids: readonly string[]): Promise<readonly boolean[]> {
    const collection = this.#idOf(target);
    try {
      return this.#engine.reader.exist(collection, ids);
    } catch (error) {
      throw this.#failures.errorOf(target, collection, error);
    }
  }

  // The casts below: what the searcher answers to each command.

  async search(request: SearchRequest, options: SearchOptions = {}): Promise<SearchPage> {
    const { body, from = 0, size = 10, scrollTtlMs } = request;
    checkCount("from", from);
    checkCount("size", size);
    const ids = request.targets.map((target) => this.#idOf(target));
    const targets = [...new Set(ids)];
    const visible = visibleText(targets.map((id) => options.visible?.[ids.indexOf(id)]));
    const text = toText("A search body", body);
    const command = { kind: "search", targets, body: text, from, size, scrollTtlMs, visible } as const;
    return decodePage((await this.#ask(request.targets, command, this.#timeout(options), options)) as FlatPage);
  }

  async count(target: CollectionRef, query: JSONObject, options: SearchOptions = {}): Promise<number> {
    const visible = visibleText(options.visible);
    const command = { kind: "count", target: this.#idOf(target), query: toText("A query", query), visible } as const;
    return (await this.#ask([target], command, this.#timeout(options), options)) as number;
  }

  async scroll(scrollId: string, ttlMs: number, options: SearchOptions = {}): Promise<SearchPage> {
    const command = { kind: "scroll", scrollId, ttlMs } as const;
    return decodePage((await this.#searches.request(command, this.#timeout(options), options)) as FlatPage);
  }

  async closeScroll(scrollId: string): Promise<void> {
    await this.#searches.request({ kind: "closeScroll", scrollId }, this.#deadlineMs);
  }

  async *walk(
    target: CollectionRef,
    query: JSONObject,
    options: SearchOptions & { readonly batchSize?: number } = {},
  ): AsyncIterable<readonly StoredDocument[]> {
    const forever = options.timeoutMs ?? Number.POSITIVE_INFINITY;
    const batchSize = Math.max(1, options.batchSize ?? 500);
    const asked = { query: toText("A query", query), batchSize, visible: visibleText(options.visible) };
    const open = { kind: "walk", target: this.#idOf(target), ...asked } as const;
    const opened = (await this.#ask([target], open, forever, options)) as string | WalkBatch;
    if (typeof opened !== "string") {
      if (opened.documents.length > 0) yield opened.documents;
      return;
    }
    const walkId = opened;
    let isDone = false;
    try {
      while (!isDone) {
        const { documents, isLast } = await this.#nextBatch(target, walkId, forever, options);
        isDone = isLast;
        if (documents.length > 0) yield documents;
      }
    } finally {
      if (!isDone && this.#closing === undefined) await this.closeScroll(walkId);
    }
  }

  /** Whoever walks knows of no scroll: the error is about the collection. */
  async #nextBatch(
    target: CollectionRef,
    walkId: string,
    timeoutMs: number,
    options: SearchOptions,
  ): Promise<WalkBatch> {
    try {
      return (await this.#searches.request({ kind: "walkNext", walkId }, timeoutMs, options)) as WalkBatch;
    } catch (error) {
      if (!(error instanceof KuzzleError) || error.id !== "services.storage.unknown_scroll_id") throw error;
      if (this.#engine.reader.collection(this.#idOf(target)) === undefined) throw unknownCollection(target);
      const { index, collection } = target;
      const reason = `Collection "${index}:${collection}" was emptied while its documents were read. Ask again.`;
      throw kerrorFrom(error, "services.storage.unexpected_not_found", reason);
    }
  }

  async refresh(target: CollectionRef): Promise<void> {
    await this.#ask([target], { kind: "refresh", target: this.#idOf(target) }, this.#deadlineMs);
  }

  async stats(target: CollectionRef): Promise<{ readonly documents: number; readonly bytes: number }> {
    const stats = await this.#ask([target], { kind: "stats", target: this.#idOf(target) }, this.#deadlineMs);
    return stats as { documents: number; bytes: number };
  }

  /** Acknowledged writes are on the disk already; those that wait are still committed. May be called twice. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#writes.close();
    this.#searches.close();
    await this.#engine.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #idOf(target: CollectionRef): number {
    if (this.#closing !== undefined) throw kerror("services.storage.not_connected");
    return this.#collections.idOf(target);
  }

  /** A search; one that meets a collection that was deleted meanwhile is refused as if it had come later. */
  async #ask(
    targets: readonly CollectionRef[],
    command: SearchCommand,
    timeoutMs: number,
    options?: SearchOptions,
  ): Promise<unknown> {
    try {
      return await this.#searches.request(command, timeoutMs, options);
    } catch (error) {
      if (!(error instanceof KuzzleError) || error.id !== "services.storage.unexpected_not_found") throw error;
      const gone = targets.find((target) => this.#engine.reader.collection(this.#idOf(target)) === undefined);
      throw gone === undefined ? error : unknownCollection(gone);
    }
  }

  #rowOf(target: CollectionRef): { readonly mappings: string; readonly settings: string } {
    const row = this.#engine.reader.collection(this.#idOf(target));
    if (row === undefined) throw unknownCollection(target);
    return row;
  }

  #timeout(options: SearchOptions): number {
    return Math.max(0, options.timeoutMs ?? this.#deadlineMs);
  }
}

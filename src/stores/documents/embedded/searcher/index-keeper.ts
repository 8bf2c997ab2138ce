import { DamagedSegment } from "../search/index.ts";
import type { WorkOnIndex } from "../wire/index-work.ts";
import type { Cursors } from "./cursors.ts";
import { type RebuildEvents, rebuild } from "./rebuild.ts";
import type { Patience, Scheduler } from "./scheduler.ts";
import type { SearchedCollection } from "./searched-collection.ts";
import type { SearcherDeps } from "./searcher-deps.ts";

const progressEveryMs = 200;
const sliceMs = 2;
/** Documents that nothing was added to for so long are frozen, so that the next start need not index them. */
const idleMs = 10_000;

/** Builds the indexes of collections, and keeps their segments frozen, few and stored: work that no request waits for. */
export class IndexKeeper {
  readonly #deps: SearcherDeps;
  readonly #collections: ReadonlyMap<number, SearchedCollection>;
  readonly #cursors: Cursors;
  readonly #scheduler: Scheduler;
  #hasLeftovers = true;
  #isClosed = false;

  constructor(
    deps: SearcherDeps,
    collections: ReadonlyMap<number, SearchedCollection>,
    cursors: Cursors,
    scheduler: Scheduler,
  ) {
    this.#deps = deps;
    this.#collections = collections;
    this.#cursors = cursors;
    this.#scheduler = scheduler;
  }

  close(): void {
    this.#isClosed = true;
  }

  /**
   * Begins to open or build the indexes of collections, in this order. `hasLeftovers`: the last run may have left superseded rows behind.
   */
  start(collections: readonly SearchedCollection[], hasLeftovers: boolean): void {
    this.#hasLeftovers = hasLeftovers;
    this.#deps.shelf?.sweep(collections.map(({ id }) => this.#deps.reader.manifest(id)));
    this.#runTask(this.#buildAll(collections), "rebuild");
  }

  *#buildAll(collections: readonly SearchedCollection[]): Generator<void, void> {
    for (const collection of collections) {
      if (collection.live === undefined && this.#collections.get(collection.id) === collection)
        yield* this.#build(collection, true);
      yield;
    }
  }

  /** Builds an index anew while nobody waits. */
  rebuild(collection: SearchedCollection): void {
    this.#runTask(this.reindex(collection), "rebuild");
  }

  /** Builds an index anew; what is stored of it is not read again. */
  reindex(collection: SearchedCollection): Generator<void, void> {
    this.#deps.shelf?.renounce(collection);
    return this.#build(collection);
  }

  *#build(collection: SearchedCollection, isFirst = false): Generator<void, void> {
    const { indexName: index, name } = collection;
    let reportedAt = Number.NEGATIVE_INFINITY;
    try {
      const { shelf } = this.#deps;
      const events: RebuildEvents = {
        progress: (_, done, total) => {
          const isEdge = done === 0 || done === total;
          if (!isEdge && performance.now() - reportedAt < progressEveryMs) return;
          reportedAt = performance.now();
          if (done < total) this.#deps.onRebuild({ index, collection: name, done, total });
        },
        skipped: (_, id, error) => this.skipped(collection, id, error),
        superseded: (_, numbers) => {
          if (isFirst && numbers.length > 0) this.#deps.onAbandoned(collection.id, numbers);
        },
        damaged: (_, error) => {
          this.#report(collection, error);
          shelf?.renounce(collection);
        },
        opened: (_, stored, indexed) => this.#tell(collection, { kind: "opened", stored, indexed }),
      };
      const openStored = shelf === undefined || !isFirst ? {} : { openStored: shelf.open.bind(shelf) };
      const options = { ...openStored, sizes: this.#deps.sizes, hasLeftovers: this.#hasLeftovers };
      yield* rebuild(collection, this.#deps.openForRebuild, events, options);
      if (collection.live?.index.isDue === true) this.maintain(collection);
      const documents = collection.live?.index.documents ?? 0;
      this.#deps.onRebuild({ index, collection: name, done: documents, total: documents });
    } catch (error) {
      collection.backlog = undefined;
      collection.failure = error;
      this.#deps.onRebuild({ index, collection: name, done: 0, total: 0 });
      this.#deps.log("documents.index.failed", { index, collection: name, reason: String(error) });
      if (!isFirst) throw error;
    }
  }

  /** A search met a damaged segment; it waits for the new index, as those that come do. */
  replaceDamaged(collections: readonly SearchedCollection[], error: DamagedSegment): void {
    const { shelf } = this.#deps;
    const damaged = collections.filter(({ id }) => shelf?.isOf(id, error) === true);
    if (damaged.length === 0) throw error;
    for (const collection of damaged) this.#replace(collection, error);
  }

  /** Builds the index of a collection anew from its rows; nothing is answered from the one that is there. */
  #replace(collection: SearchedCollection, error: DamagedSegment): void {
    if (collection.live === undefined || this.#collections.get(collection.id) !== collection) return;
    this.#report(collection, error);
    collection.live = undefined;
    collection.backlog = [];
    this.rebuild(collection);
  }

  #report(collection: SearchedCollection, { message: reason }: DamagedSegment): void {
    const { indexName: index, name } = collection;
    this.#deps.log("documents.segments.damaged", { index, collection: name, reason });
    this.#tell(collection, { kind: "damaged", reason });
  }

  /** The segments that a manifest names are written down. */
  kept(collection: SearchedCollection, manifest: string): void {
    this.#tell(collection, { kind: "stored", segments: this.#deps.shelf?.settle(collection, manifest) ?? 0 });
  }

  #tell({ indexName: index, name: collection }: SearchedCollection, work: WorkOnIndex): void {
    this.#deps.onWork?.({ index, collection, ...work });
  }

  /** Freezes and merges segments while there is anything to do, and has them stored. */
  maintain(collection: SearchedCollection): void {
    if (collection.isMaintained) return;
    collection.isMaintained = true;
    this.#runTask(this.#maintenance(collection), "maintenance", () =>
      collection.live?.index.isOverdue === true ? "none" : "long",
    );
  }

  *#maintenance(collection: SearchedCollection): Generator<void, void> {
    try {
      let sliceEnd = performance.now() + sliceMs;
      for (;;) {
        const { live } = collection;
        const done = live === undefined ? undefined : yield* live.index.maintain();
        if (done === undefined) break;
        this.#tell(collection, { ...done, cursors: this.#cursors.size });
        if (performance.now() < sliceEnd) continue;
        yield;
        sliceEnd = performance.now() + sliceMs;
      }
    } catch (error) {
      if (!(error instanceof DamagedSegment)) throw error;
      this.#replace(collection, error);
    } finally {
      collection.isMaintained = false;
    }
    void this.#deps.shelf?.save(collection);
  }

  /** A document that cannot be indexed is stored, and found by nothing. */
  skipped({ indexName: index, name }: SearchedCollection, id: string, error: unknown): void {
    this.#deps.log("documents.index.skipped", { index, collection: name, id, reason: String(error) });
  }

  /** Work that no request waits for. */
  #runTask(steps: Generator<void, unknown>, what: string, patience = (): Patience => "brief"): void {
    this.#scheduler.add({
      steps,
      patience,
      deadlineAt: Number.POSITIVE_INFINITY,
      cancelled: () => false,
      done: () => {},
      failed: (reason) => {
        // What the end of the store interrupts goes on at the next start.
        if (!this.#isClosed) this.#deps.log("documents.task.failed", { what, reason: String(reason) });
      },
    });
  }

  /** Freezes and merges what nothing was added to for a while; without a shelf there is no next start to do it for. */
  settleIdle(): void {
    if (this.#deps.shelf === undefined) return;
    const before = performance.now() - idleMs;
    for (const collection of this.#collections.values()) {
      const { touchedAt, live } = collection;
      if (touchedAt === undefined || touchedAt > before || live === undefined) continue;
      collection.touchedAt = undefined;
      live.index.settle();
      if (live.index.isDue) this.maintain(collection);
    }
    this.#scheduler.run();
  }
}

import type { RebuildProgress } from "../../document-store.ts";
import type { RowReader } from "../rows/row-reader.ts";
import { DamagedSegment, type SegmentSizes } from "../search/index.ts";
import type { ChangeSet } from "../wire/change.ts";
import { parseClientObject } from "../wire/client-json.ts";
import { toErrorText } from "../wire/error-text.ts";
import type { IndexWork, WorkOnIndex } from "../wire/index-work.ts";
import type { SearchAnswer, SearchCommand, SearchRequestMessage } from "../wire/search-messages.ts";
import { encodePage } from "../wire/search-page.ts";
import { parseVisible } from "../wire/visible.ts";
import { RowsGone } from "./answer-hits.ts";
import { ChangeApplier } from "./change-applier.ts";
import { continueCursor } from "./continue-cursor.ts";
import { type CursorLimits, Cursors } from "./cursors.ts";
import { type RebuildEvents, type RebuildSource, rebuild } from "./rebuild.ts";
import { Scheduler } from "./scheduler.ts";
import { asError, deletedMeanwhile, untilReady } from "./search-refusals.ts";
import { indexOf, runCount, runSearch, type SearchScope } from "./search-task.ts";
import { SearchedCollection } from "./searched-collection.ts";
import type { SegmentShelf } from "./segment-shelf.ts";
import { openWalk } from "./walk-task.ts";

export interface SearcherDeps {
  readonly reader: RowReader;
  /** A connection of its own for building an index. */
  readonly openForRebuild: () => RebuildSource;
  readonly limits: CursorLimits;
  /** When segments are frozen and merged; as usual when undefined. */
  readonly sizes: SegmentSizes | undefined;
  /** Whether nobody waits for this request any more; asked before each slice. */
  readonly isCancelled: (request: number) => boolean;
  /** Answers that are ready, once per round. */
  readonly answer: (answers: readonly SearchAnswer[]) => void;
  readonly onRebuild: (progress: RebuildProgress) => void;
  readonly onWork?: (work: IndexWork) => void;
  /** Superseded rows that an earlier run left behind. */
  readonly onAbandoned: (collection: number, numbers: readonly number[]) => void;
  /** Rows superseded up to this position are needed by nobody any more. */
  readonly onReleased: (position: number) => void;
  /** So many more documents have been applied. */
  readonly onApplied: (documents: number) => void;
  readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void;
  /** Keeps frozen segments for the next start; absent: all documents are indexed again then. */
  readonly shelf?: SegmentShelf;
}

const progressEveryMs = 200;
const sweepEveryMs = 1_000;
const sliceMs = 2;
/** Documents that nothing was added to for so long are frozen, so that the next start need not index them. */
const idleMs = 10_000;

/**
 * Answers searches from the indexes of all collections, and keeps these up to date. Single-threaded and free of threads' machinery:
 * the search thread wraps one, the in-memory engine calls one.
 */
export class Searcher {
  readonly #deps: SearcherDeps;
  readonly #collections = new Map<number, SearchedCollection>();
  readonly #cursors: Cursors;
  readonly #applier: ChangeApplier;
  readonly #scheduler: Scheduler;
  /** Positions of the states that running searches see. */
  readonly #reading = new Map<number, number>();
  #answers: SearchAnswer[] = [];
  #hasLeftovers = true;
  #released = 0;
  #isClosed = false;
  #clock = { now: 0, at: performance.now() };
  readonly #sweeper: NodeJS.Timeout;

  constructor(deps: SearcherDeps) {
    this.#deps = deps;
    this.#cursors = new Cursors(deps.limits);
    this.#applier = new ChangeApplier(this.#collections, deps.sizes, {
      stale: (collection) => {
        deps.shelf?.renounce(collection);
        this.#rebuild(collection);
      },
      due: (collection) => this.#maintain(collection),
      kept: (collection, manifest) => {
        const segments = deps.shelf?.settle(collection, manifest) ?? 0;
        this.#tell(collection, { kind: "stored", segments });
      },
      skipped: (collection, id, error) => this.#skipped(collection, id, error),
      emptied: (collection) => {
        this.#cursors.closeOf(collection);
        deps.shelf?.forget(collection.id);
      },
      applied: (documents) => {
        if (this.#cursors.size > 0) this.#sweepCursors();
        deps.onApplied(documents);
      },
    });
    this.#scheduler = new Scheduler(
      () => this.#applier.run(),
      () => this.#flush(),
    );
    this.#sweeper = setInterval(() => this.#sweep(), sweepEveryMs).unref();
  }

  /**
   * Takes the collections as they are stored and begins to open or build their indexes, the smallest first. `hasLeftovers`: the last run may
   * have left superseded rows behind.
   */
  start(hasLeftovers = true): void {
    this.#hasLeftovers = hasLeftovers;
    const sizes = new Map<SearchedCollection, number>();
    for (const row of this.#deps.reader.collections()) {
      const collection = new SearchedCollection(
        row.id,
        row.index_name,
        row.name,
        JSON.parse(row.mappings),
        JSON.parse(row.settings),
      );
      this.#collections.set(row.id, collection);
      collection.backlog = [];
      sizes.set(collection, this.#deps.reader.lastNumber(row.id));
    }
    const sorted = [...sizes.keys()].sort((a, b) => (sizes.get(a) ?? 0) - (sizes.get(b) ?? 0));
    this.#deps.shelf?.sweep(sorted.map(({ id }) => this.#deps.reader.manifest(id)));
    this.#runTask(this.#buildAll(sorted), "rebuild");
    this.#scheduler.run();
  }

  apply(changes: ChangeSet): void {
    this.#applier.enqueue(changes);
    this.#scheduler.run();
  }

  /** Takes requests; their answers come in `answer`, those that are quick before this returns. */
  submit(messages: readonly SearchRequestMessage[]): void {
    for (const message of messages) {
      this.#clock = { now: message.now, at: performance.now() };
      const { request } = message;
      this.#scheduler.add({
        steps: this.#run(message),
        deadlineAt: performance.now() + message.timeoutMs,
        cancelled: () => this.#deps.isCancelled(request),
        done: (value) => this.#answer({ request, value }),
        failed: (reason) => this.#answer({ request, error: toErrorText(asError(reason, message.timeoutMs)) }),
      });
    }
    this.#scheduler.run();
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#sweeper);
    this.#scheduler.close();
    this.#deps.shelf?.close();
    this.#flush();
  }

  *#run(message: SearchRequestMessage): Generator<void, unknown> {
    const { command, position, request, now } = message;
    const { reader } = this.#deps;
    while (this.#applier.position < position) yield;
    if (command.kind === "refresh" || command.kind === "closeScroll") return this.#runNow(command);
    if (command.kind === "scroll" || command.kind === "walkNext")
      return yield* continueCursor({ reader, cursors: this.#cursors, now }, command);
    for (;;) {
      const collections = this.#targets(command);
      for (const collection of collections) yield* untilReady(collection);
      this.#reading.set(request, this.#applier.position);
      try {
        return yield* this.#runOnIndexes(this.#scopeOf(collections, now, command), command);
      } catch (error) {
        // Tables go with the commit of a deletion or truncation, a moment before this thread hears of it.
        if (collections.some(({ id }) => reader.collection(id) === undefined)) throw deletedMeanwhile();
        if (error instanceof DamagedSegment) this.#replaceDamaged(collections, error);
        else if (!(error instanceof RowsGone)) throw error;
      } finally {
        this.#reading.delete(request);
      }
      yield; // and then again, over what is there now
    }
  }

  #scopeOf(collections: readonly SearchedCollection[], now: number, command: SearchCommand): SearchScope {
    return {
      reader: this.#deps.reader,
      cursors: this.#cursors,
      collections,
      now,
      position: this.#applier.position,
      supersededBytes: this.#applier.supersededBytes,
      visible: "visible" in command ? parseVisible(command.visible) : undefined,
    };
  }

  #runNow(command: Extract<SearchCommand, { kind: "refresh" | "closeScroll" }>): undefined {
    if (command.kind === "closeScroll") this.#cursors.close(command.scrollId);
    return undefined;
  }

  *#runOnIndexes(
    scope: SearchScope,
    command: Exclude<SearchCommand, { kind: "scroll" | "walkNext" | "refresh" | "closeScroll" }>,
  ): Generator<void, unknown> {
    const [collection] = scope.collections;
    switch (command.kind) {
      case "search":
        return encodePage(yield* runSearch(scope, { ...command, body: parseClientObject(command.body) }));
      case "count":
        return yield* runCount(scope, parseClientObject(command.query));
      case "walk":
        return yield* openWalk(scope, parseClientObject(command.query), command.batchSize);
      case "stats":
        if (collection === undefined) return undefined;
        return {
          documents: indexOf(collection).documents,
          bytes: (collection.live?.bytes ?? 0) + indexOf(collection).bytes,
        };
      case "reindex":
        if (collection === undefined) return undefined;
        this.#deps.shelf?.renounce(collection);
        yield* this.#build(collection);
        return undefined;
    }
  }

  #targets(command: SearchCommand): readonly SearchedCollection[] {
    const ids = "targets" in command ? command.targets : "target" in command ? [command.target] : [];
    return ids.map((id) => {
      const collection = this.#collections.get(id);
      if (collection === undefined) throw deletedMeanwhile();
      return collection;
    });
  }

  *#buildAll(collections: readonly SearchedCollection[]): Generator<void, void> {
    for (const collection of collections) {
      if (collection.live === undefined && this.#collections.get(collection.id) === collection)
        yield* this.#build(collection, true);
    }
  }

  #rebuild(collection: SearchedCollection): void {
    this.#runTask(this.#build(collection), "rebuild");
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
        skipped: (_, id, error) => this.#skipped(collection, id, error),
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
      if (collection.live?.index.isDue === true) this.#maintain(collection);
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
  #replaceDamaged(collections: readonly SearchedCollection[], error: DamagedSegment): void {
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
    this.#deps.shelf?.renounce(collection);
    this.#rebuild(collection);
  }

  #report(collection: SearchedCollection, { message: reason }: DamagedSegment): void {
    const { indexName: index, name } = collection;
    this.#deps.log("documents.segments.damaged", { index, collection: name, reason });
    this.#tell(collection, { kind: "damaged", reason });
  }

  #tell({ indexName: index, name: collection }: SearchedCollection, work: WorkOnIndex): void {
    this.#deps.onWork?.({ index, collection, ...work });
  }

  /** Freezes and merges segments while there is anything to do, and has them stored. */
  #maintain(collection: SearchedCollection): void {
    if (collection.isMaintained) return;
    collection.isMaintained = true;
    this.#runTask(this.#maintenance(collection), "maintenance", () => !(collection.live?.index.isOverdue ?? false));
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

  #skipped({ indexName: index, name }: SearchedCollection, id: string, error: unknown): void {
    this.#deps.log("documents.index.skipped", { index, collection: name, id, reason: String(error) });
  }

  /** Work that no request waits for. */
  #runTask(steps: Generator<void, unknown>, what: string, isPatient = (): boolean => false): void {
    this.#scheduler.add({
      steps,
      isPatient,
      deadlineAt: Number.POSITIVE_INFINITY,
      cancelled: () => false,
      done: () => {},
      failed: (reason) => {
        // What the end of the store interrupts goes on at the next start.
        if (!this.#isClosed) this.#deps.log("documents.task.failed", { what, reason: String(reason) });
      },
    });
  }

  #answer(answer: SearchAnswer): void {
    this.#answers.push(answer);
  }

  #flush(): void {
    this.#release();
    if (this.#answers.length === 0) return;
    const answers = this.#answers;
    this.#answers = [];
    this.#deps.answer(answers);
  }

  /** What no running search, scroll or walk can see any more may go. */
  #release(): void {
    let position = Math.min(this.#applier.position, this.#cursors.oldestPosition ?? Number.POSITIVE_INFINITY);
    for (const reading of this.#reading.values()) position = Math.min(position, reading);
    if (position <= this.#released) return;
    this.#released = position;
    this.#deps.onReleased(position);
  }

  #sweep(): void {
    this.#sweepCursors();
    this.#release();
    if (this.#deps.shelf !== undefined) this.#settleIdle(performance.now() - idleMs);
  }

  #settleIdle(before: number): void {
    for (const collection of this.#collections.values()) {
      const { touchedAt, live } = collection;
      if (touchedAt === undefined || touchedAt > before || live === undefined) continue;
      collection.touchedAt = undefined;
      live.index.settle();
      if (live.index.isDue) this.#maintain(collection);
    }
    this.#scheduler.run();
  }

  #sweepCursors(): void {
    const now = this.#clock.now + (performance.now() - this.#clock.at);
    this.#cursors.sweep(now, this.#applier.supersededBytes);
  }
}

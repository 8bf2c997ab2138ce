import { parseClientObject } from "../../client-json.ts";
import { DamagedSegment } from "../search/index.ts";
import type { ChangeSet } from "../wire/change.ts";
import { toErrorText } from "../wire/error-text.ts";
import type { SearchAnswer, SearchCommand, SearchRequestMessage } from "../wire/search-messages.ts";
import { encodePage } from "../wire/search-page.ts";
import { parseVisible } from "../wire/visible.ts";
import { RowsGone } from "./answer-hits.ts";
import { ChangeApplier } from "./change-applier.ts";
import { continueCursor } from "./continue-cursor.ts";
import { Cursors } from "./cursors.ts";
import { IndexKeeper } from "./index-keeper.ts";
import { Scheduler } from "./scheduler.ts";
import { asError, deletedMeanwhile, untilReady } from "./search-refusals.ts";
import { indexOf, runCount, runSearch, type SearchScope } from "./search-task.ts";
import { SearchedCollection } from "./searched-collection.ts";
import type { SearcherDeps } from "./searcher-deps.ts";
import { openWalk } from "./walk-task.ts";

const sweepEveryMs = 1_000;

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
  readonly #keeper: IndexKeeper;
  /** Positions of the states that running searches see. */
  readonly #reading = new Map<number, number>();
  #answers: SearchAnswer[] = [];
  #released = 0;
  #clock = { now: 0, at: performance.now() };
  readonly #sweeper: NodeJS.Timeout;

  constructor(deps: SearcherDeps) {
    this.#deps = deps;
    this.#cursors = new Cursors(deps.limits);
    this.#scheduler = new Scheduler(
      () => this.#applier.run(),
      () => this.#flush(),
    );
    const keeper = new IndexKeeper(deps, this.#collections, this.#cursors, this.#scheduler);
    this.#keeper = keeper;
    this.#applier = new ChangeApplier(this.#collections, deps.sizes, {
      stale: (collection) => keeper.rebuild(collection),
      due: (collection) => keeper.maintain(collection),
      kept: (collection, manifest) => keeper.kept(collection, manifest),
      skipped: (collection, id, error) => keeper.skipped(collection, id, error),
      emptied: (collection) => {
        this.#cursors.closeOf(collection);
        deps.shelf?.forget(collection.id);
      },
      applied: (documents) => {
        if (this.#cursors.size > 0) this.#sweepCursors();
        deps.onApplied(documents);
      },
    });
    this.#sweeper = setInterval(() => this.#sweep(), sweepEveryMs).unref();
  }

  /**
   * Takes the collections as they are stored and begins to open or build their indexes, the smallest first. `hasLeftovers`: the last run may
   * have left superseded rows behind.
   */
  start(hasLeftovers = true): void {
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
    this.#keeper.start(sorted, hasLeftovers);
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
    this.#keeper.close();
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
        if (error instanceof DamagedSegment) this.#keeper.replaceDamaged(collections, error);
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
        yield* this.#keeper.reindex(collection);
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
    this.#keeper.settleIdle();
  }

  #sweepCursors(): void {
    const now = this.#clock.now + (performance.now() - this.#clock.at);
    this.#cursors.sweep(now, this.#applier.supersededBytes);
  }
}

import type { Settings } from "../../document-store.ts";
import { settingOf } from "../../mapping/setting-of.ts";
import type { SegmentSizes } from "../search/index.ts";
import type { Change, ChangeSet } from "../wire/change.ts";
import { applyChange } from "./rebuild.ts";
import { SearchedCollection } from "./searched-collection.ts";
import { type OnSkipped, SourceIndex } from "./source-index.ts";

export interface ApplierEvents {
  /** The index of this collection must be built again: its settings changed. */
  readonly stale: (collection: SearchedCollection) => void;
  /** All documents of this collection are gone. */
  readonly emptied: (collection: SearchedCollection) => void;
  /** Segments of this collection are to be frozen or merged. */
  readonly due: (collection: SearchedCollection) => void;
  /** What was stored of its index is written down. */
  readonly kept: (collection: SearchedCollection, manifest: string) => void;
  readonly skipped: (collection: SearchedCollection, id: string, error: unknown) => void;
  /** A change set with this many documents is searchable. */
  readonly applied: (documents: number) => void;
}

const sliceMs = 2;

/** Applies the writer's changes to the indexes, in the order of the commits, a slice at a time. */
export class ChangeApplier {
  readonly #collections: Map<number, SearchedCollection>;
  readonly #sizes: SegmentSizes | undefined;
  readonly #events: ApplierEvents;
  #queue: ChangeSet[] = [];
  #next = 0;
  #steps: Generator<void, void> | undefined;
  /** Position of the last change set that was applied as a whole. */
  position = 0;
  /** Bytes of all sources that were superseded so far. */
  supersededBytes = 0;

  constructor(collections: Map<number, SearchedCollection>, sizes: SegmentSizes | undefined, events: ApplierEvents) {
    this.#collections = collections;
    this.#sizes = sizes;
    this.#events = events;
  }

  enqueue(changes: ChangeSet): void {
    this.#queue.push(changes);
  }

  get isIdle(): boolean {
    return this.#steps === undefined && this.#next === this.#queue.length;
  }

  /** Works for one slice; answers whether more is waiting. */
  run(): boolean {
    const sliceEnd = performance.now() + sliceMs;
    while (!this.isIdle) {
      const set = this.#queue[this.#next];
      if (set === undefined) break;
      this.#steps ??= this.#apply(set);
      if (this.#steps.next().done === true) {
        this.#steps = undefined;
        this.#next++;
        this.position = set.position;
        this.#events.applied(countDocuments(set));
      }
      if (performance.now() > sliceEnd) break;
    }
    if (this.#next === this.#queue.length || this.#next > 1_000) {
      this.#queue = this.#queue.slice(this.#next);
      this.#next = 0;
    }
    return !this.isIdle;
  }

  #emptyIndex(collection: SearchedCollection): SourceIndex {
    const onSkipped: OnSkipped = (_, id, error) => this.#events.skipped(collection, id, error);
    return new SourceIndex(collection.mappings, collection.settings, onSkipped, this.#sizes);
  }

  *#apply(set: ChangeSet): Generator<void, void> {
    for (const change of set.changes) {
      if (change.kind === "created") {
        const { collection: id, index, name, mappings, settings } = change;
        // Known already when the rows were read after this was written: its index is built from them.
        if (this.#collections.has(id)) continue;
        const created = new SearchedCollection(id, index, name, mappings, settings);
        created.restart(this.#emptyIndex(created));
        this.#collections.set(id, created);
        continue;
      }
      const collection = this.#collections.get(change.collection);
      if (collection !== undefined) yield* this.#change(collection, change);
    }
  }

  *#change(collection: SearchedCollection, change: Exclude<Change, { kind: "created" }>): Generator<void, void> {
    switch (change.kind) {
      case "documents":
      case "mappings": {
        if (change.kind === "mappings") collection.mappings = change.mappings;
        collection.backlog?.push(change);
        const { live } = collection;
        if (live === undefined) return;
        this.supersededBytes += yield* applyChange(change, live, collection.builtTo);
        collection.touchedAt = performance.now();
        if (live.index.isDue) this.#events.due(collection);
        return;
      }
      case "settings":
        if (!sameAnalysis(collection.settings, change.settings)) this.#events.stale(collection);
        collection.settings = change.settings;
        return;
      case "truncated":
        collection.restart(this.#emptyIndex(collection));
        collection.epoch = change.epoch;
        this.#events.emptied(collection);
        return;
      case "segments":
        this.#events.kept(collection, change.manifest);
        return;
      case "deleted":
        collection.generation++;
        this.#collections.delete(collection.id);
        this.#events.emptied(collection);
    }
  }
}

/** Only the analyzers make a difference to an index that is there. */
const sameAnalysis = (before: Settings, after: Settings): boolean =>
  JSON.stringify(settingOf(before, "analysis")) === JSON.stringify(settingOf(after, "analysis"));

function countDocuments(set: ChangeSet): number {
  let count = 0;
  for (const change of set.changes) if (change.kind === "documents") count += change.numbers.length;
  return count;
}

import type { DatabaseSync } from "node:sqlite";
import { readSegments } from "../rows/segment-records.ts";
import { unpackSource } from "../rows/source-text.ts";
import { DamagedSegment, type FrozenSegment, type SegmentSizes } from "../search/index.ts";
import { liveNumbers, rowNumbers } from "./number-lists.ts";
import { NumberSet } from "./number-set.ts";
import type { CollectionChange, SearchedCollection } from "./searched-collection.ts";
import { type OnSkipped, SourceIndex } from "./source-index.ts";
import { numbersOfUntouched } from "./untouched-segments.ts";

/** Documents between two looks at the clock. */
const chunk = 50;
const sliceMs = 2;

/** A connection for one build. On a `shared` one (in memory) there is one state only, so the build runs in one go. */
export interface RebuildSource {
  readonly database: DatabaseSync;
  readonly shared: boolean;
  close(): void;
}

export interface RebuildEvents {
  readonly progress: (collection: SearchedCollection, done: number, total: number) => void;
  /** Numbers of superseded rows that were found. */
  readonly superseded: (collection: SearchedCollection, numbers: readonly number[]) => void;
  readonly skipped: OnSkipped;
  /** Stored segments cannot be used: all documents are indexed again. */
  readonly damaged: (collection: SearchedCollection, error: DamagedSegment) => void;
  /** The index is there: so many live documents came from stored segments, so many were indexed from their rows. */
  readonly opened: (collection: SearchedCollection, stored: number, indexed: number) => void;
}

export interface RebuildOptions {
  /** Opens the segments that a manifest names; absent: all documents are indexed again. Throws {@link DamagedSegment}. */
  readonly openStored?: (collection: SearchedCollection, manifest: string) => StoredIndex;
  /** Look for superseded rows among those that stored segments know, too: the last run may have left some behind. */
  readonly hasLeftovers: boolean;
  readonly sizes: SegmentSizes | undefined;
}

/** What was stored of an index. */
export interface StoredIndex {
  readonly segments: readonly FrozenSegment[];
  /** UTF-8 bytes of the sources of their documents, those included that were removed since. */
  readonly bytes: number;
}

/**
 * Makes the index of a collection from its stored segments and the rows that these lack, in slices, and then puts it in the place of the one that was there.
 *
 * `open` makes a connection for this build alone: it reads one snapshot, while everybody else goes on reading the present.
 * What is written meanwhile arrives in `collection.backlog`; numbers up to the last one of the snapshot are in it already.
 * Leaves quietly when the collection was deleted, truncated or given to another build.
 */
export function* rebuild(
  collection: SearchedCollection,
  open: () => RebuildSource,
  events: RebuildEvents,
  options: RebuildOptions,
): Generator<void, void> {
  const generation = ++collection.generation;
  collection.backlog = [];
  const build = new Build(collection, events, options, () => collection.generation !== generation);
  const from = open();
  try {
    const built = yield* build.run(from);
    if (built === undefined) return;
    const { index, last, stored, findLeftovers } = built;
    const indexed = index.index.documents - stored;
    yield* catchUp(collection, index, last, build.isObsolete);
    if (build.isObsolete()) return;
    collection.backlog = undefined;
    collection.live = index;
    collection.builtTo = last;
    collection.touchedAt = performance.now();
    events.opened(collection, stored, indexed);
    // No search has to wait for it.
    yield* findLeftovers?.() ?? [];
  } finally {
    from.close();
  }
}

interface Built {
  readonly index: SourceIndex;
  /** The last number that it knows. */
  readonly last: number;
  /** Live documents that came from stored segments. */
  readonly stored: number;
  /** Looks for superseded rows among those that stored segments know, in the state that the index was made of. */
  readonly findLeftovers: (() => Generator<void, void>) | undefined;
}

/** One build of one index. */
class Build {
  readonly isObsolete: () => boolean;
  readonly #collection: SearchedCollection;
  readonly #events: RebuildEvents;
  readonly #options: RebuildOptions;
  #sliceEnd = Number.POSITIVE_INFINITY;
  #isShared = false;

  constructor(
    collection: SearchedCollection,
    events: RebuildEvents,
    options: RebuildOptions,
    isObsolete: () => boolean,
  ) {
    this.#collection = collection;
    this.#events = events;
    this.#options = options;
    this.isObsolete = isObsolete;
  }

  /** Answers undefined when nobody wants it any more. */
  *run({ database, shared }: RebuildSource): Generator<void, Built | undefined> {
    this.#isShared = shared;
    // Several statements, one state.
    if (!shared) database.exec("BEGIN");
    this.#restartSlice();
    const { id } = this.#collection;
    const { epoch, manifest } = readSegments(database, id);
    this.#collection.epoch = epoch;
    const stored = this.#openStored(manifest);
    const untouched = stored && (yield* numbersOfUntouched(database, id, stored.segments, () => this.#pause()));
    const live = untouched ?? (yield* this.#liveNumbers(database));
    if (live === undefined) return undefined;
    try {
      if (stored !== undefined) return yield* this.#fromStored(database, live, stored);
    } catch (error) {
      this.#damaged(error);
    }
    const index = this.#newIndex();
    const last = yield* this.#addRows(database, live, index, 0);
    return last === undefined ? undefined : { index, last, stored: 0, findLeftovers: undefined };
  }

  #openStored(manifest: string): StoredIndex | undefined {
    try {
      return manifest === "" ? undefined : this.#options.openStored?.(this.#collection, manifest);
    } catch (error) {
      return this.#damaged(error);
    }
  }

  #damaged(error: unknown): undefined {
    if (!(error instanceof DamagedSegment)) throw error;
    this.#events.damaged(this.#collection, error);
  }

  #newIndex(): SourceIndex {
    const { mappings, settings } = this.#collection;
    return new SourceIndex(mappings, settings, this.#events.skipped, this.#options.sizes);
  }

  /** Throws {@link DamagedSegment} when the segments and the rows together are not what the collection holds. */
  *#fromStored(
    database: DatabaseSync,
    live: NumberSet,
    { segments, bytes }: StoredIndex,
  ): Generator<void, Built | undefined> {
    let known = 0;
    let stored = 0;
    let last = 0;
    for (const { docNumbers, removals } of segments) {
      for (let doc = 0; doc < docNumbers.length; doc++) {
        const number = docNumbers[doc] as number;
        if (number <= last) throw new DamagedSegment("The documents of stored segments are not in their order.");
        last = number;
        if (live.has(number)) known++;
        else removals.add(doc);
      }
      stored += docNumbers.length;
      if (yield* this.#pause()) return undefined;
    }
    const index = this.#newIndex();
    index.index.adopt(segments);
    index.bytes = stored === 0 ? 0 : Math.round((bytes * known) / stored);
    const to = yield* this.#addRows(database, live, index, last);
    if (to === undefined) return undefined;
    if (index.index.documents !== live.size)
      throw new DamagedSegment(`The index has ${index.index.documents} documents, and the collection ${live.size}.`);
    const findLeftovers = this.#options.hasLeftovers ? () => this.#findLeftovers(database, live, last) : undefined;
    return { index, last: to, stored: known, findLeftovers };
  }

  *#liveNumbers(database: DatabaseSync): Generator<void, NumberSet | undefined> {
    const live = new NumberSet();
    for (const numbers of liveNumbers(database, this.#collection.id)) {
      for (let i = 0; i < numbers.length; i++) live.add(numbers[i] as number);
      if (yield* this.#pause()) return undefined;
    }
    return live;
  }

  /** Indexes the live rows behind a number. Answers the last number; undefined when nobody wants the index any more. */
  *#addRows(
    database: DatabaseSync,
    live: NumberSet,
    index: SourceIndex,
    behind: number,
  ): Generator<void, number | undefined> {
    const { id } = this.#collection;
    const rows = database.prepare(`SELECT number, id, source FROM rows_${id} WHERE number > ? ORDER BY number`);
    rows.setReturnArrays(true);
    const superseded: number[] = [];
    let last = behind;
    let seen = 0;
    this.#events.progress(this.#collection, index.index.documents, live.size);
    for (const row of rows.iterate(behind) as Iterable<unknown> as Iterable<[number, string, string]>) {
      const [number, docId, source] = row;
      last = number;
      if (live.has(number)) index.add(number, docId, unpackSource(source));
      else superseded.push(number);
      if (++seen % chunk !== 0 || !this.#isSliceOver()) continue;
      if (yield* this.#pause()) return undefined;
      this.#events.progress(this.#collection, index.index.documents, live.size);
    }
    this.#events.superseded(this.#collection, superseded);
    this.#events.progress(this.#collection, index.index.documents, live.size);
    return last;
  }

  /** Superseded rows up to a number. */
  *#findLeftovers(database: DatabaseSync, live: NumberSet, last: number): Generator<void, void> {
    const superseded: number[] = [];
    for (const numbers of rowNumbers(database, this.#collection.id, last)) {
      for (const number of numbers) if (!live.has(number)) superseded.push(number);
      if (yield* this.#pause()) return;
    }
    this.#events.superseded(this.#collection, superseded);
  }

  #restartSlice(): void {
    this.#sliceEnd = this.#isShared ? Number.POSITIVE_INFINITY : performance.now() + sliceMs;
  }

  #isSliceOver(): boolean {
    return performance.now() >= this.#sliceEnd;
  }

  /** Lets others work when the slice is over; answers whether nobody wants the index any more. */
  *#pause(): Generator<void, boolean> {
    if (!this.#isSliceOver()) return false;
    yield;
    this.#restartSlice();
    return this.isObsolete();
  }
}

/** Applies what was written since the snapshot, until nothing is left. */
function* catchUp(
  collection: SearchedCollection,
  index: SourceIndex,
  last: number,
  isObsolete: () => boolean,
): Generator<void, void> {
  let next: CollectionChange | undefined;
  for (;;) {
    next = collection.backlog?.shift();
    if (next === undefined) return;
    yield* applyChange(next, index, last);
    if (isObsolete()) return;
  }
}

/**
 * Applies one change to an index, in slices. Documents up to the number `last` are skipped: they are in it.
 * Answers the bytes of the sources that were superseded.
 */
export function* applyChange(change: CollectionChange, index: SourceIndex, last: number): Generator<void, number> {
  if (change.kind === "mappings") {
    index.index.updateMappings(change.mappings);
    return 0;
  }
  const { numbers, replaced, freed, ids, sources } = change;
  let superseded = 0;
  let sliceEnd = performance.now() + sliceMs;
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i] ?? 0;
    const old = replaced[i] ?? 0;
    if (number > last) index.add(number, ids[i] ?? "", sources[i] ?? "");
    if (old !== 0) superseded += index.remove(old, freed[i] ?? 0);
    if (i % chunk !== chunk - 1 || performance.now() < sliceEnd) continue;
    yield;
    sliceEnd = performance.now() + sliceMs;
  }
  return superseded;
}

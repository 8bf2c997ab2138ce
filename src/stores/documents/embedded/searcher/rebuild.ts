import type { DatabaseSync } from "node:sqlite";
import type { CollectionChange, SearchedCollection } from "./searched-collection.ts";
import { type OnSkipped, SourceIndex } from "./source-index.ts";

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
}

/**
 * Builds the index of a collection from its rows, in slices, and then puts it in the place of the one that was there.
 *
 * `open` makes a connection for this build alone: it reads one snapshot, while everybody else goes on reading the present.
 * What is written meanwhile arrives in `collection.backlog`; numbers up to the last one of the snapshot are in it already.
 * Leaves quietly when the collection was deleted, truncated or given to another build.
 */
export function* rebuild(
  collection: SearchedCollection,
  open: () => RebuildSource,
  events: RebuildEvents,
): Generator<void, void> {
  const generation = ++collection.generation;
  collection.backlog = [];
  const isObsolete = (): boolean => collection.generation !== generation;
  const index = new SourceIndex(collection.mappings, collection.settings, events.skipped);
  const last = yield* readRows(collection, index, open, events, isObsolete);
  if (isObsolete()) return;
  yield* catchUp(collection, index, last, isObsolete);
  if (isObsolete()) return;
  collection.backlog = undefined;
  collection.live = index;
  collection.builtTo = last;
}

function* readRows(
  collection: SearchedCollection,
  index: SourceIndex,
  open: () => RebuildSource,
  events: RebuildEvents,
  isObsolete: () => boolean,
): Generator<void, number> {
  const from = open();
  const { database, shared } = from;
  let last = 0;
  try {
    const live = new Set<number>();
    const numbers = database.prepare(`SELECT number FROM ids_${collection.id}`);
    const rows = database.prepare(`SELECT number, id, source FROM rows_${collection.id} ORDER BY number`);
    numbers.setReturnArrays(true);
    rows.setReturnArrays(true);
    // One statement sees one state; the second one must see the same.
    if (!shared) database.exec("BEGIN");
    let sliceEnd = shared ? Infinity : performance.now() + sliceMs;
    let seen = 0;
    // The casts: the statements name these columns.
    for (const row of numbers.iterate() as Iterable<unknown> as Iterable<[number]>) {
      live.add(row[0]);
      if (++seen % (chunk * 20) !== 0 || performance.now() < sliceEnd) continue;
      yield;
      if (isObsolete()) return last;
      sliceEnd = performance.now() + sliceMs;
    }
    events.progress(collection, 0, live.size);
    const superseded: number[] = [];
    let done = 0;
    for (const row of rows.iterate() as Iterable<unknown> as Iterable<[number, string, string]>) {
      const [number, id, source] = row;
      last = number;
      if (live.has(number)) {
        index.add(number, id, source);
        done++;
      } else superseded.push(number);
      if ((done + superseded.length) % chunk !== 0 || performance.now() < sliceEnd) continue;
      yield;
      if (isObsolete()) return last;
      events.progress(collection, done, live.size);
      sliceEnd = performance.now() + sliceMs;
    }
    events.superseded(collection, superseded);
    events.progress(collection, done, live.size);
  } finally {
    from.close();
  }
  return last;
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

import type { Engine, EngineEvents, EngineLimits } from "./engine.ts";
import { RowReader } from "./rows/row-reader.ts";
import { RowWriter } from "./rows/row-writer.ts";
import { openForWriting } from "./rows/schema.ts";
import { findQueryFault } from "./search/percolate/check-stored-query.ts";
import { Searcher } from "./searcher/searcher.ts";

/** The engine in the calling thread, over a database in memory: for tests. Nothing of it survives `close`. */
export function startLocalEngine(events: EngineEvents, limits: EngineLimits): Engine {
  const database = openForWriting(":memory:");
  const reader = new RowReader(database);
  const cancelled = new Set<number>();
  let isRefused = false;
  const onRefused = (reason: unknown): void => {
    if ((reason !== undefined) !== isRefused) events.refused(reason === undefined ? undefined : String(reason));
    isRefused = reason !== undefined;
  };
  const writer = new RowWriter(database, (changes) => searcher.apply(changes), onRefused, findQueryFault);
  const searcher = new Searcher({
    reader,
    openForRebuild: () => ({ database, shared: true, close: () => {} }),
    limits: {
      maxCursors: limits.maxScrolls,
      maxListBytes: limits.maxScrollBytes,
      maxSupersededBytes: limits.maxSupersededBytes,
    },
    isCancelled: (request) => cancelled.has(request),
    answer: (answers) => {
      for (const { request } of answers) cancelled.delete(request);
      events.answered(answers);
    },
    onRebuild: events.rebuild,
    onWork: (work) => events.worked?.(work),
    sizes: limits.segmentSizes,
    onAbandoned: (collection, numbers) => writer.abandon(collection, numbers),
    onReleased: (position) => writer.release(position),
    onApplied: () => {},
    log: events.warned,
  });
  searcher.start();
  return {
    reader,
    write: (message) => {
      const answers = writer.commit([message]);
      events.written(answers, writer.position);
    },
    search: (messages) => searcher.submit(messages),
    cancel: (request) => cancelled.add(request),
    close: async () => {
      searcher.close();
      writer.close();
    },
  };
}

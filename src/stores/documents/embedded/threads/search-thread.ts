import { receiveMessageOnPort } from "node:worker_threads";
import { giveWay } from "../../../../kernel/index.ts";
import { RowReader } from "../rows/row-reader.ts";
import { openForReading } from "../rows/schema.ts";
import { Searcher } from "../searcher/searcher.ts";
import { SegmentShelf } from "../searcher/segment-shelf.ts";
import type { ChangeSet } from "../wire/change.ts";
import { cancelSlots, type FromSearcher, type SearchRequestMessage } from "../wire/search-messages.ts";
import { Backlog } from "./backlog.ts";
import { takeOrder } from "./prepared-threads.ts";
import type { ReleaseMessage, ToSearcher } from "./thread-messages.ts";

/** Entry of the search thread: changes come from the writer, searches from the main thread. */

/** The writer hears this long after rows were let go which ones: once for many. */
const releaseAfterMs = 100;

giveWay();
const { main, order } = takeOrder("search-thread");
const { path, segments, channel, counters, cancelled, limits, maxFieldBytes, sizes } = order;

/** Searches that came before the writer's first message; undefined from then on. */
let early: SearchRequestMessage[] | undefined = [];
let releasedTo = 0;
let release: NodeJS.Timeout | undefined;

const toMain = (message: FromSearcher): void => main.postMessage(message);
const toWriter = (message: ReleaseMessage): void => channel.postMessage(message);
const log = (event: string, fields: Readonly<Record<string, unknown>>): void => toMain({ kind: "log", event, fields });
const reader = new RowReader(openForReading(path));
const searcher = new Searcher({
  reader,
  openForRebuild: () => {
    const database = openForReading(path);
    return { database, shared: false, close: () => database.close() };
  },
  limits,
  sizes,
  isCancelled: (request) => Atomics.load(cancelled, request % cancelSlots) === request,
  answer: (answers) => toMain({ kind: "answers", answers }),
  onRebuild: (progress) => toMain({ kind: "rebuild", progress }),
  onWork: (work) => toMain({ kind: "work", work }),
  onAbandoned: (collection, numbers) => toWriter({ kind: "abandoned", collection, numbers }),
  onReleased: (position) => {
    releasedTo = position;
    release ??= setTimeout(() => {
      release = undefined;
      toWriter({ kind: "released", position: releasedTo });
    }, releaseAfterMs);
  },
  onApplied: (documents) => Backlog.applied(counters, documents),
  log,
  shelf: new SegmentShelf({
    folder: segments,
    maxFieldBytes,
    keep: (record) => toWriter({ kind: "segments", record }),
    log,
  }),
});

function close(): void {
  clearTimeout(release);
  searcher.close();
  reader.close();
  channel.close();
  toMain({ kind: "closed" });
  main.close();
}

/** The first message is the position from which on the writer tells of changes: what the rows hold after it is complete. */
function fromWriter(changes: ChangeSet): void {
  if (early !== undefined) searcher.start(changes.hasLeftovers);
  searcher.apply(changes);
  const waiting = early ?? [];
  early = undefined;
  if (waiting.length > 0) searcher.submit(waiting);
}

channel.on("message", fromWriter);
main.on("message", (message: ToSearcher) => {
  if (message === "close") return close();
  // Two ports have no common order: what the writer has posted before these searches were sent is in its queue by now.
  for (;;) {
    const waiting: { message: ChangeSet } | undefined = receiveMessageOnPort(channel);
    if (waiting === undefined) break;
    fromWriter(waiting.message);
  }
  if (early === undefined) searcher.submit(message);
  else early.push(...message);
});
toMain({ kind: "ready" });

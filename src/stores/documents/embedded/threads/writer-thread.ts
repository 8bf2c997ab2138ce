import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { giveWay } from "../../../../kernel/index.ts";
import { FileUpkeep } from "../rows/file-upkeep.ts";
import { QueryCheck, takesQueries } from "../rows/query-check.ts";
import { RowWriter } from "../rows/row-writer.ts";
import { openForWriting } from "../rows/schema.ts";
import { isDiskRefusal } from "../rows/sqlite-error.ts";
import type { ChangeSet } from "../wire/change.ts";
import type { Flat } from "../wire/operations.ts";
import { Backlog } from "./backlog.ts";
import { takeOrder } from "./prepared-threads.ts";
import type { Attachment, FromWriter, ReleaseMessage, ToWriter } from "./thread-messages.ts";

/** Entry of the writer thread: what has queued up while one transaction was committed becomes the next one. */

/** Messages in one transaction; each holds what the main thread had in one turn of its loop. A guess that keeps a transaction short. */
const maxMessages = 256;
/** Superseded rows are removed this long after the search thread let go of them, many at once. */
const purgeAfterMs = 250;
/** Freed pages are looked for this long after a commit, and given back with pauses in which others commit. */
const upkeepAfterMs = 1_000;
const upkeepPauseMs = 20;
/** A disk that takes no writes is asked again this often. */
const probeAfterMs = 1_000;

giveWay();
const { main, order } = takeOrder("writer-thread");
const { path } = order;

let search: { readonly channel: MessagePort; readonly backlog: Backlog } | undefined;
let purge: NodeJS.Timeout | undefined;
let upkeep: NodeJS.Timeout | undefined;
let probe: NodeJS.Timeout | undefined;
/** Why the disk took no write when it was last asked; undefined when it did. */
let refused: string | undefined;

const database = openForWriting(path);
const queryCheck = new QueryCheck();
const writer = new RowWriter(database, publish, onRefused, queryCheck.find);
const files = new FileUpkeep(database, path);

/** What came while the check of queries is loaded, in its order. */
const held: ToWriter[] = [];
let isLoading = false;

/** A mapping has a field for queries: nothing is written until what checks them is there. */
function loadQueryCheck(): void {
  if (queryCheck.isLoaded || isLoading) return;
  isLoading = true;
  const goOn = (): void => {
    isLoading = false;
    for (let next = held.shift(); next !== undefined; next = isLoading ? undefined : held.shift()) receive(next);
  };
  // Without it queries are refused, each with the reason.
  queryCheck.load().then(goOn, goOn);
}

function publish(set: ChangeSet): void {
  let documents = 0;
  if (set.changes.some((change) => "mappings" in change && takesQueries(change.mappings))) loadQueryCheck();
  for (const change of set.changes) if (change.kind === "documents") documents += change.numbers.length;
  search?.backlog.sent(documents);
  search?.channel.postMessage(set);
}

/** The main thread hears when it begins and when it is over; until then the disk is asked now and then. */
function onRefused(reason: unknown): void {
  const text = reason === undefined ? undefined : reason instanceof Error ? reason.message : String(reason);
  if ((text === undefined) !== (refused === undefined)) main.postMessage({ refused: text } satisfies FromWriter);
  refused = text;
  if (text !== undefined)
    probe ??= setTimeout(() => {
      probe = undefined;
      writer.probe();
    }, probeAfterMs);
}

/** Takes what has queued up behind the first message into the same transaction. */
function commitQueued(first: Flat): void {
  const batch = [first];
  let other: Exclude<ToWriter, Flat> | undefined;
  while (batch.length < maxMessages) {
    const next = takeQueued();
    if (next === undefined) break;
    if (Array.isArray(next)) batch.push(next);
    else {
      other = next;
      break;
    }
  }
  const answers = writer.commit(batch);
  // The changes were posted before: a search that was sent after this answer finds them in its thread's queue.
  main.postMessage({ answers, position: writer.position } satisfies FromWriter);
  files.boundLog();
  upkeepSoon(upkeepAfterMs);
  if (other !== undefined) receive(other);
  else search?.backlog.waitForRoom();
}

function takeQueued(): ToWriter | undefined {
  const next: { message: ToWriter } | undefined = held.length > 0 ? undefined : receiveMessageOnPort(main);
  return held.shift() ?? next?.message;
}

function receive(message: ToWriter): void {
  if (isLoading) held.push(message);
  else if (Array.isArray(message)) commitQueued(message);
  else if (message === "close") close();
  else attach(message);
}

function attach({ channel, counters }: Attachment): void {
  search?.channel.close();
  writer.dropUnkept();
  search = { channel, backlog: new Backlog(counters) };
  channel.on("message", (message: ReleaseMessage) => {
    if (message.kind === "released") writer.release(message.position);
    else if (message.kind === "segments") writer.keepSegments(message.record);
    else writer.abandon(message.collection, message.numbers);
    purgeSoon();
  });
  const first: ChangeSet = { position: writer.position, changes: [], hasLeftovers: writer.hasLeftovers };
  channel.postMessage(first);
}

function purgeSoon(): void {
  purge ??= setTimeout(() => {
    purge = undefined;
    if (writer.purge()) purgeSoon();
    else upkeepSoon(upkeepAfterMs);
  }, purgeAfterMs);
}

function upkeepSoon(afterMs: number): void {
  upkeep ??= setTimeout(() => {
    upkeep = undefined;
    try {
      if (files.shrink()) upkeepSoon(upkeepPauseMs);
    } catch (error) {
      // The room that is not given back is used by what is written next.
      if (isDiskRefusal(error)) onRefused(error);
    }
  }, afterMs);
}

function close(): void {
  clearTimeout(purge);
  clearTimeout(upkeep);
  clearTimeout(probe);
  writer.close();
  search?.channel.close();
  main.postMessage("closed" satisfies FromWriter);
  main.close();
}

const isAsked = database.prepare("SELECT mappings FROM collections WHERE mappings LIKE '%\"percolator\"%' LIMIT 1");
if (isAsked.get() !== undefined) loadQueryCheck();
main.on("message", receive);
main.postMessage("ready" satisfies FromWriter);

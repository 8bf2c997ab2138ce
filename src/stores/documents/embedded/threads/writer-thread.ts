import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { RowWriter } from "../rows/row-writer.ts";
import { openForWriting } from "../rows/schema.ts";
import type { Flat } from "../wire/operations.ts";
import { Backlog } from "./backlog.ts";
import type { FromWriter, ReleaseMessage, ToWriter, WriterData } from "./thread-messages.ts";

/** Entry of the writer thread: what has queued up while one transaction was committed becomes the next one. */

/** Messages in one transaction; each holds what the main thread had in one turn of its loop. A guess that keeps a transaction short. */
const maxMessages = 256;
/** Superseded rows are removed this long after the search thread let go of them, many at once. */
const purgeAfterMs = 250;

if (parentPort === null) throw new Error("This module is the entry of a worker thread.");
const main = parentPort;
// The cast: the main thread starts this one with that.
const { path, channel, counters } = workerData as WriterData;

const backlog = new Backlog(counters);
const writer = new RowWriter(openForWriting(path), (changes) => {
  let documents = 0;
  for (const change of changes.changes) if (change.kind === "documents") documents += change.numbers.length;
  backlog.sent(documents);
  channel.postMessage(changes);
});
let purge: NodeJS.Timeout | undefined;

function commitQueued(first: Flat): void {
  const batch = [first];
  let isClosing = false;
  while (batch.length < maxMessages) {
    const next: { message: ToWriter } | undefined = receiveMessageOnPort(main);
    if (next === undefined) break;
    if (next.message === "close") isClosing = true;
    else batch.push(next.message);
  }
  const answers = writer.commit(batch);
  // The changes were posted before: a search that was sent after this answer finds them in its thread's queue.
  main.postMessage({ answers, position: writer.position } satisfies FromWriter);
  if (isClosing) close();
  else backlog.waitForRoom();
}

function purgeSoon(): void {
  purge ??= setTimeout(() => {
    purge = undefined;
    if (writer.purge()) purgeSoon();
  }, purgeAfterMs);
}

function close(): void {
  clearTimeout(purge);
  writer.close();
  channel.close();
  main.postMessage("closed" satisfies FromWriter);
  main.close();
}

channel.on("message", (message: ReleaseMessage) => {
  if (message.kind === "released") writer.release(message.position);
  else writer.abandon(message.collection, message.numbers);
  purgeSoon();
});
main.on("message", (message: ToWriter) => {
  if (message === "close") close();
  else commitQueued(message);
});
main.postMessage("ready" satisfies FromWriter);

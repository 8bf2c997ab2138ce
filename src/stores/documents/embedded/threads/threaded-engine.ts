import { MessageChannel, type Worker } from "node:worker_threads";
import type { Engine, EngineEvents, EngineLimits } from "../engine.ts";
import { type DataDirectory, openDataDirectory } from "../rows/directory.ts";
import { RowReader } from "../rows/row-reader.ts";
import { openForReading, openForWriting } from "../rows/schema.ts";
import type { Flat } from "../wire/operations.ts";
import { cancelSlots, type FromSearcher, type SearchRequestMessage } from "../wire/search-messages.ts";
import { Backlog } from "./backlog.ts";
import { startThread } from "./prepared-threads.ts";
import type { FromWriter, SearchData, SharedCounters, ToWriter } from "./thread-messages.ts";

/** A search thread that ends is replaced this many times in {@link restartWindowMs}; then something is wrong with what it is given. */
const maxRestarts = 5;
const restartWindowMs = 600_000;

/**
 * Opens the data directory and starts the writer and the search thread; resolves when both take requests, while indexes are still being built.
 *
 * A search thread that ends by itself (the end of its memory, a defect) is replaced: its indexes are built again from the rows, what was asked
 * of it and its scrolls are lost. The writer is not: whether its last transaction happened is known for certain only after a new start, so
 * writes are refused until the process is restarted by its supervisor. Point reads go on in both cases.
 */
export async function startThreadedEngine(
  directory: string,
  events: EngineEvents,
  limits: EngineLimits,
): Promise<Engine> {
  const data = openDataDirectory(directory);
  let reader: RowReader | undefined;
  let engine: ThreadedEngine | undefined;
  try {
    // Here first, so that a damaged file is reported to the caller; the thread opens it again.
    const first = openForWriting(data.database);
    reader = new RowReader(openForReading(data.database), { holdsForTurn: true });
    reader.collections();
    first.close();
    if (data.migratedFrom !== undefined) events.migrated(data.migratedFrom);
    engine = new ThreadedEngine(data, reader, events, limits);
    await engine.ready;
    return engine;
  } catch (error) {
    await engine?.terminate();
    if (engine === undefined) reader?.close();
    data.release();
    throw error;
  }
}

class ThreadedEngine implements Engine {
  readonly reader: RowReader;
  /** Both threads take requests. */
  readonly ready: Promise<unknown>;
  readonly #data: DataDirectory;
  readonly #events: EngineEvents;
  readonly #limits: EngineLimits;
  readonly #cancelled = new Int32Array(new SharedArrayBuffer(cancelSlots * 4));
  readonly #writer: Worker;
  #search: Worker;
  #counters: SharedCounters = Backlog.createCounters();
  #restarts: number[] = [];
  #isClosing = false;

  constructor(data: DataDirectory, reader: RowReader, events: EngineEvents, limits: EngineLimits) {
    this.#data = data;
    this.reader = reader;
    this.#events = events;
    this.#limits = limits;
    this.#writer = startThread("writer-thread", { path: data.database }, []);
    this.#search = this.#startSearch();
    this.ready = Promise.all([isReady(this.#writer), isReady(this.#search)]);
    this.#writer.on("message", (message: FromWriter) => {
      if (typeof message !== "object") return;
      if ("refused" in message) return events.refused(message.refused);
      reader.release();
      events.written(message.answers, message.position);
    });
    this.#onEnd(this.#writer, (error) => events.failed("writer", error, true));
  }

  write(message: Flat): void {
    this.#writer.postMessage(message);
  }

  search(messages: readonly SearchRequestMessage[]): void {
    this.#search.postMessage(messages);
  }

  cancel(request: number): void {
    Atomics.store(this.#cancelled, request % cancelSlots, request);
  }

  /** Readers first, so that the writer can empty the log. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await ended(this.#search);
    this.reader.close();
    await ended(this.#writer);
    this.#data.release();
  }

  /** Ends both threads where they are. */
  async terminate(): Promise<void> {
    this.#isClosing = true;
    await Promise.all([this.#writer.terminate(), this.#search.terminate()]);
    this.reader.close();
  }

  #startSearch(): Worker {
    const { maxScrolls, maxScrollBytes, maxSupersededBytes, maxFieldBytes, segmentSizes: sizes } = this.#limits;
    const { port1: toSearch, port2: toWriter } = new MessageChannel();
    this.#counters = Backlog.createCounters();
    const data: SearchData = {
      path: this.#data.database,
      segments: this.#data.segments,
      channel: toWriter,
      counters: this.#counters,
      cancelled: this.#cancelled,
      limits: { maxCursors: maxScrolls, maxListBytes: maxScrollBytes, maxSupersededBytes },
      maxFieldBytes,
      sizes,
    };
    const search = startThread("search-thread", data, [toWriter]);
    this.#writer.postMessage({ channel: toSearch, counters: this.#counters } satisfies ToWriter, [toSearch]);
    search.on("message", (message: FromSearcher) => {
      if (message.kind === "answers") {
        // They name versions that the snapshot of this turn may not have yet.
        this.reader.release();
        this.#events.answered(message.answers);
      } else if (message.kind === "rebuild") this.#events.rebuild(message.progress);
      else if (message.kind === "work") this.#events.worked?.(message.work);
      else if (message.kind === "log") this.#events.warned(message.event, message.fields);
    });
    this.#onEnd(search, (error) => this.#searchEnded(error));
    return search;
  }

  #searchEnded(error: Error): void {
    Backlog.end(this.#counters);
    const now = performance.now();
    this.#restarts = this.#restarts.filter((at) => now - at < restartWindowMs);
    // Without the writer a new one would never learn where to begin.
    const isFinal = this.#restarts.length >= maxRestarts || this.#writer.threadId === -1;
    this.#events.failed("search", error, isFinal);
    if (isFinal) return;
    this.#restarts.push(now);
    this.#search = this.#startSearch();
  }

  #onEnd(worker: Worker, failed: (error: Error) => void): void {
    let cause: Error | undefined;
    worker.on("error", (error) => {
      cause = error instanceof Error ? error : new Error(String(error));
    });
    worker.on("exit", (code) => {
      if (!this.#isClosing) failed(cause ?? new Error(`A storage thread ended with code ${code}.`));
    });
  }
}

function isReady(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once("message", () => resolve());
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`A storage thread ended with code ${code} while it started.`)));
  });
}

/** Asks a thread to end and waits for it; one that has ended already has the id -1. */
function ended(worker: Worker): Promise<void> {
  if (worker.threadId === -1) return Promise.resolve();
  return new Promise((resolve) => {
    worker.once("exit", () => resolve());
    worker.postMessage("close");
  });
}

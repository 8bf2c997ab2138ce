import { extname } from "node:path";
import { MessageChannel, Worker } from "node:worker_threads";
import type { Engine, EngineEvents, EngineLimits } from "../engine.ts";
import { openDataDirectory } from "../rows/directory.ts";
import { RowReader } from "../rows/row-reader.ts";
import { openForReading, openForWriting } from "../rows/schema.ts";
import { cancelSlots, type FromSearcher } from "../wire/search-messages.ts";
import { Backlog } from "./backlog.ts";
import type { FromWriter, SearchData, WriterData } from "./thread-messages.ts";

/** Workers are files beside this one: `.ts` when Node runs the sources, `.js` in the compiled package. */
const entry = (name: string): URL => new URL(`./${name}${extname(import.meta.url)}`, import.meta.url);

/**
 * Opens the data directory and starts the writer and the search thread; resolves when both take requests, while indexes are still being built.
 *
 * A thread that ends by itself is not started again: that is a defect or the end of the memory, and the process is better restarted as a
 * whole by its supervisor. Point reads go on; what the thread was asked is refused.
 */
export async function startThreadedEngine(
  directory: string,
  events: EngineEvents,
  limits: EngineLimits,
): Promise<Engine> {
  const data = openDataDirectory(directory);
  let reader: RowReader | undefined;
  const started: Worker[] = [];
  try {
    // Here first, so that a damaged file is reported to the caller; the thread opens it again.
    const first = openForWriting(data.database);
    reader = new RowReader(openForReading(data.database));
    reader.collections();
    first.close();
    const { port1, port2 } = new MessageChannel();
    const counters = Backlog.createCounters();
    const cancelled = new Int32Array(new SharedArrayBuffer(cancelSlots * 4));
    const writerData: WriterData = { path: data.database, channel: port1, counters };
    const searchData: SearchData = {
      path: data.database,
      channel: port2,
      counters,
      cancelled,
      limits: {
        maxCursors: limits.maxScrolls,
        maxListBytes: limits.maxScrollBytes,
        maxSupersededBytes: limits.maxSupersededBytes,
      },
    };
    const writer = new Worker(entry("writer-thread"), {
      workerData: writerData,
      transferList: [port1],
      name: "documents-writer",
    });
    const search = new Worker(entry("search-thread"), {
      workerData: searchData,
      transferList: [port2],
      name: "documents-search",
    });
    started.push(writer, search);
    const ready = Promise.all([isReady(writer), isReady(search)]);
    // Now, and not when both are ready: the search thread reports from its first moment on.
    const engine = new ThreadedEngine(
      writer,
      search,
      reader,
      cancelled,
      events,
      () => Backlog.end(counters),
      data.release,
    );
    await ready;
    return engine;
  } catch (error) {
    await Promise.all(started.map((worker) => worker.terminate()));
    reader?.close();
    data.release();
    throw error;
  }
}

function isReady(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once("message", () => resolve());
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`A storage thread ended with code ${code} while it started.`)));
  });
}

class ThreadedEngine implements Engine {
  readonly reader: RowReader;
  readonly #writer: Worker;
  readonly #search: Worker;
  readonly #cancelled: Int32Array<SharedArrayBuffer>;
  readonly #release: () => void;
  #isClosing = false;

  constructor(
    writer: Worker,
    search: Worker,
    reader: RowReader,
    cancelled: Int32Array<SharedArrayBuffer>,
    events: EngineEvents,
    searchEnded: () => void,
    release: () => void,
  ) {
    this.reader = reader;
    this.#writer = writer;
    this.#search = search;
    this.#cancelled = cancelled;
    this.#release = release;
    writer.on("message", (message: FromWriter) => {
      if (typeof message === "object") events.written(message.answers, message.position);
    });
    search.on("message", (message: FromSearcher) => {
      if (message.kind === "answers") events.answered(message.answers);
      else if (message.kind === "rebuild") events.rebuild(message.progress);
      else if (message.kind === "log") events.warned(message.event, message.fields);
    });
    this.#watch(writer, (error) => events.failed("writer", error));
    this.#watch(search, (error) => {
      searchEnded();
      events.failed("search", error);
    });
  }

  write(message: unknown[]): void {
    this.#writer.postMessage(message);
  }

  search(messages: readonly unknown[]): void {
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
    this.#release();
  }

  #watch(worker: Worker, failed: (error: Error) => void): void {
    let cause: Error | undefined;
    worker.on("error", (error) => {
      cause = error instanceof Error ? error : new Error(String(error));
    });
    worker.on("exit", (code) => {
      if (!this.#isClosing) failed(cause ?? new Error(`A storage thread ended with code ${code}.`));
    });
  }
}

/** Asks a thread to end and waits for it; one that has ended already has the id -1. */
function ended(worker: Worker): Promise<void> {
  if (worker.threadId === -1) return Promise.resolve();
  return new Promise((resolve) => {
    worker.once("exit", () => resolve());
    worker.postMessage("close");
  });
}

import { extname } from "node:path";
import {
  type MessagePort,
  parentPort,
  receiveMessageOnPort,
  type Transferable,
  Worker,
  workerData,
} from "node:worker_threads";
import type { SearchData, WriterData } from "./thread-messages.ts";

/** Workers are files beside this one: `.ts` when Node runs the sources, `.js` in the compiled package. */
const entry = (name: string): URL => new URL(`./${name}${extname(import.meta.url)}`, import.meta.url);

/** By their files: what each is told to begin with. */
interface Orders {
  readonly "writer-thread": WriterData;
  readonly "search-thread": SearchData;
}

/** A thread that has loaded its code, and sleeps until it is told what to open. */
interface Prepared {
  readonly worker: Worker;
  /** 1 once the thread has its order. */
  readonly ordered: Int32Array<SharedArrayBuffer>;
}

const prepared = new Map<keyof Orders, Prepared>();

/** Lets the threads of a store load their code while the process loads its own, and finds out what is to be opened. They keep no process alive. */
export function prepareThreads(): void {
  for (const name of ["writer-thread", "search-thread"] as const) {
    const thread = newThread(name);
    thread.worker.unref();
    // Whoever takes it hears of it again.
    thread.worker.once("error", () => prepared.delete(name));
    prepared.set(name, thread);
  }
}

/** Ends threads that were prepared and that nobody has taken. */
export function dropPreparedThreads(): void {
  for (const { worker } of prepared.values()) void worker.terminate();
  prepared.clear();
}

/** A thread that runs: the one that was prepared, else a new one. */
export function startThread<Name extends keyof Orders>(
  name: Name,
  order: Orders[Name],
  transferred: readonly Transferable[],
): Worker {
  const { worker, ordered } = prepared.get(name) ?? newThread(name);
  prepared.delete(name);
  worker.removeAllListeners("error");
  worker.ref();
  worker.postMessage(order, transferred);
  Atomics.store(ordered, 0, 1);
  Atomics.notify(ordered, 0);
  return worker;
}

/** Without the flags of the process: preloaded modules have no business here, and some flags (`--input-type`) would stop the thread. */
function newThread(name: keyof Orders): Prepared {
  const ordered = new Int32Array(new SharedArrayBuffer(4));
  return { worker: new Worker(entry(name), { workerData: ordered, name: `documents-${name}`, execArgv: [] }), ordered };
}

/** In such a thread: waits for its order. */
export function takeOrder<Name extends keyof Orders>(
  _: Name,
): { readonly main: MessagePort; readonly order: Orders[Name] } {
  if (parentPort === null) throw new Error("This module is the entry of a worker thread.");
  Atomics.wait(workerData as Int32Array<SharedArrayBuffer>, 0, 0);
  const received: { message: Orders[Name] } | undefined = receiveMessageOnPort(parentPort);
  if (received === undefined) throw new Error("A thread was woken without an order.");
  return { main: parentPort, order: received.message };
}

import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { InternalError, TooManyRequestsError } from "../../../../kernel/index.ts";
import { defaultCost, type HashCost } from "./argon2.ts";
import type { HashAnswer, HashJob } from "./job.ts";

interface Waiting {
  readonly job: HashJob;
  readonly resolve: (answer: HashAnswer) => void;
  readonly reject: (error: Error) => void;
}

export interface HashPoolOptions {
  /** Threads; each takes 19 MiB while it works. */
  readonly threads?: number;
  /** Jobs that may wait; more are refused. */
  readonly maxWaiting?: number;
  readonly cost?: HashCost;
}

/** About four seconds of work for two threads: whoever waits longer has given up. */
const defaultMaxWaiting = 200;

// The same file is TypeScript in the sources and JavaScript in the package.
const workerUrl = new URL(`./worker${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url);

/**
 * Threads that hash passwords, started at the first use. Not libuv's pool: hashing there would hold up files and name resolution.
 * Error: `TooManyRequestsError` (429) when too many wait already.
 */
export class HashPool {
  readonly #threads: number;
  readonly #maxWaiting: number;
  readonly #cost: HashCost;
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, Waiting>();
  #waiting: Waiting[] = [];

  constructor({
    threads = Math.min(2, availableParallelism()),
    maxWaiting = defaultMaxWaiting,
    cost = defaultCost,
  }: HashPoolOptions = {}) {
    this.#cost = cost;
    this.#threads = threads;
    this.#maxWaiting = maxWaiting;
  }

  run(job: HashJob): Promise<HashAnswer> {
    return new Promise((resolve, reject) => {
      const waiting = { job, resolve, reject };
      const worker = this.#idle.pop() ?? (this.#busy.size < this.#threads ? this.#start() : undefined);
      if (worker !== undefined) this.#give(worker, waiting);
      else if (this.#waiting.length < this.#maxWaiting) this.#waiting.push(waiting);
      else reject(new TooManyRequestsError("Too many logins at once. Try again in a moment."));
    });
  }

  /** Threads that run. */
  get size(): number {
    return this.#idle.length + this.#busy.size;
  }

  /** Ends the threads; jobs that are not done are refused. May be called twice. */
  async close(): Promise<void> {
    const workers = [...this.#idle.splice(0), ...this.#busy.keys()];
    const refused = this.#waiting;
    this.#waiting = [];
    for (const { reject } of refused) reject(new InternalError("The server is shutting down."));
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  #start(): Worker {
    const worker = new Worker(workerUrl, { name: "passwords", workerData: this.#cost });
    worker.on("message", (message: { answer?: HashAnswer; failure?: string }) => this.#done(worker, message));
    worker.on("error", (error) => this.#lost(worker, error instanceof Error ? error : new Error(String(error))));
    worker.on("exit", () => this.#lost(worker, new Error("The thread ended.")));
    return worker;
  }

  #give(worker: Worker, waiting: Waiting): void {
    this.#busy.set(worker, waiting);
    worker.ref();
    worker.postMessage(waiting.job);
  }

  #done(worker: Worker, { answer, failure }: { answer?: HashAnswer; failure?: string }): void {
    const finished = this.#busy.get(worker);
    this.#busy.delete(worker);
    const next = this.#waiting.shift();
    if (next !== undefined) this.#give(worker, next);
    else {
      // An idle thread keeps nobody from leaving.
      worker.unref();
      this.#idle.push(worker);
    }
    if (answer !== undefined) finished?.resolve(answer);
    else finished?.reject(new InternalError(`A password could not be hashed: ${failure}`));
  }

  #lost(worker: Worker, cause: Error): void {
    const at = this.#idle.indexOf(worker);
    if (at >= 0) this.#idle.splice(at, 1);
    const finished = this.#busy.get(worker);
    // The end of a thread follows its error: once is enough.
    if (finished === undefined) return;
    this.#busy.delete(worker);
    finished?.reject(new InternalError("A password could not be hashed.", undefined, undefined, { cause }));
    const next = this.#waiting.shift();
    if (next !== undefined) this.#give(this.#start(), next);
  }
}

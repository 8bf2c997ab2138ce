import { type Clock, NotFoundError, PreconditionError } from "../../kernel/index.ts";
import { Operation, type OperationReport, type OperationStart } from "./operation.ts";

/** How far the search index of a collection is; the end of it when `done` reaches `total`. */
export interface IndexBuild {
  readonly index: string;
  readonly collection: string;
  readonly done: number;
  readonly total: number;
}

/** What runs right now on many documents: for operators, who list it and can cancel it. */
export class Operations {
  readonly #clock: Clock;
  readonly #running = new Map<string, Operation>();
  /** By `<index>/<collection>`. */
  readonly #builds = new Map<string, Operation>();
  readonly #listeners: ((report: OperationReport) => void)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Hears of those that last longer than a second: once a second, and of their end. */
  listen(listener: (report: OperationReport) => void): void {
    this.#listeners.push(listener);
  }

  /** Does work that is listed while it runs, and rejects with the reason of its signal when it was cancelled. */
  async run<T>(start: OperationStart, work: (operation: Operation) => Promise<T>): Promise<T> {
    const operation = this.start(start);
    let isDone = false;
    try {
      const result = await work(operation);
      isDone = true;
      return result;
    } finally {
      this.end(operation, isDone);
    }
  }

  /** For who cannot use {@link run}; {@link end} has to follow. */
  start(start: OperationStart): Operation {
    const operation = new Operation(start, this.#clock, this.#tell);
    this.#running.set(operation.id, operation);
    return operation;
  }

  end(operation: Operation, isDone: boolean): void {
    this.#running.delete(operation.id);
    operation.end(isDone);
  }

  /** The engine builds search indexes by itself: at the start, when a mapping opens, when one was damaged. */
  follow({ index, collection, done, total }: IndexBuild): void {
    const key = `${index}/${collection}`;
    let build = this.#builds.get(key);
    if (done >= total) {
      this.#builds.delete(key);
      if (build !== undefined) this.end(build, true);
      return;
    }
    if (build === undefined) {
      build = this.start({ action: "collection:reindex", index, collection, unit: "documents", isCancellable: false });
      this.#builds.set(key, build);
    }
    build.expect(total);
    build.reach(done);
  }

  /** Those that run, in the order of their starts. */
  list(): readonly OperationReport[] {
    return Array.from(this.#running.values(), (operation) => operation.report());
  }

  get size(): number {
    return this.#running.size;
  }

  /** Errors: `NotFoundError` when no such operation runs, `PreconditionError` when it can only be done as a whole. */
  cancel(id: string): void {
    const operation = this.#running.get(id);
    if (operation === undefined) {
      throw new NotFoundError(`No operation "${id}" runs. It may have ended; admin:operations lists those that run.`);
    }
    if (!operation.isCancellable) {
      const { action } = operation.report();
      throw new PreconditionError(`The operation "${id}" (${action}) cannot be cancelled: it is done as a whole.`);
    }
    operation.cancel();
  }

  readonly #tell = (operation: Operation): void => {
    const report = operation.report();
    for (const listener of this.#listeners) listener(report);
  };
}

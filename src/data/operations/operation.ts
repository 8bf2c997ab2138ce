import { type Clock, PreconditionError, uuid } from "../../kernel/index.ts";

/** What `done` and `total` of an operation count. */
export type OperationUnit = "documents" | "collections" | "bytes";

export interface OperationStart {
  /** The action that does it: `bulk:import`. Work that no request waits for is named for its action, too. */
  readonly action: string;
  readonly index?: string;
  readonly collection?: string;
  /** Who asked; absent for what the server does by itself. */
  readonly user?: string | null;
  readonly unit: OperationUnit;
  /** When it is known from the start. */
  readonly total?: number;
  /** False for what can only be done as a whole; true unless said otherwise. */
  readonly isCancellable?: boolean;
  /** Aborts when the only one goes who is interested: the operation ends with its reason. */
  readonly leaving?: AbortSignal | undefined;
}

export type OperationState = "running" | "done" | "failed" | "cancelled";

/** How an operation stands: `{ id, action: "bulk:import", index: "lib", collection: "books", done: 3000, total: 12000, unit: "documents", … }` */
export interface OperationReport {
  readonly id: string;
  readonly action: string;
  readonly index?: string;
  readonly collection?: string;
  readonly user: string | null;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly done: number;
  /** Null until it is known. */
  readonly total: number | null;
  readonly unit: OperationUnit;
  readonly cancellable: boolean;
  readonly state: OperationState;
}

/** Operations that last are told of so often, milliseconds. */
const tellEveryMs = 1_000;

/** Work on many documents that runs: whoever does it says how far it is, and stops when its signal says so. */
export class Operation {
  readonly id: string = uuid();
  readonly isCancellable: boolean;
  readonly #start: OperationStart;
  readonly #startedAt: number;
  readonly #tell: (operation: Operation) => void;
  readonly #controller = new AbortController();
  #state: OperationState = "running";
  #done = 0;
  #total: number | null;
  #toldAt: number;
  #isTold = false;

  constructor(start: OperationStart, clock: Clock, tell: (operation: Operation) => void) {
    this.#start = start;
    this.#startedAt = clock.now();
    this.#tell = tell;
    this.#toldAt = performance.now();
    this.#total = start.total ?? null;
    this.isCancellable = start.isCancellable !== false;
    if (start.leaving?.aborted === true) this.#leave();
    else start.leaving?.addEventListener("abort", this.#leave, { once: true });
  }

  /** Aborts when somebody cancels it, or when the only one has gone who was interested. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** How much there is to do, once that is known. */
  expect(total: number): void {
    this.#total = total;
  }

  /** So much more is done. Told at most once a second, so that it may be called as often as one likes. */
  advance(by: number): void {
    this.reach(this.#done + by);
  }

  /** So much is done in all. */
  reach(done: number): void {
    this.#done = done;
    const now = performance.now();
    if (now - this.#toldAt < tellEveryMs) return;
    this.#toldAt = now;
    this.#isTold = true;
    this.#tell(this);
  }

  /** Ends with an error of status 412 for whoever waits for it; what it did stays done. */
  cancel(): void {
    this.#controller.abort(cancelled(this.#start.action, this.#done, this.#total, this.#start.unit));
  }

  /** It is over; told of when its progress was. */
  end(isDone: boolean): void {
    if (this.#state !== "running") return;
    this.#start.leaving?.removeEventListener("abort", this.#leave);
    this.#state = isDone ? "done" : this.signal.aborted ? "cancelled" : "failed";
    if (this.#isTold) this.#tell(this);
  }

  report(): OperationReport {
    const { action, index, collection, user = null, unit } = this.#start;
    return {
      ...{ id: this.id, action },
      ...(index === undefined ? {} : { index }),
      ...(collection === undefined ? {} : { collection }),
      ...{ user, startedAt: this.#startedAt, done: this.#done, total: this.#total, unit },
      ...{ cancellable: this.isCancellable, state: this.#state },
    };
  }

  readonly #leave = (): void => this.#controller.abort(this.#start.leaving?.reason);
}

function cancelled(action: string, done: number, total: number | null, unit: OperationUnit): PreconditionError {
  const of = total === null ? "" : ` of ${total}`;
  return new PreconditionError(`${action} was cancelled after ${done}${of} ${unit}. What it did stays done.`);
}

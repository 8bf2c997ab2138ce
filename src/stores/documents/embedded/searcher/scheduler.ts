/** One piece of work that is done in slices of about two milliseconds. */
export interface Task {
  readonly steps: Generator<void, unknown>;
  /** On the clock of `performance.now()`; the task is thrown away when it passes. */
  readonly deadlineAt: number;
  /** True when nobody waits for the answer any more. */
  readonly cancelled: () => boolean;
  readonly done: (value: unknown) => void;
  /** `reason` is the error that was thrown, "deadline" or "cancelled". */
  readonly failed: (reason: unknown) => void;
  /** Asked before each slice; absent: somebody waits for it. */
  readonly patience?: () => Patience;
}

/**
 * How much room a task makes for others. `brief`: requests may wait for it one day, and those that do not go first, each with the next one of its
 * sender. `long`: nobody waits for it.
 */
export type Patience = "none" | "brief" | "long";

/** A patient task gets a slice when there was nothing else to do for `quietMs`, and after `maxMs` whatever there is to do. */
const patiences = { brief: { quietMs: 2, maxMs: 10 }, long: { quietMs: 20, maxMs: 50 } } as const;

/**
 * Runs tasks in turn, one slice each, so that a small one that comes late is done before a big one that was there first.
 * Between rounds the event loop runs: messages arrive, cancellations are seen.
 */
export class Scheduler {
  readonly #tasks: Task[] = [];
  readonly #beforeRound: () => boolean;
  readonly #afterRound: () => void;
  /** When there was last something to do that is not patient; one that waits for a brief task counts. */
  #busyAt = Number.NEGATIVE_INFINITY;
  /** When the last of these came or ended. */
  #servedAt = Number.NEGATIVE_INFINITY;
  readonly #sliceAt = { brief: Number.NEGATIVE_INFINITY, long: Number.NEGATIVE_INFINITY };
  #waker: NodeJS.Timeout | undefined;
  #scheduled = false;
  #running = false;
  #closed = false;

  /** `beforeRound` does its own slice of work and answers whether it has more; `afterRound` sends what was finished. */
  constructor(beforeRound: () => boolean, afterRound: () => void) {
    this.#beforeRound = beforeRound;
    this.#afterRound = afterRound;
  }

  get size(): number {
    return this.#tasks.length;
  }

  add(task: Task): void {
    if (this.#closed) {
      task.failed(new Error("The store is closed."));
      return;
    }
    this.#tasks.push(task);
    if (task.patience === undefined) this.#servedAt = performance.now();
  }

  /** Does a round at once: call it when work was added. Later rounds come by themselves while there is work. */
  run(): void {
    if (this.#closed || this.#running) return;
    this.#busyAt = performance.now();
    this.#runRound();
  }

  #runRound(): void {
    if (this.#closed || this.#running) return;
    this.#running = true;
    let more = this.#beforeRound();
    const now = performance.now();
    let kept = 0;
    let waitMs = Number.POSITIVE_INFINITY;
    // Tasks that are added during the round are appended, and get their first slice in it.
    for (let i = 0; i < this.#tasks.length; i++) {
      const task = this.#tasks[i];
      if (task === undefined) continue;
      const patience = task.patience?.() ?? "none";
      if (!this.#hasTurn(patience, now)) {
        if (patience !== "none") waitMs = Math.min(waitMs, patiences[patience].quietMs);
        this.#tasks[kept++] = task;
        continue;
      }
      if (patience === "none") this.#busyAt = now;
      else this.#sliceAt[patience] = now;
      if (step(task, now)) {
        if (patience === "none") this.#servedAt = performance.now();
        continue;
      }
      this.#tasks[kept++] = task;
      more = true;
    }
    this.#tasks.length = kept;
    this.#running = false;
    this.#afterRound();
    if (more && !this.#scheduled) {
      this.#scheduled = true;
      setImmediate(this.#round);
    } else if (waitMs !== Number.POSITIVE_INFINITY) {
      this.#waker ??= setTimeout(this.#wake, waitMs);
    }
  }

  #hasTurn(patience: Patience, now: number): boolean {
    if (patience === "none") return true;
    const { quietMs, maxMs } = patiences[patience];
    const otherAt = patience === "brief" ? this.#servedAt : this.#busyAt;
    return now - otherAt >= quietMs || now - this.#sliceAt[patience] >= maxMs;
  }

  /** Ends every task with an error. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#waker);
    for (const task of this.#tasks.splice(0)) {
      task.steps.return(undefined);
      task.failed(new Error("The store was closed before the answer was there."));
    }
  }

  readonly #wake = (): void => {
    this.#waker = undefined;
    this.#runRound();
  };

  readonly #round = (): void => {
    this.#scheduled = false;
    this.#runRound();
  };
}

/** One slice; answers whether the task has ended. */
function step(task: Task, now: number): boolean {
  try {
    if (task.cancelled()) return abandon(task, "cancelled");
    if (now > task.deadlineAt) return abandon(task, "deadline");
    const { done, value } = task.steps.next();
    if (done === true) task.done(value);
    return done === true;
  } catch (error) {
    task.failed(error);
    return true;
  }
}

function abandon(task: Task, reason: "deadline" | "cancelled"): true {
  task.steps.return(undefined);
  task.failed(reason);
  return true;
}

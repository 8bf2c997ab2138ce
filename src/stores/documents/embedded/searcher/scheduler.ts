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
}

/**
 * Runs tasks in turn, one slice each, so that a small one that comes late is done before a big one that was there first.
 * Between rounds the event loop runs: messages arrive, cancellations are seen.
 */
export class Scheduler {
  readonly #tasks: Task[] = [];
  readonly #beforeRound: () => boolean;
  readonly #afterRound: () => void;
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
    if (this.#closed) task.failed(new Error("The store is closed."));
    else this.#tasks.push(task);
  }

  /** Does a round at once: call it when work was added. Later rounds come by themselves while there is work. */
  run(): void {
    if (this.#closed || this.#running) return;
    this.#running = true;
    let more = this.#beforeRound();
    const now = performance.now();
    let kept = 0;
    // Tasks that are added during the round are appended, and get their first slice in it.
    for (let i = 0; i < this.#tasks.length; i++) {
      const task = this.#tasks[i];
      if (task !== undefined && !step(task, now)) this.#tasks[kept++] = task;
    }
    this.#tasks.length = kept;
    this.#running = false;
    this.#afterRound();
    more ||= kept > 0;
    if (more && !this.#scheduled) {
      this.#scheduled = true;
      setImmediate(this.#round);
    }
  }

  /** Ends every task with an error. */
  close(): void {
    this.#closed = true;
    for (const task of this.#tasks.splice(0)) {
      task.steps.return(undefined);
      task.failed(new Error("The store was closed before the answer was there."));
    }
  }

  readonly #round = (): void => {
    this.#scheduled = false;
    this.run();
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

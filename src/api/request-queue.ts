import { kerror } from "../kernel/index.ts";

export interface QueueLimits {
  /** Requests that run at once. */
  readonly concurrentRequests: number;
  /** Requests that may wait; newcomers beyond are refused. */
  readonly requestsBufferSize: number;
  /** Waiting requests above which `onOverload` is told, at most twice a second. */
  readonly requestsBufferWarningThreshold: number;
}

/**
 * The only queue of the server: a request takes a slot when one is free, else waits its turn.
 * Error: `api.process.overloaded` (503) when the buffer is full.
 */
export class RequestQueue {
  readonly #limits: QueueLimits;
  readonly #onOverload: (fillPercentage: number) => void;
  readonly #waiting: (() => void)[] = [];
  #head = 0;
  #running = 0;
  #warnedAt = 0;
  #idle: (() => void)[] = [];

  constructor(limits: QueueLimits, onOverload: (fillPercentage: number) => void) {
    this.#limits = limits;
    this.#onOverload = onOverload;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting.length - this.#head;
  }

  /** Undefined when a slot was free, else a promise to wait for. Who is urgent waits before all others, and is never refused. */
  enter(isUrgent = false): Promise<void> | undefined {
    if (this.#running < this.#limits.concurrentRequests) {
      this.#running++;
      return undefined;
    }
    if (isUrgent) return this.#first();
    if (this.waiting >= this.#limits.requestsBufferSize) throw kerror("api.process.overloaded");
    const turn = new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
    });
    if (this.waiting > this.#limits.requestsBufferWarningThreshold) this.#warn();
    return turn;
  }

  #first(): Promise<void> {
    return new Promise<void>((resolve) => {
      if (this.#head === 0) this.#waiting.unshift(resolve);
      else this.#waiting[--this.#head] = resolve;
    });
  }

  leave(): void {
    const next = this.#waiting[this.#head];
    if (next !== undefined) {
      this.#head++;
      if (this.#head > 1_024 && this.#head * 2 > this.#waiting.length) {
        this.#waiting.splice(0, this.#head);
        this.#head = 0;
      }
      next(); // the slot passes on
      return;
    }
    this.#running--;
    if (this.#running === 0 && this.#idle.length > 0) {
      const waiters = this.#idle;
      this.#idle = [];
      for (const resolve of waiters) resolve();
    }
  }

  /** Resolves when nothing runs and nothing waits. */
  drained(): Promise<void> {
    if (this.#running === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#idle.push(resolve);
    });
  }

  #warn(): void {
    const now = Date.now();
    if (now - this.#warnedAt < 500) return;
    this.#warnedAt = now;
    this.#onOverload(Math.round((this.waiting / this.#limits.requestsBufferSize) * 10_000) / 100);
  }
}

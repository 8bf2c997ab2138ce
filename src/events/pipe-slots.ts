import { kerror } from "../kernel/index.ts";

export interface PipeLimits {
  /** Chains that run at once. */
  readonly maxConcurrent: number;
  /** Chains that wait for a slot; above, newcomers are refused. */
  readonly bufferSize: number;
}

/**
 * Bounds how many pipe chains run at once. A chain takes a slot at once when one is free, else waits in order.
 * Error: `plugin.runtime.too_many_pipes` (503) when the buffer is full.
 */
export class PipeSlots {
  readonly #limits: PipeLimits;
  readonly #waiting: (() => void)[] = [];
  #head = 0;
  #running = 0;
  #nested = 0;

  constructor(limits: PipeLimits) {
    this.#limits = limits;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting.length - this.#head;
  }

  /**
   * Undefined when the chain may run, else a promise to wait for. A chain for which a running one waits must not wait in turn: all slots
   * might be held by such.
   */
  take(isNested: () => boolean): Promise<void> | undefined {
    if (this.#running < this.#limits.maxConcurrent) {
      this.#running++;
      return undefined;
    }
    if (isNested()) {
      if (this.#nested >= this.#limits.bufferSize) throw kerror("plugin.runtime.too_many_pipes");
      this.#nested++;
      this.#running++;
      return undefined;
    }
    if (this.waiting >= this.#limits.bufferSize) throw kerror("plugin.runtime.too_many_pipes");
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  release(): void {
    if (this.#nested > 0) {
      // Whichever ends first: the slots are all alike.
      this.#nested--;
      this.#running--;
      return;
    }
    const next = this.#waiting[this.#head];
    if (next === undefined) {
      this.#running--;
      return;
    }
    this.#head++;
    if (this.#head > 1_024 && this.#head * 2 > this.#waiting.length) {
      this.#waiting.splice(0, this.#head);
      this.#head = 0;
    }
    next(); // the slot passes on
  }
}

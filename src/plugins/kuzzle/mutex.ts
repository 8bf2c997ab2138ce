import { setTimeout as sleep } from "node:timers/promises";
import { InternalError, uuid } from "../../kernel/index.ts";
import { currentServer } from "../realm/current-call.ts";
import type { Locks } from "../realm/locks.ts";

export interface MutexOptions {
  /** Milliseconds between two attempts. */
  readonly attemptDelay?: number;
  /** Milliseconds after which `lock` gives up: -1 never, 0 after one attempt. */
  readonly timeout?: number;
  /** Milliseconds after which a lock frees itself. */
  readonly ttl?: number;
}

/** A lock that all nodes share, on a resource of any name. */
export class Mutex {
  readonly resource: string;
  readonly #attemptDelayMs: number;
  readonly #timeoutMs: number;
  readonly #ttlMs: number;
  readonly #locks: Locks;
  #holder: string | undefined;

  constructor(
    resource: string,
    { attemptDelay = 200, timeout = -1, ttl = 5_000 }: MutexOptions = {},
    locks: Locks = currentServer("Mutex").locks,
  ) {
    if (typeof resource !== "string" || resource === "") {
      throw new InternalError("A mutex needs the name of a resource.");
    }
    this.resource = resource;
    this.#attemptDelayMs = attemptDelay;
    this.#timeoutMs = timeout;
    this.#ttlMs = ttl;
    this.#locks = locks;
  }

  get locked(): boolean {
    return this.#holder !== undefined;
  }

  /** False when the lock could not be taken within `timeout`. */
  async lock(): Promise<boolean> {
    if (this.#holder !== undefined) throw new InternalError(`The mutex on "${this.resource}" is locked already.`);
    const holder = uuid();
    const taken = await this.#attempt(this.#attemptDelayMs, this.#timeoutMs, () =>
      this.#locks.acquire(this.resource, holder, this.#ttlMs),
    );
    if (taken) this.#holder = holder;
    return taken;
  }

  async unlock(): Promise<void> {
    if (this.#holder === undefined) throw new InternalError(`The mutex on "${this.resource}" is not locked.`);
    const holder = this.#holder;
    this.#holder = undefined;
    await this.#locks.release(this.resource, holder);
  }

  /** Waits until nobody holds the lock, without taking it; false after `timeout`. */
  async wait({ attemptDelay = 200, timeout = -1 }: Omit<MutexOptions, "ttl"> = {}): Promise<boolean> {
    const holder = uuid();
    return this.#attempt(attemptDelay, timeout, async () => {
      if (!(await this.#locks.acquire(this.resource, holder, this.#ttlMs))) return false;
      await this.#locks.release(this.resource, holder);
      return true;
    });
  }

  async #attempt(delayMs: number, timeoutMs: number, attempt: () => boolean | Promise<boolean>): Promise<boolean> {
    const startedAt = performance.now();
    while (!(await attempt())) {
      if (timeoutMs >= 0 && performance.now() - startedAt + delayMs > timeoutMs) return false;
      await sleep(delayMs);
    }
    return true;
  }
}

import { type Clock, type JSONObject, type Logger, uuid } from "../../kernel/index.ts";
import type { JsonCollection } from "../storage/json-collection.ts";
import type { AuditEntry } from "./audit-entry.ts";

/** Entries wait for others, so that many become one write. */
const flushAfterMs = 200;
const retryAfterMs = 5_000;
const maxBatch = 500;
/** What may wait while the store takes nothing; then the newest are dropped, and counted in the log. */
const maxWaiting = 10_000;
const sweepEveryMs = 600_000;

export interface AuditStoreDeps {
  readonly collection: JsonCollection;
  readonly clock: Clock;
  readonly log: Logger;
  /** Older entries are removed. */
  readonly maxAgeMs: number;
  /** Of more, the oldest are removed. */
  readonly maxEntries: number;
}

/** Writes entries in batches, keeps those that could not be written for another attempt, and removes the old ones. */
export class AuditStore {
  readonly #deps: AuditStoreDeps;
  #waiting: { readonly id: string; readonly body: JSONObject }[] = [];
  #writing: Promise<boolean> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #sweeper: NodeJS.Timeout | undefined;
  #dropped = 0;
  #closed = false;

  constructor(deps: AuditStoreDeps) {
    this.#deps = deps;
  }

  /** Stored a moment later. */
  add(entry: AuditEntry): void {
    if (this.#waiting.length >= maxWaiting) {
      this.#dropped++;
      return;
    }
    this.#waiting.push({ id: uuid(), body: { ...entry } });
    this.#later(flushAfterMs);
  }

  /** Resolves when all that was added is stored; false when the store took it not. Never rejects. */
  async flush(): Promise<boolean> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#waiting.length > 0) {
      this.#writing ??= this.#write();
      const isWritten = await this.#writing;
      if (!isWritten) return false;
    }
    return true;
  }

  async #write(): Promise<boolean> {
    const batch = this.#waiting.slice(0, maxBatch);
    try {
      await this.#deps.collection.createAll(batch);
      this.#waiting.splice(0, batch.length);
      if (this.#dropped > 0) {
        this.#deps.log.error("security.audit_entries_lost", { entries: this.#dropped });
        this.#dropped = 0;
      }
      return true;
    } catch (err) {
      this.#deps.log.error("security.audit_not_stored", { entries: this.#waiting.length, err });
      this.#later(retryAfterMs);
      return false;
    } finally {
      this.#writing = undefined;
    }
  }

  #later(delayMs: number): void {
    if (this.#closed) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.flush();
    }, delayMs).unref();
  }

  /** Sweeps now and then, beginning now; nobody waits for it. */
  startSweeping(): void {
    const sweep = (): void => {
      this.sweep().catch((err: unknown) => {
        if (!this.#closed) this.#deps.log.warn("security.audit_sweep_failed", { err });
      });
    };
    this.#sweeper = setInterval(sweep, sweepEveryMs).unref();
    sweep();
  }

  /** Removes what is too old, and the oldest of what is too many. */
  async sweep(): Promise<void> {
    const { collection, clock, maxAgeMs, maxEntries } = this.#deps;
    const old: string[] = [];
    for await (const { id } of collection.walk({ range: { at: { lt: clock.now() - maxAgeMs } } })) old.push(id);
    await collection.deleteAll(old);
    for (;;) {
      const excess = (await collection.count({ match_all: {} })) - maxEntries;
      if (excess <= 0 || this.#closed) return;
      const { hits } = await collection.search({ sort: [{ at: "asc" }] }, 0, Math.min(excess, 1_000));
      if (hits.length === 0) return;
      await collection.deleteAll(hits.map(({ id }) => id));
    }
  }

  /** Writes what waits. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweeper);
    await this.flush();
    clearTimeout(this.#timer);
  }
}

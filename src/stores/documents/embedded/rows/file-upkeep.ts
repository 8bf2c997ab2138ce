import { statSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";

/** Beyond this size the write-ahead log is begun anew as soon as readers let that happen. As `journal_size_limit`. */
const maxLogBytes = 64 * 1024 * 1024;
/** How long the writer waits for readers then: those of this process read for some milliseconds at a time. */
const readersWaitMs = 100;
/** A reader that stays (a backup) is not waited for again so soon. */
const retryAfterMs = 2_000;
/** Free pages that stay for what is written next: four megabytes, or a tenth of the file. */
const leastFreePages = 1_024;
/** Pages that one transaction gives back. Measured: 4 ms. */
const pagesPerSlice = 200;

/** Keeps the files of a database small while it is written: the log under constant readers, and the file after deletions. */
export class FileUpkeep {
  readonly #database: DatabaseSync;
  readonly #log: string;
  readonly #maxLog: number;
  #retryAt = 0;
  #isShrinking = false;

  constructor(database: DatabaseSync, path: string, maxLog = maxLogBytes) {
    this.#database = database;
    this.#log = `${path}-wal`;
    this.#maxLog = maxLog;
  }

  /**
   * SQLite copies the log into the file by itself, but begins it anew only at a moment without any reader; where one read follows the other it
   * would grow without end. Call it after commits.
   */
  boundLog(): void {
    if (performance.now() < this.#retryAt || this.#logBytes() <= this.#maxLog) return;
    this.#database.exec(`PRAGMA busy_timeout = ${readersWaitMs}`);
    try {
      const busy = this.#database.prepare("PRAGMA wal_checkpoint(RESTART)").get()?.busy;
      if (busy !== 0) this.#retryAt = performance.now() + retryAfterMs;
    } catch {
      // A disk that fails here fails the next commit, too, which says so.
      this.#retryAt = performance.now() + retryAfterMs;
    } finally {
      this.#database.exec("PRAGMA busy_timeout = 5000");
    }
  }

  /** Gives some of the free pages back to the disk when there are many; answers whether more of them are to go. */
  shrink(): boolean {
    const free = this.#number("freelist_count");
    const spare = Math.max(leastFreePages, this.#number("page_count") / 10);
    this.#isShrinking = free > spare * (this.#isShrinking ? 1 : 2) && this.#number("auto_vacuum") === 2;
    // All: a step gives back one page.
    if (this.#isShrinking) this.#database.prepare(`PRAGMA incremental_vacuum(${pagesPerSlice})`).all();
    return this.#isShrinking;
  }

  #number(pragma: string): number {
    return Number(this.#database.prepare(`PRAGMA ${pragma}`).get()?.[pragma]);
  }

  #logBytes(): number {
    return statSync(this.#log, { throwIfNoEntry: false })?.size ?? 0;
  }
}

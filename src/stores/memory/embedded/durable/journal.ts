import { type FileHandle, open } from "node:fs/promises";
import type { Logger } from "../../../../kernel/index.ts";
import { compactInThread } from "./compaction.ts";
import type { Effect } from "./effects.ts";
import { pathOf } from "./files.ts";

/** Effects that wait for the disk, in UTF-16 units; beyond it writes are refused. */
const maxWaiting = 64 * 1024 * 1024;
const syncEveryMs = 1000;
const retryAfterMs = 200;

export interface JournalOptions {
  readonly directory: string;
  /** The number of the first file it writes. */
  readonly number: number;
  /** Size after which the files are compacted. */
  readonly compactAfterBytes: number;
  /** Whether to begin with compacting the files before it. */
  readonly compactFirst: boolean;
  readonly log: Logger;
}

/**
 * Appends effects to a file, in order, without making anybody wait: what comes in one turn of the event loop is one write, and the file is
 * synced at most a second later. A write that fails is repeated until it succeeds.
 */
export class Journal {
  readonly #options: JournalOptions;
  #number: number;
  #file: FileHandle | undefined;
  #waiting: string[] = [];
  #waitingLength = 0;
  #writtenBytes = 0;
  #writing: Promise<void> | undefined;
  #compaction: Promise<void> | undefined;
  #syncTimer: NodeJS.Timeout | undefined;
  #closing = false;
  #isRefused = false;

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#number = options.number;
    if (options.compactFirst) this.#compactUpTo(options.number - 1);
  }

  /** True while the disk takes nothing, or is too far behind to take more. */
  get isFull(): boolean {
    return this.#isRefused || this.#waitingLength > maxWaiting;
  }

  /** The effects are played together or not at all. */
  append(effects: readonly Effect[]): void {
    const line = `${JSON.stringify(effects)}\n`;
    this.#waiting.push(line);
    this.#waitingLength += line.length;
    this.#writing ??= this.#write();
  }

  async #write(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      const text = batch.join("");
      if (await this.#append(text)) {
        this.#waitingLength -= text.length;
        continue;
      }
      this.#waiting = [text, ...this.#waiting];
      if (this.#closing) break;
      await new Promise((resolve) => setTimeout(resolve, retryAfterMs).unref());
    }
    this.#writing = undefined;
  }

  async #append(text: string): Promise<boolean> {
    const bytes = Buffer.from(text);
    try {
      this.#file ??= await open(pathOf(this.#options.directory, "journal", this.#number), "a");
      await this.#file.appendFile(bytes);
    } catch (err) {
      // Once, not with each repetition.
      if (!this.#isRefused) this.#options.log.error("memory.journal_write_failed", { err });
      this.#isRefused = true;
      // The repetition must not follow a part of the batch.
      await this.#file?.truncate(this.#writtenBytes).catch(() => {});
      return false;
    }
    if (this.#isRefused) this.#options.log.info("memory.journal_writable");
    this.#isRefused = false;
    this.#writtenBytes += bytes.length;
    if (this.#writtenBytes > this.#options.compactAfterBytes) await this.#turnOver();
    else this.#syncSoon();
    return true;
  }

  #syncSoon(): void {
    this.#syncTimer ??= setTimeout(() => {
      this.#syncTimer = undefined;
      void this.#sync(this.#file);
    }, syncEveryMs).unref();
  }

  #sync(file: FileHandle | undefined): Promise<void> {
    const failed = (err: unknown): void => this.#options.log.error("memory.journal_sync_failed", { err });
    return file?.datasync().catch(failed) ?? Promise.resolve();
  }

  async #release(file: FileHandle | undefined): Promise<void> {
    await this.#sync(file);
    await file?.close().catch((err: unknown) => this.#options.log.error("memory.journal_close_failed", { err }));
  }

  /** Goes on in a new file and has the former ones compacted, unless the compaction before is still at work. */
  async #turnOver(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    this.#writtenBytes = 0;
    const upTo = this.#number++;
    await this.#release(file);
    this.#compactUpTo(upTo);
  }

  #compactUpTo(upTo: number): void {
    const { directory, log } = this.#options;
    this.#compaction ??= compactInThread({ directory, upTo }, log).then(() => {
      this.#compaction = undefined;
    });
  }

  /** Writes what is waiting and syncs it. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.#writing;
    await this.#compaction;
    clearTimeout(this.#syncTimer);
    await this.#release(this.#file);
    this.#file = undefined;
    if (this.#waitingLength > 0) this.#options.log.error("memory.writes_lost", { length: this.#waitingLength });
  }
}

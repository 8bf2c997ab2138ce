import { type KuzzleError, kerror, type Logger } from "../../../kernel/index.ts";

/** A disk that is full now and not full then is spoken of this often. */
const sameEventMs = 60_000;

/** Whether the disk takes writes: for the log, once and not for each write, and for whoever asks how the engine is. */
export class DiskState {
  readonly #log: Logger;
  #refused: string | undefined;
  #isTold = false;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** `reason`: why it takes none; undefined when it does again. */
  changed(reason: string | undefined): void {
    this.#refused = reason;
    if (reason === undefined) {
      if (this.#isTold) this.#log.info("documents.disk.writable", {});
      this.#isTold = false;
    } else if (!this.#isTold && performance.now() - this.#toldAt > sameEventMs) {
      this.#isTold = true;
      this.#toldAt = performance.now();
      this.#log.error("documents.disk.not_writable", {
        reason,
        hint: "Writes are refused until there is room; reads and searches go on.",
      });
    }
  }

  /** `services.storage.not_writable` while writes are refused. */
  get error(): KuzzleError | undefined {
    return this.#refused === undefined ? undefined : kerror("services.storage.not_writable", this.#refused);
  }
}

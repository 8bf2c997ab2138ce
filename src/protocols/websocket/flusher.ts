import { Batch } from "./batch.ts";
import type { Frame } from "./frame.ts";

/** What has frames to write at the end of the tick. */
export interface Flushable {
  flush(): void;
}

/** Writes once per socket and turn of the event loop, whatever came together for it: a write is a system call, and that is what costs. */
export class Flusher {
  #dirty: Flushable[] = [];
  #immediate: NodeJS.Immediate | undefined;
  /** The batch that was started last: a broadcast starts the same one for socket after socket. */
  #started: Batch | undefined;

  readonly #run = (): void => this.flushAll();

  /** A batch of one frame, shared with others that start with the same. */
  start(frame: Frame): Batch {
    const started = this.#started;
    if (started?.isOnly(frame)) return started;
    this.#started = Batch.of(frame);
    return this.#started;
  }

  schedule(outbox: Flushable): void {
    this.#dirty.push(outbox);
    this.#immediate ??= setImmediate(this.#run);
  }

  /** Writes everything now: at the end of the tick, and before sockets are closed. */
  flushAll(): void {
    if (this.#immediate !== undefined) clearImmediate(this.#immediate);
    this.#immediate = undefined;
    this.#started = undefined;
    const dirty = this.#dirty;
    this.#dirty = [];
    for (const outbox of dirty) outbox.flush();
  }
}

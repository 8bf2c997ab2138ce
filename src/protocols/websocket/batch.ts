import type { Frame } from "./frame.ts";

/**
 * What one socket is to get next, in order. Immutable: adding a frame answers another batch, and sockets that get the same frames in
 * the same order share their batches, so a burst to a thousand subscribers is put together once, not a thousand times.
 */
export class Batch {
  readonly count: number;
  readonly size: number;
  readonly #before: Batch | undefined;
  readonly #frame: Frame;
  #next: Batch | undefined;
  #bytes: Buffer | undefined;

  private constructor(before: Batch | undefined, frame: Frame) {
    this.#before = before;
    this.#frame = frame;
    this.count = (before?.count ?? 0) + 1;
    this.size = (before?.size ?? 0) + frame.bytes.length;
  }

  static of(frame: Frame): Batch {
    return new Batch(undefined, frame);
  }

  /** True for the batch of this one frame. */
  isOnly(frame: Frame): boolean {
    return this.#before === undefined && this.#frame === frame;
  }

  /** The batch that has this frame at its end. */
  with(frame: Frame): Batch {
    const next = this.#next;
    if (next !== undefined && next.#frame === frame) return next;
    const added = new Batch(this, frame);
    this.#next = added;
    return added;
  }

  /** All frames in one piece. */
  get bytes(): Buffer {
    if (this.#before === undefined) return this.#frame.bytes;
    this.#bytes ??= Buffer.concat(
      this.frames().map((frame) => frame.bytes),
      this.size,
    );
    return this.#bytes;
  }

  /** First to last. */
  frames(): Frame[] {
    const frames = new Array<Frame>(this.count);
    let batch: Batch | undefined = this;
    for (let i = this.count - 1; batch !== undefined; i--) {
      frames[i] = batch.#frame;
      batch = batch.#before;
    }
    return frames;
  }
}

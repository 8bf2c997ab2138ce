import type { Socket } from "node:net";
import type { WebSocket } from "ws";
import type { Batch } from "./batch.ts";
import type { Flushable, Flusher } from "./flusher.ts";
import type { Frame } from "./frame.ts";
import type { BacklogLimits } from "./options.ts";

/** Shorter messages are not worth a pass through zlib. */
const compressionThresholdBytes = 1_024;

/**
 * The way out of one socket: what is sent in one tick goes out as one write, and what a slow reader leaves waiting is bounded
 * ({@link BacklogLimits}).
 */
export class Outbox implements Flushable {
  readonly #webSocket: WebSocket;
  readonly #socket: Socket;
  readonly #flusher: Flusher;
  #limits: BacklogLimits;
  readonly #onOverflow: () => void;
  readonly #compresses: boolean;
  #pending: Batch | undefined;
  #isScheduled = false;
  #isClosed = false;
  readonly #onDrain = (): void => this.#drained();

  constructor(
    webSocket: WebSocket,
    socket: Socket,
    { flusher, limits, onOverflow }: { flusher: Flusher; limits: BacklogLimits; onOverflow: () => void },
  ) {
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.#flusher = flusher;
    this.#limits = limits;
    this.#onOverflow = onOverflow;
    this.#compresses = webSocket.extensions.includes("permessage-deflate");
    socket.on("drain", this.#onDrain);
  }

  /** From here on, more may wait, or less. */
  limit(limits: BacklogLimits): void {
    this.#limits = limits;
  }

  send(frame: Frame): void {
    if (this.#isClosed) return;
    const pending = this.#pending;
    if (pending === undefined) {
      this.#pending = this.#flusher.start(frame);
    } else {
      if (this.#isFull(pending) && !this.#makeRoom()) return;
      this.#pending = this.#pending === undefined ? this.#flusher.start(frame) : pending.with(frame);
    }
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#flusher.schedule(this);
  }

  /** Hands to the socket what waits, unless the socket itself still has to get rid of what it has. */
  flush(): void {
    this.#isScheduled = false;
    const pending = this.#pending;
    if (pending === undefined || this.#isClosed || this.#isBlocked) return;
    this.#pending = undefined;
    // A client that has said goodbye gets its close frame and no error.
    if (this.#webSocket.readyState !== this.#webSocket.OPEN) return;
    if (this.#compresses) this.#sendCompressed(pending);
    else this.#socket.write(pending.bytes);
  }

  /** Forgets what waits; nothing is sent from here on. */
  close(): void {
    this.#isClosed = true;
    this.#pending = undefined;
    this.#socket.removeListener("drain", this.#onDrain);
  }

  get #isBlocked(): boolean {
    return (
      this.#socket.writableNeedDrain ||
      (this.#compresses && this.#webSocket.bufferedAmount > this.#socket.writableHighWaterMark)
    );
  }

  #isFull({ count, size }: Batch): boolean {
    const { maxMessages, toleratedBytes, maxBytes } = this.#limits;
    return size > maxBytes || (count >= maxMessages && size > toleratedBytes);
  }

  /** A full backlog may only mean that this tick sent a lot: the socket decides. */
  #makeRoom(): boolean {
    const wasScheduled = this.#isScheduled;
    this.flush();
    this.#isScheduled = wasScheduled;
    if (this.#pending === undefined) return true;
    this.#onOverflow();
    return false;
  }

  #drained(): void {
    if (this.#pending !== undefined && !this.#isScheduled) this.flush();
  }

  #sendCompressed(batch: Batch): void {
    const frames = batch.frames();
    const last = frames.length - 1;
    for (let i = 0; i <= last; i++) {
      const { payload } = frames[i] as Frame;
      const options = { binary: false, compress: payload.length >= compressionThresholdBytes };
      this.#webSocket.send(payload, options, i === last ? this.#onDrain : undefined);
    }
  }
}

import type { Socket } from "node:net";
import type { WebSocket } from "ws";
import type { ClientConnection } from "../../kernel/index.ts";
import type { Flusher } from "./flusher.ts";
import type { Frame } from "./frame.ts";
import type { BacklogLimits } from "./options.ts";
import { Outbox } from "./outbox.ts";

/** RFC 6455, 7.4.1: the reason of a close frame has at most 123 bytes. */
const maxReasonBytes = 123;

export interface LinkDeps {
  readonly flusher: Flusher;
  readonly limits: BacklogLimits;
  /** The client does not read, and is closed for it. */
  readonly onOverflow: (link: WebSocketLink) => void;
}

/** One client's socket: its connection, the channels it is in, and the way out to it. */
export class WebSocketLink {
  readonly connection: ClientConnection;
  readonly channels = new Set<string>();
  readonly webSocket: WebSocket;
  readonly #socket: Socket;
  readonly #outbox: Outbox;
  #bytesRead = 0;
  #bytesWritten = 0;
  #activeAt: number;
  #second = 0;
  #messagesInSecond = 0;
  #hearing: Promise<void> | undefined;

  constructor(webSocket: WebSocket, socket: Socket, connection: ClientConnection, deps: LinkDeps) {
    this.webSocket = webSocket;
    this.#socket = socket;
    this.connection = connection;
    this.#activeAt = performance.now();
    this.#outbox = new Outbox(webSocket, socket, {
      flusher: deps.flusher,
      limits: deps.limits,
      onOverflow: () => deps.onOverflow(this),
    });
  }

  get id(): string {
    return this.connection.id;
  }

  send(frame: Frame): void {
    this.#outbox.send(frame);
  }

  /** From here on, more may wait for the client, or less. */
  limitBacklog(limits: BacklogLimits): void {
    this.#outbox.limit(limits);
  }

  /** Writes at once what this tick has for the client. */
  flush(): void {
    this.#outbox.flush();
  }

  /** Nothing that waits is sent any more; a client that does not answer the close frame is cut off soon after. */
  close(code: number, reason: string): void {
    this.#outbox.close();
    this.webSocket.close(code, shorten(reason));
  }

  terminate(): void {
    this.#outbox.close();
    this.webSocket.terminate();
  }

  /** False when this second's messages are used up. */
  takeMessage(limit: number): boolean {
    const second = Math.floor(performance.now() / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#messagesInSecond = 0;
    }
    this.#messagesInSecond++;
    return this.#messagesInSecond <= limit;
  }

  /** A message takes more than one turn to be understood: those that came after it wait for theirs. */
  get isHearing(): boolean {
    return this.#hearing !== undefined;
  }

  /** Runs one after the other, and reads nothing more from the client until all are done. `run` never rejects. */
  hearInTurn(run: () => Promise<void>): void {
    this.webSocket.pause();
    const hearing = this.#hearing === undefined ? run() : this.#hearing.then(run);
    this.#hearing = hearing;
    void hearing.then(() => {
      if (this.#hearing !== hearing) return;
      this.#hearing = undefined;
      this.webSocket.resume();
    });
  }

  /**
   * Milliseconds since something came in, as seen by calls of this: the byte counters of the socket tell, so that messages need not
   * look at the clock.
   */
  idleMs(now: number, sendingCounts: boolean): number {
    const { bytesRead } = this.#socket;
    const bytesWritten = sendingCounts ? this.#socket.bytesWritten : 0;
    if (bytesRead !== this.#bytesRead || bytesWritten !== this.#bytesWritten) {
      this.#bytesRead = bytesRead;
      this.#bytesWritten = bytesWritten;
      this.#activeAt = now;
    }
    return now - this.#activeAt;
  }
}

function shorten(reason: string): string {
  if (Buffer.byteLength(reason) <= maxReasonBytes) return reason;
  // Cutting bytes may cut a character: what is left of it is dropped.
  return new TextDecoder().decode(Buffer.from(reason).subarray(0, maxReasonBytes - 3)).replace(/\uFFFD$/, "");
}

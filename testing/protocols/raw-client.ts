import { connect, type Socket } from "node:net";

/** A plain socket to speak HTTP by hand with: what no well-behaved client sends. */
export class RawClient {
  readonly socket: Socket;
  received = "";
  isClosed = false;
  #wake = (): void => {};

  constructor(port: number) {
    this.socket = connect(port, "127.0.0.1");
    this.socket.on("data", (chunk) => {
      this.received += chunk.toString("latin1");
      this.#wake();
    });
    this.socket.on("error", () => {});
    this.socket.on("close", () => {
      this.isClosed = true;
      this.#wake();
    });
  }

  send(data: string | Uint8Array): void {
    this.socket.write(data);
  }

  /** Resolves once it is true of what came; rejects after the deadline. */
  async until(isTrue: (client: this) => boolean, timeoutMs = 5_000): Promise<void> {
    const deadline = setTimeout(() => this.socket.destroy(), timeoutMs);
    while (!isTrue(this)) {
      if (this.isClosed) throw new Error(`Closed; until then came: ${this.received.slice(0, 500)}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    clearTimeout(deadline);
  }

  closed(timeoutMs?: number): Promise<void> {
    return this.until((client) => client.isClosed, timeoutMs);
  }

  close(): void {
    this.socket.destroy();
  }
}

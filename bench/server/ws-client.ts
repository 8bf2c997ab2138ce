import { WebSocket } from "ws";

/** One WebSocket with one request in flight. */
export class WsClient {
  readonly socket: WebSocket;
  #resolve: ((text: string) => void) | undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data) => {
      const resolve = this.#resolve;
      this.#resolve = undefined;
      resolve?.(String(data));
    });
  }

  static async open(port: number): Promise<WsClient> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
    await new Promise<void>((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
    });
    return new WsClient(socket);
  }

  send(text: string): Promise<string> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.socket.send(text);
    });
  }

  close(): void {
    this.socket.terminate();
  }
}

import { type ClientOptions, WebSocket } from "ws";

/** What came in one message: all that tests look at is in there. */
// biome-ignore lint/suspicious/noExplicitAny: what a test reads out of JSON
export type Message = any;

/** A WebSocket client that keeps what it hears. */
export class MessageClient {
  readonly webSocket: WebSocket;
  readonly messages: Message[] = [];
  readonly texts: string[] = [];
  closeCode: number | undefined;
  #wake = (): void => {};

  private constructor(webSocket: WebSocket) {
    this.webSocket = webSocket;
    webSocket.on("message", (data, isBinary) => {
      const text = String(data);
      this.texts.push(isBinary ? `binary: ${text}` : text);
      this.messages.push(text === "" ? "" : JSON.parse(text));
      this.#wake();
    });
    webSocket.on("error", () => {});
    webSocket.on("close", (code) => {
      this.closeCode = code;
      this.#wake();
    });
  }

  static async open(port: number, options: ClientOptions = {}, protocols: string[] = []): Promise<MessageClient> {
    const webSocket = new WebSocket(`ws://127.0.0.1:${port}/any/path`, protocols, options);
    const client = new MessageClient(webSocket);
    await new Promise((resolve, reject) => {
      webSocket.once("open", resolve);
      webSocket.once("error", reject);
    });
    return client;
  }

  send(message: unknown): void {
    this.webSocket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** Waits for what has come, or for the close, to be as wanted. */
  async until(isTrue: (client: this) => boolean, timeoutMs = 5_000): Promise<void> {
    let isLate = false;
    const deadline = setTimeout(() => {
      isLate = true;
      this.#wake();
    }, timeoutMs);
    while (!isTrue(this)) {
      if (isLate) throw new Error(`It did not happen; last came: ${this.texts.slice(-3).join(" | ")}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    clearTimeout(deadline);
  }

  /** The first message from here on. */
  async next(): Promise<Message> {
    const { length } = this.messages;
    await this.until(({ messages }) => messages.length > length);
    return this.messages[length];
  }

  async ask(message: unknown): Promise<Message> {
    const answer = this.next();
    this.send(message);
    return answer;
  }

  async closed(timeoutMs?: number): Promise<number> {
    await this.until(({ closeCode }) => closeCode !== undefined, timeoutMs);
    return this.closeCode as number;
  }

  close(): void {
    this.webSocket.terminate();
  }
}

import { connect, type Socket } from "node:net";

/** One keep-alive connection with one request in flight: as little client as can read an answer, so that the server is what is measured. */
export class HttpClient {
  readonly #socket: Socket;
  #buffer: Buffer = Buffer.alloc(0);
  #resolve: ((answer: Answer) => void) | undefined;
  #reject: ((error: Error) => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (chunk) => this.#read(chunk as Buffer)); // no encoding is set: bytes
    socket.on("error", (error) => this.#reject?.(error));
    socket.on("close", () => this.#reject?.(new Error("the server closed the connection")));
  }

  static async open(port: number): Promise<HttpClient> {
    const socket = connect(port, "127.0.0.1");
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    return new HttpClient(socket);
  }

  send(request: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#reject = undefined;
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    const buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
    const end = buffer.indexOf("\r\n\r\n");
    const head = end < 0 ? "" : buffer.toString("latin1", 0, end);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN);
    if (end < 0 || buffer.length < end + 4 + length) {
      this.#buffer = buffer;
      return;
    }
    this.#buffer = Buffer.alloc(0);
    const resolve = this.#resolve;
    this.#resolve = undefined;
    resolve?.({ status: Number(head.slice(9, 12)), body: buffer.toString("utf8", end + 4, end + 4 + length) });
  }
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** A request as bytes; the body as an object, or as text that is JSON already. */
export function httpRequest(
  verb: string,
  path: string,
  options: { token?: string; body?: unknown; text?: string } = {},
): Buffer {
  const body = options.text ?? (options.body === undefined ? "" : JSON.stringify(options.body));
  const head = [`${verb} ${path} HTTP/1.1`, "Host: localhost"];
  if (options.token !== undefined) head.push(`Authorization: Bearer ${options.token}`);
  if (body !== "") head.push("Content-Type: application/json", `Content-Length: ${Buffer.byteLength(body)}`);
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
}

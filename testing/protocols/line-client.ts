import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { JSONObject } from "../../src/kernel/index.ts";

const patienceMs = 2_000;

/** A TCP client that speaks in lines of JSON. */
export class LineClient {
  readonly socket: Socket;
  readonly #lines: JSONObject[] = [];
  #rest = "";
  #isClosed = false;
  #wake: (() => void) | undefined;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding("utf8");
    socket.on("data", (text) => this.#read(String(text)));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      this.#isClosed = true;
      this.#wake?.();
    });
  }

  static async connect(port: number): Promise<LineClient> {
    const socket = connect({ port, host: "127.0.0.1" });
    await once(socket, "connect");
    return new LineClient(socket);
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#lines.push(JSON.parse(line) as JSONObject);
    this.#wake?.();
  }

  send(payload: JSONObject): void {
    this.socket.write(`${JSON.stringify(payload)}\n`);
  }

  /** Sends a request and waits for its answer. */
  async ask(payload: JSONObject): Promise<JSONObject> {
    const requestId = `ask-${Math.random()}`;
    this.send({ requestId, ...payload });
    return this.take((line) => line.requestId === requestId && "controller" in line && !("type" in line));
  }

  /** The first line that has come, or comes soon, and is wanted. */
  async take(isWanted: (line: JSONObject) => boolean = () => true): Promise<JSONObject> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const at = this.#lines.findIndex(isWanted);
      const [line] = at < 0 ? [] : this.#lines.splice(at, 1);
      if (line !== undefined) return line;
      const left = deadline - Date.now();
      if (left <= 0 || this.#isClosed) assert.fail(`no such line; there are ${JSON.stringify(this.#lines)}`);
      await this.#change(left);
    }
  }

  /** What has come and was not taken. */
  get waiting(): readonly JSONObject[] {
    return this.#lines;
  }

  async closed(): Promise<void> {
    const deadline = Date.now() + patienceMs;
    while (!this.#isClosed) {
      const left = deadline - Date.now();
      if (left <= 0) assert.fail("the socket is still open");
      await this.#change(left);
    }
  }

  async #change(patience: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, patience);
    this.#wake = resolve;
    await promise;
    clearTimeout(timer);
  }

  close(): void {
    this.socket.destroy();
  }
}

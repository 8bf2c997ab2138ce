/** How these tests speak to a running server: exactly the bytes they mean, over HTTP and over WebSocket. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import type { MaybePromise } from "../../src/events/index.ts";
import type { JSONObject } from "../../src/kernel/index.ts";
import type { TestServer } from "../../testing/index.ts";

export interface WireError {
  readonly id?: string;
  readonly status: number;
  readonly message: string;
  readonly props?: readonly unknown[];
  readonly errors?: readonly JSONObject[];
  readonly count?: number;
}

/** The envelope of an answer (contract/wire.md section 2). */
export interface Answer<R = JSONObject> {
  readonly requestId: string;
  readonly status: number;
  readonly error: WireError | null;
  readonly result: R;
  readonly headers: JSONObject;
}

/** A document as results carry it. */
export interface Written {
  readonly _id: string;
  readonly _source: JSONObject;
  readonly _version: number;
  readonly created?: boolean;
}

export interface Partial<S = Written> {
  readonly successes: readonly S[];
  readonly errors: readonly {
    readonly document: { readonly _id?: string; readonly _source?: JSONObject; readonly body?: JSONObject };
    readonly reason: string;
    readonly status: number;
  }[];
}

/** A notification, of a document unless a test says otherwise. */
export interface Notification extends JSONObject {
  readonly result: Written & { readonly _updatedFields?: readonly string[]; readonly count?: number };
}

export type Verb = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** What no answer may ever hold, whatever was asked. */
function assertNoStack(text: string): void {
  assert.ok(!/"stack"|\bat [\w.<>#]+ \(|node:internal|\.ts:\d+/.test(text), `a stack went out: ${text.slice(0, 500)}`);
}

/** One HTTP request on a route; `body` is sent as JSON, a text as it is. */
export async function http<R = JSONObject>(
  server: TestServer,
  verb: Verb,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer<R>> {
  const text = await httpText(server, verb, path, body, headers);
  return JSON.parse(text.text) as Answer<R>;
}

export async function httpText(
  server: TestServer,
  verb: Verb,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly text: string; readonly headers: Headers }> {
  const payload = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(`${server.url}${path}`, {
    method: verb,
    headers: payload === undefined ? headers : { "content-type": "application/json", ...headers },
    ...(payload === undefined ? {} : { body: payload }),
  });
  const text = await response.text();
  assertNoStack(text);
  return { status: response.status, text, headers: response.headers };
}

/** A WebSocket connection that sends requests as they are, and keeps the notifications that come in. */
export class Line implements AsyncDisposable {
  readonly notifications: Notification[] = [];
  /** Whatever came in, in the order of arrival. */
  readonly received: JSONObject[] = [];
  readonly #socket: WebSocket;
  readonly #waiting = new Map<string, (answer: Answer<never>) => void>();
  #count = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data) => this.#receive(String(data)));
  }

  static async open(server: TestServer): Promise<Line> {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}`);
    await new Promise<void>((resolve, reject) => {
      socket.once("open", () => resolve());
      socket.once("error", reject);
    });
    return new Line(socket);
  }

  #receive(text: string): void {
    assertNoStack(text);
    const message = JSON.parse(text) as JSONObject;
    this.received.push(message);
    const id = String(message.requestId ?? message.room); // a raw answer has no envelope
    const answered = this.#waiting.get(id);
    // A notification carries the id of its request too, and its channel as the room.
    if (answered === undefined || message.type !== undefined) {
      this.notifications.push(message as Notification);
      return;
    }
    this.#waiting.delete(id);
    answered(message as never);
  }

  /** Sends a request under an id of its own; the answer, whatever its status. */
  ask<R = JSONObject>(request: JSONObject): Promise<Answer<R>> {
    const requestId = typeof request.requestId === "string" ? request.requestId : `request-${++this.#count}`;
    const what = `an answer to ${request.controller}:${request.action}`;
    return new Promise<Answer<R>>((resolve, reject) => {
      const tooLong = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), 20_000);
      this.#waiting.set(requestId, (answer) => {
        clearTimeout(tooLong);
        resolve(answer);
      });
      this.#socket.send(JSON.stringify({ ...request, requestId }));
    });
  }

  /** The result of a request that must succeed. */
  async result<R = JSONObject>(request: JSONObject): Promise<R> {
    const { error, status, result } = await this.ask<R>(request);
    assert.equal(error, null, `${request.controller}:${request.action} ${JSON.stringify(error)}`);
    assert.equal(status, 200);
    return result;
  }

  /** The error of a request that must be refused. */
  async refusal(request: JSONObject): Promise<{ id: string | undefined; status: number }> {
    const { error, status } = await this.ask(request);
    assert.ok(error, `${request.controller}:${request.action} should have been refused`);
    assert.equal(error.status, status);
    return { id: error.id, status };
  }

  /** Bytes as they are. */
  sendRaw(data: string | Buffer): void {
    this.#socket.send(data);
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** The notifications since the last call, as soon as there are `count`. */
  async take(count: number): Promise<readonly Notification[]> {
    await until(() => this.notifications.length >= count, `${count} notifications, not ${this.notifications.length}`);
    return this.notifications.splice(0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    const closed = new Promise<void>((resolve) => this.#socket.once("close", () => resolve()));
    this.#socket.close();
    await closed;
  }
}

/** Waits until something is found, or a condition holds, at most ten seconds. Answers what it is. */
export async function until<T>(find: () => MaybePromise<T | undefined | false>, what: string): Promise<T> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const found = await find();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) assert.fail(`waited in vain for ${what}`);
    await sleep(5);
  }
}

/** Asserts that the object has exactly these members. */
export function assertMembers(value: unknown, members: readonly string[]): void {
  assert.deepEqual(Object.keys(value as object).sort(), [...members].sort());
}

/** What the tests of hostile clients share: a server with a collection, and what must hold whatever was sent. */
import assert from "node:assert/strict";
import type { JSONObject } from "../../src/kernel/index.ts";
import { startServer, type TestServer } from "../../testing/index.ts";
import { type Answer, http, Line } from "./wire.ts";

export const books = { index: "lib", collection: "books" };

export async function openLibrary(): Promise<{ server: TestServer; line: Line }> {
  const server = await startServer({ data: ":memory:" });
  const line = await Line.open(server);
  const properties = { year: { type: "integer" }, tag: { type: "keyword" } };
  await line.result({ controller: "collection", action: "create", ...books, body: { mappings: { properties } } });
  return { server, line };
}

/** Whatever was sent before: it still serves, and no prototype was changed. */
export async function closeLibrary(server: TestServer, line: Line): Promise<void> {
  const polluted = Object.keys(Object.prototype);
  const { result } = await http<JSONObject>(server, "GET", "/_now");
  await line?.[Symbol.asyncDispose]();
  await server?.close();
  assert.ok(result.now);
  assert.deepEqual(polluted, []);
}

/** A refusal that blames the client. */
export function assertBlamesClient({ error, status }: Answer, what: string): void {
  assert.ok(error !== null, `${what}: was not refused`);
  assert.ok(status >= 400 && status < 500, `${what}: ${status} ${error.id} ${error.message}`);
}

/** Whatever it is, it is not our mistake. */
export function assertNotOurs({ error, status }: Answer, what: string): void {
  assert.ok(status < 500, `${what}: ${status} ${error?.id} ${error?.message}`);
}

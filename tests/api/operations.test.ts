/** Operations on many documents: listed with how far they are, cancelled by an operator, ended with the client that alone wanted them. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { JSONObject } from "../../src/kernel/index.ts";
import { startServer, type TestServer } from "../../testing/index.ts";
import { http, until } from "./wire.ts";

const count = 20_000;
let server: TestServer;
const told: JSONObject[] = [];

before(async () => {
  server = await startServer({
    config: { "stats.enabled": false, "limits.documentsWriteCount": count },
    prepare: (backend) => backend.hook.register("operation:progress", (report) => void told.push(report as JSONObject)),
  });
  const { sdk } = server.backend;
  const mappings = { properties: { n: { type: "integer" as const }, tag: { type: "keyword" as const } } };
  await sdk.index.create("lib");
  await sdk.collection.create("lib", "books", { mappings });
  const text = "x".repeat(300);
  for (let at = 0; at < count; at += 5_000) {
    const bulkData = Array.from({ length: 5_000 }, (_, i) => [{ index: {} }, { n: at + i, tag: "old", text }]).flat();
    await sdk.bulk.import("lib", "books", bulkData);
  }
});

after(() => server?.close());

interface Listed extends JSONObject {
  readonly id: string;
  readonly action: string;
  readonly done: number;
  readonly total: number | null;
}

async function list(): Promise<readonly Listed[]> {
  const { result } = await http<{ operations: Listed[] }>(server, "GET", "/_operations");
  return result.operations;
}

const listed = (what: (operations: readonly Listed[]) => Listed | undefined): Promise<Listed> =>
  until(async () => what(await list()), "an operation to be listed");

const ofAction = (action: string) => (operations: readonly Listed[]) =>
  operations.find((one) => one.action === action && one.done > 0 && one.total !== null);

const allGone = () => until(async () => (await list()).length === 0, "the end of all operations");

const tagged = async (tag: string): Promise<number> =>
  (await http<{ count: number }>(server, "POST", "/lib/books/_count", { query: { term: { tag } } })).result.count;

test("an update of everything is listed with how far it is, and stops when it is cancelled", async () => {
  assert.deepEqual(await list(), []);
  const asked = http(server, "PATCH", "/lib/books/_bulk/_query", { query: {}, changes: { tag: "new" } });
  const { id, startedAt, ...running } = await listed(ofAction("bulk:updateByQuery"));
  assert.ok(Math.abs(Number(startedAt) - Date.now()) < 20_000);
  assert.ok(running.done > 0 && running.done < count && running.done % 1_000 === 0, `${running.done}`);
  const { done: _, ...rest } = running;
  assert.deepEqual(rest, {
    ...{ action: "bulk:updateByQuery", index: "lib", collection: "books", user: "-1" },
    ...{ total: count, unit: "documents", cancellable: true, state: "running" },
  });
  const cancelled = await http(server, "DELETE", `/_operations/${id}`);
  assert.deepEqual([cancelled.status, cancelled.result], [200, { acknowledge: true }]);
  const { status, error } = await asked;
  assert.equal(status, 412);
  assert.match(error?.message ?? "", /^bulk:updateByQuery was cancelled after \d+000 of 20000 documents/);
  const done = await tagged("new");
  assert.ok(done >= running.done && done < count, `${done} documents were updated`);
  assert.deepEqual(await list(), []);
  assert.equal((await http(server, "DELETE", `/_operations/${id}`)).status, 404);
});

test("an import of many documents is listed, a short one is not worth it", async () => {
  const lines = (length: number): unknown[] =>
    Array.from({ length }, (_, n) => [{ index: { _id: `i${n}` } }, { n, tag: "imported" }]).flat();
  const { sdk } = server.backend;
  await sdk.collection.create("lib", "imported", {});
  const asked = sdk.bulk.import("lib", "imported", lines(10_000) as never);
  const { total, user } = await listed(ofAction("bulk:import"));
  assert.deepEqual([total, user], [10_000, null]);
  assert.equal((await asked).errors.length, 0);
  assert.deepEqual(await list(), []);
});

test("an export that nobody reads any more ends with its client", async () => {
  const leaving = new AbortController();
  const response = await fetch(`${server.url}/lib/books/_export`, { method: "POST", signal: leaving.signal });
  assert.equal(response.status, 200);
  // Not read: it stands still when the buffers between are full.
  const { done, total } = await listed(ofAction("document:export"));
  assert.ok(done < count && total === count);
  leaving.abort();
  await allGone();
});

test("an export that is cancelled says so in its last line", async () => {
  const response = await fetch(`${server.url}/lib/books/_export`, { method: "POST" });
  const { id } = await listed(ofAction("document:export"));
  await http(server, "DELETE", `/_operations/${id}`);
  const lines = (await response.text()).trimEnd().split("\n");
  assert.ok(lines.length < count);
  assert.match(lines.at(-1) ?? "", /document:export was cancelled after \d+ of 20000 documents\./);
  assert.deepEqual(await list(), []);
});

test("whoever listens hears of long operations now and then, and of their end", async () => {
  told.length = 0;
  const response = await fetch(`${server.url}/lib/books/_export`, { method: "POST" });
  await listed(ofAction("document:export"));
  await sleep(1_100);
  await response.text();
  await allGone();
  const states = told.map(({ action, state }) => `${action} ${state}`);
  assert.deepEqual([...new Set(states)], ["document:export running", "document:export done"]);
  assert.equal(told.at(-1)?.done, count);
});

test("a collection that is indexed again is listed, and cannot be cancelled", async () => {
  const { sdk } = server.backend;
  const changed = sdk.collection.update("lib", "books", { mappings: { dynamic: "true" } });
  const { id, ...running } = await listed((operations) =>
    operations.find(({ action }) => action === "collection:reindex"),
  );
  assert.deepEqual([running.index, running.collection, running.cancellable], ["lib", "books", false]);
  const { status, error } = await http(server, "DELETE", `/_operations/${id}`);
  assert.equal(status, 412);
  assert.match(error?.message ?? "", /collection:reindex.*cannot be cancelled/);
  await changed;
  await allGone();
});

test("only who may use the controller admin may list and cancel", async () => {
  const guarded = await startServer({ data: ":memory:", config: { "stats.enabled": false } });
  try {
    const { sdk } = guarded.backend;
    await sdk.query({
      ...{ controller: "security", action: "createFirstAdmin", reset: true },
      body: { content: {}, credentials: { local: { username: "ada", password: "lovelace-1815" } } },
    });
    for (const [verb, path] of [
      ["GET", "/_operations"],
      ["DELETE", "/_operations/x"],
      ["POST", "/admin/_backup"],
    ] as const) {
      const { status } = await http(guarded, verb, path);
      assert.equal(status, 401, path);
    }
    const { jwt } = (
      await http<{ jwt: string }>(guarded, "POST", "/_login/local", { username: "ada", password: "lovelace-1815" })
    ).result;
    const answer = await http(guarded, "GET", "/_operations", undefined, { authorization: `Bearer ${jwt}` });
    assert.deepEqual(answer.result, { operations: [] });
  } finally {
    await guarded.close();
  }
});

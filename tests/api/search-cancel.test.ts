/** A search ends with the client that asked for it. Over HTTP and WebSocket, with the real server and its threads. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import WebSocket from "ws";
import { startServer, type TestServer } from "../../testing/index.ts";

const documents = 20_000;
const json = { "Content-Type": "application/json" };

/** Some hundred passes over all documents. */
const heavy = {
  aggs: Object.fromEntries(
    Array.from({ length: 150 }, (_, i) => [
      `a${i}`,
      { terms: { field: "n", size: 5 }, aggs: { s: { stats: { field: "n" } } } },
    ]),
  ),
};

async function start(t: TestContext): Promise<TestServer> {
  const server = await startServer();
  t.after(() => server.close());
  const { sdk } = server.backend;
  await sdk.index.create("lib");
  await sdk.collection.create("lib", "books", { mappings: { properties: { n: { type: "integer" } } } });
  const bulkData = Array.from({ length: documents }, (_, n) => [{ index: {} }, { n: n % 500 }]).flat();
  await sdk.bulk.import("lib", "books", bulkData);
  return server;
}

const search = (server: TestServer, body: object, signal?: AbortSignal): Promise<Response> =>
  fetch(`${server.url}/lib/books/_search`, {
    method: "POST",
    headers: json,
    body: JSON.stringify(body),
    signal: signal ?? null,
  });

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

test("searches whose clients are gone are stopped, and those that stay do not wait for them", async (t) => {
  const server = await start(t);
  await (await search(server, heavy)).text();
  const aloneMs = await timeOf(async () => assert.equal((await search(server, heavy)).status, 200));
  const gone = new AbortController();
  const abandoned = Array.from({ length: 12 }, () => search(server, heavy, gone.signal));
  // They run by turns, and the small one between them: it does not wait for any of them to end.
  const smallMs = await timeOf(async () =>
    assert.equal((await search(server, { query: { term: { n: 7 } } })).status, 200),
  );
  assert.ok(smallMs < aloneMs * 5, `a small search took ${smallMs} ms beside twelve large ones of ${aloneMs} ms`);
  gone.abort();
  await Promise.allSettled(abandoned);
  const thenMs = await timeOf(async () => assert.equal((await search(server, heavy)).status, 200));
  assert.ok(thenMs < aloneMs * 6, `${thenMs} ms, and ${aloneMs} ms alone: the abandoned ones went on`);

  const link = new WebSocket(server.url.replace("http", "ws"));
  await new Promise((resolve) => link.once("open", resolve));
  for (let i = 0; i < 12; i++)
    link.send(
      JSON.stringify({ controller: "document", action: "search", index: "lib", collection: "books", body: heavy }),
    );
  await search(server, { query: { term: { n: 7 } } });
  link.terminate();
  const lastMs = await timeOf(async () => assert.equal((await search(server, heavy)).status, 200));
  assert.ok(lastMs < aloneMs * 6, `${lastMs} ms, and ${aloneMs} ms alone: those of the closed WebSocket went on`);
});

test("searches of users whose clients are gone are stopped, too", async (t) => {
  const server = await startServer();
  t.after(() => server.close());
  const { sdk } = server.backend;
  const users = Object.fromEntries(
    Array.from({ length: 500 }, (_, n) => [`user${n}`, { content: { profileIds: ["default"], n } }]),
  );
  await sdk.query({
    controller: "security",
    action: "updateUserMapping",
    body: { properties: { n: { type: "integer" } } },
  });
  await sdk.query({ controller: "admin", action: "loadSecurities", body: { users } });
  const aggs = Object.fromEntries(
    Array.from({ length: 450 }, (_, i) => [
      `a${i}`,
      { terms: { field: "n", size: 5 }, aggs: { s: { stats: { field: "n" } } } },
    ]),
  );
  const searchUsers = (signal?: AbortSignal): Promise<Response> =>
    fetch(`${server.url}/users/_search`, {
      method: "POST",
      headers: json,
      body: JSON.stringify({ aggs }),
      signal: signal ?? null,
    });
  await (await searchUsers()).text();
  const aloneMs = await timeOf(async () => assert.equal((await searchUsers()).status, 200));
  const gone = new AbortController();
  const abandoned = Array.from({ length: 20 }, () => searchUsers(gone.signal));
  // They have begun: a small search by turns with them comes back first.
  assert.equal((await search(server, {})).status, 412, "there is no such collection");
  await timeOf(async () =>
    (await fetch(`${server.url}/users/_search`, { method: "POST", headers: json, body: "{}" })).text(),
  );
  gone.abort();
  await Promise.allSettled(abandoned);
  const thenMs = await timeOf(async () => assert.equal((await searchUsers()).status, 200));
  assert.ok(thenMs < aloneMs * 6, `${thenMs} ms, and ${aloneMs} ms alone: the abandoned ones went on`);
});

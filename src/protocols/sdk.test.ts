import assert from "node:assert/strict";
import { test } from "node:test";
import { Http, Kuzzle, WebSocket } from "kuzzle-sdk";
import { TableEntryPoint } from "../../testing/protocols/table-entry-point.ts";
import { startTestServer, type TestServer } from "../../testing/protocols/test-server.ts";
import { kerror } from "../kernel/index.ts";

/** What the HTTP protocol of the SDK builds its URLs from. */
const publicApi = {
  server: { now: { controller: "server", action: "now", http: [{ verb: "GET", url: "/_now" }] } },
  document: {
    get: { controller: "document", action: "get", http: [{ verb: "GET", url: "/:index/:collection/:_id" }] },
  },
};

async function start(t: { after(run: () => unknown): void }): Promise<TestServer> {
  const entryPoint: TableEntryPoint = new TableEntryPoint(
    {
      "server:now": () => ({ now: 1_700_000_000_000 }),
      "server:publicApi": () => publicApi,
      "document:get": (request) => {
        if (request.getId() === "missing") throw kerror("services.storage.not_found", "missing", "lib", "b");
        return { _id: request.getId(), _source: {}, _version: 1 };
      },
      "realtime:subscribe": (_, connection) => {
        server.webSocket.joinChannel("channel-1", connection.id);
        return { roomId: "room-1", channel: "channel-1" };
      },
    },
    [
      { verb: "GET", path: "/_publicApi", controller: "server", action: "publicApi" },
      { verb: "GET", path: "/_now", controller: "server", action: "now" },
      { verb: "GET", path: "/:index/:collection/:_id", controller: "document", action: "get" },
    ],
  );
  const server = await startTestServer({ entryPoint });
  t.after(() => server.stop());
  return server;
}

const protocols = {
  HTTP: (port: number) => new Http("127.0.0.1", { port }),
  WebSocket: (port: number) => new WebSocket("127.0.0.1", { port }),
};

for (const [name, create] of Object.entries(protocols)) {
  test(`${name}: the official SDK connects, asks and gets errors as its own`, async (t) => {
    const server = await start(t);
    const sdk = new Kuzzle(create(server.port), { volatile: { a: 1 } });
    t.after(() => sdk.disconnect());
    await sdk.connect();
    assert.equal(await sdk.server.now({}), 1_700_000_000_000);
    const response = await sdk.query({
      controller: "document",
      action: "get",
      index: "lib",
      collection: "b",
      _id: "é/1",
    });
    assert.equal((response.result as { _id: string })._id, "é/1");
    assert.equal((response.volatile as { a: number }).a, 1);
    const missing = sdk.query({ controller: "document", action: "get", index: "lib", collection: "b", _id: "missing" });
    await assert.rejects(missing, { status: 404, id: "services.storage.not_found" });
  });
}

test("WebSocket: the official SDK hears what is published on its channel", async (t) => {
  const server = await start(t);
  const sdk = new Kuzzle(new WebSocket("127.0.0.1", { port: server.port }));
  t.after(() => sdk.disconnect());
  await sdk.connect();
  const heard = new Promise<{ result: unknown }>((resolve) => {
    void sdk.realtime.subscribe("lib", "books", {}, resolve as never).then(() => {
      server.webSocket.broadcast({
        channels: ["channel-1"],
        payload: { type: "document", status: 200, action: "create", volatile: {}, result: { _id: "1" } },
      });
    });
  });
  assert.deepEqual((await heard).result, { _id: "1" });
});

/**
 * Each action of the controllers of documents and of administration through the official client, over HTTP and over WebSocket. An action that
 * joins one of these controllers needs a row in `sdk-rows/`.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { BaseRequest, Kuzzle } from "kuzzle-sdk";
import type { JSONObject, KuzzleRequest } from "../../src/kernel/index.ts";
import { connectHttp, connectWebSocket, startServer, type TestServer } from "../../testing/index.ts";
import { adminRows } from "./sdk-rows/admin-rows.ts";
import { bulkRows } from "./sdk-rows/bulk-rows.ts";
import { collectionRows } from "./sdk-rows/collection-rows.ts";
import { documentRows } from "./sdk-rows/document-rows.ts";
import { indexRows } from "./sdk-rows/index-rows.ts";
import { bookDocuments, bookProperties, type Place, type Rows } from "./sdk-rows/place.ts";

const tables: Readonly<Record<string, Rows>> = {
  admin: adminRows,
  bulk: bulkRows,
  collection: collectionRows,
  document: documentRows,
  index: indexRows,
};
const protocols = { http: connectHttp, websocket: connectWebSocket } as const;

/** What the server was asked, and by which protocol: `http document:create`. */
const seen = new Set<string>();
let shared: TestServer;

const start = (data = ":memory:"): Promise<TestServer> =>
  startServer({
    ...(data === "" ? {} : { data }),
    config: { "stats.enabled": false },
    prepare: (backend) => {
      backend.hook.register("request:afterExecution", ({ request }: { request: KuzzleRequest }) => {
        seen.add(`${request.context.connection.protocol} ${request.input.controller}:${request.input.action}`);
      });
    },
  });

before(async () => {
  shared = await start();
});

after(() => shared?.close());

for (const [controller, rows] of Object.entries(tables)) {
  for (const protocol of ["http", "websocket"] as const) {
    for (const [action, row] of Object.entries(rows)) {
      test(`${controller}:${action} does its work over ${protocol}`, async (t) => {
        // These may end the server, or empty it.
        const server = controller !== "admin" ? shared : await start(action === "backup" ? "" : ":memory:");
        if (server !== shared) t.after(() => server.close());
        const sdk = await protocols[protocol](server);
        t.after(() => sdk.disconnect());
        const index = `${controller}-${action}-${protocol}`.toLowerCase();
        await fill(server, index);
        const place: Place = { sdk, server, protocol, index, collection: "books" };
        await row(place);
        assert.ok(seen.has(`${protocol} ${controller}:${action}`), "the row never asked for its action");
      });
    }
  }
}

test("every action of these controllers has a row", async () => {
  const sdk: Kuzzle = await connectHttp(shared);
  const { result } = await sdk.query<BaseRequest, Readonly<Record<string, JSONObject>>>({
    controller: "server",
    action: "publicApi",
  });
  for (const [controller, rows] of Object.entries(tables)) {
    assert.deepEqual(Object.keys(result[controller] ?? {}).sort(), Object.keys(rows).sort(), controller);
  }
});

async function fill({ backend }: TestServer, index: string): Promise<void> {
  const target = { index, collection: "books" };
  const mappings = { properties: bookProperties };
  await backend.sdk.query({ controller: "collection", action: "create", ...target, body: { mappings } });
  const body = { documents: bookDocuments };
  await backend.sdk.query({ controller: "document", action: "mCreate", ...target, body });
}

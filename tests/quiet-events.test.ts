/** Events that only some plugins care for: they are fired when somebody listens (contract/plugins/events.yaml). */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { JSONObject } from "../src/kernel/index.ts";
import { connectWebSocket, startServer } from "../testing/index.ts";
import { until } from "./api/wire.ts";

test("subscribing and leaving fire the deprecated events of the rooms", async () => {
  const seen: [string, JSONObject][] = [];
  await using server = await startServer({
    data: ":memory:",
    prepare: (backend) => {
      for (const event of ["core:hotelClerk:addSubscription", "core:hotelClerk:removeRoomForCustomer"]) {
        backend.pipe.register(event, async (payload: JSONObject) => {
          seen.push([event, payload]);
          throw new Error("nobody waits for this answer");
        });
      }
    },
  });
  const sdk = await connectWebSocket(server);
  const roomId = await sdk.realtime.subscribe("lib", "books", { exists: "title" }, () => {});
  await sdk.realtime.unsubscribe(roomId);
  await until(() => seen.length === 2, "both events");
  const [[, added], [, left]] = seen as [[string, JSONObject], [string, JSONObject]];
  const { connectionId, roomId: room, ...rest } = added;
  assert.deepEqual(rest, { changed: true, collection: "books", filters: { exists: "title" }, index: "lib" });
  assert.deepEqual(left, {
    requestContext: { connection: { id: connectionId } },
    room: { collection: "books", id: room, index: "lib" },
  });
  sdk.disconnect();
});

test("what the storage engine refuses is told, with what it was asked", async () => {
  const seen: JSONObject[] = [];
  await using server = await startServer({
    data: ":memory:",
    prepare: (backend) => backend.hook.register("services:storage:error", (failure: JSONObject) => seen.push(failure)),
  });
  const { sdk } = server.backend;
  await sdk.index.create("lib");
  await sdk.collection.create("lib", "books", { mappings: { properties: { title: { type: "keyword" } } } });
  await assert.rejects(
    sdk.collection.update("lib", "books", { mappings: { properties: { title: { type: "long" } } } }),
  );
  await until(() => seen.length > 0, "the event");
  assert.deepEqual(seen[0]?.meta, { method: "updateMappings", index: "lib", collection: "books" });
  assert.match(String(seen[0]?.message), /title/);
  assert.equal(typeof seen[0]?.stack, "string");
});

test("a notification for a callback of the embedded SDK is told on its way", async () => {
  const seen: { channels: string[]; payload: JSONObject }[] = [];
  await using server = await startServer({
    data: ":memory:",
    prepare: (backend) =>
      backend.hook.register("core:network:internal:message", (message) => seen.push(message as (typeof seen)[number])),
  });
  const { sdk } = server.backend;
  const heard = Promise.withResolvers<void>();
  await sdk.realtime.subscribe("lib", "books", {}, () => heard.resolve());
  await sdk.realtime.publish("lib", "books", { title: "Emma" });
  await heard.promise;
  assert.equal(seen.length, 1);
  assert.equal(seen[0]?.channels.length, 1);
  assert.equal(seen[0]?.payload.index, "lib");
});

/** Rooms, channels and what is told on them (contract/realtime.md, api/realtime.yaml). */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import { connectWebSocket, startServer, type TestServer } from "../../testing/index.ts";
import { assertMembers, http, Line, until } from "./wire.ts";

interface Subscribed {
  readonly roomId: string;
  readonly channel: string;
}

let server: TestServer;
let line: Line;
const hooks: [event: string, payload: JSONObject][] = [];

before(async () => {
  server = await startServer({
    data: ":memory:",
    prepare: (backend) => {
      for (const event of [
        "core:realtime:user:subscribe:after",
        "core:realtime:user:unsubscribe:after",
        "core:realtime:room:create:after",
        "core:notify:document",
      ]) {
        backend.hook.register(event, (payload: JSONObject) => {
          hooks.push([event, payload]);
        });
      }
    },
  });
  line = await Line.open(server);
});

after(async () => {
  await line?.[Symbol.asyncDispose]();
  await server?.close();
});

let count = 0;
/** A collection that no other test has; nothing is stored under that name. */
const place = (): { index: string; collection: string } => ({ index: "live", collection: `c${++count}` });
const subscribe = (who: Line, request: JSONObject) =>
  who.result<Subscribed>({ controller: "realtime", action: "subscribe", body: {}, ...request });
const publish = (request: JSONObject) =>
  line.result({ controller: "realtime", action: "publish", body: {}, ...request });

test("a message reaches who subscribed to what it matches, with exactly the members of the contract", async () => {
  const at = place();
  await using own = await Line.open(server);
  const { roomId, channel } = await subscribe(own, { ...at, body: { equals: { a: 1 } } });
  assert.ok(channel.startsWith(`${roomId}-`));
  await publish({ ...at, body: { a: 2 } });
  const published = await publish({
    ...at,
    body: { a: 1, _kuzzle_info: { author: "mallory" } },
    volatile: { from: "me" },
  });
  assert.deepEqual(published, { published: true });
  const [notification] = await own.take(1);
  const { requestId, timestamp, result, ...rest } = notification as JSONObject;
  assert.deepEqual(rest, {
    type: "document",
    status: 200,
    event: "publish",
    action: "publish",
    controller: "realtime",
    scope: "in",
    ...at,
    protocol: "websocket",
    volatile: { from: "me" },
    node: server.backend.nodeId,
    room: channel,
  });
  assert.ok(typeof requestId === "string" && typeof timestamp === "number");
  assertMembers(result, ["_source"]);
  const { _kuzzle_info: info, ...content } = (result as { _source: JSONObject })._source;
  assert.deepEqual(content, { a: 1 });
  assertMembers(info, ["author", "createdAt"]);
  assert.equal((info as JSONObject).author, "-1");
  await http(server, "POST", `/${at.index}/${at.collection}/_publish?_id=mine`, { a: 1 });
  const [overHttp] = await own.take(1);
  assert.deepEqual([overHttp?.protocol, overHttp?.result._id], ["http", "mine"]);
});

test("a message may be found by the id it carries", async () => {
  const at = place();
  await using own = await Line.open(server);
  await subscribe(own, { ...at, body: { ids: { values: ["x"] } } });
  await publish({ ...at, _id: "y" });
  await publish({ ...at, _id: "x" });
  await publish(at);
  await publish({ ...at, _id: "x" });
  assert.deepEqual(
    (await own.take(2)).map(({ result }) => result._id),
    ["x", "x"],
  );
});

test("equal filters share a room, equal options a channel; a second channel is a second message", async () => {
  const at = place();
  await using own = await Line.open(server);
  const first = await subscribe(own, { ...at, body: { and: [{ equals: { a: 1 } }, { exists: "b" }] } });
  const again = await subscribe(own, { ...at, body: { and: [{ exists: "b" }, { equals: { a: 1 } }] } });
  assert.deepEqual(again, first);
  const other = await subscribe(own, { ...at, body: { and: [{ equals: { a: 1 } }, { exists: "b" }] }, users: "all" });
  assert.equal(other.roomId, first.roomId);
  assert.notEqual(other.channel, first.channel);
  await publish({ ...at, body: { a: 1, b: 1 } });
  assert.deepEqual((await own.take(2)).map(({ room }) => room).sort(), [first.channel, other.channel].sort());
  const { result } = await line.ask({ controller: "realtime", action: "count", body: { roomId: first.roomId } });
  assert.deepEqual(result, { count: 1 });
  const left = await own.result({ controller: "realtime", action: "unsubscribe", body: { roomId: first.roomId } });
  assert.deepEqual(left, { roomId: first.roomId });
  const gone = await line.ask({ controller: "realtime", action: "count", body: { roomId: first.roomId } });
  assert.deepEqual(gone.result, { count: 0 });
  assert.equal(
    (await own.refusal({ controller: "realtime", action: "unsubscribe", body: { roomId: first.roomId } })).id,
    "core.realtime.not_subscribed",
  );
});

test("users in and out are told to those who asked, not to who comes and goes", async () => {
  const at = place();
  await using watcher = await Line.open(server);
  await using blind = await Line.open(server);
  const { channel, roomId } = await subscribe(watcher, { ...at, users: "all" });
  const { channel: outOnly } = await subscribe(watcher, { ...at, users: "out" });
  await subscribe(blind, at);
  const guest = await Line.open(server);
  const volatile = { name: "guest" };
  await guest.result({ controller: "realtime", action: "join", body: { roomId }, users: "all", volatile });
  await guest[Symbol.asyncDispose]();
  const told = await watcher.take(4);
  const user = {
    type: "user",
    status: 200,
    controller: "realtime",
    ...at,
    protocol: "websocket",
    node: server.backend.nodeId,
  };
  assert.deepEqual(
    told.map(({ timestamp, ...rest }) => {
      assert.ok(typeof timestamp === "number");
      return rest;
    }),
    [
      { ...user, user: "in", action: "subscribe", volatile: null, result: { count: 2 }, room: channel },
      { ...user, user: "in", action: "join", volatile, result: { count: 3 }, room: channel },
      { ...user, user: "out", action: "unsubscribe", volatile, result: { count: 2 }, room: told[2]?.room },
      { ...user, user: "out", action: "unsubscribe", volatile, result: { count: 2 }, room: told[3]?.room },
    ],
  );
  assert.deepEqual([told[2]?.room, told[3]?.room].sort(), [channel, outOnly].sort());
  assert.deepEqual(blind.notifications, []);
});

test("the scope chooses what is heard of documents", async () => {
  const at = { index: "scopes", collection: "c" };
  await line.result({ controller: "collection", action: "create", ...at });
  const lines: Line[] = [];
  for (const scope of ["all", "in", "out", "none"]) {
    const own = await Line.open(server);
    lines.push(own);
    await subscribe(own, { ...at, scope, body: { equals: { a: 1 } } });
  }
  const document = { controller: "document", ...at, _id: "x" };
  await line.result({ ...document, action: "create", body: { a: 1 } });
  await line.result({ ...document, action: "update", body: { a: 2 } });
  await line.result({ ...document, action: "update", body: { a: 1 } });
  await line.result({ ...document, action: "delete" });
  await until(() => lines[0]?.notifications.length === 4, "everything to be told");
  assert.deepEqual(
    lines.map(({ notifications }) => notifications.map(({ action, scope }) => `${action} ${scope}`)),
    [
      ["create in", "update out", "update in", "delete out"],
      ["create in", "update in"],
      ["update out", "delete out"],
      [],
    ],
  );
  for (const one of lines) await one[Symbol.asyncDispose]();
});

test("an invalid scope leaves no room behind", async () => {
  const at = place();
  await line.refusal({ controller: "realtime", action: "subscribe", ...at, body: {}, scope: "x" });
  const { result } = await line.ask<Record<string, JSONObject>>({ controller: "realtime", action: "list" });
  assert.equal(result[at.index]?.[at.collection], undefined);
});

test("list tells rooms and how many are in them; the collection list tells realtime ones", async () => {
  const at = place();
  await using own = await Line.open(server);
  const { roomId } = await subscribe(own, at);
  const { result } = await http<Record<string, JSONObject>>(server, "GET", "/_listSubscriptions");
  assert.deepEqual(result[at.index]?.[at.collection], { [roomId]: 1 });
  const listed = await line.result({ controller: "collection", action: "list", index: at.index, type: "realtime" });
  assert.deepEqual(listed, { type: "realtime", collections: [{ name: at.collection, type: "realtime" }] });
});

test("a subscription over HTTP ends with its request", async () => {
  const at = place();
  const body = { controller: "realtime", action: "subscribe", ...at, body: {} };
  const { status, result } = await http<Subscribed>(server, "POST", "/_query", body);
  assert.deepEqual([status, typeof result.roomId], [200, "string"]);
  const counted = await line.ask({ controller: "realtime", action: "count", body: { roomId: result.roomId } });
  assert.deepEqual(counted.result, { count: 0 });
});

test("hooks are told of subscriptions, rooms and notifications", async () => {
  hooks.length = 0;
  const at = place();
  await using own = await Line.open(server);
  const filters = { equals: { a: 1 } };
  const { roomId } = await subscribe(own, { ...at, body: filters });
  await publish({ ...at, body: { a: 1 } });
  await own.result({ controller: "realtime", action: "unsubscribe", body: { roomId } });
  await until(() => hooks.length === 4, "four hooks");
  assert.deepEqual(
    hooks.map(([event]) => event),
    [
      "core:realtime:room:create:after",
      "core:realtime:user:subscribe:after",
      "core:notify:document",
      "core:realtime:user:unsubscribe:after",
    ],
  );
  const [created, subscribed, notified, left] = hooks.map(([, payload]) => payload);
  assert.deepEqual(created, { ...at, roomId });
  const { connectionId, ...rest } = subscribed as JSONObject;
  assert.deepEqual(rest, { roomId, ...at, filters, kuid: "-1" });
  assert.deepEqual((notified as JSONObject).rooms, [roomId]);
  assert.deepEqual((left as JSONObject).subscription, { connectionId, roomId, ...at, kuid: "-1" });
  assert.deepEqual((left as JSONObject).room, { id: roomId, ...at });
});

test("the official client hears of documents and of users", async () => {
  const at = { index: "official", collection: "c" };
  await line.result({ controller: "collection", action: "create", ...at });
  const kuzzle = await connectWebSocket(server);
  const heard: unknown[] = [];
  await kuzzle.realtime.subscribe(
    at.index,
    at.collection,
    { exists: "a" },
    (notification) => {
      heard.push([notification.type, (notification as unknown as JSONObject).action]);
    },
    { users: "all" as never }, // an enum that exists in the types only
  );
  await subscribe(line, { ...at, body: { exists: "a" } });
  await line.result({ controller: "document", action: "create", ...at, _id: "x", body: { a: 1 } });
  await until(() => heard.length === 2, "two notifications");
  assert.deepEqual(heard, [
    ["user", "subscribe"],
    ["document", "create"],
  ]);
  kuzzle.disconnect();
});

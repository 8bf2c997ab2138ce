import assert from "node:assert/strict";
import { test } from "node:test";
import { Events } from "../events/index.ts";
import { type JSONObject, type KuzzleError, KuzzleRequest, silentLogger } from "../kernel/index.ts";
import { createLocalBus } from "../stores/bus/index.ts";
import type { Content } from "./notifications.ts";
import { parseOptions } from "./options.ts";
import { Realtime, type RealtimeLimits } from "./realtime.ts";

interface Heard {
  readonly connectionId: string;
  readonly room: string;
  readonly payload: JSONObject;
}

/** A realtime room whose protocol keeps what each member of a channel hears. */
function make(limits: Partial<RealtimeLimits> = {}, clock = { now: () => 1_000 }) {
  const heard: Heard[] = [];
  const members = new Map<string, Set<string>>();
  const events = new Events({ log: silentLogger, limits: { maxConcurrent: 50, bufferSize: 100 } });
  const realtime = new Realtime({
    nodeId: "n1",
    log: silentLogger,
    clock,
    events,
    bus: createLocalBus(silentLogger),
    limits: { subscriptionConditionsCount: 100, subscriptionRooms: 0, subscriptionDocumentTTL: 0, ...limits },
    regExpEngine: "re2",
    delivery: {
      broadcast: ({ channels, payload }) => {
        for (const room of channels)
          for (const connectionId of members.get(room) ?? []) heard.push({ connectionId, room, payload });
      },
      notify: ({ channels, connectionId, payload }) => {
        for (const room of channels) heard.push({ connectionId, room, payload });
      },
      joinChannel: (channel, id) => void members.set(channel, (members.get(channel) ?? new Set()).add(id)),
      leaveChannel: (channel, id) => void members.get(channel)?.delete(id),
    },
  });
  const books = { index: "lib", collection: "books" };
  const subscribe = (connectionId: string, filter: unknown, scope: unknown = "all", users: unknown = "none") =>
    realtime.subscribe(
      { connectionId, protocol: "websocket", kuid: null, volatile: { from: connectionId } },
      books,
      filter,
      parseOptions(scope, users),
    );
  const write = (action: Content["action"], id: string, source: JSONObject) =>
    realtime.publish(
      new KuzzleRequest({ controller: "document", action, requestId: "r1", timestamp: 5 }),
      "lib",
      "books",
      [{ action, id, source }],
    );
  const take = () =>
    heard
      .splice(0)
      .map(({ connectionId, payload }) => `${connectionId} ${payload.action} ${payload.scope ?? payload.user}`);
  return { realtime, events, heard, subscribe, write, take, members };
}

test("a subscriber hears of matching documents, and of no others", () => {
  const { subscribe, write, take } = make();
  subscribe("a", { equals: { lang: "fr" } });
  write("create", "1", { lang: "fr" });
  write("create", "2", { lang: "en" });
  assert.deepEqual(take(), ["a create in"]);
});

test("a document that stops matching leaves the room, once", () => {
  const { subscribe, write, take } = make();
  subscribe("a", { range: { age: { gte: 18 } } });
  write("create", "1", { age: 20 });
  write("update", "1", { age: 10 });
  write("update", "1", { age: 9 });
  write("update", "1", { age: 30 });
  write("delete", "1", { age: 30 });
  assert.deepEqual(take(), ["a create in", "a update out", "a update in", "a delete out"]);
});

test("the memory of a document's rooms ends with its time", () => {
  let now = 0;
  const { subscribe, write, take } = make({ subscriptionDocumentTTL: 100 }, { now: () => now });
  subscribe("a", { exists: "age" });
  write("create", "1", { age: 20 });
  now = 200;
  write("update", "1", {});
  assert.deepEqual(take(), ["a create in"]);
});

test("scopes and messages: a message counts as in", () => {
  const { subscribe, write, take } = make();
  subscribe("in", {}, "in");
  subscribe("out", {}, "out");
  subscribe("none", {}, "none");
  write("create", "1", {});
  write("delete", "1", {});
  write("publish", "x", {});
  assert.deepEqual(take(), ["in create in", "out delete out", "in publish in"]);
});

test("equal filters share a room, other options only another channel", () => {
  const { realtime, subscribe, write, heard } = make();
  const first = subscribe("a", { and: [{ equals: { x: 1 } }, { exists: "y" }] });
  const second = subscribe("b", { and: [{ exists: { field: "y" } }, { equals: { x: 1 } }] });
  const third = subscribe("a", { and: [{ equals: { x: 1 } }, { exists: "y" }] }, "in");
  assert.equal(first.roomId, second.roomId);
  assert.equal(first.channel, second.channel);
  assert.equal(third.roomId, first.roomId);
  assert.notEqual(third.channel, first.channel);
  assert.equal(realtime.count(first.roomId), 2);
  write("create", "1", { x: 1, y: 1 });
  assert.equal(heard.length, 3);
});

test("channels of users out and none are not the same", () => {
  const { subscribe } = make();
  assert.notEqual(subscribe("a", {}, "all", "none").channel, subscribe("b", {}, "all", "out").channel);
  assert.match(subscribe("a", {}).channel, /-311$/);
});

test("others hear who comes and goes, and nobody hears of himself", () => {
  const { realtime, subscribe, heard } = make();
  subscribe("a", {}, "none", "all");
  const { roomId } = subscribe("b", {}, "none", "all");
  realtime.unsubscribe("b", roomId);
  assert.deepEqual(
    heard.map(({ connectionId, payload }) => [
      connectionId,
      payload.user,
      payload.action,
      payload.result,
      payload.volatile,
    ]),
    [
      ["a", "in", "subscribe", { count: 2 }, { from: "b" }],
      ["a", "out", "unsubscribe", { count: 1 }, { from: "b" }],
    ],
  );
  heard.splice(0);
  subscribe("a", {}, "none", "all");
  assert.deepEqual(heard, [], "subscribing again changes nothing");
});

test("a connection that goes leaves every room, and the last one takes the room with it", () => {
  const { realtime, subscribe, members } = make();
  const { roomId, channel } = subscribe("a", {});
  subscribe("a", { exists: "x" });
  assert.equal(realtime.watches("lib", "books"), true);
  realtime.removeConnection("a");
  assert.equal(realtime.watches("lib", "books"), false);
  assert.equal(members.get(channel)?.size, 0);
  assert.equal(realtime.count(roomId), 0);
  assert.deepEqual(Object.keys(realtime.list()), []);
  assert.deepEqual(realtime.metrics(), { rooms: 0, subscriptions: 0 });
  assert.throws(
    () => realtime.unsubscribe("a", roomId),
    (error: KuzzleError) => error.id === "core.realtime.not_subscribed",
  );
});

test("limits, bad filters and bad options have their own errors", () => {
  const { subscribe, realtime } = make({ subscriptionRooms: 1, subscriptionConditionsCount: 2 });
  const id = (run: () => unknown): string | undefined => {
    try {
      run();
      return undefined;
    } catch (error) {
      return (error as KuzzleError).id;
    }
  };
  assert.equal(
    id(() => subscribe("a", { in: { x: ["1", "2", "3"] } })),
    "api.assert.koncorde_dsl_error",
  );
  assert.equal(
    id(() => subscribe("a", {}, "some")),
    "core.realtime.invalid_scope",
  );
  assert.equal(
    id(() => subscribe("a", {}, "all", null)),
    "core.realtime.invalid_users",
  );
  subscribe("a", {});
  assert.equal(
    id(() => subscribe("b", {})),
    undefined,
    "a known room is no new one",
  );
  assert.equal(
    id(() => subscribe("a", { exists: "x" })),
    "core.realtime.too_many_rooms",
  );
  assert.equal(
    id(() => realtime.room("nope")),
    "core.realtime.room_not_found",
  );
});

test("an expired token is told on the server channel, and ends the subscriptions", () => {
  const { realtime, subscribe, heard, write } = make();
  subscribe("a", {});
  realtime.expireToken(["a"]);
  write("create", "1", {});
  assert.equal(heard.length, 1);
  assert.equal(heard[0]?.room, "kuzzle:notification:server");
  assert.equal(heard[0]?.payload.message, "Authentication Token Expired");
});

test("pipes on notifications may change and drop them, and keep their order", async () => {
  const { events, subscribe, write, heard } = make();
  subscribe("a", {});
  events.registerPipe({
    owner: "p",
    event: "notify:document",
    order: 0,
    warnMs: 0,
    deadlineMs: 0,
    run: async ([notification]) => {
      const { result } = notification as { result: { _id: string } };
      if (result._id === "1") await new Promise((done) => setTimeout(done, 5));
      if (result._id === "2") throw new Error("not this one");
      return { ...(notification as JSONObject), stamped: true };
    },
  });
  for (const id of ["1", "2", "3"]) write("create", id, {});
  const deadline = Date.now() + 2_000;
  while (heard.length < 2 && Date.now() < deadline) await new Promise(setImmediate);
  assert.deepEqual(
    heard.map(({ payload }) => [(payload.result as { _id: string })._id, payload.stamped]),
    [
      ["1", true],
      ["3", true],
    ],
  );
});

/** What becomes of the answers of pipes, and what hooks are told, event by event (contract/plugins/events.yaml). */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { ForbiddenError, type JSONObject, KuzzleRequest } from "../../src/kernel/index.ts";
import type { TestServer } from "../../testing/index.ts";
import { openWhole, startWhole, type WholeServer } from "../../testing/plugins/whole-server.ts";
import { http, Line, until } from "../api/wire.ts";

type Payload = readonly unknown[];

let whole: WholeServer;
let server: TestServer;
let line: Line;
/** What the pipe on an event does, in the test that sets it. */
const pipes = new Map<string, (...args: never[]) => unknown>();
/** What hooks heard, in order. */
let heard: { event: string; args: Payload }[] = [];

const piped = [
  "http:get",
  "protocol:http:beforeParsingPayload",
  "protocol:http:afterParsingPayload",
  "protocol:websocket:beforeParsingPayload",
  "protocol:websocket:afterParsingPayload",
  "request:beforeExecution",
  "request:onAuthorized",
  "request:onUnauthorized",
  "request:onExecution",
  "request:onSuccess",
  "request:onError",
  "request:afterExecution",
  "server:beforeNow",
  "server:afterNow",
  "notify:document",
  "notify:user",
  "notify:dispatch",
  "core:realtime:notification:dispatch:before",
  "core:hotelClerk:addSubscription",
  "room:remove",
];

const hooked = [
  "kuzzle:start",
  "kuzzle:state:live",
  "kuzzle:state:ready",
  "kuzzle:state:change",
  "core:kuzzleStart",
  "connection:new",
  "connection:remove",
  "core:realtime:room:create:after",
  "core:realtime:room:remove:before",
  "core:realtime:user:subscribe:after",
  "core:realtime:user:unsubscribe:after",
  "core:hotelClerk:addSubscription",
  "core:hotelClerk:removeRoomForCustomer",
  "room:new",
  "room:remove",
  "core:notify:document",
  "core:notify:user",
  "notify:document",
  "core:storage:index:create:after",
  "core:storage:index:delete:after",
  "core:storage:index:mDelete:after",
  "core:storage:collection:create:after",
  "core:storage:collection:delete:after",
  "request:onSuccess",
  "log:info",
];

before(async () => {
  whole = await openWhole({
    prepare: (app) => {
      for (const event of piped) {
        app.pipe.register(event, async (...args: never[]) => {
          const act = pipes.get(event);
          return act === undefined ? args[0] : act(...args);
        });
      }
      for (const event of hooked)
        app.hook.register(
          event,
          (...args: never[]) => void heard.push({ event: args.at(-1) ?? "", args: args.slice(0, -1) }),
        );
    },
  });
  server = whole.server;
  line = await Line.open(server);
  await line.result({ controller: "index", action: "create", index: "lib" });
  await line.result({ controller: "collection", action: "create", index: "lib", collection: "books" });
});

let atStart: string[];

beforeEach(() => {
  atStart ??= heard.map(({ event }) => event);
  pipes.clear();
  heard = [];
});

after(async () => {
  await line?.[Symbol.asyncDispose]();
  await whole?.close();
});

const now = { controller: "server", action: "now" };
const told = (event: string): unknown => heard.find((one) => one.event === event)?.args[0];

async function toldIn<T = JSONObject>(event: string): Promise<T> {
  await until(() => heard.some((one) => one.event === event), event);
  return told(event) as T;
}

test("the start tells its steps in order", () => {
  const steps = ["kuzzle:start", "kuzzle:state:live", "kuzzle:state:change", "kuzzle:state:ready", "core:kuzzleStart"];
  assert.deepEqual(
    atStart.filter((event) => steps.includes(event)),
    steps,
  );
});

test("http:<verb>: another request is served in the place of the client's, an error is its answer", async () => {
  pipes.set("http:get", (request: KuzzleRequest) =>
    Object.assign(
      new KuzzleRequest({ controller: "server", action: "healthCheck" }, { connection: request.context.connection }),
    ),
  );
  assert.equal((await http(server, "GET", "/_now")).result.status, "green");
  pipes.set("http:get", async () => Promise.reject(new ForbiddenError("closed")));
  const { status, error } = await http(server, "GET", "/_now");
  assert.deepEqual([status, error?.message], [403, "closed"]);
});

test("protocol:http: the payload before and after its parsing is what the pipe makes of it", async () => {
  pipes.set("protocol:http:beforeParsingPayload", (given: { payload: Buffer }) => ({
    ...given,
    payload: Buffer.from(given.payload.toString().replace("nonsense", "now")),
  }));
  const answered = await http(server, "POST", "/_query", { controller: "server", action: "nonsense" });
  assert.equal(typeof answered.result.now, "number");
  pipes.clear();
  pipes.set("protocol:http:afterParsingPayload", (given: { payload: JSONObject }) => ({
    ...given,
    payload: { ...given.payload, action: "now" },
  }));
  assert.equal(
    typeof (await http(server, "POST", "/_query", { controller: "server", action: "x" })).result.now,
    "number",
  );
  pipes.set("protocol:http:afterParsingPayload", () => {
    throw new ForbiddenError("unread");
  });
  assert.partialDeepStrictEqual(await http(server, "POST", "/_query", now), { status: 403, message: "unread" });
});

test("protocol:websocket: the payload before and after its parsing is what the pipe makes of it", async () => {
  pipes.set("protocol:websocket:beforeParsingPayload", (given: { payload: string }) => ({
    ...given,
    payload: given.payload.replace("nonsense", "now"),
  }));
  assert.equal(typeof (await line.result({ ...now, action: "nonsense" })).now, "number");
  pipes.clear();
  pipes.set("protocol:websocket:afterParsingPayload", (given: { payload: JSONObject }) => ({
    ...given,
    payload: { ...given.payload, action: "now" },
  }));
  assert.equal(typeof (await line.result({ ...now, action: "x" })).now, "number");
});

for (const event of ["request:beforeExecution", "request:onAuthorized", "request:onExecution", "server:beforeNow"]) {
  test(`${event}: another request goes on in the place of the one received, and an error refuses`, async () => {
    pipes.set(event, (request: KuzzleRequest) => {
      const other = new KuzzleRequest({ ...now, requestId: request.id, marked: true }, { ...request.context });
      return other;
    });
    let seen: unknown;
    pipes.set("server:afterNow", (request: KuzzleRequest) => {
      seen = request.input.args.marked;
      return request;
    });
    assert.equal((await line.ask(now)).status, 200);
    assert.equal(seen, true);
    pipes.set(event, () => {
      throw new ForbiddenError("not now");
    });
    assert.equal((await line.ask(now)).error?.message, "not now");
  });
}

for (const event of ["server:afterNow", "request:onSuccess"]) {
  test(`${event}: the answer is that of the request which the pipe answers`, async () => {
    pipes.set(event, (request: KuzzleRequest) => {
      const other = new KuzzleRequest({ ...now, requestId: request.id });
      other.setResult({ from: event });
      return other;
    });
    assert.deepEqual(await line.result(now), { from: event });
  });
}

test("request:onUnauthorized: what is answered counts for nothing, an error replaces the refusal", async (t) => {
  const own = await startWhole(t, {
    prepare: (app) => {
      let turn = 0;
      app.pipe.register("request:onUnauthorized", (async (request: KuzzleRequest) => {
        assert.ok(request.error !== null);
        if (turn++ > 0) throw new ForbiddenError("another refusal");
        return undefined;
      }) as never);
    },
  });
  const secret = { username: "ada", password: "correct horse" };
  await http(own.server, "POST", "/_createFirstAdmin/ada?reset=true", { content: {}, credentials: { local: secret } });
  assert.equal((await http(own.server, "GET", "/users/x")).error?.id, "security.rights.unauthorized");
  const { status, error } = await http(own.server, "GET", "/users/x");
  assert.deepEqual([status, error?.message], [403, "another refusal"]);
});

const missing = { controller: "document", action: "get", index: "lib", collection: "books", _id: "nobody" };

test("request:onError: another request recovers, the same one does not", async () => {
  pipes.set("request:onError", (request: KuzzleRequest) => request);
  assert.equal((await line.ask(missing)).status, 404);
  pipes.set("request:onError", (request: KuzzleRequest) => {
    const other = new KuzzleRequest({ controller: "a", action: "b", requestId: request.id });
    other.setResult("instead");
    return other;
  });
  assert.equal(await line.result<unknown>(missing), "instead");
});

test("request:afterExecution: its result is the answer of a success, its error that of a failure", async () => {
  pipes.set(
    "request:afterExecution",
    (outcome: { result: KuzzleRequest; request: KuzzleRequest; success: boolean }) => {
      if (!outcome.success) return { ...outcome, error: new ForbiddenError("in the end") };
      const other = new KuzzleRequest({ ...now, requestId: outcome.request.id });
      other.setResult("at last");
      return { ...outcome, result: other };
    },
  );
  assert.equal(await line.result<unknown>(now), "at last");
  const { status, error } = await line.ask(missing);
  assert.deepEqual([status, error?.message], [403, "in the end"]);
});

test("notify: a notification is what the pipes make of it, in turn, and an error drops it", async () => {
  await using client = await Line.open(server);
  const books = { index: "lib", collection: "books" };
  const subscribed = await client.result<{ channel: string }>({
    controller: "realtime",
    action: "subscribe",
    ...books,
    body: { exists: "n" },
  });
  const add = (mark: string) => (notification: JSONObject) => ({
    ...notification,
    marks: [...((notification.marks as string[]) ?? []), mark],
  });
  pipes.set("notify:document", add("document"));
  pipes.set("notify:dispatch", add("dispatch"));
  pipes.set(
    "core:realtime:notification:dispatch:before",
    (given: { notification: JSONObject; channels: string[] }) => ({
      ...given,
      notification: add(`${given.channels.join() === subscribed.channel}`)(given.notification),
    }),
  );
  const create = (_id: string) =>
    line.result({ controller: "document", action: "create", ...books, _id, body: { n: 1 } });
  await create("n1");
  assert.deepEqual((await client.take(1))[0]?.marks, ["document", "dispatch", "true"]);
  pipes.set("notify:document", () => {
    throw new Error("dropped");
  });
  await create("n2");
  pipes.clear();
  pipes.set("core:realtime:notification:dispatch:before", (given: object) => ({ ...given, channels: [] }));
  await create("n3");
  pipes.clear();
  await create("n4");
  assert.deepEqual(
    (await client.take(1)).map(({ result }) => result._id),
    ["n4"],
    "one was dropped, one went nowhere",
  );
  assert.ok(whole.log.some(({ level }) => level === "error" || level === "warn"));
});

test("what pipes answer on deprecated events of rooms counts for nothing", async () => {
  pipes.set("core:hotelClerk:addSubscription", () => ({ roomId: "other" }));
  pipes.set("room:remove", () => "other");
  const subscribe = {
    controller: "realtime",
    action: "subscribe",
    index: "lib",
    collection: "books",
    body: { equals: { a: 9 } },
  };
  const { roomId } = await line.result<{ roomId: string }>(subscribe);
  assert.deepEqual(await line.result({ controller: "realtime", action: "unsubscribe", body: { roomId } }), { roomId });
});

test("rooms and subscriptions are told with all that names them", async () => {
  const subscribe = {
    controller: "realtime",
    action: "subscribe",
    index: "lib",
    collection: "books",
    body: { equals: { room: 1 } },
  };
  const { roomId } = await line.result<{ roomId: string }>(subscribe);
  await line.result({ controller: "realtime", action: "unsubscribe", body: { roomId } });
  await until(() => heard.some(({ event }) => event === "core:hotelClerk:removeRoomForCustomer"), "the last event");
  const place = { index: "lib", collection: "books" };
  assert.partialDeepStrictEqual(told("core:realtime:room:create:after"), { ...place, roomId });
  assert.partialDeepStrictEqual(told("room:new"), { ...place, roomId });
  const subscription = { ...place, roomId, kuid: "-1" };
  assert.partialDeepStrictEqual(told("core:realtime:user:subscribe:after"), {
    ...subscription,
    filters: { equals: { room: 1 } },
  });
  assert.partialDeepStrictEqual(told("core:realtime:user:unsubscribe:after"), {
    requestContext: { connection: {} },
    room: { id: roomId, ...place },
    subscription,
  });
  assert.equal(told("core:realtime:room:remove:before"), roomId);
  assert.equal(told("room:remove"), roomId);
  assert.partialDeepStrictEqual(told("core:hotelClerk:addSubscription"), {
    ...place,
    roomId,
    filters: { equals: { room: 1 } },
    changed: true,
  });
  assert.partialDeepStrictEqual(told("core:hotelClerk:removeRoomForCustomer"), { room: { ...place, id: roomId } });
});

test("connections are told when they come and when they go", async () => {
  const own = await Line.open(server);
  const { id, protocol, ips, headers } = await toldIn<{
    id: string;
    protocol: string;
    ips: string[];
    headers: JSONObject;
  }>("connection:new");
  assert.deepEqual([typeof id, protocol, ips.length > 0, typeof headers], ["string", "websocket", true, "object"]);
  await own[Symbol.asyncDispose]();
  assert.equal((await toldIn<{ id: string }>("connection:remove")).id, id);
});

test("changes of the storage are told with their scope", async () => {
  await line.result({ controller: "index", action: "create", index: "told" });
  await line.result({ controller: "collection", action: "create", index: "told", collection: "things" });
  await line.result({ controller: "collection", action: "delete", index: "told", collection: "things" });
  await line.result({ controller: "index", action: "delete", index: "told" });
  await line.result({ controller: "index", action: "create", index: "many" });
  await line.result({ controller: "index", action: "mDelete", body: { indexes: ["many"] } });
  assert.deepEqual(await toldIn("core:storage:index:mDelete:after"), { indexes: ["many"], scope: "public" });
  assert.deepEqual(told("core:storage:index:create:after"), { index: "told", scope: "public" });
  const collection = { index: "told", collection: "things", scope: "public" };
  assert.deepEqual(told("core:storage:collection:create:after"), collection);
  assert.deepEqual(told("core:storage:collection:delete:after"), collection);
  assert.deepEqual(told("core:storage:index:delete:after"), { index: "told", scope: "public" });
});

test("notifications are told where they are made, with the rooms they are for", async () => {
  await using client = await Line.open(server);
  const books = { index: "lib", collection: "books" };
  const { roomId } = await client.result<{ roomId: string }>({
    controller: "realtime",
    action: "subscribe",
    ...books,
    body: { exists: "t" },
    users: "all",
  });
  await line.result({ controller: "document", action: "create", ...books, _id: "t1", body: { t: 1 } });
  const { notification, rooms } = await toldIn<{ notification: JSONObject; rooms: string[] }>("core:notify:document");
  assert.deepEqual([(notification.result as JSONObject)._id, rooms], ["t1", [roomId]]);
  await using other = await Line.open(server);
  await other.result({ controller: "realtime", action: "subscribe", ...books, body: { exists: "t" } });
  assert.partialDeepStrictEqual(await toldIn("core:notify:user"), { notification: { user: "in" }, room: roomId });
});

test("hooks see what pipes have made of the payload", async () => {
  pipes.set("request:onSuccess", (request: KuzzleRequest) => {
    request.setResult({ piped: true });
    return request;
  });
  await line.result(now);
  assert.deepEqual((await toldIn<KuzzleRequest>("request:onSuccess")).result, { piped: true });
});

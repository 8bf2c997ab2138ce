/** What plugins and applications are told, with the payloads of contract/plugins/events.yaml. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Backend } from "../../src/app/index.ts";
import type { ClientConnection, JSONObject, KuzzleRequest } from "../../src/kernel/index.ts";
import { startServer, type TestServer } from "../../testing/index.ts";
import { assertMembers, http, httpText, Line, until } from "./wire.ts";

type Payload = readonly unknown[];
/** What each event brought since it was last asked for. */
const heard = new Map<string, Payload[]>();

const observed = [
  "http:head",
  "http:options",
  "protocol:http:beforeParsingPayload",
  "protocol:http:afterParsingPayload",
  "protocol:websocket:beforeParsingPayload",
  "protocol:websocket:afterParsingPayload",
  "request:onError",
  "request:afterExecution",
  "core:auth:strategyAdded",
  "core:auth:strategyRemoved",
  "core:hotelClerk:addSubscription",
  "core:hotelClerk:removeRoomForCustomer",
  "notify:document",
  "notify:user",
  "notify:server",
  "notify:dispatch",
  "core:realtime:notification:dispatch:before",
];

/** A plugin whose hooks fail when they are told to, and which changes its strategies while the server runs. */
class FrailPlugin {
  static shouldFail = false;
  context: PluginContext | undefined;
  authenticators = { Silent: class Silent {} };
  hooks = {
    "server:afterNow": () => fail("the hook"),
    "hook:onError": () => fail("the hook for errors"),
    "plugin:hook:loop-error": (payload: unknown) => note("plugin:hook:loop-error", [payload]),
    "plugin-frail:greeting": (payload: unknown) => note("plugin-frail:greeting", [payload]),
  };
  pipes = { "plugin-frail:greeting": async (text: string) => `${text}!` };
  api = {
    frail: {
      actions: {
        greet: { handler: () => this.context?.accessors.trigger("greeting", "hello") },
        addStrategy: { handler: () => this.context?.accessors.strategies.add("silent", silentStrategy) },
        removeStrategy: { handler: () => this.context?.accessors.strategies.remove("silent") },
      },
    },
  };
  init(_config: unknown, context: PluginContext): void {
    this.context = context;
  }
  async answer(): Promise<boolean> {
    return true;
  }
}

interface PluginContext {
  readonly accessors: {
    trigger(event: string, payload: unknown): Promise<unknown>;
    readonly strategies: {
      add(name: string, strategy: object): Promise<void>;
      remove(name: string): Promise<void>;
    };
  };
}

const silentStrategy = {
  config: { authenticator: "Silent" },
  methods: Object.fromEntries(
    ["create", "delete", "exists", "update", "validate", "verify"].map((name) => [name, "answer"]),
  ),
};

function fail(what: string): void {
  if (FrailPlugin.shouldFail) throw new Error(`${what} failed`);
}

function note(event: string, payload: Payload): void {
  const payloads = heard.get(event) ?? [];
  payloads.push(payload);
  heard.set(event, payloads);
}

const take = (event: string): Payload[] => {
  const payloads = heard.get(event) ?? [];
  heard.delete(event);
  return payloads;
};

/** The first argument of the event's only occurrence, which may be yet to come. */
async function one<T>(event: string): Promise<T> {
  await until(() => (heard.get(event)?.length ?? 0) > 0, event);
  const payloads = take(event);
  assert.equal(payloads.length, 1, event);
  return payloads[0]?.[0] as T;
}

let server: TestServer;
let line: Line;

before(async () => {
  server = await startServer({
    data: ":memory:",
    config: { "stats.enabled": false },
    prepare: (backend: Backend) => {
      backend.plugin.use(new FrailPlugin(), { name: "frail", manifest: { kuzzleVersion: ">=2.0.0" } });
      for (const event of observed) {
        backend.pipe.register(event, async (payload: unknown) => {
          note(event, [payload]);
          return payload;
        });
      }
      // Three parameters: the documented form (contract/plugins/events.yaml).
      backend.hook.register("hook:onError", (pluginName?: unknown, event?: unknown, error?: unknown) =>
        note("hook:onError", [pluginName, event, error]),
      );
      backend.pipe.register("app:ping", async (text: unknown) => `${text} pong`);
    },
  });
  line = await Line.open(server);
  await line.result({ controller: "index", action: "create", index: "lib" });
  await line.result({ controller: "collection", action: "create", index: "lib", collection: "books" });
});

after(async () => {
  await line?.[Symbol.asyncDispose]();
  await server?.close();
});

test("HEAD and OPTIONS are told with the request", async () => {
  for (const method of ["HEAD", "OPTIONS"]) {
    heard.clear();
    assert.equal((await fetch(server.url, { method })).status, 200);
    const request = await one<KuzzleRequest>(`http:${method.toLowerCase()}`);
    assert.equal(request.context.connection.protocol, "http");
    assert.equal(request.context.connection.misc.verb, method);
  }
});

test("what comes over HTTP is told before and after it is parsed", async () => {
  heard.clear();
  await httpText(server, "POST", "/_query", { controller: "server", action: "now" });
  const before = await one<{ message: JSONObject; payload: Buffer }>("protocol:http:beforeParsingPayload");
  assert.ok(Buffer.isBuffer(before.payload));
  assert.deepEqual(JSON.parse(before.payload.toString()), { controller: "server", action: "now" });
  assert.deepEqual([before.message.method, before.message.path], ["POST", "/_query"]);
  const after = await one<{ message: JSONObject; payload: JSONObject }>("protocol:http:afterParsingPayload");
  assert.deepEqual(after.payload, { controller: "server", action: "now" });
  assert.equal(after.message.path, "/_query");
});

test("what comes over WebSocket is told before and after it is parsed", async () => {
  heard.clear();
  await line.result({ controller: "server", action: "now", requestId: "told" });
  const before = await one<{ connection: ClientConnection; payload: string }>(
    "protocol:websocket:beforeParsingPayload",
  );
  const sent = { controller: "server", action: "now", requestId: "told" };
  assert.deepEqual(JSON.parse(String(before.payload)), sent);
  assert.equal(before.connection.protocol, "websocket");
  const after = await one<{ connection: ClientConnection; payload: JSONObject }>(
    "protocol:websocket:afterParsingPayload",
  );
  assert.deepEqual(after.payload, sent);
  assert.equal(after.connection.id, before.connection.id);
});

test("the last event of a request says how it went; a failure is told before that", async () => {
  heard.clear();
  await line.result({ controller: "server", action: "now" });
  const success = await one<{ request: KuzzleRequest; result: KuzzleRequest; success: boolean }>(
    "request:afterExecution",
  );
  assert.deepEqual([success.success, success.request.input.action], [true, "now"]);
  assert.equal(typeof (success.result.result as JSONObject).now, "number");
  assert.deepEqual(take("request:onError"), []);

  const missing = { controller: "document", action: "get", index: "lib", collection: "books", _id: "nobody" };
  assert.equal((await line.refusal(missing)).id, "services.storage.not_found");
  const failed = await one<KuzzleRequest>("request:onError");
  assert.equal(failed.error?.id, "services.storage.not_found");
  const failure = await one<{ request: KuzzleRequest; error: { id: string }; success: boolean }>(
    "request:afterExecution",
  );
  assert.deepEqual([failure.success, failure.error.id], [false, "services.storage.not_found"]);
});

test("a strategy that a plugin adds or removes while the server runs is told", async () => {
  heard.clear();
  await line.result({ controller: "frail", action: "addStrategy" });
  const added = await one<JSONObject>("core:auth:strategyAdded");
  assert.deepEqual([added.name, added.pluginName], ["silent", "frail"]);
  assertMembers(added, ["name", "pluginName", "strategy"]);
  const strategies = await line.result<string[]>({ controller: "auth", action: "getStrategies" });
  assert.ok(strategies.includes("silent"));
  await line.result({ controller: "frail", action: "removeStrategy" });
  assert.deepEqual(await one("core:auth:strategyRemoved"), { name: "silent", pluginName: "frail" });
});

test("subscriptions and their ends are told under their older names too", async () => {
  heard.clear();
  const subscribe = { controller: "realtime", action: "subscribe", index: "lib", collection: "books" };
  const { roomId } = await line.result<{ roomId: string }>({ ...subscribe, body: { equals: { a: 1 } } });
  const added = await one<JSONObject>("core:hotelClerk:addSubscription");
  assertMembers(added, ["changed", "collection", "connectionId", "filters", "index", "roomId"]);
  assert.deepEqual([added.index, added.collection, added.roomId, added.changed], ["lib", "books", roomId, true]);
  await line.result({ controller: "realtime", action: "unsubscribe", body: { roomId } });
  const removed = await one<{ requestContext: JSONObject; room: JSONObject }>("core:hotelClerk:removeRoomForCustomer");
  assert.deepEqual(removed.room, { collection: "books", id: roomId, index: "lib" });
  assert.ok(removed.requestContext.connection);
});

test("each notification is told by its kind, then with the channels it goes to", async () => {
  heard.clear();
  await using own = await Line.open(server);
  const subscribe = { controller: "realtime", action: "subscribe", index: "lib", collection: "books" };
  const { channel } = await own.result<{ channel: string }>({ ...subscribe, body: { exists: "n" } });
  await line.result({
    controller: "document",
    action: "create",
    index: "lib",
    collection: "books",
    _id: "n",
    body: { n: 1 },
  });
  const [delivered] = await own.take(1);
  const told = await one<JSONObject>("notify:document");
  assert.deepEqual([told.type, told.event, told.action, told.scope], ["document", "write", "create", "in"]);
  assert.deepEqual((told.result as JSONObject)._id, "n");
  assert.equal((await one<JSONObject>("notify:dispatch")).type, "document");
  const dispatched = await one<{ notification: JSONObject; channels: string[] }>(
    "core:realtime:notification:dispatch:before",
  );
  assert.deepEqual(dispatched.channels, [channel]);
  assert.deepEqual((dispatched.notification.result as JSONObject)._id, delivered?.result._id);

  await using other = await Line.open(server);
  await other.result({ ...subscribe, body: { exists: "n" }, users: "all" });
  const user = await one<JSONObject>("notify:user");
  assert.deepEqual([user.type, user.user, user.index, user.collection], ["user", "in", "lib", "books"]);
});

test("a token that ends is told as a notification of the server", async () => {
  const secret = { username: "eve", password: "secret" };
  const body = { content: { profileIds: ["default"] }, credentials: { local: secret } };
  await http(server, "POST", "/users/eve/_create", body);
  const { jwt } = (await http(server, "POST", "/_login/local?expiresIn=1s", secret)).result;
  await using own = await Line.open(server);
  const subscribe = { controller: "realtime", action: "subscribe", index: "lib", collection: "books", jwt };
  await own.result({ ...subscribe, body: {} });
  heard.clear();
  const told = await one<JSONObject>("notify:server");
  assert.equal(told.type, "TokenExpired");
});

test("a hook that fails is told, and a failure in there ends in a last event", async () => {
  heard.clear();
  FrailPlugin.shouldFail = true;
  try {
    await line.result({ controller: "server", action: "now" });
    await until(() => heard.has("plugin:hook:loop-error"), "plugin:hook:loop-error");
    const [[pluginName, event, error] = []] = take("hook:onError");
    assert.deepEqual([pluginName, event, (error as Error).message], ["frail", "server:afterNow", "the hook failed"]);
    const last = await one<JSONObject>("plugin:hook:loop-error");
    assert.equal(last.pluginName, "frail");
    assert.equal((last.error as Error).message, "the hook for errors failed");
  } finally {
    FrailPlugin.shouldFail = false;
  }
});

test("events of a plugin's own bear its name; those of the application are free", async () => {
  heard.clear();
  assert.equal(await line.result<unknown>({ controller: "frail", action: "greet" }), "hello!");
  assert.equal(await one("plugin-frail:greeting"), "hello!");
  assert.equal(await server.backend.trigger("app:ping", "ping"), "ping pong");
});

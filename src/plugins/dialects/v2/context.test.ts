import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import {
  createTestServer,
  makeRoot,
  type TestServer,
  type TestServerOptions,
} from "../../../../testing/plugins/plugin-server.ts";
import { action, arg } from "../../../events/index.ts";
import { type JSONObject, KuzzleRequest, silentLogger, systemClock } from "../../../kernel/index.ts";
import { createEmbeddedStore } from "../../../stores/documents/index.ts";
import { type UsedPlugin, usePlugin } from "../../discovery/used-plugin.ts";
import { ObjectRepository } from "../../kuzzle/object-repository.ts";
import { QueryTranslator } from "../../kuzzle/query-translator.ts";
import { Store } from "../../kuzzle/store.ts";
import { runningPlugin } from "../../realm/current-call.ts";
import type { PluginContext } from "./context.ts";

interface Opened {
  readonly server: TestServer;
  readonly context: PluginContext;
  readonly calls: JSONObject[];
}

/** A server with one plugin, an action of its own, and the embedded store; answers the plugin's context. */
async function open(
  t: TestContext,
  plugin: JSONObject = {},
  { deps, ...options }: Omit<TestServerOptions, "root"> = {},
  others: readonly UsedPlugin[] = [],
): Promise<Opened> {
  const { root, remove } = makeRoot();
  t.after(remove);
  const store = await createEmbeddedStore({ directory: ":memory:", log: silentLogger, clock: systemClock });
  t.after(() => store.close());
  let context: PluginContext | undefined;
  const instance = {
    init(_config: JSONObject, given: PluginContext) {
      context = given;
    },
    ...plugin,
  };
  const used = [usePlugin(instance, { name: "subject" }), ...others];

  const server = createTestServer({ root, ...options, deps: { store, used, ...deps } });
  t.after(() => server.close());
  const calls: JSONObject[] = [];
  server.actions.register({
    name: "server",
    actions: {
      now: action({
        summary: "The time.",
        args: { shift: arg.default.integer(0) },
        run: ({ shift }, request) => {
          calls.push({ user: request.context.user?._id ?? null, protocol: request.context.connection.protocol });
          return { now: 1_000 + shift };
        },
      }),
    },
  });
  server.actions.register({
    name: "auth",
    actions: { getCurrentUser: action({ summary: "Me.", run: (_, request) => ({ _id: request.getKuid() }) }) },
  });
  server.actions.register({
    name: "realtime",
    actions: {
      subscribe: action({ summary: "Subscribes.", run: () => ({ roomId: "room", channel: "room-all" }) }),
      unsubscribe: action({ summary: "Ends it.", run: () => ({ roomId: "room" }) }),
    },
  });
  await server.host.load();
  await server.host.start();
  assert.ok(context !== undefined);
  return { server, context, calls };
}

test("the configuration and the secrets of a context are copies that nobody can change", async (t) => {
  const { context } = await open(t, {}, { plugins: { subject: { deep: { value: 1 } } } });
  assert.deepEqual(context.secrets, { token: "s3cret" });
  assert.throws(() => Object.assign(context.secrets, { token: "other" }), TypeError);
  const { subject } = context.config.plugins as { subject: { deep: { value: number } } };
  assert.throws(() => {
    subject.deep.value = 2;
  }, TypeError);
});

test("the embedded SDK runs actions without rights and events, and with events when it is asked to", async (t) => {
  const { server, context, calls } = await open(t);
  const fired: string[] = [];
  server.events.registerHook({ owner: "test", event: "server:*", order: 0, run: () => void fired.push("server:*") });
  assert.equal(await context.accessors.sdk.server.now({}), 1_000);
  assert.deepEqual(calls, [{ user: null, protocol: "internal" }]);
  assert.deepEqual(fired, []);
  const answer = await context.accessors.sdk.query({
    controller: "server",
    action: "now",
    shift: 5,
    triggerEvents: true,
  });
  assert.deepEqual(answer.result, { now: 1_005 });
  assert.equal(answer.status, 200);
  assert.deepEqual(fired, ["server:*", "server:*"]);
});

test("the embedded SDK rejects with the server's own errors", async (t) => {
  const { context } = await open(t);
  await assert.rejects(context.accessors.sdk.query({ controller: "nowhere", action: "go" }), {
    id: "api.process.controller_not_found",
    status: 404,
  });
});

test("actions that need a session are refused, unless the SDK acts as a user", async (t) => {
  const { context } = await open(t);
  const { sdk } = context.accessors;
  const who = { controller: "auth", action: "getCurrentUser" };
  await assert.rejects(sdk.query(who), { id: "api.process.forbidden_embedded_sdk_action" });
  assert.deepEqual((await sdk.as({ _id: "ada" }).query(who)).result, { _id: "ada" });
  assert.throws(() => sdk.as({} as { _id: string }), { id: "plugin.context.invalid_user" });
});

test("rights are checked for an SDK that acts as a user when it asks for it", async (t) => {
  const checked: boolean[] = [];
  const { context } = await open(
    t,
    {},
    {
      deps: {
        execute: async (request, { checkRights }) => {
          checked.push(checkRights);
          request.setResult({ now: 1 });
          return request;
        },
      },
    },
  );
  await context.accessors.sdk.as({ _id: "ada" }, { checkRights: true }).server.now({});
  await context.accessors.sdk.as({ _id: "ada" }).server.now({});
  assert.deepEqual(checked, [true, false]);
});

test("a subscription of the embedded SDK calls back with notifications of its channel, until it ends", async (t) => {
  const { server, context } = await open(t);
  const heard: unknown[] = [];
  const { realtime } = context.accessors.sdk;
  const room = await realtime.subscribe("lib", "books", {}, (notification: unknown) => {
    heard.push(notification);
    (notification as { result: { changed: boolean } }).result.changed = true;
  });
  const payload = { type: "document", result: { changed: false } };
  const { internalProtocol } = server.host;
  internalProtocol.broadcast({ channels: ["room-all", "room-other"], payload });
  internalProtocol.notify({ connectionId: "somebody else", channels: ["room-all"], payload });
  await realtime.unsubscribe(room);
  internalProtocol.broadcast({ channels: ["room-all"], payload });
  assert.deepEqual(heard, [{ type: "document", result: { changed: true }, room: "room-all" }]);
  assert.equal(payload.result.changed, false, "what a callback does to a notification is its own business");
});

test("a callback runs as the plugin that subscribed, whoever's request has caused its notification", async (t) => {
  const owners: unknown[] = [];
  const subscriber = {
    async init(_config: JSONObject, context: PluginContext) {
      await context.accessors.sdk.realtime.subscribe("lib", "books", {}, async () => {
        await Promise.resolve();
        owners.push(runningPlugin());
      });
    },
  };
  const { server } = await open(t, {}, { deps: {} }, [usePlugin(subscriber, { name: "subscriber" })]);
  server.host.internalProtocol.broadcast({ channels: ["room-all"], payload: {} });
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual([owners, runningPlugin()], [["subscriber"], undefined]);
});

test("what plugins reach by global.kuzzle is their server: events, questions, configuration", async (t) => {
  const { server } = await open(t);
  const { facade } = server.host;
  const heard: unknown[] = [];
  facade.on("a:b", (...args) => heard.push(args));
  facade.emit("a:b", 1, 2);
  assert.equal(await facade.pipe("a:b", 3), 3);
  assert.deepEqual(heard, [[1, 2], [3]]);
  facade.onAsk("what:time", (zone) => `noon in ${String(zone)}`);
  assert.equal(await facade.ask("what:time", "Paris"), "noon in Paris");
  assert.throws(() => facade.onAsk("what:time", () => ""), /answered already/);
  await assert.rejects(facade.ask("what:else"), /Nobody answers "what:else"/);
  assert.equal(facade.hash({ a: 1, b: [2] }), facade.hash({ b: [2], a: 1 }));
  assert.deepEqual([facade.id, facade.version, facade.vault.secrets], ["knode-test", "2.56.0", { token: "s3cret" }]);
});

test("execute answers the request by promise or callback, and refuses what it cannot do", async (t) => {
  const { context } = await open(t);
  const { execute } = context.accessors;
  const request = new context.constructors.Request({ controller: "server", action: "now", shift: 1 });
  assert.deepEqual((await execute(request))?.result, { now: 1_001 });
  const called = await new Promise<KuzzleRequest | undefined>((resolve) => {
    execute(new KuzzleRequest({ controller: "server", action: "now" }), (_error, answer) => resolve(answer));
  });
  assert.deepEqual(called?.result, { now: 1_000 });
  await assert.rejects(execute(undefined as never) ?? Promise.resolve(), { id: "plugin.context.missing_request" });
  await assert.rejects(execute(request, 42 as never) ?? Promise.resolve(), { id: "plugin.context.invalid_callback" });
  const subscribe = new KuzzleRequest({ controller: "realtime", action: "subscribe" });
  await assert.rejects(execute(subscribe) ?? Promise.resolve(), { id: "plugin.context.unavailable_realtime" });
});

test("a request that is made from another keeps its user, its target and its volatile data, with or without new", async (t) => {
  const { context } = await open(t);
  const { Request } = context.constructors;
  const source = new KuzzleRequest(
    {
      controller: "a",
      action: "b",
      index: "lib",
      collection: "books",
      _id: "7",
      jwt: "t",
      volatile: { from: "app" },
      requestId: "1",
    },
    { user: { _id: "ada", profileIds: [] } },
  );
  const derived = Request(source, {
    controller: "document",
    action: "get",
    collection: "others",
    volatile: { more: true },
  });
  assert.ok(derived instanceof KuzzleRequest);
  assert.equal(derived.getKuid(), "ada");
  assert.deepEqual(
    [derived.getIndex(), derived.getCollection(), derived.getId(), derived.input.jwt],
    ["lib", "others", "7", "t"],
  );
  assert.deepEqual(derived.input.volatile, { from: "app", more: true });
  assert.notEqual(derived.id, source.id);
  assert.throws(() => Request(source, undefined as never), { id: "plugin.context.missing_request_data" });
  assert.throws(() => new Request(undefined as never), { id: "plugin.context.missing_request_data" });
});

test("trigger runs a pipe of the plugin's own name and answers its payload", async (t) => {
  const { server, context } = await open(t);
  server.events.registerPipe({
    owner: "other",
    event: "plugin-subject:ping",
    order: 0,
    warnMs: 0,
    deadlineMs: 0,
    run: ([payload]) => `${String(payload)} pong`,
  });
  assert.equal(await context.accessors.trigger("ping", "ping"), "ping pong");
});

test("errors of the manifest have the id, code, class and text that it declares", async (t) => {
  const errors = { too_late: { code: 2, message: "%s is too late by %s.", class: "ForbiddenError" } };
  const { context } = await open(t, { _manifest: { errors } }, { plugins: { subject: { _pluginCode: 3 } } });
  const error = context.kerror.get("too_late", "Bob", 5);
  assert.equal(error.message, "Bob is too late by 5.");
  assert.deepEqual([error.id, error.code, error.status], ["plugin.subject.too_late", 0x04030002, 403]);
  assert.match(context.kerror.get("too_lat").message, /Did you mean "too_late"\?/);
  await assert.rejects(context.errorsManager.reject("too_late", "Bob", 5), { status: 403 });
});

test("a repository keeps documents in the plugin's private index", async (t) => {
  const { server, context } = await open(t);
  await context.accessors.storage.bootstrap({
    notes: { properties: { text: { type: "keyword" }, stars: { type: "integer" } } },
    users: { mappings: { properties: { name: { type: "keyword" } } }, settings: {} },
  });
  await context.accessors.storage.bootstrap({ notes: { properties: { extra: { type: "keyword" } } } });

  class Note {
    text = "";
    shout(): string {
      return this.text.toUpperCase();
    }
  }
  const notes = new context.constructors.Repository("notes", Note);
  const created = await notes.create({ _id: "1", text: "first", stars: 3 }, { refresh: "wait_for" });
  assert.deepEqual([created._id, created._version, created.created], ["1", 1, true]);
  const generated = await notes.create({ text: "second", stars: 5 });
  assert.ok(generated._id.length > 0);
  await assert.rejects(notes.create({ _id: "1" }), { id: "services.storage.document_already_exists" });

  const updated = await notes.update({ _id: "1", stars: 4 });
  assert.deepEqual([updated._source.text, updated._source.stars], ["first", 4]);
  const note = (await notes.get("1")) as Note & { _id: string };
  assert.ok(note instanceof Note);
  assert.deepEqual([note._id, note.shout()], ["1", "FIRST"]);
  await assert.rejects(notes.get("nowhere"), { id: "services.storage.not_found", status: 404 });
  assert.equal(await new context.constructors.Repository("users").get("nowhere"), null);
  assert.equal((await notes.mGet(["1", "nowhere", generated._id])).length, 2);

  const page = await notes.search({ query: { range: { stars: { gte: 5 } } } }, { size: 10 });
  assert.equal(page.total, 1);
  assert.equal((page.hits[0] as { text: string }).text, "second");
  const scrolled = await notes.search({ sort: ["stars"] }, { size: 1, scroll: "10s" });
  const next = await notes.scroll(scrolled.scrollId ?? "", "10s");
  assert.deepEqual([scrolled.hits.length, next.hits.length, next.total], [1, 1, 2]);

  await notes.delete("1");
  await assert.rejects(notes.delete("1"), { status: 404 });
  await assert.rejects(notes.replace({ _id: "1" }), { status: 404 });
  assert.throws(() => new context.constructors.Repository(""), { id: "plugin.context.missing_collection" });
  assert.deepEqual(Object.keys(server.host.list()), ["subject"]);
});

test("a repository of an application stands on an index of its own", async (t) => {
  const { context } = await open(t);
  class Books extends ObjectRepository {
    override collection = "books";
  }
  const store = new Store("library", "public");
  await store.init({ books: { mappings: { properties: { lang: { type: "keyword" } } } } });
  const books = new Books({ store });
  await books.create({ _id: "1", lang: "fr" });
  assert.equal(((await books.load("1")) as { lang: string }).lang, "fr");
  const query = new QueryTranslator().translate({ equals: { lang: "fr" } });
  assert.equal((await books.search({ query, size: 1 })).total, 1);
  await assert.rejects(new context.constructors.Repository("books").get("1"));
});

test("a mutex is held by one at a time, and frees itself", async (t) => {
  const { context } = await open(t);
  const { Mutex } = context.constructors;
  const first = new Mutex("door", { ttl: 50 });
  const second = new Mutex("door", { attemptDelay: 5, timeout: 10 });
  assert.equal(await first.lock(), true);
  assert.equal(await second.lock(), false);
  await first.unlock();
  assert.equal(await second.lock(), true);
  assert.equal(await new Mutex("door").wait({ attemptDelay: 5, timeout: 10 }), false);
  await second.unlock();
  assert.equal(await new Mutex("door").wait(), true);
  await assert.rejects(first.unlock(), /is not locked/);
});

test("a Koncorde of a plugin's own finds the filters that match", async (t) => {
  const { context } = await open(t);
  const koncorde = new context.constructors.Koncorde();
  const { id } = koncorde.register("lib", "books", { equals: { lang: "fr" } });
  assert.equal(koncorde.register("lib", "books", { equals: { lang: "fr" } }).diff, false);
  assert.equal((await koncorde.register("lib", "books", { equals: { lang: "fr" } })).id, id);
  assert.deepEqual(koncorde.test("lib", "books", { lang: "fr" }), [id]);
  assert.deepEqual(koncorde.test("lib", "books", { lang: "en" }), []);
  assert.deepEqual([koncorde.getIndexes(), koncorde.getCollections("lib")], [["lib"], ["books"]]);
  assert.throws(() => koncorde.validate({ equal: {} }), { id: "api.assert.koncorde_dsl_error" });
  koncorde.remove(id);
  assert.equal(koncorde.exists("lib", "books"), false);
});

test("without a search cluster ESClient says what to use instead", async (t) => {
  const { context } = await open(t);
  assert.throws(() => new context.constructors.ESClient(), /accessors\.sdk or constructors\.Repository/);
});

test("a plugin adds and removes a strategy while the server runs", async (t) => {
  class Token {}
  const methods = ["create", "delete", "exists", "update", "validate", "verify"];
  const fired: unknown[] = [];
  const { server, context } = await open(t, {
    authenticators: { Token },
    hooks: {
      "core:auth:strategyAdded": (payload: { name: string }) => void fired.push(payload.name),
      "core:auth:strategyRemoved": (payload: { name: string }) => void fired.push(payload.name),
    },
    check: async () => true,
  });
  const strategy = {
    config: { authenticator: "Token", fields: ["secret"] },
    methods: Object.fromEntries(methods.map((name) => [name, "check"])),
  };
  await context.accessors.strategies.add("token", strategy);
  assert.equal(server.strategies.get("token")?.authenticator, Token);
  assert.equal(await server.strategies.get("token")?.methods.exists(new KuzzleRequest({}), "ada", "token"), true);
  await context.accessors.strategies.remove("token");
  assert.equal(server.strategies.size, 0);
  assert.deepEqual(fired, ["token", "token"]);
  const wrong = { ...strategy, config: { authenticator: "Tokn" } };
  await assert.rejects(context.accessors.strategies.add("x", wrong), { id: "plugin.strategy.unknown_authenticator" });
  const missing = { ...strategy, methods: { ...strategy.methods, verify: "nowhere" } };
  await assert.rejects(context.accessors.strategies.add("x", missing), {
    id: "plugin.strategy.missing_method_function",
  });
});

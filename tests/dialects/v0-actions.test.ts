/** Every action under the name that Kuzzle 0 had for it, asked for by a plugin that speaks a protocol of its own. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { parse } from "yaml";
import { type FormerServer, firstPackage, listed, startFormer } from "./former-server.ts";

const { legacy } = parse(readFileSync(new URL("../../contract/plugins/events.yaml", import.meta.url), "utf8")) as {
  legacy: { v0_actions: readonly { readonly v0: string }[] };
};

const speaker = `
module.exports = function () {
  this.hooks = { 'protocol:*': 'hear' };
  this.heard = [];
  this.init = function (config, context, isDummy) {
    this.context = context;
    return this;
  };
  this.hear = function (data) { this.heard.push(data); };
  this.ask = function (data, token, id) {
    var context = this.context, router = context.getRouter();
    return router.newConnection('mine', id || 'client').then(function (connection) {
      return new Promise(function (resolve) {
        router.execute(token, new context.RequestObject(data, {}, 'mine'), connection, function (error, response) {
          resolve({ error: error, response: response });
        });
      });
    });
  };
};`;

interface Envelope {
  readonly status: number;
  readonly error: { readonly message: string } | null;
  readonly controller: string;
  readonly action: string;
  readonly result: unknown;
}
interface Answered {
  readonly error: unknown;
  readonly response: { readonly status: number; toJson(): Envelope };
}

let former: FormerServer;
let plugin: {
  ask(data: object, token?: string | null, id?: string): Promise<Answered>;
  heard: Record<string, unknown>[];
};
let token: string;
const closing: (() => unknown)[] = [];

before(async () => {
  const context = { after: (close: () => unknown) => void closing.unshift(close) } as never;
  former = await startFormer(
    context,
    { ...firstPackage("speaker", speaker), ...listed({ speaker: { version: "1", activated: true } }) },
    {},
    { config: { "limits.loginsPerSecond": 100 } },
  );
  await former.ws.collection.update("library", "books", { mappings: { properties: { n: { type: "integer" } } } });
  plugin = former.server.backend.plugin.get("speaker") as unknown as typeof plugin;
});
after(async () => {
  for (const close of closing) await close();
});

/** Rejects with the answer's error. */
async function run(name: string, data: object, jwt: string | null = null): Promise<unknown> {
  const [controller, action] = name.split(":");
  const { error, response } = await plugin.ask({ controller, action, ...data }, jwt);
  const envelope = response.toJson();
  if (error !== null) throw Object.assign(new Error(envelope.error?.message), { status: response.status });
  assert.deepEqual(
    [envelope.status, envelope.error, envelope.controller, envelope.action],
    [200, null, controller, action],
  );
  return envelope.result;
}

type Fields = Record<string, unknown>;
const place = { index: "library", collection: "books" };
const idOf = (result: unknown): unknown => (result as Fields)._id;
const sourceOf = (result: unknown): Fields => (result as { _source: Fields })._source;
const stored = async (id: string): Promise<Fields> => (await former.ws.document.get("library", "books", id))._source;
const password = "a long secret";
const logIn = async (username: string): Promise<unknown> =>
  idOf(await run("auth:login", { body: { username, password } }));

/** `check` gets the result; an action may be there several times. */
const cases: readonly (readonly [string, object, (result: unknown) => unknown])[] = [
  ["admin:adminExists", {}, (result) => assert.deepEqual(result, { exists: false })],
  ["admin:createIndex", { index: "made" }, async () => assert.equal(await former.ws.index.exists("made"), true)],
  ["read:listIndexes", {}, (result) => assert.ok((result as { indexes: string[] }).indexes.includes("made"))],
  [
    "write:createCollection",
    { index: "made", collection: "one" },
    async () => assert.ok(await former.ws.collection.exists("made", "one")),
  ],
  ["write:createCollection", { index: "made", collection: "two" }, () => {}],
  [
    "admin:updateMapping",
    { index: "made", collection: "one", body: { properties: { n: { type: "integer" } } } },
    async () =>
      assert.deepEqual(((await former.ws.collection.getMapping("made", "one")) as Fields).properties, {
        n: { type: "integer" },
      }),
  ],
  [
    "admin:getMapping",
    { index: "made", collection: "one" },
    (result) => assert.deepEqual((result as Fields).properties, { n: { type: "integer" } }),
  ],
  [
    "admin:refreshIndex",
    { index: "made" },
    (result) => assert.deepEqual(result, { _shards: { total: 2, successful: 2, failed: 0 } }),
  ],
  ["admin:getAutoRefresh", { index: "made" }, (result) => assert.equal(result, false)],
  ["admin:setAutoRefresh", { index: "made", body: { autoRefresh: true } }, (result) => assert.equal(result, true)],
  ["admin:getAutoRefresh", { index: "made" }, (result) => assert.equal(result, true)],
  [
    "write:create",
    { index: "made", collection: "one", body: { _id: "auto", n: 1 } },
    (result) => assert.equal(idOf(result), "auto"),
  ],
  ["admin:setAutoRefresh", { index: "made", body: { autoRefresh: false } }, (result) => assert.equal(result, false)],
  [
    "admin:truncateCollection",
    { index: "made", collection: "one" },
    async () => assert.equal(await former.ws.document.count("made", "one"), 0),
  ],
  [
    "admin:deleteCollection",
    { index: "made", collection: "one" },
    async () => assert.equal(await former.ws.collection.exists("made", "one"), false),
  ],
  [
    "write:deleteCollection",
    { index: "made", collection: "two" },
    async () => assert.equal(await former.ws.collection.exists("made", "two"), false),
  ],
  ["admin:deleteIndex", { index: "made" }, async () => assert.equal(await former.ws.index.exists("made"), false)],
  ["admin:createIndex", { index: "gone" }, () => {}],
  ["admin:deleteIndexes", { body: { indexes: ["gone"] } }, (result) => assert.deepEqual(result, { deleted: ["gone"] })],
  [
    "admin:getStats",
    { body: { startTime: Date.now() + 60_000, stopTime: Date.now() + 120_000 } },
    (result) => assert.deepEqual((result as Fields).hits, []),
  ],
  ["admin:getLastStats", {}, (result) => assert.ok("ongoingRequests" in (result as Fields))],
  ["admin:getAllStats", {}, (result) => assert.ok((result as { total: number }).total > 0)],
  ["admin:getConfig", {}, (result) => assert.ok("server" in (result as Fields))],

  ["write:create", { ...place, body: { _id: "one", n: 1 } }, async () => assert.deepEqual((await stored("one")).n, 1)],
  [
    "write:createOrReplace",
    { ...place, body: { _id: "one", n: 2 } },
    async () => assert.deepEqual((await stored("one")).n, 2),
  ],
  [
    "write:createOrUpdate",
    { ...place, _id: "one", body: { n: 3 } },
    async () => assert.deepEqual((await stored("one")).n, 3),
  ],
  [
    "write:replace",
    { ...place, _id: "one", body: { n: 4, m: 1 } },
    async () => assert.deepEqual((await stored("one")).m, 1),
  ],
  [
    "write:update",
    { ...place, _id: "one", body: { n: 5 } },
    async () => assert.deepEqual([(await stored("one")).n, (await stored("one")).m], [5, 1]),
  ],
  ["read:get", { ...place, _id: "one" }, (result) => assert.equal(sourceOf(result).n, 5)],
  ["read:count", { ...place, body: { query: { term: { n: 5 } } } }, (result) => assert.deepEqual(result, { count: 1 })],
  [
    "write:create",
    { ...place, body: { n: 6, persist: true } },
    async (result) => assert.equal("persist" in (await stored(String(idOf(result)))), false),
  ],
  [
    "read:search",
    { ...place, body: { query: { match_all: {} }, sort: ["n"], from: 0, size: 1, scroll: "1m" } },
    (result) => {
      const { hits, total, scrollId } = result as { hits: { _source: Fields }[]; total: number; scrollId: string };
      assert.deepEqual([hits.map(({ _source }) => _source.n), total], [[5], 2]);
      lastScroll.scrollId = scrollId;
    },
  ],
  [
    "read:search",
    { ...place, query: { term: { n: 5 } } },
    (result) => assert.equal((result as { total: number }).total, 1),
  ],
  [
    "read:scroll",
    {
      get body() {
        return lastScroll;
      },
    },
    (result) => assert.ok("hits" in (result as Fields)),
  ],
  [
    "write:deleteByQuery",
    { ...place, body: { query: { term: { n: 6 } } } },
    (result) => assert.equal((result as { ids: unknown[] }).ids.length, 1),
  ],
  [
    "write:delete",
    { ...place, _id: "one" },
    async () => assert.equal(await former.ws.document.exists("library", "books", "one"), false),
  ],
  [
    "bulk:import",
    { ...place, body: { bulkData: [{ index: { _id: "two" } }, { n: 7 }] } },
    async () => assert.equal((await stored("two")).n, 7),
  ],
  ["read:now", {}, (result) => assert.equal(typeof (result as Fields).now, "number")],
  ["read:serverInfo", {}, (result) => assert.ok("serverInfo" in (result as Fields))],

  [
    "subscribe:on",
    { ...place, body: { exists: { field: "n" } }, scope: "in", metadata: { who: "me" } },
    (result) => void Object.assign(room, result),
  ],
  [
    "subscribe:count",
    {
      get body() {
        return { roomId: room.roomId };
      },
    },
    (result) => assert.deepEqual(result, { count: 1 }),
  ],
  [
    "subscribe:list",
    {},
    (result) => assert.equal((result as Record<string, Record<string, Fields>>).library?.books?.[room.roomId], 1),
  ],
  [
    "read:listCollections",
    { index: "library", body: { type: "all" } },
    (result) => assert.deepEqual((result as Fields).collections, { stored: ["books"], realtime: ["books"] }),
  ],
  [
    "read:listCollections",
    { index: "library", body: { type: "stored" } },
    (result) => assert.deepEqual((result as Fields).collections, { stored: ["books"], realtime: [] }),
  ],
  ["write:publish", { ...place, body: { n: 8 } }, (result) => assert.deepEqual(result, { published: true })],
  [
    "write:create",
    { ...place, body: { n: 9, persist: false } },
    (result) => assert.deepEqual(result, { published: true }),
  ],
  [
    "subscribe:join",
    {
      get body() {
        return { roomId: room.roomId };
      },
    },
    (result) => assert.equal((result as Fields).roomId, room.roomId),
  ],
  [
    "subscribe:off",
    {
      get body() {
        return { roomId: room.roomId };
      },
    },
    (result) => assert.equal((result as Fields).roomId, room.roomId),
  ],
  ["subscribe:on", { ...place }, (result) => void Object.assign(room, result)],
  [
    "admin:removeRooms",
    { ...place, body: { rooms: ["another"] } },
    (result) => assert.deepEqual(result, { acknowledge: true }),
  ],
  [
    "subscribe:count",
    {
      get body() {
        return { roomId: room.roomId };
      },
    },
    (result) => assert.deepEqual(result, { count: 1 }),
  ],
  ["admin:removeRooms", place, (result) => assert.deepEqual(result, { acknowledge: true })],
  [
    "subscribe:count",
    {
      get body() {
        return { roomId: room.roomId };
      },
    },
    (result) => assert.deepEqual(result, { count: 0 }),
  ],

  ["ms:set", { _id: "key", body: { value: "v" } }, async () => assert.equal(await former.ws.ms.get("key"), "v")],
  ["memoryStorage:append", { _id: "key", body: { value: "w" } }, (result) => assert.equal(result, 2)],
  ["ms:getrange", { _id: "key", body: { start: 1, end: 1 } }, (result) => assert.equal(result, "w")],
  ["ms:hset", { _id: "hash", body: { field: "f", value: "x" } }, () => {}],
  ["memoryStorage:hget", { _id: "hash", body: { field: "f" } }, (result) => assert.equal(result, "x")],

  [
    "security:createRole",
    {
      _id: "reader",
      body: {
        indexes: {
          library: { collections: { books: { controllers: { document: { actions: { get: true, create: false } } } } } },
          "*": {
            collections: {
              "*": { controllers: { document: { actions: { search: true } }, auth: { actions: { "*": true } } } },
            },
          },
        },
      },
    },
    (result) =>
      assert.deepEqual(sourceOf(result).controllers, {
        document: { actions: { get: true, create: false, search: true } },
        auth: { actions: { "*": true } },
      }),
  ],
  ["security:getRole", { _id: "reader" }, (result) => assert.equal(idOf(result), "reader")],
  [
    "security:mGetRoles",
    { body: { ids: ["reader"] } },
    (result) => assert.equal((result as { hits: unknown[] }).hits.length, 1),
  ],
  [
    "security:searchRoles",
    { body: { indexes: ["library"], from: 0, size: 2 } },
    (result) => assert.equal((result as { hits: unknown[] }).hits.length, 2),
  ],
  [
    "security:searchRoles",
    { body: { controllers: ["document"] } },
    (result) => assert.ok((result as { hits: unknown[] }).hits.length > 0),
  ],
  [
    "security:createOrReplaceRole",
    { _id: "reader", body: { controllers: { auth: { actions: { "*": true } } } } },
    (result) => assert.deepEqual(sourceOf(result).controllers, { auth: { actions: { "*": true } } }),
  ],
  [
    "security:updateRole",
    {
      _id: "reader",
      body: { indexes: { a: { collections: { b: { controllers: { server: { actions: { now: true } } } } } } } },
    },
    (result) => assert.deepEqual(sourceOf(result).controllers, { server: { actions: { now: true } } }),
  ],
  [
    "security:createProfile",
    { _id: "readers", body: { roles: ["reader", { _id: "default", restrictedTo: [{ index: "library" }] }] } },
    (result) =>
      assert.deepEqual(sourceOf(result).policies, [
        { roleId: "reader" },
        { roleId: "default", restrictedTo: [{ index: "library" }] },
      ]),
  ],
  [
    "security:createOrReplaceProfile",
    { _id: "readers", body: { roles: ["default"] } },
    (result) => assert.deepEqual(sourceOf(result).policies, [{ roleId: "default" }]),
  ],
  [
    "security:updateProfile",
    { _id: "readers", body: { roles: ["reader"] } },
    (result) => assert.deepEqual(sourceOf(result).policies, [{ roleId: "reader" }]),
  ],
  ["security:getProfile", { _id: "readers" }, (result) => assert.equal(idOf(result), "readers")],
  [
    "security:mGetProfiles",
    { body: { ids: ["readers"] } },
    (result) => assert.equal((result as { hits: unknown[] }).hits.length, 1),
  ],
  [
    "security:searchProfiles",
    { body: { roles: ["reader"] } },
    (result) => assert.equal((result as { hits: unknown[] }).hits.length, 1),
  ],
  ["security:getProfileRights", { _id: "readers" }, (result) => assert.ok("hits" in (result as Fields))],

  [
    "security:createUser",
    { _id: "ada", body: { profile: "default", name: "Ada", password } },
    async (result) => {
      assert.deepEqual([sourceOf(result).profileIds, sourceOf(result).password], [["default"], undefined]);
      assert.equal(await logIn("ada"), "ada");
    },
  ],
  [
    "security:createUser",
    { body: { profileIds: ["default"], name: "Somebody" } },
    (result) => assert.equal(typeof idOf(result), "string"),
  ],
  [
    "security:createRestrictedUser",
    { _id: "bob", body: { name: "Bob", password } },
    async () => assert.equal(await logIn("bob"), "bob"),
  ],
  [
    "security:updateUser",
    { _id: "ada", body: { name: "Lady Ada", password: "another secret" } },
    async () => {
      await assert.rejects(logIn("ada"), { status: 401 });
      assert.equal(sourceOf(await run("security:getUser", { _id: "ada" })).name, "Lady Ada");
    },
  ],
  [
    "security:createOrReplaceUser",
    { _id: "ada", body: { profileIds: ["default"], password } },
    async (result) => {
      assert.equal(sourceOf(result).name, undefined);
      assert.equal(await logIn("ada"), "ada");
    },
  ],
  [
    "security:createOrReplaceUser",
    { _id: "new", body: { profileIds: ["default"], password } },
    async () => assert.equal(await logIn("new"), "new"),
  ],
  ["security:getUser", { _id: "ada" }, (result) => assert.equal(idOf(result), "ada")],
  [
    "security:searchUsers",
    { body: { query: { ids: { values: ["ada", "bob"] } }, from: 0, size: 1 } },
    (result) =>
      assert.deepEqual([(result as { hits: unknown[] }).hits.length, (result as { total: number }).total], [1, 2]),
  ],
  ["security:getUserRights", { _id: "ada" }, (result) => assert.ok("hits" in (result as Fields))],
  ["security:deleteUser", { _id: "new" }, (result) => assert.equal(idOf(result), "new")],
  ["security:deleteProfile", { _id: "readers" }, () => {}],
  ["security:deleteRole", { _id: "reader" }, () => {}],

  [
    "auth:login",
    { body: { username: "ada", password, expiresIn: "1h" } },
    (result) => {
      const { _id, jwt, ttl } = result as { _id: string; jwt: string; ttl: number };
      assert.deepEqual([_id, ttl], ["ada", 3_600_000]);
      token = jwt;
    },
  ],
  [
    "auth:checkToken",
    {
      get body() {
        return { token };
      },
    },
    (result) => assert.equal((result as Fields).valid, true),
  ],
  ["auth:getCurrentUser", {}, (result) => assert.equal(idOf(result), "ada")],
  ["auth:getMyRights", {}, (result) => assert.ok("hits" in (result as Fields))],
  ["auth:updateSelf", { body: { name: "Countess" } }, (result) => assert.equal(sourceOf(result).name, "Countess")],
  [
    "auth:logout",
    {},
    async () => assert.deepEqual(((await run("auth:checkToken", { body: { token } })) as Fields).valid, false),
  ],
  [
    "admin:createFirstAdmin",
    { _id: "root", body: { name: "Root", password } },
    async () => assert.equal(await logIn("root"), "root"),
  ],
];

const lastScroll: { scrollId?: string } = {};
const room = { roomId: "", channel: "" };
const ofTheUser = new Set(["auth:getCurrentUser", "auth:getMyRights", "auth:updateSelf", "auth:logout"]);

for (const [name, data, check] of cases) {
  test(`${name} is run under its former name: ${JSON.stringify(data).slice(0, 80)}`, async () => {
    await check(await run(name, data, ofTheUser.has(name) ? token : null));
  });
}

test("every former action of the contract is among them", () => {
  const tested = new Set(cases.map(([name]) => name));
  for (const { v0 } of legacy.v0_actions) {
    if (v0.endsWith(":<command>")) assert.ok([...tested].some((name) => name.startsWith(v0.split(":")[0] ?? "")));
    else assert.ok(tested.has(v0), v0);
  }
});

test("what subscribers are told has the shape and the names of then", async () => {
  const { channel, roomId } = (await run("subscribe:on", {
    ...place,
    body: { exists: { field: "told" } },
  })) as typeof room;
  plugin.heard.length = 0;
  await former.ws.document.create("library", "books", { told: 1 }, "told");
  const deadline = Date.now() + 2_000;
  while (!plugin.heard.some(({ payload }) => payload !== undefined)) {
    assert.ok(Date.now() < deadline, "nothing was heard");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const [broadcast] = plugin.heard;
  assert.equal(broadcast?.channel, channel);
  const payload = broadcast?.payload as Fields & { toJson(): unknown };
  assert.equal(payload.toJson(), payload);
  assert.equal(Object.keys(payload).includes("toJson"), false);
  const { controller, action, error, status, scope, state, index, collection, result } = payload;
  assert.deepEqual(
    { controller, action, error, status, scope, state, index, collection, id: (result as Fields)._id },
    {
      controller: "write",
      action: "create",
      error: null,
      status: 200,
      scope: "in",
      state: "done",
      ...place,
      id: "told",
    },
  );
  assert.ok(String(payload.roomId).startsWith(roomId));
});

/** Events of Kuzzle 0 that no single action stands behind: start-up data, resets, rooms, overload, users that are answered. */
import assert from "node:assert/strict";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Backend } from "../../src/app/index.ts";
import type { KuzzleRequest } from "../../src/kernel/index.ts";
import { firstPackage, listed, startFormer } from "./former-server.ts";

/** Records what it hears under `names`, and does `change` to each payload of a pipe. */
const listener = (names: readonly string[], change: string): string => `
module.exports = function () {
  var self = this, names = ${JSON.stringify(names)};
  this.seen = [];
  this.pipes = {};
  this.hooks = {};
  this.init = function (config, context, isDummy) { this.context = context; };
  var note = function (as, event, payload) {
    var kind = payload instanceof self.context.RequestObject ? 'req' : payload instanceof self.context.ResponseObject ? 'res'
      : payload instanceof Error ? 'error' : payload === undefined ? 'none' : typeof payload;
    self.seen.push([as, event, kind]);
  };
  names.forEach(function (event) {
    self.pipes[event] = 'pipe ' + event;
    self.hooks[event] = 'hook ' + event;
    self['pipe ' + event] = function (payload, callback) {
      note('pipe', event, payload);
      (${change})(event, payload);
      callback(null, payload);
    };
    self['hook ' + event] = function (payload, name) { note('hook', name, payload); };
  });
};`;

type Seen = readonly (readonly [string, string, string])[];
const seenBy = (server: { backend: { plugin: { get(name: string): object } } }): Seen =>
  (server.backend.plugin.get("listener") as unknown as { seen: Seen }).seen;
const packaged = (names: readonly string[], change = "function () {}"): Record<string, string> => ({
  ...firstPackage("listener", listener(names, change)),
  ...listed({ listener: { version: "1", activated: true } }),
});
const twice = (event: string, kind: string) => [
  ["pipe", event, kind],
  ["hook", event, kind],
];

/** A root whose data is still there at the next start. */
async function keptRoot(): Promise<{ root: string; data: string }> {
  const root = await mkdtemp(join(tmpdir(), "tenon-former-"));
  return { root, data: join(root, "data") };
}

test("the first boot tells of the internal index and its mappings, takes fields over, and the second boot is silent", async (t) => {
  const names = ["createInternalIndex", "updateMappingRoles", "updateMappingProfiles", "updateMappingUsers"].map(
    (name) => `prepareDb:${name}`,
  );
  const change = `function (event, requestObject) {
    if (requestObject.controller !== 'admin' || requestObject.index !== '%kuzzle') throw new Error('not as it was');
    if (requestObject.collection) requestObject.data.body.properties['of_' + requestObject.collection] = { type: 'keyword' };
  }`;
  const files = packaged([...names, "data:updateMappingUsers"], change);
  const kept = await keptRoot();
  const first = await startFormer(t, files, {}, kept);
  assert.deepEqual(
    seenBy(first.server).filter(([, event]) => event !== "data:updateMappingUsers"),
    names.flatMap((name) => twice(name, "req")),
  );
  assert.deepEqual(
    seenBy(first.server).filter(([, event]) => event === "data:updateMappingUsers"),
    twice("data:updateMappingUsers", "req"),
  );
  for (const kind of ["Role", "Profile", "User"]) {
    const { mapping } = (await first.ask({ controller: "security", action: `get${kind}Mapping` })) as {
      mapping: Record<string, unknown>;
    };
    assert.deepEqual(mapping[`of_${kind.toLowerCase()}s`], { type: "keyword" });
  }
  first.ws.disconnect();
  await first.server.close();
  const second = await startFormer(t, files, {}, kept);
  assert.deepEqual(seenBy(second.server), []);
});

const imports = {
  prepare: (backend: Backend) =>
    backend.import.mappings({ imported: { things: { mappings: { properties: { a: { type: "keyword" } } } } } }),
};

test("a mapping that is imported at the start or by a client is shown first, and goes where the plugin says", async (t) => {
  const change = `function (event, requestObject) {
    requestObject.data.body.properties.added = { type: 'keyword' };
    requestObject.collection += '2';
  }`;
  const { server, ask, ws } = await startFormer(t, packaged(["prepareDb:importMapping"], change), {}, imports);
  const bySdk = { library: { films: { properties: { b: { type: "keyword" } } } } };
  await ask({ controller: "admin", action: "loadMappings", body: bySdk });
  assert.deepEqual(seenBy(server), [
    ...twice("prepareDb:importMapping", "req"),
    ...twice("prepareDb:importMapping", "req"),
  ]);
  for (const [index, collection, field] of [
    ["imported", "things2", "a"],
    ["library", "films2", "b"],
  ] as const) {
    const { properties } = (await ws.collection.getMapping(index, collection)) as { properties: object };
    assert.deepEqual(properties, { [field]: { type: "keyword" }, added: { type: "keyword" } });
  }
  assert.equal(await ws.collection.exists("library", "films"), false);
});

test("fixtures are shown before they are loaded, may get another index, and other lines", async (t) => {
  const change = `function (event, requestObject) {
    if (event === 'prepareDb:createFixturesIndex') requestObject.index = 'elsewhere';
    else { requestObject.collection = 'books'; requestObject.data.body[1].changed = true; }
  }`;
  const names = ["prepareDb:createFixturesIndex", "prepareDb:importFixtures"];
  const { server, ask, ws } = await startFormer(t, packaged(names, change));
  const fixtures = { library: { others: [{ create: { _id: "one" } }, { a: 1 }] } };
  await ask({ controller: "admin", action: "loadFixtures", body: fixtures });
  assert.deepEqual(
    seenBy(server),
    names.flatMap((name) => twice(name, "req")),
  );
  assert.equal((await ws.document.get("library", "books", "one"))._source.changed, true);
  assert.equal(await ws.index.exists("elsewhere"), true);
});

test("data that cannot be prepared is told as prepareDb:error, and stops the start", async (t) => {
  const root = await mkdtemp(join(tmpdir(), "tenon-former-"));
  const told = join(root, "told");
  const change = `function (event, payload) {
    if (event === 'prepareDb:importMapping') throw new Error('not today');
    require('fs').appendFileSync(${JSON.stringify(told)}, event + ': ' + payload.message.split('\\n')[0] + '; ');
  }`;
  const files = packaged(["prepareDb:importMapping", "prepareDb:error", "preparedb:error"], change);
  await assert.rejects(startFormer(t, files, {}, { ...imports, root }), /not today/);
  assert.equal(await readFile(told, "utf8"), "prepareDb:error: not today; preparedb:error: not today; ");
});

test("a reset tells which indexes go, deletes those that the plugin leaves in, and then says that it is done", async (t) => {
  const change = `function (event, payload) {
    if (event === 'cleanDb:deleteIndexes') payload.data.body.indexes = payload.data.body.indexes.filter(function (index) { return index !== 'kept'; });
  }`;
  const { server, ask, ws } = await startFormer(
    t,
    packaged(["cleanDb:deleteIndexes", "cleanDb:done", "cleanDb:error"], change),
  );
  await ws.index.create("kept");
  await ask({ controller: "admin", action: "resetDatabase" });
  assert.deepEqual(await ws.index.list(), ["kept"]);
  assert.deepEqual(seenBy(server), [...twice("cleanDb:deleteIndexes", "req"), ...twice("cleanDb:done", "none")]);
});

test("a reset that a plugin refuses is told as cleanDb:error, and the server goes on", async (t) => {
  const change = `function (event, payload) { if (event === 'cleanDb:deleteIndexes') payload.data.body.indexes = 'none'; }`;
  const { server, ask } = await startFormer(
    t,
    packaged(["cleanDb:deleteIndexes", "cleanDb:done", "cleanDb:error"], change),
  );
  await assert.rejects(ask({ controller: "admin", action: "resetDatabase" }), { status: 400 });
  assert.deepEqual(seenBy(server), [...twice("cleanDb:deleteIndexes", "req"), ...twice("cleanDb:error", "error")]);
  assert.ok(await ask({ controller: "server", action: "now" }));
});

test("the removal of rooms is told before and after, under all its names, and its answer may be changed", async (t) => {
  const change = `function (event, payload) {
    if (event === 'subscription:beforeRemoveRooms') payload.collection = 'books';
    if (event === 'subscription:afterRemoveRooms') payload.data.body = { acknowledge: 'by the plugin' };
  }`;
  const names = ["subscription:beforeRemoveRooms", "subscription:removeRooms", "subscription:afterRemoveRooms"];
  const { server, ask, ws } = await startFormer(t, packaged(names, change));
  await ws.realtime.subscribe("library", "books", {}, () => {});
  const answer = await ask({
    controller: "admin",
    action: "removeRooms",
    index: "library",
    collection: "other",
    body: {},
  });
  assert.deepEqual(answer, { acknowledge: "by the plugin" });
  assert.deepEqual(await ask({ controller: "realtime", action: "list" }), {});
  const [before, bare, after] = names as [string, string, string];
  const ofKind = (name: string): Seen => seenBy(server).filter(([, event]) => event === name);
  assert.deepEqual(
    [...ofKind(before), ...ofKind(bare), ...ofKind(after)],
    [...twice(before, "req"), ...twice(bare, "req"), ...twice(after, "res")],
  );
});

test("only those whose roles say so may remove rooms or switch the refresh of an index, and no client is told of these", async (t) => {
  const { ask, ws } = await startFormer(t, packaged([]), {}, { config: { "limits.loginsPerSecond": 100 } });
  const auth = { actions: { "*": true } };
  await ws.security.createRole("reader", { controllers: { auth } } as never);
  await ws.security.createRole("remover", {
    controllers: { auth, admin: { actions: { removeRooms: true } } },
  } as never);
  for (const name of ["reader", "remover"]) {
    await ws.security.createProfile(name, { policies: [{ roleId: name }] } as never);
    const local = { username: name, password: "a long secret" };
    await ws.security.createUser(name, { content: { profileIds: [name] }, credentials: { local } } as never);
  }
  const api = JSON.stringify(await ask({ controller: "server", action: "publicApi" }));
  assert.equal(/removeRooms|AutoRefresh/.test(api), false);
  await ws.auth.login("local", { username: "reader", password: "a long secret" });
  const target = { index: "library", collection: "books", body: { autoRefresh: true } };
  for (const [controller, action] of [
    ["admin", "removeRooms"],
    ["index", "setAutoRefresh"],
    ["index", "refresh"],
  ]) {
    await assert.rejects(ask({ controller, action, ...target }), { status: 403 });
  }
  await ws.auth.login("local", { username: "remover", password: "a long secret" });
  assert.deepEqual(await ask({ controller: "admin", action: "removeRooms", ...target }), { acknowledge: true });
  await assert.rejects(ask({ controller: "index", action: "setAutoRefresh", ...target }), { status: 403 });
});

test("the refresh of an index that was switched on is still on after a restart", async (t) => {
  const files = packaged(["data:beforeSetAutoRefresh", "data:afterSetAutoRefresh", "data:beforeCreate"]);
  const kept = await keptRoot();
  const first = await startFormer(t, files, {}, kept);
  const set = { controller: "index", action: "setAutoRefresh", index: "library", body: { autoRefresh: true } };
  assert.equal(await first.ask(set), true);
  assert.deepEqual(seenBy(first.server).slice(0, 4), [
    ...twice("data:beforeSetAutoRefresh", "req"),
    ...twice("data:afterSetAutoRefresh", "res"),
  ]);
  await assert.rejects(first.ask({ ...set, index: "nowhere" }), { status: 412 });
  await assert.rejects(first.ask({ ...set, body: { autoRefresh: "perhaps" } }), { status: 400 });
  first.ws.disconnect();
  await first.server.close();
  let refresh: unknown;
  const prepare = (backend: Backend): void =>
    backend.hook.register("document:beforeCreate", (request: KuzzleRequest) => {
      refresh = request.input.args.refresh;
    });
  const second = await startFormer(t, files, {}, { ...kept, prepare });
  const get = { controller: "index", action: "getAutoRefresh", index: "library" };
  assert.equal(await second.ask(get), true);
  await second.ws.document.create("library", "books", {});
  assert.equal(refresh, "wait_for");
});

for (const [name, init, expected] of [
  ["as a text", "function (config, context, isDummy) {}", /^\d+%$/],
  ["as a number to the last dialect", "function (config, context) {}", /^\d+$/],
] as const) {
  test(`an overload is told ${name}, to pipes and hooks`, async (t) => {
    const main = `
    module.exports = function () {
      this.seen = [];
      this.pipes = { 'server:overload': 'pipe' };
      this.hooks = { 'server:overload': 'hook' };
      this.scope = {};
      this.init = ${init};
      this.pipe = function (percent, callback) { this.seen.push(['pipe', percent]); callback(null, percent); };
      this.hook = function (percent, event) { this.seen.push([event, percent]); };
    };`;
    const variant = name === "as a text" ? "v0.b" : "v0.d";
    const { server, ws } = await startFormer(
      t,
      { ...firstPackage("listener", main), ...listed({ listener: { version: "1", activated: true } }) },
      { listener: { _dialect: variant } },
      {
        config: {
          "limits.concurrentRequests": 1,
          "limits.requestsBufferSize": 20,
          "limits.requestsBufferWarningThreshold": 2,
        },
      },
    );
    await Promise.allSettled(
      Array.from({ length: 40 }, () => ws.query({ controller: "security", action: "searchUsers", body: {} })),
    );
    const seen = seenBy(server) as unknown as readonly (readonly [string, unknown])[];
    const [[first, percent] = [], [second, same] = []] = seen;
    assert.deepEqual([first, second], ["pipe", "server:overload"]);
    assert.equal(same, percent);
    assert.equal(typeof percent, variant === "v0.b" ? "string" : "number");
    assert.match(String(percent), expected);
  });
}

test("a user is formatted wherever one is answered, in either form, for pipes and hooks, also by a wildcard", async (t) => {
  const main = `
  module.exports = function () {
    this.seen = [];
    this.pipes = { 'security:formatUserForSerialization': 'hide' };
    this.hooks = { 'security:formatUserForSerialization': 'note', '*:formatUserForSerialization': 'note' };
    this.init = function (config, context, isDummy) {};
    this.hide = function (user, callback) {
      if (user.profile !== user.profileIds[0]) return callback(new Error('no profile'));
      delete user.password;
      if (user._source) { delete user._source.pin; user._source.shown = true; }
      callback(null, user);
    };
    this.note = function (user, event) { this.seen.push([event, user._id, user.password, user._source.pin]); };
  };`;
  const { server, ws, ask } = await startFormer(t, {
    ...firstPackage("listener", main),
    ...listed({ listener: { version: "1", activated: true } }),
  });
  const local = { username: "ada", password: "a long secret" };
  const content = { profileIds: ["default"], name: "Ada", password: "hash", pin: 1 };
  const seen = seenBy(server) as unknown as unknown[];
  const user = { controller: "security", _id: "ada" };
  const hidden = (result: unknown): void => {
    const { _id, _source } = result as { _id: string; _source: Record<string, unknown> };
    const { _kuzzle_info: _, profileIds, ...fields } = _source;
    assert.deepEqual([_id, fields, profileIds], ["ada", { name: "Ada", shown: true }, ["default"]]);
    assert.deepEqual(seen.splice(0), [
      ["security:formatUserForSerialization", "ada", undefined, undefined],
      ["*:formatUserForSerialization", "ada", undefined, undefined],
    ]);
  };
  hidden(await ask({ ...user, action: "createUser", body: { content, credentials: { local } } }));
  hidden(await ask({ ...user, action: "getUser" }));
  hidden(await ask({ ...user, action: "updateUser", body: { pin: 2 } }));
  hidden(await ask({ ...user, action: "upsertUser", body: { content: { profileIds: ["default"], pin: 3 } } }));
  hidden(await ask({ ...user, action: "replaceUser", body: content }));
  for (const more of [
    { action: "mGetUsers", ids: ["ada"] },
    { action: "searchUsers", body: {} },
  ]) {
    const { hits } = (await ask({ ...user, ...more })) as { hits: unknown[] };
    hidden(hits[0]);
  }
  const { scrollId } = (await ask({ ...user, action: "searchUsers", body: {}, size: 1, scroll: "1m" })) as {
    scrollId: string;
  };
  seen.length = 0;
  await ask({ ...user, action: "scrollUsers", scrollId });
  const login = (await ask({ controller: "auth", action: "login", strategy: "local", body: local })) as { jwt: string };
  assert.equal(JSON.stringify(login).includes("hash"), false);
  ws.jwt = login.jwt;
  seen.length = 0;
  hidden(await ask({ controller: "auth", action: "getCurrentUser" }));
  hidden(await ask({ controller: "auth", action: "updateSelf", body: { pin: 4 } }));
});

test("the cache of indexes, rooms, the memory storage and the start are told under their former names", async (t) => {
  const names = ["core:indexCache:add", "core:indexCache:remove", "core:indexCache:reset", "room:new", "room:remove"];
  const more = [
    "core:hotelClerk:addSubscription",
    "core:hotelClerk:removeRoomForCustomer",
    "cache:set",
    "server:httpStarted",
  ];
  const main = `
  module.exports = function () {
    var self = this;
    this.seen = [];
    this.hooks = {};
    this.init = function (config, context, isDummy) {};
    ${JSON.stringify([...names, ...more, "core:kuzzleStart", "websocket:disconnect"])}.forEach(function (event) { self.hooks[event] = 'hear'; });
    this.hear = function (payload, event) { this.seen.push([event, payload]); };
  };`;
  const { server, ws, ask } = await startFormer(t, {
    ...firstPackage("listener", main),
    ...listed({ listener: { version: "1", activated: true } }),
  });
  const seen = seenBy(server) as unknown as [string, Record<string, unknown>][];
  assert.deepEqual(
    seen.filter(([event]) => /Start/.test(event)).map(([event, message]) => [event, typeof message]),
    [
      ["server:httpStarted", "string"],
      ["core:kuzzleStart", "string"],
    ],
  );
  seen.length = 0;
  await ws.index.create("films");
  await ws.collection.create("films", "old", {});
  await ask({ controller: "collection", action: "delete", index: "films", collection: "old" });
  await ws.index.delete("films");
  await ws.ms.set("key", "value");
  const roomId = await ws.realtime.subscribe("library", "books", {}, () => {});
  await ws.realtime.unsubscribe(roomId);
  assert.deepEqual(
    seen.map(([event, payload]) => [event, payload.index, payload.collection]),
    [
      ["core:indexCache:add", "films", undefined],
      ["core:indexCache:add", "films", "old"],
      ["core:indexCache:remove", "films", "old"],
      ["core:indexCache:reset", "films", undefined],
      ["cache:set", undefined, undefined],
      ["room:new", "library", "books"],
      ["core:hotelClerk:addSubscription", "library", "books"],
      ["core:hotelClerk:removeRoomForCustomer", undefined, undefined],
      ["room:remove", undefined, undefined],
    ],
  );
});

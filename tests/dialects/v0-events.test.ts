/**
 * Every event of Kuzzle 0 that an action of today stands behind, those of its plugin documents and those of its code: driven through a client,
 * heard as a pipe and as a hook, with the right kind of payload, and with a change that arrives.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import type { Kuzzle } from "kuzzle-sdk";
import { parse } from "yaml";
import { firstPackage, formerPackage, listed, startFormer } from "./former-server.ts";

interface Row {
  readonly v0: string;
  readonly v2: readonly string[];
  readonly in: string;
  readonly kind?: "both" | "hook";
}

const { legacy } = parse(readFileSync(new URL("../../contract/plugins/events.yaml", import.meta.url), "utf8")) as {
  legacy: { v0: readonly Row[] };
};

/** Those of start-up data, rooms, users and protocols have tests of their own. */
const rows = legacy.v0.filter(
  ({ v0, v2, kind }) => kind === "both" && v2.length > 0 && !/^(cleanDb|prepareDb):|^server:overload$/.test(v0),
);
const memory: readonly Row[] = ["Set", "Get"].flatMap((name) => [
  { v0: `memoryStorage:before${name}`, v2: [`ms:before${name}`], in: "req" },
  { v0: `memoryStorage:after${name}`, v2: [`ms:after${name}`], in: "res" },
]);
const driven = [...rows.filter(({ v0 }) => !v0.startsWith("memoryStorage:")), ...memory];

const watcher = `
module.exports = function () {
  var self = this;
  this.seen = [];
  this.hooks = {};
  this.pipes = {};
  this.init = function (config, context, isDummy) {
    var kindOf = function (payload) {
      if (payload instanceof context.RequestObject) return 'req';
      if (payload instanceof context.ResponseObject) return 'res';
      if (payload.requestObject instanceof context.RequestObject && payload.context.connection) return 'ctxreq';
      return payload.connection && 'token' in payload && 'user' in payload && 'profile' in payload && 'role' in payload ? 'conn' : 'other';
    };
    config.events.forEach(function (event) {
      self.pipes[event] = 'pipe ' + event;
      self.hooks[event] = ['hook ' + event];
      self['pipe ' + event] = function (payload, callback) {
        var kind = kindOf(payload), object = kind === 'ctxreq' ? payload.requestObject : payload;
        self.seen.push({ as: 'pipe', event: event, kind: kind, payload: object, tag: object.tag });
        if (kind === 'res' && object.metadata.change) object.data.body = { changedBy: event };
        else if (kind !== 'conn' && object.metadata.change) object.metadata.changedBy = event;
        object.tag = event;
        callback(null, payload);
      };
      self['hook ' + event] = function (payload, name) {
        var kind = kindOf(payload), object = kind === 'ctxreq' ? payload.requestObject : payload;
        self.seen.push({ as: 'hook', event: name, kind: kind, payload: object, tag: object.tag });
      };
    });
  };
};`;

interface Seen {
  readonly as: "pipe" | "hook";
  readonly event: string;
  readonly kind: string;
  readonly payload: { readonly requestId: string };
  readonly tag: string | undefined;
}

const place = { index: "library", collection: "books" };
const local = { username: "ada", password: "a long secret" };
const role = { controllers: { "*": { actions: { "*": true } } } };
const profile = { policies: [{ roleId: "default" }] };
const user = { content: { profileIds: ["default"] }, credentials: {} };

/** One request for each action, in an order in which each finds what it needs. */
const requests: readonly (readonly [string, object | (() => Promise<object>)])[] = [
  ["auth:login", { strategy: "local", body: local }],
  ["auth:getCurrentUser", {}],
  ["auth:checkToken", { body: { token: "none" } }],
  ["auth:getMyRights", {}],
  ["auth:updateSelf", { body: { name: "Ada" } }],
  ["auth:logout", {}],
  ["server:adminExists", {}],
  ["server:getConfig", {}],
  ["index:create", { index: "made" }],
  ["index:list", {}],
  ["index:delete", { index: "made" }],
  ["index:mDelete", { body: { indexes: ["nothing"] } }],
  ["collection:updateMapping", { ...place, body: { properties: { n: { type: "integer" } } } }],
  ["collection:getMapping", place],
  ["collection:list", { index: "library" }],
  ["bulk:import", { ...place, body: { bulkData: [{ index: { _id: "one" } }, { n: 1 }] } }],
  ["collection:refresh", place],
  ["collection:create", { index: "library", collection: "others" }],
  ["collection:delete", { index: "library", collection: "others" }],
  ["index:setAutoRefresh", { index: "library", body: { autoRefresh: false } }],
  ["index:getAutoRefresh", { index: "library" }],
  ["document:create", { ...place, _id: "two", body: {} }],
  ["document:createOrReplace", { ...place, _id: "two", body: {} }],
  ["document:replace", { ...place, _id: "two", body: {} }],
  ["document:update", { ...place, _id: "two", body: { n: 2 } }],
  ["document:delete", { ...place, _id: "two" }],
  ["document:deleteByQuery", { ...place, body: { query: { ids: { values: ["two"] } } } }],
  ["realtime:subscribe", { ...place, body: {} }],
  ["realtime:join", async () => ({ body: { roomId: await ws.realtime.subscribe("library", "books", {}, () => {}) } })],
  ["realtime:count", { body: { roomId: "none" } }],
  ["realtime:list", {}],
  [
    "realtime:unsubscribe",
    async () => ({ body: { roomId: await ws.realtime.subscribe("library", "books", {}, () => {}) } }),
  ],
  ["realtime:publish", { ...place, body: {} }],
  ["document:search", { ...place, body: {} }],
  ["document:get", { ...place, _id: "one" }],
  ["document:count", { ...place, body: {} }],
  ["collection:truncate", place],
  ["server:now", {}],
  ["server:info", {}],
  ["server:getStats", {}],
  ["server:getLastStats", {}],
  ["server:getAllStats", {}],
  ["ms:set", { _id: "key", body: { value: "v" } }],
  ["ms:get", { _id: "key" }],
  ["security:createRole", { _id: "reader", body: role }],
  ["security:createOrReplaceRole", { _id: "reader", body: role }],
  ["security:updateRole", { _id: "reader", body: role }],
  ["security:getRole", { _id: "reader" }],
  ["security:mGetRoles", { body: { ids: ["reader"] } }],
  ["security:searchRoles", { body: {} }],
  ["security:createProfile", { _id: "readers", body: profile }],
  ["security:createOrReplaceProfile", { _id: "readers", body: profile }],
  ["security:updateProfile", { _id: "readers", body: profile }],
  ["security:getProfile", { _id: "readers" }],
  ["security:mGetProfiles", { body: { ids: ["readers"] } }],
  ["security:searchProfiles", { body: {} }],
  ["security:createUser", { _id: "eve", body: user }],
  ["security:updateUser", { _id: "eve", body: { name: "Eve" } }],
  ["security:replaceUser", { _id: "eve", body: { profileIds: ["readers"] } }],
  ["security:getUser", { _id: "eve" }],
  ["security:searchUsers", { body: {} }],
  ["security:getUserRights", { _id: "eve" }],
  ["security:getProfileRights", { _id: "readers" }],
  ["security:deleteUser", { _id: "eve" }],
  ["security:deleteProfile", { _id: "readers" }],
  ["security:deleteRole", { _id: "reader" }],
  ["security:createFirstAdmin", { _id: "root", body: { content: {}, credentials: {} } }],
];

let ws: Kuzzle;
let seen: Seen[];
const closing: (() => unknown)[] = [];
const heard = new Set<string>();

before(async () => {
  const events = driven.map(({ v0 }) => v0);
  const context = { after: (close: () => unknown) => void closing.unshift(close) } as never;
  const started = await startFormer(
    context,
    {
      ...firstPackage("watcher", watcher, { defaultConfig: { events } }),
      ...listed({ watcher: { version: "1", activated: true } }),
      ...formerPackage(
        "one",
        "module.exports = function () { this.init = function () {}; this.pipes = { 'data:beforeNow': 'pass' }; this.pass = function (r, callback) { callback(null, r); }; };",
      ),
      ...formerPackage(
        "two",
        `module.exports = class { constructor () { this.pipes = { "server:beforeNow": async (request) => request }; } async init () {} };`,
        { name: "two", kuzzleVersion: ">=2.0.0 <3.0.0" },
      ),
    },
    {},
    { config: { "limits.loginsPerSecond": 100 } },
  );
  ws = started.ws;
  ({ seen } = started.server.backend.plugin.get("watcher") as unknown as { seen: Seen[] });
  await ws.security.createUser("ada", {
    content: { profileIds: ["default"] },
    credentials: { local },
  } as never);
});
after(async () => {
  for (const close of closing) await close();
});

for (const [name, more] of requests) {
  const [controller = "", action = ""] = name.split(":");
  const phases = (["before", "after"] as const).map((phase) => {
    const today = `${controller}:${phase}${action.charAt(0).toUpperCase()}${action.slice(1)}`;
    return driven.filter(({ v2 }) => v2.includes(today));
  });
  const names = phases.flat().map(({ v0 }) => v0);

  test(`${name} fires ${names.join(", ")} once each, as pipe and as hook, and their changes arrive`, async () => {
    assert.ok(names.length > 0);
    if (name === "auth:logout") ws.jwt = await ws.auth.login("local", local);
    const data = typeof more === "function" ? await more() : more;
    seen.length = 0;
    const query = { controller, action, ...data, volatile: { change: true } };
    const answer = (await ws.query(query as never)) as unknown as {
      result: unknown;
      volatile: { changedBy?: string };
      requestId: string;
    };
    // What the watcher made of the answer is no token, and the one before has ended.
    if (name === "auth:login" || name === "auth:logout") {
      ws.jwt = null as never;
      ws.jwt = await ws.auth.login("local", local);
    }
    const ofThis = seen.filter(
      ({ event, payload }) => payload.requestId === answer.requestId || event === "auth:beforeLogout",
    );
    // All pipes of an event of today, then its hooks, whatever names they were declared under.
    const expected = phases.flatMap((events) => [
      ...events.map(({ v0, in: kind }) => ["pipe", v0, kind]),
      ...events.map(({ v0, in: kind }) => ["hook", v0, kind]),
    ]);
    assert.deepEqual(
      ofThis.map(({ as, event, kind }) => [as, event, kind]),
      expected,
    );
    for (const { as, event } of ofThis) heard.add(`${as} ${event}`);
    for (const events of phases) {
      const shown = ofThis.filter(({ event, kind }) => kind !== "conn" && events.some(({ v0 }) => v0 === event));
      assert.equal(new Set(shown.map(({ payload }) => payload)).size, shown.length > 0 ? 1 : 0, "one object for all");
      const last = shown.findLast(({ as }) => as === "pipe");
      for (const { as, tag } of shown) if (as === "hook") assert.equal(tag, last?.event);
      if (last?.kind === "res") assert.deepEqual(answer.result, { changedBy: last.event });
      else if (last !== undefined) assert.equal(answer.volatile.changedBy, last.event);
    }
  });
}

test("no row of the table was left out", () => {
  const expected = driven.flatMap(({ v0 }) => [`pipe ${v0}`, `hook ${v0}`]).sort();
  assert.deepEqual([...heard].sort(), expected);
});

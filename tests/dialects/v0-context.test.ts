/** What the context of Kuzzle 0 offers: repositories, users, the server for the privileged, and libraries of its time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type FormerServer, firstPackage, listed, startFormer } from "./former-server.ts";

const keeper = `
module.exports = function () {
  this.init = function (config, context, isDummy) { this.context = context; this.config = config; };
};`;

/** As the documents list them. */
const members = {
  all: [
    "load",
    "loadOneFromDatabase",
    "loadMultiFromDatabase",
    "search",
    "loadFromCache",
    "persistToDatabase",
    "persistToCache",
    "delete",
    "deleteFromDatabase",
    "deleteFromCache",
    "refreshCacheTTL",
    "expireFromCache",
    "hydrate",
    "serializeToCache",
    "serializeToDatabase",
    "ObjectConstructor",
  ],
  user: ["persist", "anonymous"],
  profile: [
    "loadProfile",
    "buildProfileFromRequestObject",
    "searchProfiles",
    "validateAndSaveProfile",
    "deleteProfile",
  ],
  role: ["loadRole", "loadRoles", "searchRole", "getRoleFromRequestObject", "validateAndSaveRole", "deleteRole"],
  token: ["generateToken", "verifyToken", "expire", "anonymous"],
} as const;

type Members = typeof members;
interface Fields {
  readonly [field: string]: unknown;
}
type Call = (...args: unknown[]) => Promise<Fields>;
type Repositories = {
  readonly [Kind in Exclude<keyof Members, "all">]: Readonly<Record<Members["all" | Kind][number], Call>>;
};

interface Context extends Record<string, unknown> {
  repositories(): Repositories;
  readonly RequestObject: new (...args: unknown[]) => object;
  readonly accessors: {
    readonly users: Readonly<Record<"load" | "create", Call>>;
    readonly kuzzle?: { readonly id: string };
  };
  readonly constructors: Record<string, unknown> & { readonly services?: Record<string, new () => object> };
  readonly errors: Record<string, new (...args: unknown[]) => Error>;
  readonly config: { readonly version: string; readonly server: { readonly port: number } };
  readonly httpPort: number;
}

const contextOf = ({ server }: FormerServer, name: string): Context =>
  (server.backend.plugin.get(name) as unknown as { context: Context }).context;

const start = (t: Parameters<typeof startFormer>[0], customConfig: object = {}) =>
  startFormer(
    t,
    { ...firstPackage("keeper", keeper), ...listed({ keeper: { version: "1", activated: true, customConfig } }) },
    {},
    { config: { "limits.loginsPerSecond": 100 } },
  );

test("every repository has every member that its documents list", async (t) => {
  const repositories = contextOf(await start(t), "keeper").repositories();
  for (const kind of ["user", "profile", "role", "token"] as const) {
    const repository: Readonly<Record<string, unknown>> & Repositories["user"] = repositories[kind] as never;
    for (const member of [...members.all, ...members[kind]]) {
      assert.equal(typeof repository[member], "function", `${kind}.${member}`);
    }
    const ObjectConstructor = repository.ObjectConstructor as unknown as new () => object;
    assert.equal(typeof new ObjectConstructor(), "object");
    const made = {};
    assert.equal(await repository.hydrate(made, { a: 1 }), made);
    assert.deepEqual(made, { a: 1 });
    assert.deepEqual(repository.serializeToDatabase({ b: 2 }), { b: 2 });
    assert.deepEqual(repository.serializeToCache({ b: 2 }), { b: 2 });
    assert.equal(await repository.persistToCache(made as never, { ttl: 3 }), made);
    assert.equal(await repository.refreshCacheTTL(made), undefined);
  }
});

test("users are created, replaced, updated, found and deleted, with all their fields", async (t) => {
  const former = await start(t);
  const { user } = contextOf(former, "keeper").repositories();
  const { ws } = former;
  const of = async (id: unknown): Promise<unknown> => {
    const found = (await user.load(id)) as Record<string, unknown> | null;
    if (found === null) return null;
    const { _kuzzle_info: _, ...fields } = found;
    return fields;
  };
  await user.persist({ _id: "ada", profileIds: ["default"], password: "hash" }, { database: { method: "create" } });
  assert.deepEqual(await of("ada"), { _id: "ada", profileIds: ["default"], profile: "default", password: "hash" });
  await assert.rejects(
    async () => user.persistToDatabase({ _id: "ada", profileIds: ["default"] }, { method: "create" }),
    { status: 412 },
  );
  await user.persistToDatabase({ _id: "ada", name: "Ada" }, { method: "update" });
  assert.deepEqual(await of("ada"), {
    _id: "ada",
    profileIds: ["default"],
    profile: "default",
    password: "hash",
    name: "Ada",
  });
  await user.persistToDatabase({ _id: "ada", profile: "admin", name: "Lady Ada" }, { method: "replace" });
  assert.deepEqual(await of("ada"), { _id: "ada", profileIds: ["admin"], profile: "admin", name: "Lady Ada" });
  await user.persist({ _id: "bob", profile: "default" });
  await user.persist({ _id: "bob", profileIds: ["default"], name: "Bob" }, { cache: {} });
  assert.deepEqual(await of("bob"), { _id: "bob", profileIds: ["default"], profile: "default", name: "Bob" });
  // What a plugin writes on what it was given stays its own.
  const mine = (await user.load("bob")) as { profileIds: string[] };
  mine.profileIds.push("admin");
  assert.deepEqual(await of("bob"), { _id: "bob", profileIds: ["default"], profile: "default", name: "Bob" });
  for (const anonymous of [await of("anonymous"), await of(-1), await user.anonymous()]) {
    assert.deepEqual(
      [(anonymous as { _id: unknown })._id, (anonymous as { profile: unknown }).profile],
      [-1, "anonymous"],
    );
  }
  await assert.rejects(async () => user.persist({ _id: -1, name: "nobody" }), { status: 500 });
  assert.deepEqual([await of("nobody"), await of(undefined)], [null, null]);
  const several = (await user.loadMultiFromDatabase(["ada", { _id: "bob" }, "nobody"], true)) as unknown as {
    _id: string;
  }[];
  assert.deepEqual(
    several.map(({ _id }) => _id),
    ["ada", "bob"],
  );
  const found = (await user.search({ ids: { values: ["ada", "bob"] } }, 1, 5, true)) as {
    total: number;
    hits: { name: string }[];
  };
  assert.deepEqual([found.total, found.hits.map(({ name }) => name)], [2, ["Bob"]]);
  await user.delete({ _id: "ada" });
  await user.deleteFromDatabase("bob");
  assert.deepEqual([await of("ada"), await of("bob")], [null, null]);
  assert.equal(((await ws.security.searchUsers({})) as unknown as { total: number }).total, 0);
});

test("profiles and roles are built from requests, saved, found and deleted", async (t) => {
  const context = contextOf(await start(t), "keeper");
  const { profile, role } = context.repositories();
  const request = (id: string, body: object): object => new context.RequestObject({ _id: id, body });
  const controllers = { server: { actions: { now: true } } };
  const built = await role.getRoleFromRequestObject(request("clock", { controllers }));
  assert.deepEqual(built, { _id: "clock", controllers });
  await role.validateAndSaveRole(built);
  await assert.rejects(async () => role.validateAndSaveRole({ _id: "bad", controllers: "none" }), { status: 400 });
  assert.deepEqual(((await role.loadRole("clock")) as { controllers: unknown }).controllers, controllers);
  assert.equal(await role.loadRole("nothing"), null);
  assert.equal(((await role.loadRoles(["clock", "default", "nothing"])) as unknown as unknown[]).length, 2);
  const roles = (await role.searchRole(request("", { controllers: ["server"], from: 0, size: 1 }))) as {
    hits: unknown[];
  };
  assert.equal(roles.hits.length, 1);

  const made = await profile.buildProfileFromRequestObject(request("clocks", { policies: [{ roleId: "clock" }] }));
  await profile.validateAndSaveProfile(made);
  const loaded = (await profile.loadProfile("clocks")) as Record<string, unknown>;
  assert.deepEqual([loaded._id, loaded.policies, loaded.roles], ["clocks", [{ roleId: "clock" }], ["clock"]]);
  await profile.persistToDatabase({ _id: "olds", roles: ["clock", { _id: "default" }] }, { method: "create" });
  assert.deepEqual(((await profile.load("olds")) as { roles: unknown }).roles, ["clock", "default"]);
  const profiles = (await profile.searchProfiles({ roles: ["clock"] }, 0, 10)) as { total: number };
  assert.equal(profiles.total, 2);
  for (const id of ["clocks", "olds"]) await profile.deleteProfile({ _id: id });
  await role.deleteRole("clock");
  assert.deepEqual([await profile.load("clocks"), await role.load("clock")], [null, null]);
});

test("tokens are generated, verified and expired", async (t) => {
  const former = await start(t);
  const { token, user } = contextOf(former, "keeper").repositories();
  await contextOf(former, "keeper").accessors.users.create("ada", "default", { name: "Ada" });
  const made = await token.generateToken(await user.load("ada"), { connection: {} }, { expiresIn: "1h" });
  assert.deepEqual([made.userId, made.ttl, (made.user as { name: string }).name], ["ada", 3_600_000, "Ada"]);
  former.ws.jwt = String(made._id);
  assert.equal((await former.ws.auth.getCurrentUser())._id, "ada");
  assert.equal((await token.verifyToken(made._id))?.userId, "ada");
  assert.equal((await token.load(made._id))?.userId, "ada");
  await token.expire(made);
  await assert.rejects(async () => token.verifyToken(made._id), { status: 401, name: "UnauthorizedError" });
  await assert.rejects(async () => token.verifyToken("nonsense"), { status: 401 });
  await assert.rejects(async () => token.verifyToken(undefined), { status: 401 });
  assert.equal(await token.load("nonsense"), null);
  await assert.rejects(async () => token.generateToken({ _id: -1 }), { id: "plugin.context.invalid_user" });
  await assert.rejects(async () => token.search({}), { status: 500 });
  assert.equal((await token.anonymous())?.userId, -1);
});

test("accessors.users creates users with a profile, several, or the default one", async (t) => {
  const former = await start(t);
  const { users } = contextOf(former, "keeper").accessors;
  assert.deepEqual(await users.create("a"), { _id: "a", profileIds: ["default"] });
  assert.deepEqual(await users.create("b", "admin", { n: 1 }), { _id: "b", profileIds: ["admin"], n: 1 });
  assert.deepEqual(await users.create("c", ["admin", "default"]), { _id: "c", profileIds: ["admin", "default"] });
  await assert.rejects(async () => users.create("d", "unknown"), { status: 404 });
  assert.deepEqual(((await users.load("c")) as { profileIds: unknown }).profileIds, ["admin", "default"]);
});

test("the privileged reach the server itself, and are told that there is no broker; others do not", async (t) => {
  const plain = contextOf(await start(t), "keeper");
  assert.equal(plain.accessors.kuzzle, undefined);
  assert.equal(plain.constructors.services, undefined);
  assert.equal(plain.config.version, "1.0.0");
  const privileged = contextOf(await start(t, { privileged: true }), "keeper");
  assert.match(String(privileged.accessors.kuzzle?.id), /^knode-/);
  for (const name of ["WsBrokerClient", "WsBrokerServer"]) {
    const Broker = privileged.constructors.services?.[name] as new () => object;
    assert.throws(() => new Broker(), { id: "plugin.runtime.unexpected_error", message: new RegExp(`^${name}`) });
  }
});

test("what plugins of then counted on is there: removed parts of Node, and libraries beside the server", async (t) => {
  const libraries = `
  var util = require('util'), buffer = require('buffer'), q = require('q'), Promise = require('bluebird'), uuid = require('uuid');
  var passport = require('passport'), common = require('kuzzle-common-objects');
  module.exports = function () {
    this.init = function (config, context, isDummy) {
      var deferred = q.defer();
      deferred.resolve(1);
      this.context = context;
      this.found = {
        util: [util.isError(new Error()), util.isArray([]), util.isDate(new Date()), util.isRegExp(/a/), util.isString(''), util.isFunction(util.inherits)],
        buffer: [new Buffer('a').length, buffer.SlowBuffer(3).length, typeof process.binding],
        uuid: [uuid.v4().length, uuid().length],
        passport: typeof passport.use,
        common: [common.Models.requestObject === context.RequestObject, common.Errors.badRequestError === context.BadRequestError]
      };
      this.promised = Promise.all([deferred.promise, Promise.delay(1, 2), q(3)]);
      util.inherits(Mine, context.RequestObject);
      function Mine () { context.RequestObject.call(this, { controller: 'c', action: 'a', body: { x: 1 } }, {}, 'p'); }
      this.mine = new Mine();
    };
  };`;
  const former = await startFormer(t, {
    ...firstPackage("counting", libraries),
    ...listed({ counting: { version: "1", activated: true } }),
  });
  const plugin = former.server.backend.plugin.get("counting") as unknown as {
    found: object;
    promised: Promise<unknown>;
    mine: { data: unknown; controller: unknown; checkInformation(): Promise<void> };
  };
  assert.deepEqual(plugin.found, {
    util: [true, true, true, true, true, true],
    buffer: [1, 3, "function"],
    uuid: [36, 36],
    passport: "function",
    common: [true, true],
  });
  assert.deepEqual(await plugin.promised, [1, 2, 3]);
  assert.deepEqual([plugin.mine.controller, plugin.mine.data], ["c", { body: { x: 1 } }]);
  await plugin.mine.checkInformation();
});

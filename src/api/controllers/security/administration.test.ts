import assert from "node:assert/strict";
import { test } from "node:test";
import {
  asAdmin,
  logIn,
  openTestSecurity,
  plainStrategy,
  withAdmin,
} from "../../../../testing/security/test-security.ts";
import type { JSONObject } from "../../../kernel/index.ts";

const me = { controller: "auth", action: "getCurrentUser" };
const credentials = (username: string): JSONObject => ({ plain: { username, password: "pass" } });
const sourceOf = (answer: JSONObject): JSONObject => answer._source as JSONObject;

test("the first administrator is made once, even when two ask at the same time", async () => {
  await using server = await openTestSecurity();
  await server.security.strategies.register(plainStrategy());
  const create = { controller: "security", action: "createFirstAdmin", body: { content: { name: "Root" } } };
  const answers = await Promise.all([server.send(create), server.send(create), server.send(create)]);
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 412, 412]);
  const made = answers.find(({ status }) => status === 200)?.result as JSONObject;
  assert.match(String(made._id), /^kuid-[a-z]+-[a-z]+-\d{1,5}$/);
  assert.deepEqual(sourceOf(made).profileIds, ["admin"]);
  assert.equal((await server.send({ ...create, body: null })).error?.id, "api.process.admin_exists");
});

test("the standard rights shut the doors that the first start leaves open", async () => {
  await using server = await openTestSecurity();
  const open = await server.send({ controller: "security", action: "searchUsers" });
  assert.equal(open.status, 200);
  await withAdmin(server);
  for (const [controller, action] of [
    ["security", "searchUsers"],
    ["document", "get"],
    ["auth", "logout"],
    ["ghost", "action"],
  ]) {
    const { error } = await server.send({ controller, action });
    assert.deepEqual(
      [error?.id, error?.status, error?.props],
      ["security.rights.unauthorized", 401, [controller, action, "-1"]],
    );
  }
  assert.equal((await server.send({ controller: "auth", action: "checkToken" })).status, 200);
});

test("another node hears of every change", async () => {
  await using first = await openTestSecurity();
  const { ask } = await asAdmin(first);
  await ask("createRole", { _id: "reader", body: { controllers: { document: { actions: { get: true } } } } });
  await ask("createProfile", { _id: "readers", body: { policies: [{ roleId: "reader" }] } });
  await ask("createUser", {
    _id: "ada",
    body: { content: { profileIds: ["readers"] }, credentials: credentials("ada") },
  });
  const jwt = await logIn(first, "ada", "pass");
  await using second = await openTestSecurity({ store: first.store, bus: first.bus });
  const get = { controller: "document", action: "get", jwt };
  assert.equal((await second.send(get)).status, 200);
  const until = async (status: number): Promise<void> => {
    const deadline = Date.now() + 2_000;
    while ((await second.send(get)).status !== status) assert.ok(Date.now() < deadline, `never ${status}`);
  };
  await ask("updateRole", { _id: "reader", body: { controllers: { document: { actions: { search: true } } } } });
  await until(403);
  await ask("updateUser", { _id: "ada", body: { profileIds: ["admin"] } });
  await until(200);
  await ask("revokeTokens", { _id: "ada" });
  await until(401);
});

test("before there is an administrator only this machine is served, and told why", async () => {
  await using server = await openTestSecurity();
  const remote = { ips: ["203.0.113.5"] };
  const proxied = { ips: ["127.0.0.1", "203.0.113.5"] };
  const spoofed = { ips: ["203.0.113.5", "127.0.0.1"] };
  const create = { controller: "security", action: "createFirstAdmin" };
  for (const from of [remote, proxied, spoofed]) {
    const { error } = await server.send(create, from);
    assert.deepEqual([error?.id, error?.status], ["security.rights.unauthorized", 401]);
    assert.match(error?.message ?? "", /createFirstAdmin/);
  }
  for (const ips of [["127.0.0.1"], ["::1"], ["::ffff:127.0.0.1"], ["127.8.9.1"], []]) {
    assert.equal((await server.send(me, { ips })).status, 200, ips[0] ?? "no address");
  }
  await server.ask(create);
  assert.equal((await server.send(me, remote)).status, 200);
});

test("the configuration may open the server before there is an administrator", async () => {
  await using server = await openTestSecurity({ options: { openUntilAdmin: true } });
  assert.equal((await server.send(me, { ips: ["203.0.113.5"] })).status, 200);
});

test("securities load in order, and existing users fail, stay or are overwritten", async () => {
  await using server = await openTestSecurity();
  const { admin, ask, refusal } = await asAdmin(server);
  const content = {
    roles: { cook: { controllers: { "kitchen/stove": { actions: { fry: true } } } } },
    profiles: { cooks: { policies: [{ roleId: "cook" }] } },
    users: { ada: { content: { profileIds: ["cooks"], age: 1 }, credentials: credentials("ada") } },
  };
  const load = (onExistingUsers: string, force = true, given: JSONObject = content): Promise<void> =>
    server.security.loadSecurities(given, { onExistingUsers, force, refresh: true }, (action, args) =>
      server.ask({ ...args, controller: "security", action, jwt: admin }),
    );
  await assert.rejects(load("fail", false), { id: "security.role.unknown_controller" });
  await load("fail");
  assert.ok(await logIn(server, "ada", "pass"));
  await assert.rejects(load("fail"), { id: "security.user.prevent_overwrite" });
  await assert.rejects(load("replace"), { id: "api.assert.unexpected_argument" });
  await ask("updateUser", { _id: "ada", body: { age: 2 } });
  await load("skip");
  assert.equal(sourceOf(await ask("getUser", { _id: "ada" })).age, 2);
  await load("overwrite");
  assert.equal(sourceOf(await ask("getUser", { _id: "ada" })).age, 1);
  await assert.rejects(load("fail", true, { users: [] }), { id: "api.assert.invalid_argument" });
  await assert.rejects(load("fail", true, { roles: { r: null } }), { id: "api.assert.invalid_argument" });
  assert.equal(await refusal("getProfile", { _id: "cooks" }), undefined);
});

test("a reset of security deletes users, roles and profiles, and opens the server to this machine again", async () => {
  await using server = await openTestSecurity();
  const { admin, ask } = await asAdmin(server);
  await ask("createRole", { _id: "r", body: { controllers: { auth: { actions: { "*": true } } } } });
  await ask("createProfile", { _id: "p", body: { policies: [{ roleId: "r" }] } });
  const request = await server.send({ ...me, jwt: admin });
  assert.deepEqual(await server.security.resetSecurity(request), {
    deletedUsers: 1,
    deletedProfiles: 1,
    deletedRoles: 1,
  });
  assert.equal((await server.send({ ...me, jwt: admin })).error?.id, "security.token.invalid");
  assert.equal((await server.send({ controller: "security", action: "searchUsers" })).status, 200);
  assert.equal(
    (await server.send({ controller: "security", action: "searchUsers" }, { ips: ["203.0.113.5"] })).status,
    401,
  );
});

test("a second start on the same storage changes nothing", async () => {
  await using first = await openTestSecurity();
  await withAdmin(first);
  await using second = await openTestSecurity({ store: first.store });
  assert.equal((await second.send({ controller: "security", action: "searchUsers" })).status, 401);
  assert.equal(await second.security.adminExists(), true);
});

test("in failsafe mode only administrators are served, and logins", async () => {
  await using server = await openTestSecurity({ options: { failsafeMode: true } });
  const admin = server.security.users;
  await admin.create({ id: "root", content: { profileIds: ["admin"] }, author: { kuid: null, at: 0 }, refresh: true });
  assert.equal((await server.send(me)).error?.id, "security.rights.failsafe_mode_admin_only");
  const { jwt } = await server.security.tokens.create("root", "1h");
  assert.equal((await server.send({ ...me, jwt })).status, 200);
  assert.equal((await server.send({ controller: "auth", action: "login" })).error?.id, "api.assert.missing_argument");
});

test("strategies are replaced and removed by their own plugin only, and plugins hear of it", async () => {
  await using server = await openTestSecurity();
  const { strategies } = server.security;
  const heard: string[] = [];
  for (const event of ["core:auth:strategyAdded", "core:auth:strategyRemoved"]) {
    server.events.registerHook({
      owner: "test",
      event,
      order: 0,
      run: ([payload]) => void heard.push(`${event} ${(payload as JSONObject).name}`),
    });
  }
  await strategies.add(plainStrategy("a", "one"));
  await strategies.add(plainStrategy("b", "two"));
  await strategies.add(plainStrategy("a", "one"));
  assert.deepEqual(strategies.names(), ["a", "b"]);
  await assert.rejects(strategies.add(plainStrategy("a", "two")), { id: "plugin.strategy.unauthorized_removal" });
  await assert.rejects(strategies.remove("two", "a"), { id: "plugin.strategy.unauthorized_removal" });
  await assert.rejects(strategies.remove("one", "ghost"), { id: "plugin.strategy.strategy_not_found" });
  await strategies.remove("one", "a");
  assert.deepEqual(await server.ask({ controller: "auth", action: "getStrategies" }), ["b"]);
  assert.deepEqual(heard, [
    "core:auth:strategyAdded a",
    "core:auth:strategyAdded b",
    "core:auth:strategyAdded a",
    "core:auth:strategyRemoved a",
  ]);
});

test("a server whose rights are restricted serves others, even without an administrator", async () => {
  await using server = await openTestSecurity();
  const remote = { ips: ["203.0.113.5"] };
  assert.equal((await server.send(me, remote)).status, 401);
  await server.ask({ controller: "security", action: "restrictDefaultRights" });
  assert.equal((await server.send(me, remote)).status, 200);
  const create = { controller: "security", action: "createFirstAdmin" };
  assert.equal((await server.send(create, remote)).error?.id, "security.rights.unauthorized");
});

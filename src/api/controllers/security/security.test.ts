import assert from "node:assert/strict";
import { test } from "node:test";
import {
  logIn,
  openTestSecurity,
  plainStrategy,
  type TestSecurity,
  withAdmin,
} from "../../../../testing/security/test-security.ts";
import type { JSONObject } from "../../../kernel/index.ts";

type Call = (action: string, args?: JSONObject) => Promise<JSONObject>;
type Refusal = (action: string, args?: JSONObject) => Promise<string | number | undefined>;

/** An administrator's session. */
async function asAdmin(server: TestSecurity): Promise<{ admin: string; ask: Call; refusal: Refusal }> {
  const admin = await withAdmin(server);
  const full = (action: string, args: JSONObject = {}): JSONObject => ({
    controller: "security",
    jwt: admin,
    ...args,
    action,
  });
  return {
    admin,
    ask: (action, args) => server.ask(full(action, args)),
    refusal: async (action, args) => {
      const { error } = await server.send(full(action, args));
      return error?.id ?? error?.status;
    },
  };
}

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

test("nobody slips profiles into createFirstAdmin or createRestrictedUser", async () => {
  await using server = await openTestSecurity();
  const body = { content: { profileIds: ["admin"] } };
  for (const action of ["createFirstAdmin", "createRestrictedUser"]) {
    const { error } = await server.send({ controller: "security", action, body });
    assert.equal(error?.id, "api.assert.forbidden_argument");
  }
  const made = await server.ask({ controller: "security", action: "createRestrictedUser", kuid: "uuid" });
  assert.match(String(made._id), /^kuid-[0-9a-f-]{36}$/);
  assert.deepEqual(sourceOf(made).profileIds, ["default"]);
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

test("users without a right get 403, and an unknown action is 404 only for those who may run it", async () => {
  await using server = await openTestSecurity();
  const { admin, ask } = await asAdmin(server);
  await ask("createUser", {
    _id: "ada",
    body: { content: { profileIds: ["default"] }, credentials: credentials("ada") },
  });
  const jwt = await logIn(server, "ada", "pass");
  const ghost = { controller: "document", action: "ghost" };
  const { error } = await server.send({ ...ghost, jwt });
  assert.deepEqual([error?.id, error?.status], ["security.rights.forbidden", 403]);
  assert.equal((await server.send({ ...ghost, jwt: admin })).error?.id, "api.process.action_not_found");
});

test("targets that name nothing open no door", async () => {
  await using server = await openTestSecurity();
  await withAdmin(server);
  for (const action of ["searchUsers", "createFirstAdmin", "createUser"]) {
    const { error } = await server.send({ controller: "security", action, targets: [{}], body: {} });
    assert.equal(error?.id, "security.rights.unauthorized", action);
  }
});

test("a change of a role, a profile or a user counts from the next request on", async () => {
  await using server = await openTestSecurity();
  const { ask } = await asAdmin(server);
  await ask("createRole", { _id: "reader", body: { controllers: { document: { actions: { get: true } } } } });
  await ask("createProfile", {
    _id: "readers",
    body: { policies: [{ roleId: "reader", restrictedTo: [{ index: "library" }] }] },
  });
  await ask("createUser", {
    _id: "ada",
    body: { content: { profileIds: ["readers"] }, credentials: credentials("ada") },
  });
  const jwt = await logIn(server, "ada", "pass");
  const status = async (index: string): Promise<number> =>
    (await server.send({ controller: "document", action: "get", index, collection: "books", jwt })).status;
  assert.deepEqual([await status("library"), await status("other")], [200, 403]);
  await ask("updateProfile", { _id: "readers", body: { policies: [{ roleId: "reader" }] } });
  assert.deepEqual([await status("library"), await status("other")], [200, 200]);
  await ask("updateRole", { _id: "reader", body: { controllers: { document: { actions: { search: true } } } } });
  assert.equal(await status("library"), 403);
  await ask("updateUser", { _id: "ada", body: { profileIds: ["admin"] } });
  assert.equal(await status("library"), 200);
  await ask("deleteUser", { _id: "ada" });
  assert.equal((await server.send({ ...me, jwt })).error?.id, "security.token.invalid");
  assert.equal(await server.security.users.find("ada"), undefined);
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

test("roles are checked: shape, login of the anonymous user, known controllers and actions", async () => {
  await using server = await openTestSecurity();
  const { refusal } = await asAdmin(server);
  const cases: readonly [unknown, string | undefined][] = [
    [undefined, "api.assert.empty_argument"],
    [null, "api.assert.missing_argument"],
    [[], "api.assert.invalid_type"],
    [{}, "api.assert.empty_argument"],
    [{ document: null }, "api.assert.invalid_type"],
    [{ document: {} }, "api.assert.empty_argument"],
    [{ document: { other: true } }, "api.assert.missing_argument"],
    [{ document: { actions: {} } }, "api.assert.empty_argument"],
    [{ document: { actions: { get: "true" } } }, "api.assert.invalid_type"],
    [{ document: { actions: { ghost: true } } }, "security.role.unknown_action"],
    [{ "*": { actions: { get: true } } }, "security.role.unknown_action"],
    [{ ghost: { actions: { "*": true } } }, "security.role.unknown_controller"],
    [{ "kitchen/oven": { actions: { fry: true } } }, "security.role.unknown_action"],
    [{ "kitchen/oven": { actions: { bake: true } }, memoryStorage: { actions: { set: true } } }, undefined],
    [{ document: { actions: { "*": false } } }, undefined],
  ];
  for (const [controllers, id] of cases) {
    const body = { controllers };
    assert.equal(await refusal("createOrReplaceRole", { _id: "r", body }), id, JSON.stringify(controllers));
  }
  assert.equal(
    await refusal("createOrReplaceRole", {
      _id: "r",
      force: true,
      body: { controllers: { ghost: { actions: { "*": true } } } },
    }),
    undefined,
  );
  const unknown = { controllers: { document: { actions: { ghost: true } } } };
  assert.equal(
    await refusal("createOrReplaceRole", { _id: "r", force: true, body: unknown }),
    "security.role.unknown_action",
  );
  const mute = { controllers: { auth: { actions: { logout: true } }, "*": { actions: { "*": true } } } };
  assert.equal(await refusal("createOrReplaceRole", { _id: "anonymous", body: mute }), "security.role.login_required");
  assert.equal(
    await refusal("createOrReplaceRole", {
      _id: "r",
      body: JSON.parse('{"controllers":{"__proto__":{"actions":{"*":true}}}}'),
    }),
    "security.role.unknown_controller",
  );
  assert.equal(
    await refusal("updateRole", { _id: "ghost", body: { controllers: { auth: { actions: { "*": true } } } } }),
    "services.storage.not_found",
  );
  assert.equal(
    await refusal("createRole", { _id: "r", body: { controllers: { auth: { actions: { "*": true } } } } }),
    "services.storage.document_already_exists",
  );
});

test("profiles are checked: roles, restrictions, rate limit", async () => {
  await using server = await openTestSecurity();
  const { ask, refusal } = await asAdmin(server);
  const policies = (policy: unknown, strict = false): JSONObject => ({
    _id: "p",
    body: { policies: [policy] },
    ...(strict && { strict }),
  });
  const restrictedTo = (restriction: unknown, strict?: boolean): JSONObject =>
    policies({ roleId: "default", restrictedTo: [restriction] }, strict);
  const cases: readonly [JSONObject, string | undefined][] = [
    [{ _id: "p", body: {} }, "api.assert.missing_argument"],
    [{ _id: "p", body: { policies: {} } }, "api.assert.invalid_type"],
    [{ _id: "p" }, "api.assert.body_required"],
    [policies(null), "api.assert.invalid_type"],
    [policies({}), "api.assert.missing_argument"],
    [policies({ roleId: 3 }), "api.assert.invalid_type"],
    [policies({ roleId: "ghost" }), "security.role.not_found"],
    [policies({ roleId: "default", allow: true }), "api.assert.unexpected_argument"],
    [policies({ roleId: "default", restrictedTo: {} }), "api.assert.invalid_type"],
    [restrictedTo("library"), "api.assert.invalid_type"],
    [restrictedTo({ index: "" }), "api.assert.missing_argument"],
    [restrictedTo({ collections: ["books"] }), "api.assert.missing_argument"],
    [restrictedTo({ index: "library", ids: [] }), "api.assert.unexpected_argument"],
    [restrictedTo({ index: "library", collections: "books" }), "api.assert.invalid_type"],
    [restrictedTo({ index: "library", collections: [3] }), "api.assert.invalid_type"],
    [restrictedTo({ index: "ghost" }, true), "services.storage.unknown_index"],
    [restrictedTo({ index: "library", collections: ["ghost"] }, true), "services.storage.unknown_collection"],
    [restrictedTo({ index: "library", collections: ["books"] }, true), undefined],
    [restrictedTo({ index: "ghost" }), undefined],
    [{ _id: "p", body: { policies: [], rateLimit: "10" } }, "api.assert.invalid_type"],
    [{ _id: "p", body: { policies: [], rateLimit: -1 } }, "api.assert.invalid_argument"],
    [{ _id: "anonymous", body: { policies: [{ roleId: "default" }] } }, "security.profile.missing_anonymous_role"],
  ];
  for (const [args, id] of cases) assert.equal(await refusal("createOrReplaceProfile", args), id, JSON.stringify(args));
  const made = await ask("createOrReplaceProfile", { _id: "p", body: { policies: [], tags: ["x"], note: 1 } });
  const { policies: stored, rateLimit, tags, note, optimizedPolicies } = sourceOf(made);
  assert.deepEqual(
    [stored, rateLimit, tags, note, optimizedPolicies],
    [[{ roleId: "default" }], 0, ["x"], 1, undefined],
  );
});

test("protected and used roles and profiles stay; a profile can be taken from its users", async () => {
  await using server = await openTestSecurity();
  const { ask, refusal } = await asAdmin(server);
  for (const _id of ["admin", "default", "anonymous"]) {
    assert.equal(await refusal("deleteRole", { _id }), "security.role.cannot_delete");
    assert.equal(await refusal("deleteProfile", { _id, onAssignedUsers: "remove" }), "security.profile.cannot_delete");
  }
  await ask("createRole", { _id: "reader", body: { controllers: { document: { actions: { get: true } } } } });
  await ask("createProfile", { _id: "readers", body: { policies: [{ roleId: "reader" }] } });
  for (const [_id, profileIds] of [
    ["ada", ["readers"]],
    ["bob", ["readers", "default"]],
  ] as const) {
    await ask("createUser", { _id, body: { content: { profileIds } } });
  }
  assert.equal(await refusal("deleteRole", { _id: "reader" }), "security.role.in_use");
  assert.equal(await refusal("deleteProfile", { _id: "readers" }), "security.profile.in_use");
  assert.equal(
    await refusal("deleteProfile", { _id: "readers", onAssignedUsers: "whatever" }),
    "security.profile.in_use",
  );
  assert.deepEqual(await ask("deleteProfile", { _id: "readers", onAssignedUsers: "remove" }), { _id: "readers" });
  assert.deepEqual(sourceOf(await ask("getUser", { _id: "ada" })).profileIds, ["anonymous"]);
  assert.deepEqual(sourceOf(await ask("getUser", { _id: "bob" })).profileIds, ["default"]);
  await ask("deleteRole", { _id: "reader" });
  assert.equal(await refusal("getRole", { _id: "reader" }), "security.role.not_found");
  assert.equal(await refusal("getProfile", { _id: "readers" }), "security.profile.not_found");
});

test("users are made, changed and replaced; who wrote is the server's word", async () => {
  await using server = await openTestSecurity();
  const { ask, refusal } = await asAdmin(server);
  const create = (content: unknown, _id = "ada"): Promise<string | number | undefined> =>
    refusal("createUser", { _id, body: { content } });
  assert.equal(await refusal("createUser", { _id: "ada" }), "api.assert.body_required");
  assert.equal(await refusal("createUser", { _id: "ada", body: {} }), "api.assert.missing_argument");
  assert.equal(await create({}), "api.assert.missing_argument");
  assert.equal(await create({ profileIds: "default" }), "api.assert.invalid_type");
  assert.equal(await create({ profileIds: ["default", 3] }), "api.assert.invalid_type");
  assert.equal(await create({ profileIds: [] }), "security.user.no_profile");
  assert.equal(await create({ profileIds: ["ghost"] }), "security.profile.not_found");
  assert.equal(await create({ profileIds: ["default"] }, "-1"), "api.assert.invalid_argument");
  const content = {
    profileIds: ["default"],
    address: { city: "Paris", zip: 1 },
    _id: "x",
    _kuzzle_info: { author: "x" },
  };
  const made = sourceOf(await ask("createUser", { _id: "ada", body: { content } }));
  assert.equal((made._kuzzle_info as JSONObject).author, "root");
  assert.equal(made._id, undefined);
  assert.equal(await create({ profileIds: ["default"] }), "security.user.already_exists");
  const updated = sourceOf(await ask("updateUser", { _id: "ada", body: { address: { zip: 2 }, profileIds: null } }));
  assert.deepEqual([updated.address, updated.profileIds], [{ city: "Paris", zip: 2 }, ["default"]]);
  assert.deepEqual(sourceOf(await ask("getUser", { _id: "ada" })), updated);
  const replaced = sourceOf(await ask("replaceUser", { _id: "ada", body: { profileIds: ["admin"], name: "Ada" } }));
  const { author, updater } = replaced._kuzzle_info as JSONObject;
  assert.deepEqual([replaced.address, replaced.name, author, updater], [undefined, "Ada", "root", "root"]);
  for (const action of ["updateUser", "replaceUser"]) {
    assert.equal(await refusal(action, { _id: "ghost", body: { profileIds: ["default"] } }), "security.user.not_found");
    assert.equal(await refusal(action, { _id: "-1", body: { profileIds: ["admin"] } }), "api.assert.invalid_argument");
    assert.equal(await refusal(action, { _id: "ada", body: { profileIds: [] } }), "security.user.no_profile");
  }
  assert.equal(await refusal("deleteUser", { _id: "-1" }), "services.storage.not_found");
  assert.equal(await refusal("deleteUser", { _id: "ghost" }), "security.user.not_found");
  const upsert = (_id: string): Promise<JSONObject> =>
    ask("upsertUser", { _id, body: { content: { profileIds: ["default"], a: 1 }, default: { a: 0, b: 0 } } });
  assert.deepEqual([sourceOf(await upsert("ada")).name, sourceOf(await upsert("ada")).b], ["Ada", undefined]);
  assert.deepEqual([sourceOf(await upsert("bob")).a, sourceOf(await upsert("bob")).b], [1, 0]);
});

test("a user whose credentials are refused is not made, nor are its other credentials", async () => {
  await using server = await openTestSecurity();
  const { refusal } = await asAdmin(server);
  const other = plainStrategy("other");
  await server.security.strategies.register(other);
  const create = (given: JSONObject): Promise<string | number | undefined> =>
    refusal("createUser", { _id: "ada", body: { content: { profileIds: ["default"] }, credentials: given } });
  assert.equal(await create({ ghost: {} }), "security.credentials.unknown_strategy");
  assert.equal(await create({ plain: "text" }), "api.assert.invalid_type");
  assert.equal(await create({ ...credentials("ada"), other: { username: "forbidden" } }), 400);
  assert.equal(
    await create({ ...credentials("ada"), other: { username: "broken" } }),
    "plugin.runtime.unexpected_error",
  );
  assert.equal(await refusal("getUser", { _id: "ada" }), "security.user.not_found");
  assert.equal(
    (
      await server.send({
        controller: "auth",
        action: "login",
        strategy: "plain",
        body: { username: "ada", password: "pass" },
      })
    ).status,
    401,
  );
  assert.equal(await create(credentials("ada")), undefined);
});

test("searches answer users, profiles and roles, within the limits", async () => {
  await using server = await openTestSecurity({ options: { documentsFetchCount: 5, documentsWriteCount: 3 } });
  const { ask, refusal } = await asAdmin(server);
  for (const _id of ["u1", "u2", "u3"])
    await ask("createUser", { _id, body: { content: { profileIds: ["default"], team: _id } } });
  const query = { term: { profileIds: "default" } };
  assert.equal((await ask("searchUsers", { body: { query } })).total, 3);
  assert.equal(
    (await ask("searchUsers", { lang: "koncorde", body: { query: { equals: { profileIds: "admin" } } } })).total,
    1,
  );
  assert.equal((await ask("searchUsers")).total, 4);
  assert.equal(await refusal("searchUsers", { size: 6 }), "services.storage.get_limit_exceeded");
  assert.equal(await refusal("searchUsers", { lang: "sql" }), "api.assert.invalid_argument");
  assert.equal(await refusal("searchUsers", { body: { script_fields: {} } }), "services.storage.invalid_search_query");
  assert.equal(await refusal("searchUsers", { scroll: "1h" }), "services.storage.scroll_duration_too_great");
  const page = await ask("searchUsers", { scroll: "10s", size: 3 });
  const next = await ask("scrollUsers", { scrollId: page.scrollId });
  assert.deepEqual([(page.hits as unknown[]).length, (next.hits as unknown[]).length], [3, 1]);
  assert.equal(await refusal("scrollUsers", { scrollId: "ghost" }), "services.storage.unknown_scroll_id");
  assert.equal((await ask("searchRoles", { body: { controllers: ["server"] } })).total, 3);
  assert.equal((await ask("searchRoles", { body: { controllers: ["document"] } })).total, 1);
  assert.equal((await ask("searchRoles", { body: { controllers: [] } })).total, 3);
  assert.equal(await refusal("searchRoles", { body: { controllers: ["server"], query: { match_all: {} } } }), 400);
  assert.equal((await ask("searchProfiles", { body: { roles: ["admin"] } })).total, 1);
  assert.equal(await refusal("searchProfiles", { body: { roles: ["admin"], query: { match_all: {} } } }), 400);
  assert.deepEqual(
    ((await ask("mGetUsers", { ids: "u2,ghost,-1,u1" })).hits as JSONObject[]).map(({ _id }) => _id),
    ["u2", "u1"],
  );
  assert.deepEqual(await ask("mGetUsers", { body: { ids: [] } }), { hits: [] });
  assert.equal(await refusal("mGetRoles", { body: { ids: ["admin", "ghost"] } }), "security.role.not_found");
  assert.equal(
    await refusal("mDeleteUsers", { body: { ids: ["1", "2", "3", "4"] } }),
    "services.storage.write_limit_exceeded",
  );
});

test("a deletion of several answers what is gone and what is not, side by side", async () => {
  await using server = await openTestSecurity();
  const { admin, ask } = await asAdmin(server);
  await ask("createUser", { _id: "ada", body: { content: { profileIds: ["default"] } } });
  const answer = await server.send({
    controller: "security",
    action: "mDeleteUsers",
    jwt: admin,
    body: { ids: ["ada", "ghost", "-1"] },
  });
  assert.deepEqual(
    [answer.status, answer.result, answer.error?.id],
    [206, ["ada"], "services.storage.incomplete_delete"],
  );
  assert.equal(answer.error?.toJSON().count, 2);
});

test("checkRights answers for anybody without running anything", async () => {
  await using server = await openTestSecurity();
  const { ask, refusal } = await asAdmin(server);
  const check = async (userId: string, controller: string, action: string): Promise<unknown> =>
    (await ask("checkRights", { userId, body: { controller, action } })).allowed;
  assert.equal(await check("root", "security", "deleteUser"), true);
  assert.equal(await check("-1", "security", "deleteUser"), false);
  assert.equal(await check("anonymous", "auth", "login"), true);
  assert.equal(
    await refusal("checkRights", { userId: "ghost", body: { controller: "a", action: "b" } }),
    "security.user.not_found",
  );
  assert.equal(
    await refusal("checkRights", { userId: "-1", body: { controller: "a" } }),
    "api.assert.missing_argument",
  );
  assert.equal(
    await refusal("checkRights", { userId: "-1", body: { controller: "a", action: "b", targets: {} } }),
    "api.assert.invalid_type",
  );
  assert.equal(await refusal("checkRights", { userId: "-1", body: { controller: "a", action: "b", jwt: 3 } }), 400);
});

test("mappings of users can be extended, and their new fields are found", async () => {
  await using server = await openTestSecurity();
  const { ask, refusal } = await asAdmin(server);
  const { properties } = await ask("updateUserMapping", { body: { properties: { team: { type: "keyword" } } } });
  assert.deepEqual((properties as JSONObject).team, { type: "keyword" });
  const { mapping } = await ask("getUserMapping");
  assert.deepEqual(Object.keys(mapping as JSONObject).sort(), ["profileIds", "team"]);
  await ask("createUser", { _id: "ada", body: { content: { profileIds: ["default"], team: "blue" } } });
  assert.equal((await ask("searchUsers", { body: { query: { term: { team: "blue" } } } })).total, 1);
  assert.equal(await refusal("updateUserMapping", { body: { propertiez: {} } }), "services.storage.invalid_mapping");
  assert.equal(await ask("refresh", { collection: "users" }), null);
  assert.equal(await refusal("refresh", { collection: "config" }), "api.assert.unexpected_argument");
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

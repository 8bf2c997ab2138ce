import assert from "node:assert/strict";
import { test } from "node:test";
import { asAdmin, openTestSecurity, plainStrategy } from "../../../../testing/security/test-security.ts";
import type { JSONObject } from "../../../kernel/index.ts";

const credentials = (username: string): JSONObject => ({ plain: { username, password: "pass" } });
const sourceOf = (answer: JSONObject): JSONObject => answer._source as JSONObject;

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

test("a scroll is read by the action that belongs to it: those of other collections are unknown to it", async () => {
  await using server = await openTestSecurity();
  const { ask, refusal } = await asAdmin(server);
  for (const _id of ["p1", "p2"]) await ask("createProfile", { _id, body: { policies: [{ roleId: "default" }] } });
  const { scrollId } = await ask("searchProfiles", { scroll: "10s", size: 1 });
  assert.equal(await refusal("scrollUsers", { scrollId }), "services.storage.unknown_scroll_id");
  assert.equal(((await ask("scrollProfiles", { scrollId })).hits as unknown[]).length, 1);
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

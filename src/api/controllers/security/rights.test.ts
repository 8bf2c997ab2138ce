import assert from "node:assert/strict";
import { test } from "node:test";
import { asAdmin, logIn, openTestSecurity, withAdmin } from "../../../../testing/security/test-security.ts";
import type { JSONObject } from "../../../kernel/index.ts";

const me = { controller: "auth", action: "getCurrentUser" };
const credentials = (username: string): JSONObject => ({ plain: { username, password: "pass" } });
const sourceOf = (answer: JSONObject): JSONObject => answer._source as JSONObject;

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

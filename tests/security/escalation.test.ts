/** How users try to become somebody else, or more than they are. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import { startServer } from "../../testing/index.ts";
import { http, Line } from "../api/wire.ts";
import { type GuardedServer, openGuarded, password } from "./guarded-server.ts";

let guarded: GuardedServer;
let line: Line;
let ada: string;
let root: string;

before(async () => {
  guarded = await openGuarded();
  line = await Line.open(guarded.server);
  [ada, root] = await Promise.all([guarded.tokenOf("ada"), guarded.tokenOf("root")]);
});

after(async () => {
  await line?.[Symbol.asyncDispose]();
  await guarded?.[Symbol.asyncDispose]();
});

const security = (action: string, _id: string, others: JSONObject = {}): Promise<JSONObject> =>
  guarded.privileged({ controller: "security", action, _id, ...others });
const profilesOf = async (kuid: string): Promise<unknown> =>
  ((await security("getUser", kuid))._source as JSONObject).profileIds;
/** As it comes from the wire: with members of its own under names of the language. */
const hostile = (members: string): JSONObject => JSON.parse(members) as JSONObject;

async function assertNobodyRose(): Promise<void> {
  for (const [kuid, profile] of [
    ["root", "admin"],
    ["ada", "people"],
    ["bob", "people"],
    ["eve", "default"],
  ] as const) {
    assert.deepEqual(await profilesOf(kuid), [profile], kuid);
  }
  assert.equal(({} as JSONObject).profileIds, undefined, "no prototype was written");
}

test("nobody gives itself profiles by updateSelf, however they are written", async () => {
  const bodies = [
    '{"profileIds":["admin"]}',
    '{"profileIds":"admin"}',
    '{"profileIds":0}',
    '{"profileIds":[]}',
    '{"profileIds":null}',
    '{"profileIds.0":"admin"}',
    '{"_id":"root"}',
    '{"__proto__":{"profileIds":["admin"]}}',
    '{"constructor":{"prototype":{"profileIds":["admin"]}}}',
    '{"content":{"profileIds":["admin"]}}',
    '{"_source":{"profileIds":["admin"]},"doc":{"profileIds":["admin"]},"script":"ctx._source.profileIds=[\'admin\']"}',
    '{"_kuzzle_info":{"author":"root"},"profileIds":false}',
  ];
  for (const body of bodies) {
    for (const named of [{}, { _id: "root" }, { kuid: "root", userId: "root" }, { profileIds: ["admin"] }]) {
      const request = { controller: "auth", action: "updateSelf", body: hostile(body), ...named, jwt: ada };
      const { status } = await line.ask(request);
      assert.ok(status === 200 || status === 400, `${body} ${status}`);
      await assertNobodyRose();
    }
    await http(guarded.server, "PUT", "/_me?_id=root&profileIds=admin", body, { authorization: `Bearer ${ada}` });
    await assertNobodyRose();
  }
  assert.equal((await line.refusal({ controller: "security", action: "searchUsers", body: {}, jwt: ada })).status, 403);
});

test("who may register gets the newcomers' profile, and no account that exists", async () => {
  const role = await security("getRole", "anonymous");
  const { controllers } = role._source as { controllers: JSONObject };
  const register = { actions: { createRestrictedUser: true } };
  await security("updateRole", "anonymous", { body: { controllers: { ...controllers, security: register } } });
  const create = (_id: string, body: JSONObject): JSONObject => ({
    controller: "security",
    action: "createRestrictedUser",
    _id,
    body,
  });
  for (const content of ['{"profileIds":["admin"]}', '{"profileIds":[]}', '{"profileIds":null}', '{"profileIds":""}']) {
    const { id } = await line.refusal(create("mallory", { content: hostile(content) }));
    assert.equal(id, "api.assert.forbidden_argument", content);
  }
  assert.equal((await line.refusal(create("mallory", { content: { "profileIds.0": "admin" } }))).status, 400);
  for (const [_id, body] of [
    ["mallory1", '{"content":{"__proto__":{"profileIds":["admin"]}},"profileIds":["admin"]}'],
    ["mallory2", '{"content":{"constructor":{"profileIds":["admin"]},"profile_ids":["admin"]}}'],
    ["mallory3", '{"content":{"_id":"root"},"_id":"root","kuid":"root"}'],
  ] as const) {
    const made = await line.result(create(_id, hostile(body)));
    assert.deepEqual([made._id, await profilesOf(_id)], [_id, ["default"]]);
  }
  for (const taken of ["root", "ada", "-1", "anonymous"]) {
    const credentials = { local: { username: `new ${taken}`, password } };
    const { id } = await line.refusal(create(taken, { credentials }));
    const hasCredentials = taken === "root" || taken === "ada";
    const expected = hasCredentials ? "security.credentials.database_inconsistency" : "api.assert.invalid_argument";
    assert.equal(id, expected, taken);
    const login = { controller: "auth", action: "login", strategy: "local", body: credentials.local };
    assert.equal((await line.ask(login)).status, 401, taken);
  }
  await security("createUser", "bare", { body: { content: { profileIds: ["people"] } } });
  const bare = create("bare", { credentials: { local: { username: "bare", password } } });
  assert.equal((await line.refusal(bare)).id, "security.user.already_exists");
  const stolen = await line.ask(
    create("mallory4", { credentials: { local: { username: "root", password: "stolen" } } }),
  );
  assert.equal(stolen.status, 412);
  const { error } = await line.ask({ controller: "security", action: "createUser", body: { content: {} } });
  assert.equal(error?.id, "security.rights.unauthorized");
  await assertNobodyRose();
});

test("of many who claim to be the first administrator, over every protocol, one is, and none later", async () => {
  await using server = await startServer({ data: ":memory:", config: { "stats.enabled": false } });
  await using other = await Line.open(server);
  const claims = Array.from({ length: 10 }, async (_, i) => {
    const body = { content: { name: `claimant ${i}` } };
    if (i % 2 === 0) return http(server, "POST", `/_createFirstAdmin/claimant-${i}?reset=true`, body);
    return other.ask({ controller: "security", action: "createFirstAdmin", _id: `claimant-${i}`, reset: true, body });
  });
  const statuses = (await Promise.all(claims)).map(({ status }) => status).sort();
  assert.equal(statuses.filter((status) => status === 200).length, 1, String(statuses));
  assert.ok(
    statuses.every((status) => [200, 401, 412].includes(status)),
    String(statuses),
  );
  const late = await http(server, "POST", "/_createFirstAdmin/late", {});
  assert.equal(late.error?.id, "security.rights.unauthorized");
  const first = { query: { term: { profileIds: "admin" } } };
  const found = await server.backend.sdk.query({ controller: "security", action: "searchUsers", body: first });
  assert.equal((found.result as JSONObject).total, 1);
});

test("credentials are the caller's own, whomever the request names", async () => {
  const own = (action: string, body: JSONObject = {}): JSONObject => ({
    controller: "auth",
    action,
    strategy: "local",
    _id: "bob",
    kuid: "bob",
    userId: "bob",
    body,
    jwt: ada,
  });
  const told = await line.result(own("getMyCredentials"));
  assert.deepEqual(told, { username: "ada", kuid: "ada" });
  assert.equal((await line.ask(own("updateMyCredentials", { username: "bob" }))).status, 412);
  assert.equal((await line.ask(own("updateMyCredentials", { password: "mine now", kuid: "bob" }))).status, 400);
  await line.result(own("updateMyCredentials", { password: "ada's new one" }));
  assert.equal((await line.ask(own("createMyCredentials", { username: "bob", password }))).status, 412);
  await line.result(own("deleteMyCredentials"));
  await guarded.tokenOf("bob");
  assert.equal((await line.refusal(own("getMyCredentials"))).status, 412);
  for (const action of ["getCredentials", "getCredentialsById", "updateCredentials", "deleteCredentials"]) {
    const asked = { controller: "security", action, strategy: "local", _id: "bob", body: { password: "x" }, jwt: ada };
    assert.deepEqual(await line.refusal(asked), { id: "security.rights.forbidden", status: 403 }, action);
  }
});

test("API keys of others are neither found, nor deleted, nor replaced", async () => {
  const bob = await guarded.tokenOf("bob");
  const create = { controller: "auth", action: "createApiKey", _id: "bobs-key", body: { description: "bob's" } };
  const made = await line.result<{ _source: { token: string } }>({ ...create, jwt: bob, refresh: "wait_for" });
  assert.equal((await line.refusal({ ...create, jwt: ada })).status, 400);
  for (const body of [
    {},
    { match_all: {} },
    { term: { userId: "bob" } },
    { bool: { should: [{ term: { userId: "bob" } }, { match_all: {} }] } },
    { bool: { must_not: { term: { userId: "ada" } } } },
  ]) {
    const search = { controller: "auth", action: "searchApiKeys", body, userId: "bob", _id: "bob", jwt: ada };
    assert.equal((await line.result(search)).total, 0, JSON.stringify(body));
  }
  const remove = { controller: "auth", action: "deleteApiKey", _id: "bobs-key", userId: "bob", jwt: ada };
  assert.deepEqual(await line.refusal(remove), { id: "services.storage.not_found", status: 404 });
  const { token } = made._source;
  assert.equal((await line.result({ controller: "auth", action: "getCurrentUser", jwt: token }))._id, "bob");
});

test("who asks is what the token says, and nothing else in the request", async () => {
  const eve = await guarded.tokenOf("eve");
  const who = async (members: JSONObject, headers: Record<string, string> = {}, query = ""): Promise<unknown> => {
    const body = { controller: "auth", action: "getCurrentUser", ...members };
    const { result, error } = await http(guarded.server, "POST", `/_query${query}`, body, headers);
    return error === null ? result._id : (error.id ?? error.status);
  };
  const forged = {
    user: { _id: "root" },
    kuid: "root",
    _id: "root",
    userId: "root",
    context: { user: { _id: "root" }, token: { userId: "root" } },
    headers: { authorization: `Bearer ${root}` },
    authorization: `Bearer ${root}`,
    cookie: `authToken=${root}`,
    token: root,
    volatile: { jwt: root },
    body: { jwt: root },
  };
  assert.equal(await who({ ...forged, jwt: eve }), "eve");
  assert.equal(await who(forged), "-1");
  assert.equal(await who({ jwt: eve }, { authorization: `Bearer ${root}` }), "eve", "the request's own token counts");
  assert.equal(await who({ jwt: null }, { authorization: `Bearer ${eve}` }, `?jwt=${root}`), "eve");
  assert.equal(await who({}, { authorization: `Bearer ${eve}, Bearer ${root}` }), "security.token.invalid");
  assert.equal(await who({}, { authorization: `Basic ${btoa(`root:${password}`)}` }), "-1");
  assert.equal(
    await who(
      {},
      {
        "x-authorization": `Bearer ${root}`,
        "x-kuzzle-jwt": root,
        "x-forwarded-user": "root",
        "x-remote-user": "root",
      },
    ),
    "-1",
  );
  assert.equal(await who({}, { cookie: `authToken=${eve}` }), "eve");
  assert.equal(await who({}, { cookie: `authToken=${eve}; authToken=${root}` }), "eve", "the first of two cookies");
  assert.equal(await who({ jwt: root }, { cookie: `authToken=${eve}` }), "security.token.verification_error");
  assert.equal(
    await who({}, { cookie: `authToken=${eve}`, authorization: `Bearer ${root}` }),
    "security.token.verification_error",
  );
  for (const text of [
    "",
    " ",
    "null",
    "undefined",
    root.slice("kauth-".length),
    root.replace("kauth-", "kapikey-"),
    `${root} `,
    `${root}.`,
    root.slice(0, -2),
  ]) {
    assert.equal(await who({ jwt: text }), "security.token.invalid", JSON.stringify(text.slice(0, 20)));
  }
  for (const odd of [0, false, [], {}, [root]]) assert.equal(await who({ jwt: odd }), 400, JSON.stringify(odd));
});

test("the verb of a request is the one on its first line", async () => {
  const place = "/mine/notes/only";
  const headers = { authorization: `Bearer ${ada}` };
  for (const name of ["x-http-method-override", "x-http-method", "x-method-override"]) {
    const { result } = await http(guarded.server, "GET", `${place}?_method=DELETE`, undefined, {
      ...headers,
      [name]: "DELETE",
    });
    assert.equal(result._id, "only", name);
  }
  const { error } = await http(
    guarded.server,
    "GET",
    "/users/root?controller=auth&action=getCurrentUser",
    undefined,
    headers,
  );
  assert.equal(error?.id, "security.rights.forbidden");
  assert.ok(
    await guarded.privileged({
      controller: "document",
      action: "exists",
      index: "mine",
      collection: "notes",
      _id: "only",
    }),
  );
});

test("a deleted user's tokens and keys are dead, also when another user gets the same kuid", async () => {
  const content = { profileIds: ["people"] };
  const credentials = { local: { username: "zoe", password } };
  await security("createUser", "zoe", { body: { content, credentials } });
  const jwt = await guarded.tokenOf("zoe");
  const create = { controller: "auth", action: "createApiKey", body: { description: "zoe's" }, jwt };
  const key = (await line.result<{ _source: { token: string } }>(create))._source.token;
  const me = { controller: "auth", action: "getCurrentUser" };
  for (const text of [jwt, key]) assert.equal((await line.result({ ...me, jwt: text }))._id, "zoe");
  await security("deleteUser", "zoe");
  const dead = { id: "security.token.invalid", status: 401 };
  for (const text of [jwt, key]) assert.deepEqual(await line.refusal({ ...me, jwt: text }), dead);
  await security("createUser", "zoe", { body: { content: { profileIds: ["admin"] } } });
  for (const text of [jwt, key]) assert.deepEqual(await line.refusal({ ...me, jwt: text }), dead);
  await security("deleteUser", "zoe");
});

test("roles and profiles grant what exists, by its whole name", async () => {
  const refusal = (
    action: string,
    _id: string,
    body: JSONObject,
    others: JSONObject = {},
  ): Promise<{ id: string | undefined }> =>
    line.refusal({ controller: "security", action, _id, body, jwt: root, ...others });
  const granting = (controller: string, action = "*"): JSONObject =>
    hostile(`{"controllers":{"${controller}":{"actions":{"${action}":true}}}}`);
  assert.equal(
    (await refusal("createProfile", "odd", { policies: [{ roleId: "ghost" }] })).id,
    "security.role.not_found",
  );
  assert.equal(
    (await refusal("updateProfile", "people", { policies: [{ roleId: "*" }] })).id,
    "security.role.not_found",
  );
  assert.equal(
    (await refusal("createOrReplaceProfile", "people", { policies: [{ roleId: "__proto__" }] })).id,
    "security.role.not_found",
  );
  assert.equal(
    (await refusal("updateUser", "bob", { profileIds: ["people", "ghost"] })).id,
    "security.profile.not_found",
  );
  for (const name of ["doc*", "document,security", "**", "*:*", "sec*", "__proto__", "constructor"]) {
    assert.equal((await refusal("createRole", "odd", granting(name))).id, "security.role.unknown_controller", name);
  }
  for (const [controller, action] of [
    ["*", "get"],
    ["document", "g*"],
    ["document", "**"],
    ["document", "__proto__"],
  ] as const) {
    assert.equal((await refusal("createRole", "odd", granting(controller, action))).id, "security.role.unknown_action");
  }
  await security("createRole", "odd", {
    body: {
      controllers: { ...(granting("sec*").controllers as JSONObject), ...(granting("**").controllers as JSONObject) },
    },
    force: true,
  });
  await security("createProfile", "odd", { body: { policies: [{ roleId: "odd" }] } });
  await security("updateUser", "bob", { body: { profileIds: ["odd"] } });
  const bob = await guarded.tokenOf("bob");
  assert.equal((await line.refusal({ controller: "security", action: "getUser", _id: "root", jwt: bob })).status, 403);
  assert.equal((await line.refusal({ controller: "sec*", action: "x", jwt: bob })).status, 404, "a name, and nobody's");
  assert.equal((await refusal("deleteRole", "odd", {})).id, "security.role.in_use");
  assert.equal((await refusal("deleteProfile", "odd", {})).id, "security.profile.in_use");
  await security("updateUser", "bob", { body: { profileIds: ["odd", "people"] } });
  const get = { controller: "document", action: "get", index: "mine", collection: "notes", _id: "only", jwt: bob };
  await line.result(get);
  await security("deleteProfile", "people", { onAssignedUsers: "remove" });
  assert.deepEqual([await profilesOf("bob"), await profilesOf("ada")], [["odd"], ["anonymous"]]);
  assert.equal((await line.refusal(get)).status, 403, "from the next request on");
});

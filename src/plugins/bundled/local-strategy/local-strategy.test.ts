import assert from "node:assert/strict";
import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openTestSecurity, type TestSecurity } from "../../../../testing/security/test-security.ts";
import { type JSONObject, silentLogger } from "../../../kernel/index.ts";
import { createLocalLocks, PluginHost } from "../../index.ts";
import { LocalStrategyPlugin, localStrategyName } from "./index.ts";

interface TestServer extends TestSecurity {
  /** The refusal, as a client sees it. */
  readonly refusal: (payload: JSONObject) => Promise<JSONObject>;
  readonly logIn: (username: string, password: string) => Promise<string | undefined>;
  readonly credentials: (username: string) => Promise<JSONObject>;
  readonly plant: (username: string, record: JSONObject) => Promise<void>;
}

const collection = { index: `plugin-${localStrategyName}`, collection: "users" };

/** The plugin in the real host, registered by the calls that any plugin uses. */
async function open(config: JSONObject = {}): Promise<TestServer> {
  const server = await openTestSecurity();
  const root = mkdtempSync(join(tmpdir(), "tenon-local-"));
  const plugin = new LocalStrategyPlugin();
  const nothing = async (): Promise<void> => {};
  const host = new PluginHost({
    root,
    version: "2.56.0",
    nodeId: "node",
    environment: "test",
    log: silentLogger,
    events: server.events,
    config: {},
    common: { include: [localStrategyName], failsafeMode: false, initTimeout: 5_000, pipeWarnTime: 0 },
    configOf: () => config,
    secrets: {},
    store: server.store,
    commonMappings: { dynamic: "false" },
    locks: createLocalLocks(),
    cluster: { broadcast: nothing, on: nothing, once: nothing, off: nothing, removeAllListeners: nothing },
    subscriptions: { register: () => ({ roomId: "", channel: "" }), unregister: nothing },
    validation: { addType: () => {}, validate: (request) => request },
    used: [],
    bundled: new Map([[localStrategyName, () => plugin]]),
    application: () => undefined,
    state: () => 2,
    registerController: (definition) => server.actions.register(definition),
    registerStrategy: (definition) => server.security.strategies.register(definition),
    unregisterStrategy: (owner, name) => server.security.strategies.remove(owner, name),
    execute: (request, options) => server.pipeline.runInternal(request, options),
    findUser: (kuid) => server.security.users.find(kuid),
  });
  await host.load();
  await host.start();
  const send = server.send;
  return {
    ...server,
    refusal: async (payload) => {
      const { error, result } = await send(payload);
      assert.ok(error, `not refused: ${JSON.stringify(result)}`);
      const { status, id, message, ...others } = error.toJSON();
      return { status, id, message, ...others };
    },
    logIn: async (username, password) => {
      const body = { username, password };
      const { result } = await send({ controller: "auth", action: "login", strategy: "local", body });
      return (result as JSONObject | null)?.jwt as string | undefined;
    },
    credentials: async (username) =>
      JSON.parse((await server.store.find(collection, username))?.source ?? "{}") as JSONObject,
    plant: async (username, record) => {
      await server.store.write(collection, [{ kind: "index", id: username, source: JSON.stringify(record) }], {
        refresh: true,
      });
    },
    [Symbol.asyncDispose]: async () => {
      await plugin.close();
      await host.close();
      await server[Symbol.asyncDispose]();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

const login = (username: unknown, password: unknown): JSONObject => ({
  controller: "auth",
  action: "login",
  strategy: "local",
  body: { username, password },
});

async function createUser({ ask }: TestServer, _id: string, password: string, profileIds = ["default"]): Promise<void> {
  const body = { content: { profileIds }, credentials: { local: { username: _id, password } } };
  await ask({ controller: "security", action: "createUser", _id, body });
}

test("a user with a name and a password logs in; the password is kept as argon2id only", async () => {
  await using server = await open();
  await createUser(server, "ada", "sesame");
  const jwt = await server.logIn("ada", "sesame");
  assert.ok(jwt);
  const info = await server.ask({ controller: "auth", action: "getMyCredentials", strategy: "local", jwt });
  assert.deepEqual(info, { username: "ada", kuid: "ada" });
  const stored = await server.credentials("ada");
  assert.match(String(stored.userPassword), /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  assert.equal(JSON.stringify(stored).includes("sesame"), false);
});

test("wrong names, wrong passwords and missing ones get the same answer", async () => {
  await using server = await open();
  await createUser(server, "ada", "sesame");
  const wrong = await server.refusal(login("ada", "wrong"));
  assert.deepEqual([wrong.status, wrong.id], [401, "plugin.strategy.missing_user"]);
  const unknown = await server.refusal(login("nobody", "sesame"));
  assert.deepEqual([unknown.status, unknown.id, unknown.message], [wrong.status, wrong.id, wrong.message]);
  for (const [username, password] of [
    ["ada", undefined],
    [undefined, "sesame"],
    ["ada", ["sesame"]],
    [{ $ne: 1 }, "sesame"],
    ["__proto__", "x"],
  ]) {
    assert.equal((await server.refusal(login(username, password))).status, 401);
  }
});

test("an unknown name costs as much time as a wrong password", async () => {
  await using server = await open();
  await createUser(server, "ada", "sesame");
  const time = async (username: string): Promise<number> => {
    const times: number[] = [];
    for (let i = 0; i < 5; i++) {
      const startedAt = performance.now();
      await server.logIn(username, "wrong");
      times.push(performance.now() - startedAt);
    }
    return times.sort((a, b) => a - b)[2] ?? 0;
  };
  await time("ada"); // the thread starts
  const [known, unknown] = [await time("ada"), await time("nobody")];
  assert.ok(unknown > known * 0.5 && unknown < known * 2, `known ${known} ms, unknown ${unknown} ms`);
});

test("names are unique, and a user has one pair of credentials", async () => {
  await using server = await open();
  await createUser(server, "ada", "sesame");
  const create = { controller: "security", action: "createCredentials", strategy: "local", _id: "ada" };
  assert.equal((await server.refusal({ ...create, body: { username: "lovelace", password: "x" } })).status, 412);
  await server.ask({
    controller: "security",
    action: "createUser",
    _id: "bob",
    body: { content: { profileIds: ["default"] } },
  });
  assert.equal((await server.refusal({ ...create, _id: "bob", body: { username: "ada", password: "x" } })).status, 412);
  for (const body of [
    { username: "bob" },
    { password: "x" },
    { username: "bob", password: "x", kuid: "ada" },
    { username: 3, password: "x" },
  ]) {
    assert.equal((await server.refusal({ ...create, _id: "bob", body })).status, 400);
  }
  const update = { controller: "security", action: "updateCredentials", strategy: "local" };
  assert.equal((await server.refusal({ ...update, _id: "ada", body: {} })).status, 400);
  assert.equal((await server.refusal({ ...update, _id: "bob", body: { password: "x" } })).status, 412);
});

test("credentials move with a new user name, and go with their user", async () => {
  await using server = await open();
  await createUser(server, "ada", "sesame");
  const body = { username: "lovelace", password: "opened" };
  const update = { controller: "security", action: "updateCredentials", strategy: "local", _id: "ada", body };
  assert.deepEqual(await server.ask(update), { username: "lovelace", kuid: "ada" });
  assert.equal(await server.logIn("ada", "sesame"), undefined);
  assert.ok(await server.logIn("lovelace", "opened"));
  assert.deepEqual(await server.credentials("ada"), {});
  await server.ask({ controller: "security", action: "deleteUser", _id: "ada" });
  assert.equal(await server.logIn("lovelace", "opened"), undefined);
  assert.deepEqual(await server.credentials("lovelace"), {});
});

test("passwords that older releases kept are accepted, and kept as argon2id from then on", async () => {
  await using server = await open({ secret: "very-first-secret" });
  const userSalt = "a1b2c3";
  const records: Readonly<Record<string, JSONObject>> = {
    stretched: {
      userPassword: pbkdf2Sync("sesame", userSalt, 10_000, 512, "sha512").toString("hex"),
      userSalt,
      algorithm: "sha512",
      stretching: true,
      encryption: "hmac",
    },
    rsaName: {
      userPassword: pbkdf2Sync("sesame", userSalt, 10_000, 256, "sha256").toString("hex"),
      userSalt,
      algorithm: "RSA-SHA256",
      stretching: true,
    },
    keyed: {
      userPassword: createHmac("sha1", userSalt).update("sesame").digest("hex"),
      userSalt,
      algorithm: "sha1",
      encryption: "hmac",
    },
    salted: {
      userPassword: createHash("sha256").update(`${userSalt}:sesame`).digest("hex"),
      userSalt,
      algorithm: "sha256",
      encryption: "hash",
    },
    bare: {
      userPassword: createHash("sha256").update("sesame").digest("hex"),
      userSalt: "",
      algorithm: "sha256",
      encryption: "hash",
    },
    first: { userPassword: createHmac("sha512", "very-first-secret").update("sesame").digest("hex") },
  };
  for (const [name, record] of Object.entries(records)) {
    await server.ask({
      controller: "security",
      action: "createUser",
      _id: name,
      body: { content: { profileIds: ["default"] } },
    });
    await server.plant(name, { ...record, kuid: name });
    assert.equal(await server.logIn(name, "wrong"), undefined, name);
    assert.equal(
      (await server.credentials(name)).userPassword,
      record.userPassword,
      "a wrong password changes nothing",
    );
    assert.ok(await server.logIn(name, "sesame"), name);
    const { userPassword, userSalt: salt, algorithm } = await server.credentials(name);
    assert.match(String(userPassword), /^\$argon2id\$/);
    assert.deepEqual([salt, algorithm], [undefined, "argon2id"]);
    assert.ok(await server.logIn(name, "sesame"), `${name}, rewritten`);
  }
});

test("a record without a password, or with a broken one, lets nobody in", async () => {
  await using server = await open();
  await server.ask({
    controller: "security",
    action: "createUser",
    _id: "eve",
    body: { content: { profileIds: ["default"] } },
  });
  for (const userPassword of ["", null, "$argon2id$broken", "$argon2id$v=19$m=19456,t=2,p=1$$", "00"]) {
    await server.plant("eve", { kuid: "eve", userPassword, algorithm: "sha512", encryption: "hmac" });
    for (const password of ["x", "null", "undefined"]) assert.equal(await server.logIn("eve", password), undefined);
  }
});

test("users who change their own credentials prove the present ones, administrators need not", async () => {
  await using server = await open({ requirePassword: true });
  await createUser(server, "ada", "sesame");
  const jwt = await server.logIn("ada", "sesame");
  const update = { controller: "auth", action: "updateMyCredentials", strategy: "local", jwt };
  assert.equal((await server.refusal({ ...update, body: { password: "opened" } })).status, 400);
  assert.equal((await server.refusal({ ...update, body: { password: "opened", currentPassword: "no" } })).status, 403);
  await server.ask({ ...update, body: { password: "opened", currentPassword: "sesame" } });
  const remove = { controller: "auth", action: "deleteMyCredentials", strategy: "local", jwt };
  assert.equal((await server.refusal(remove)).status, 400);
  await server.ask({
    controller: "security",
    action: "updateCredentials",
    strategy: "local",
    _id: "ada",
    body: { password: "again" },
  });
  await server.ask({ ...remove, body: { currentPassword: "again" } });
  assert.equal(await server.logIn("ada", "again"), undefined);
});

const id = (name: string): string => `plugin.${localStrategyName}.${name}`;

test("policies refuse weak, revealing and used passwords", async () => {
  const policies = [
    { appliesTo: "*", forbidLoginInPassword: true, passwordRegex: "/^.{6,}$/i" },
    { appliesTo: { profiles: ["default"] }, forbidReusedPasswordCount: 2 },
    { appliesTo: { roles: ["ghost"] }, passwordRegex: "^never$" },
  ];
  await using server = await open({ passwordPolicies: policies });
  await createUser(server, "ada", "sesame-1");
  const update = { controller: "security", action: "updateCredentials", strategy: "local", _id: "ada" };
  const change = async (password: string): Promise<unknown> =>
    (await server.send({ ...update, body: { password } })).error?.toJSON().id ?? "accepted";
  assert.equal(await change("short"), id("weak_password"));
  assert.equal(await change("my-ADA-password"), id("login_in_password"));
  assert.equal(await change("sesame-1"), id("reused_password"));
  assert.equal(await change("sesame-2"), "accepted");
  assert.equal(await change("sesame-1"), id("reused_password"));
  assert.equal(await change("sesame-3"), "accepted");
  assert.equal(await change("sesame-1"), "accepted");
});

test("an expired password, and one that an administrator has set, must be changed with the reset token of the refusal", async () => {
  const policies = [{ appliesTo: "*", mustChangePasswordIfSetByAdmin: true, expiresAfter: "30d" }];
  await using server = await open({ passwordPolicies: policies });
  const credentials = { local: { username: "root", password: "rootpass" } };
  await server.ask({ controller: "security", action: "createFirstAdmin", _id: "root", body: { credentials } });
  const admin = await server.logIn("root", "rootpass");
  assert.ok(admin, "administrators are exempt");
  const role = { controllers: { auth: { actions: { "*": true } } } };
  await server.ask({ controller: "security", action: "createOrReplaceRole", _id: "default", body: role, jwt: admin });
  const body = {
    content: { profileIds: ["default"] },
    credentials: { local: { username: "ada", password: "sesame" } },
  };
  await server.ask({ controller: "security", action: "createUser", _id: "ada", body, jwt: admin });
  const refusal = await server.refusal(login("ada", "sesame"));
  assert.deepEqual([refusal.status, refusal.id], [401, id("must_change_password")]);
  const token = refusal.resetToken;
  const reset = { controller: `${localStrategyName}/password`, action: "reset" };
  const session = await server.ask({ ...reset, body: { password: "opened", token } });
  assert.deepEqual([session._id, typeof session.jwt], ["ada", "string"]);
  assert.ok(await server.logIn("ada", "opened"));
  assert.equal(
    (await server.refusal({ ...reset, body: { password: "again", token } })).id,
    id("invalid_token"),
    "once only",
  );
  await server.plant("ada", { ...(await server.credentials("ada")), updatedAt: Date.now() - 31 * 86_400_000 });
  assert.equal((await server.refusal(login("ada", "opened"))).id, id("expired_password"));
});

test("reset tokens cannot be forged, end in time, and are for users with a password", async () => {
  await using server = await open({ resetPasswordExpiresIn: 30 });
  await createUser(server, "ada", "sesame");
  await createUser(server, "bob", "sesame");
  const ask = { controller: `${localStrategyName}/password`, action: "getResetPasswordToken" };
  assert.equal((await server.refusal({ ...ask, _id: "nobody" })).status, 400);
  const { resetToken } = await server.ask({ ...ask, _id: "ada" });
  const reset = { controller: `${localStrategyName}/password`, action: "reset" };
  const [claims = "", signature = ""] = String(resetToken).split(".");
  const other = Buffer.from(JSON.stringify({ kuid: "bob", expiresAt: -1 })).toString("base64url");
  for (const token of [
    `${other}.${signature}`,
    `${claims}.`,
    claims,
    "",
    "a.b.c",
    `${claims}.${signature}x`.slice(0, -3),
  ]) {
    assert.equal((await server.refusal({ ...reset, body: { password: "x", token } })).id, id("invalid_token"));
  }
  const deadline = Date.now() + 30;
  while (Date.now() <= deadline) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(
    (await server.refusal({ ...reset, body: { password: "x", token: resetToken } })).id,
    id("expired_token"),
  );
});

test("users are searched by name, and nothing hidden can be probed", async () => {
  await using server = await open();
  for (const name of ["ada", "adam", "bob"]) await createUser(server, name, "sesame");
  const search = { controller: "security", action: "searchUsersByCredentials", strategy: "local" };
  const found = await server.ask({
    ...search,
    body: { query: { prefix: { username: "ada" } }, sort: [{ username: "desc" }] },
  });
  assert.deepEqual(found, {
    hits: [
      { kuid: "adam", username: "adam" },
      { kuid: "ada", username: "ada" },
    ],
    total: 2,
  });
  const filtered = await server.ask({ ...search, lang: "koncorde", body: { query: { equals: { username: "bob" } } } });
  assert.equal(filtered.total, 1);
  const probes: readonly [JSONObject, number][] = [
    [{ query: { prefix: { userPassword: "$argon2id" } } }, 403],
    [{ query: { bool: { must: [{ term: { "passwordHistory.userPassword": "x" } }] } } }, 403],
    [{ query: { exists: { field: "userSalt" } } }, 403],
    [{ query: { term: { kuid: "ada" } } }, 403],
    [{ sort: [{ userPassword: "asc" }] }, 403],
    [{ query: { query_string: { query: "userPassword:*" } } }, 400],
    [{ query: { script: {} } }, 400],
    [{ query: { term: { shoeSize: 3 } } }, 400],
    [{ aggs: { all: { terms: { field: "userPassword" } } } }, 400],
    [{ _source: ["userPassword"] }, 400],
  ];
  for (const [body, status] of probes) {
    assert.equal((await server.refusal({ ...search, body })).status, status, JSON.stringify(body));
  }
});

test("the password controller is served under both prefixes", async () => {
  await using server = await open();
  const own = server.actions.routes().filter(({ controller }) => controller === `${localStrategyName}/password`);
  assert.deepEqual(own.map(({ verb, path }) => `${verb} ${path}`).sort(), [
    "GET /_/password/resetToken/:_id",
    `GET /_plugin/${localStrategyName}/password/resetToken/:_id`,
    "POST /_/password/reset",
    `POST /_plugin/${localStrategyName}/password/reset`,
  ]);
});

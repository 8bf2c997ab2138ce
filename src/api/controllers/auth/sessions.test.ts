import assert from "node:assert/strict";
import { test } from "node:test";
import jsonwebtoken from "jsonwebtoken";
import {
  createUser,
  errorIdOf,
  logIn,
  openTestSecurity,
  plainStrategy,
  withAdmin,
  withUser,
} from "../../../../testing/security/test-security.ts";
import { ClientConnection, type JSONObject } from "../../../kernel/index.ts";

const me = { controller: "auth", action: "getCurrentUser" };

test("a user logs in, is recognised, and is nobody after logging out", async () => {
  await using server = await openTestSecurity();
  const { jwt } = await withUser(server);
  const { _id, _source, strategies } = await server.ask({ ...me, jwt });
  assert.deepEqual([_id, (_source as JSONObject).profileIds, strategies], ["ada", ["default"], ["plain"]]);
  assert.deepEqual(await server.ask({ controller: "auth", action: "logout", jwt }), { acknowledged: true });
  assert.equal(await errorIdOf(server, { ...me, jwt }), "security.token.invalid");
});

test("whoever sends no token is anonymous, and an empty token is no missing one", async () => {
  await using server = await openTestSecurity();
  await withAdmin(server);
  const { _id, _source, strategies } = await server.ask(me);
  assert.deepEqual([_id, _source, strategies], ["-1", { profileIds: ["anonymous"], name: "Anonymous" }, []]);
  assert.equal(await errorIdOf(server, { ...me, jwt: "" }), "security.token.invalid");
});

test("forged, unsigned, foreign and misprefixed tokens are refused", async () => {
  await using server = await openTestSecurity({
    options: {
      authToken: {
        algorithm: "HS256",
        expiresIn: "1h",
        gracePeriodMs: 1_000,
        maxTtlMs: -1,
        secret: "right",
        formerSecrets: [],
      },
    },
  });
  const { jwt } = await withUser(server);
  const text = jwt.slice("kauth-".length);
  const forged = [
    text,
    `kapikey-${text}`,
    `kauth-${text.slice(0, -2)}xx`,
    `kauth-${jsonwebtoken.sign({ _id: "root" }, "wrong")}`,
    // Signed with the right secret, but never handed out.
    `kauth-${jsonwebtoken.sign({ _id: "root" }, "right")}`,
    `kapikey-${jsonwebtoken.sign({ _id: "root" }, "right")}`,
    `kauth-${jsonwebtoken.sign({ _id: "root" }, "right", { algorithm: "HS512" })}`,
    `kauth-${jsonwebtoken.sign({ _id: "root" }, null as unknown as string, { algorithm: "none" })}`,
    `kauth-${jsonwebtoken.sign({ user: "root" }, "right")}`,
    `kauth-${jsonwebtoken.sign("root", "right")}`,
    `kauth-${"a".repeat(100_000)}`,
    "kauth-",
    "garbage",
    "__proto__",
  ];
  for (const token of forged) {
    assert.equal(await errorIdOf(server, { ...me, jwt: token }), "security.token.invalid", token.slice(0, 40));
    const { valid } = await server.ask({ controller: "auth", action: "checkToken", body: { token } });
    assert.equal(valid, false);
  }
});

test("a token ends at its time, whether it is hot or not", async () => {
  let now = 1_800_000_000_000;
  await using server = await openTestSecurity({ clock: { now: () => now } });
  const { jwt } = await withUser(server);
  await server.ask({ ...me, jwt });
  now += 3_600_000 - 1;
  await server.ask({ ...me, jwt });
  now += 1;
  assert.equal(await errorIdOf(server, { ...me, jwt }), "security.token.invalid");
});

test("two logins within one second answer different tokens, and one logout ends one of them", async () => {
  await using server = await openTestSecurity({ clock: { now: () => 1_800_000_000_000 } });
  const { jwt } = await withUser(server);
  const other = await logIn(server, "ada", "pass");
  assert.notEqual(jwt, other);
  await server.ask({ controller: "auth", action: "logout", jwt });
  assert.equal((await server.ask({ ...me, jwt: other }))._id, "ada");
  await server.ask({ controller: "auth", action: "logout", global: true, jwt: other });
  assert.equal(await errorIdOf(server, { ...me, jwt: other }), "security.token.invalid");
});

test("revoking the tokens of a user leaves those of users with a similar id alone", async () => {
  await using server = await openTestSecurity();
  const { admin, jwt } = await withUser(server, "a");
  await createUser(server, admin, "a#b");
  const other = await logIn(server, "a#b", "pass");
  assert.equal(await server.ask({ controller: "security", action: "revokeTokens", _id: "a", jwt: admin }), null);
  assert.equal(await errorIdOf(server, { ...me, jwt }), "security.token.invalid");
  assert.equal((await server.ask({ ...me, jwt: other }))._id, "a#b");
});

test("tokens survive a restart, unless the secret has changed", async () => {
  await using first = await openTestSecurity();
  const { jwt } = await withUser(first);
  await using second = await openTestSecurity({ store: first.store });
  assert.equal((await second.ask({ ...me, jwt }))._id, "ada");
  const authToken = {
    algorithm: "HS256",
    expiresIn: "1h",
    gracePeriodMs: 1_000,
    maxTtlMs: -1,
    secret: "new",
    formerSecrets: [],
  } as const;
  await using third = await openTestSecurity({ store: first.store, options: { authToken } });
  assert.equal(await errorIdOf(third, { ...me, jwt }), "security.token.invalid");
  await using fourth = await openTestSecurity({ store: first.store });
  assert.equal(await errorIdOf(fourth, { ...me, jwt }), "security.token.invalid");
});

test("a refreshed token works for the grace period, and cannot be refreshed again", async () => {
  let now = 1_800_000_000_000;
  await using server = await openTestSecurity({ clock: { now: () => now } });
  const { jwt } = await withUser(server);
  const refresh = { controller: "auth", action: "refreshToken" };
  const fresh = await server.ask({ ...refresh, jwt, expiresIn: "2h" });
  assert.deepEqual([fresh._id, fresh.ttl, fresh.expiresAt], ["ada", 7_200_000, now + 7_200_000]);
  assert.equal((await server.ask({ ...me, jwt }))._id, "ada");
  assert.equal(await errorIdOf(server, { ...refresh, jwt }), "security.token.invalid");
  now += 1_000;
  assert.equal(await errorIdOf(server, { ...me, jwt }), "security.token.invalid");
  assert.equal((await server.ask({ ...me, jwt: fresh.jwt }))._id, "ada");
});

test("of two refreshes at once one succeeds", async () => {
  await using server = await openTestSecurity();
  const { jwt } = await withUser(server);
  const refresh = { controller: "auth", action: "refreshToken", jwt };
  const answers = await Promise.all([server.send(refresh), server.send(refresh), server.send(refresh)]);
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 401, 401]);
});

test("a refresh with a wrong duration leaves the old token as it was", async () => {
  await using server = await openTestSecurity();
  const { jwt } = await withUser(server);
  const refresh = { controller: "auth", action: "refreshToken", jwt };
  for (const expiresIn of ["soon", 0, -5, {}, ""]) {
    assert.equal(await errorIdOf(server, { ...refresh, expiresIn }), "api.assert.invalid_argument");
  }
  assert.equal((await server.ask(refresh))._id, "ada");
});

test("a single-use token serves one request, even of several at once", async () => {
  await using server = await openTestSecurity();
  const { jwt } = await withUser(server);
  const { token, singleUse } = await server.ask({ controller: "auth", action: "createToken", singleUse: true, jwt });
  assert.equal(singleUse, true);
  const answers = await Promise.all([1, 2, 3].map(() => server.send({ ...me, jwt: token })));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 401, 401]);
});

test("tokens longer than the configured maximum are refused, endless ones too", async () => {
  const authToken = {
    algorithm: "HS256",
    expiresIn: 1_000,
    gracePeriodMs: 0,
    maxTtlMs: 60_000,
    secret: null,
    formerSecrets: [],
  } as const;
  await using server = await openTestSecurity({ options: { authToken } });
  await withUser(server);
  const login = { controller: "auth", action: "login", strategy: "plain", body: { username: "ada", password: "pass" } };
  for (const expiresIn of [-1, "-1", 60_001, "1h"]) {
    assert.equal(await errorIdOf(server, { ...login, expiresIn }), "security.token.ttl_exceeded");
  }
  assert.equal((await server.ask({ ...login, expiresIn: "1m" })).ttl, 60_000);
  assert.equal((await server.ask({ ...login, expiresIn: 0 })).ttl, 1_000);
  const { jwt } = await server.ask(login);
  await server.ask({ controller: "auth", action: "refreshToken", jwt });
  assert.equal(await errorIdOf(server, { ...me, jwt }), "security.token.invalid", "no grace period, no old token");
});

test("an endless token cannot be refreshed, nor made by createToken", async () => {
  await using server = await openTestSecurity();
  await withUser(server);
  const body = { username: "ada", password: "pass" };
  const { jwt, expiresAt, ttl } = await server.ask({
    controller: "auth",
    action: "login",
    strategy: "plain",
    body,
    expiresIn: -1,
  });
  assert.deepEqual([expiresAt, ttl], [-1, -1]);
  assert.equal(
    await errorIdOf(server, { controller: "auth", action: "refreshToken", jwt }),
    "security.token.refresh_forbidden",
  );
  const create = { controller: "auth", action: "createToken", jwt, expiresIn: "-1" };
  assert.equal(await errorIdOf(server, create), "security.token.invalid_expiration");
});

test("API keys authenticate without being stored, and end with their deletion", async () => {
  await using server = await openTestSecurity();
  const { admin, jwt } = await withUser(server);
  const create = { controller: "auth", action: "createApiKey", jwt, body: { description: "backup job" } };
  const { _id, _source } = await server.ask(create);
  const { token, fingerprint, expiresAt } = _source as JSONObject;
  assert.match(String(token), /^kapikey-/);
  assert.equal(expiresAt, -1);
  assert.equal((await server.ask({ ...me, jwt: token }))._id, "ada");
  assert.equal(
    await errorIdOf(server, { controller: "auth", action: "refreshToken", jwt: token }),
    "security.token.refresh_forbidden",
  );
  await server.ask({ controller: "auth", action: "logout", jwt: token });
  assert.equal((await server.ask({ ...me, jwt: token }))._id, "ada", "a logout does not end a key");
  const found = await server.ask({
    controller: "auth",
    action: "searchApiKeys",
    jwt,
    body: { match: { description: "backup" } },
  });
  assert.equal(found.total, 1);
  assert.equal(JSON.stringify(found).includes(String(token)), false);
  assert.equal(JSON.stringify(found).includes(String(fingerprint)), true);
  const other = { controller: "security", action: "deleteApiKey", userId: "root", _id, jwt: admin };
  assert.equal(await errorIdOf(server, other), "services.storage.not_found");
  await server.ask({ controller: "auth", action: "deleteApiKey", _id, jwt });
  assert.equal(await errorIdOf(server, { ...me, jwt: token }), "security.token.invalid");
});

test("the anonymous user gets no key, no token and no credentials, whatever its role allows", async () => {
  await using server = await openTestSecurity();
  await server.security.strategies.register(plainStrategy());
  for (const action of [
    "createApiKey",
    "createToken",
    "refreshToken",
    "createMyCredentials",
    "updateSelf",
    "logout",
    "credentialsExist",
  ]) {
    assert.equal(
      await errorIdOf(server, { controller: "auth", action, strategy: "plain", body: {} }),
      "security.rights.unauthorized",
      action,
    );
  }
});

test("nobody gives himself profiles", async () => {
  await using server = await openTestSecurity();
  const { jwt } = await withUser(server);
  const update = { controller: "auth", action: "updateSelf", jwt };
  assert.equal(
    await errorIdOf(server, { ...update, body: { profileIds: ["admin"] } }),
    "api.assert.forbidden_argument",
  );
  assert.equal(await errorIdOf(server, { ...update, body: { _id: "root" } }), "api.assert.forbidden_argument");
  const { _source } = await server.ask({
    ...update,
    body: { name: "Ada", profileIds: null, _kuzzle_info: { author: "root" } },
  });
  const {
    name,
    profileIds,
    _kuzzle_info: info,
  } = _source as { name: string; profileIds: string[]; _kuzzle_info: JSONObject };
  assert.deepEqual([name, profileIds, info.author, info.updater], ["Ada", ["default"], "root", "ada"]);
});

test("a connection is told of its token's end, and of nothing when it was revoked", async () => {
  let now = 1_800_000_000_000;
  await using server = await openTestSecurity({ clock: { now: () => now } });
  const { jwt } = await withUser(server);
  const connection = new ClientConnection("websocket", ["127.0.0.1"]);
  const short = await server.ask({ controller: "auth", action: "createToken", expiresIn: 60, jwt });
  await server.ask({ ...me, jwt: short.token }, { connection });
  now += 60;
  const deadline = Date.now() + 2_000;
  while (server.expired.length === 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(server.expired, [connection.id]);
  await server.ask({ ...me, jwt }, { connection });
  await server.ask({ controller: "auth", action: "logout", jwt }, { connection });
  assert.deepEqual([server.expired, server.revoked], [[connection.id], [connection.id]]);
  assert.equal(server.security.links.size, 0);
});

test("a refreshed token hands its connections over, and requests with the old one do not take them back", async () => {
  await using server = await openTestSecurity();
  const { jwt } = await withUser(server);
  const connection = new ClientConnection("websocket", ["127.0.0.1"]);
  await server.ask({ ...me, jwt }, { connection });
  const fresh = await server.ask({ controller: "auth", action: "refreshToken", jwt }, { connection });
  await server.ask({ ...me, jwt }, { connection });
  assert.equal(server.security.links.tokenOf(connection.id)?.jwt, fresh.jwt);
  assert.deepEqual(server.revoked, []);
});

test("logins on one connection are limited per second, and logging out never is", async () => {
  await using server = await openTestSecurity({
    options: { loginsPerSecond: 1 },
    clock: { now: () => 1_800_000_000_000 },
  });
  await withUser(server);
  const connection = new ClientConnection("websocket", ["127.0.0.1"]);
  const login = { controller: "auth", action: "login", strategy: "plain", body: { username: "ada", password: "pass" } };
  const { result } = await server.send(login, { connection });
  assert.equal((await server.send(login, { connection })).error?.id, "api.process.too_many_logins_requests");
  const { jwt } = result as JSONObject;
  for (let i = 0; i < 10; i++) await server.ask({ ...me, jwt });
  assert.equal(await errorIdOf(server, { ...me, jwt }), "api.process.too_many_requests");
  await server.ask({ controller: "auth", action: "logout", jwt });
});

test("records of tokens that have ended are swept out of the store", async () => {
  let now = 1_800_000_000_000;
  await using server = await openTestSecurity({ clock: { now: () => now } });
  await withUser(server);
  await server.security.tokens.create("ada", "1m");
  await server.security.tokens.create("ada", -1);
  const count = (): Promise<number> =>
    server.store.count({ index: "kuzzle", collection: "tokens" }, { term: { userId: "ada" } });
  assert.equal(await count(), 3);
  now += 60_000;
  await server.security.tokens.sweep();
  assert.equal(await count(), 2);
});

test("what is stored of a token does not log anybody in", async () => {
  await using server = await openTestSecurity();
  const { jwt } = await withUser(server);
  for await (const batch of server.store.walk({ index: "kuzzle", collection: "tokens" }, { match_all: {} })) {
    for (const { id, source } of batch) {
      assert.equal(`${id}${source}`.includes(jwt.slice(-20)), false);
      assert.equal(await errorIdOf(server, { ...me, jwt: `kauth-${id}` }), "security.token.invalid");
    }
  }
});

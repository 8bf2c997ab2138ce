/** Tokens that are forged, altered, ended, revoked or used again are refused; the secret that signs them changes without logging anybody out. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import jsonwebtoken from "jsonwebtoken";
import type { JSONObject } from "../../src/kernel/index.ts";
import { silentLogger, systemClock } from "../../src/kernel/index.ts";
import { defaultSecurityOptions } from "../../src/security/index.ts";
import { createLocalBus } from "../../src/stores/bus/index.ts";
import { createEmbeddedStore } from "../../src/stores/documents/index.ts";
import { login, openLocalServer } from "../../testing/security/local-strategy.ts";
import { openTestSecurity, type TestSecurity, withAdmin, withUser } from "../../testing/security/test-security.ts";

const secret = "the secret of this test";
const withSecret = (own: string | null, formerSecrets: readonly string[] = []) => ({
  authToken: { ...defaultSecurityOptions.authToken, secret: own, formerSecrets },
});
const me: JSONObject = { controller: "auth", action: "getCurrentUser" };

test("forged and altered tokens are refused, whatever algorithm they name, and with the right secret, too, when nobody got them", async () => {
  await using server = await openTestSecurity({ options: withSecret(secret) });
  const { jwt } = await withUser(server);
  assert.equal((await server.ask({ ...me, jwt }))._id, "ada");
  const [header = "", payload = "", signature = ""] = jwt.slice("kauth-".length).split(".");
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const decoded = JSON.parse(Buffer.from(payload, "base64url").toString()) as JSONObject;
  const kid = (JSON.parse(Buffer.from(header, "base64url").toString()) as JSONObject).kid as string;
  const claims = { _id: "root", iat: decoded.iat, exp: decoded.exp, jti: "x" } as object;
  const { privateKey, publicKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const forged: Record<string, string> = {
    "another user": [header, encode({ ...decoded, _id: "root" }), signature].join("."),
    "without algorithm": `${encode({ alg: "none", typ: "JWT" })}.${payload}.`,
    "without algorithm, its secret named": `${encode({ alg: "none", kid })}.${payload}.`,
    "NONE in capitals": `${encode({ alg: "NONE", kid })}.${payload}.${signature}`,
    "another algorithm, right secret": jsonwebtoken.sign(decoded, secret, { algorithm: "HS512", keyid: kid }),
    "a key pair": jsonwebtoken.sign(claims, privateKey, { algorithm: "RS256", keyid: kid }),
    "a public key as secret": jsonwebtoken.sign(claims, publicKey, { algorithm: "HS256", keyid: kid }),
    "an empty secret": `${header}.${payload}.`,
    "another secret": jsonwebtoken.sign(claims, "guess", { algorithm: "HS256", keyid: kid }),
    "an unknown kid": jsonwebtoken.sign(decoded, secret, { algorithm: "HS256", keyid: "../../dev/null" }),
    "the right secret, but never given out": jsonwebtoken.sign(claims, secret, { algorithm: "HS256", keyid: kid }),
    "a kid that is no text": `${encode({ alg: "HS256", kid: { $ne: 1 } })}.${payload}.${signature}`,
    "a longer signature": `${header}.${payload}.${signature}AA`,
    nothing: "",
    "two dots": "..",
  };
  for (const [what, text] of Object.entries(forged)) {
    for (const prefix of ["kauth-", "kapikey-", ""]) {
      const { error } = await server.send({ ...me, jwt: prefix + text });
      assert.equal(error?.id, "security.token.invalid", `${what} behind "${prefix}"`);
    }
  }
  assert.equal(
    (await server.send({ ...me, jwt: jwt.replace("kauth-", "kapikey-") })).error?.id,
    "security.token.invalid",
  );
});

test("ended, revoked and refreshed tokens are refused, and a token is refreshed once", async () => {
  const clock = { at: Date.now(), now: () => clock.at };
  const options = { authToken: { ...withSecret(secret).authToken, gracePeriodMs: 1_000 } };
  await using server = await openTestSecurity({ clock, options });
  const { jwt } = await withUser(server);
  const refresh = (token: string) => server.send({ controller: "auth", action: "refreshToken", jwt: token });
  const next = ((await refresh(jwt)).result as JSONObject).jwt as string;
  assert.equal((await refresh(jwt)).error?.id, "security.token.invalid", "refreshed before");
  assert.equal((await server.send({ ...me, jwt })).error, null, "works for the grace period");
  clock.at += 1_001;
  assert.equal((await server.send({ ...me, jwt })).error?.id, "security.token.invalid");
  await server.ask({ controller: "auth", action: "logout", jwt: next });
  assert.equal((await server.send({ ...me, jwt: next })).error?.id, "security.token.invalid", "revoked");
  assert.equal((await refresh(next)).error?.id, "security.token.invalid");
  const again = await server.ask({
    controller: "auth",
    action: "login",
    strategy: "plain",
    expiresIn: 5_000,
    body: { username: "ada", password: "pass" },
  });
  clock.at += 5_000;
  assert.equal((await server.send({ ...me, jwt: again.jwt })).error?.id, "security.token.invalid", "ended");
});

test("a new secret signs, and what was signed before stays good: sessions, API keys, and after a restart", async () => {
  const directory = mkdtempSync(join(tmpdir(), "tenon-keys-"));
  const store = await createEmbeddedStore({ directory, log: silentLogger, clock: systemClock });
  const kidOf = (jwt: string): unknown =>
    jsonwebtoken.decode(jwt.replace(/^k\w+-/, ""), { complete: true })?.header.kid;
  let jwt = "";
  let key = "";
  let fresh = "";
  {
    await using server = await openTestSecurity({ store });
    const user = await withUser(server);
    jwt = user.jwt;
    const admin = user.admin;
    const create = {
      controller: "security",
      action: "createApiKey",
      userId: "ada",
      body: { description: "robot" },
      expiresIn: "1h",
    };
    key = ((await server.ask({ ...create, jwt: admin }))._source as JSONObject).token as string;
    const rotate = { controller: "security", action: "rotateTokenSecret" };
    assert.equal((await server.send({ ...rotate, jwt })).error?.status, 403, "users may not");
    const counts = { acknowledged: true, tokens: 2, apiKeys: 1 };
    assert.deepEqual(await server.ask({ ...rotate, jwt: admin }), { ...counts, formerSecrets: 1 });
    assert.deepEqual(await server.ask({ ...rotate, jwt: admin }), { ...counts, formerSecrets: 2 });
    fresh = (await server.ask({ controller: "auth", action: "createToken", jwt })).token as string;
    assert.notEqual(kidOf(fresh), kidOf(jwt));
  }
  {
    await using server = await openTestSecurity({ store });
    for (const token of [jwt, key, fresh]) assert.equal((await server.ask({ ...me, jwt: token }))._id, "ada");
    const search = { controller: "auth", action: "searchApiKeys", jwt };
    assert.equal(JSON.stringify(await server.ask(search)).includes("seed"), false);
  }
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

test("another node verifies what the new secret signs, and signs with it", async () => {
  const store = await createEmbeddedStore({ directory: ":memory:", log: silentLogger, clock: systemClock });
  const bus = createLocalBus(silentLogger);
  {
    await using first = await openTestSecurity({ store, bus });
    await using second = await openTestSecurity({ store, bus });
    const { jwt, admin } = await withUser(first);
    await first.ask({ controller: "security", action: "rotateTokenSecret", jwt: admin });
    const { token } = await first.ask({ controller: "auth", action: "createToken", jwt });
    const deadline = Date.now() + 2_000;
    while ((await second.send({ ...me, jwt: token })).error !== null) {
      assert.ok(Date.now() < deadline, "the other node does not know the new secret");
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assert.equal((await second.ask({ ...me, jwt }))._id, "ada", "nor has it forgotten the old one");
    const answered = await second.ask({ controller: "auth", action: "createToken", jwt });
    assert.equal((await first.ask({ ...me, jwt: answered.token }))._id, "ada");
  }
  await store.close();
});

test("several who rotate at once lose none of the secrets", async () => {
  await using server = await openTestSecurity();
  const { jwt, admin } = await withUser(server);
  const rotate = { controller: "security", action: "rotateTokenSecret", jwt: admin };
  const made: JSONObject[] = await Promise.all(
    [1, 2, 3].flatMap(() => [server.ask(rotate), server.ask({ controller: "auth", action: "createToken", jwt })]),
  );
  assert.equal(Math.max(...made.flatMap(({ formerSecrets }) => (formerSecrets as number) ?? [])), 3);
  for (const token of [jwt, ...made.flatMap(({ token: text }) => text ?? [])]) {
    assert.equal((await server.ask({ ...me, jwt: token }))._id, "ada");
  }
});

test("a former secret is forgotten when all that it has signed has ended", async () => {
  const clock = { at: Date.now(), now: () => clock.at };
  await using server = await openTestSecurity({ clock });
  const { jwt, admin } = await withUser(server);
  await server.ask({ controller: "security", action: "rotateTokenSecret", jwt: admin });
  const secrets = async (): Promise<JSONObject> =>
    JSON.parse(
      (await server.store.find({ index: "kuzzle", collection: "config" }, "security.jwt.secret"))?.source ?? "{}",
    ) as JSONObject;
  await server.security.tokens.sweep();
  assert.equal(((await secrets()).former as unknown[]).length, 1);
  assert.equal((await server.ask({ ...me, jwt }))._id, "ada");
  clock.at += 3_600_001;
  await server.security.tokens.sweep();
  assert.deepEqual((await secrets()).former, []);
});

/** A secret that one endless API key keeps, and one that a token does. */
async function withLeftovers(server: TestSecurity) {
  const { jwt, admin } = await withUser(server);
  const ask = (action: string, more: JSONObject = {}): Promise<JSONObject> =>
    server.ask({ controller: "security", action, jwt: admin, ...more });
  const rotate = (more: JSONObject = {}): Promise<JSONObject> => ask("rotateTokenSecret", more);
  const made = await ask("createApiKey", { userId: "ada", body: { description: "robot" }, expiresIn: -1 });
  const { token: key } = made._source as { token: string };
  await rotate();
  const { token: fresh } = await server.ask({ controller: "auth", action: "createToken", jwt });
  return { jwt, admin, key, keyId: made._id as string, fresh: fresh as string, ask, rotate };
}

const statusOf = async (server: TestSecurity, jwt: string): Promise<number | undefined> =>
  (await server.send({ ...me, jwt })).error?.status;

test("a dry run tells what hangs on former secrets, and changes nothing", async () => {
  await using server = await openTestSecurity();
  const { rotate, ask, key, keyId, jwt, fresh } = await withLeftovers(server);
  const told = { acknowledged: true, formerSecrets: 1, tokens: 2, apiKeys: 1 };
  assert.deepEqual(await rotate({ dryRun: true }), told);
  assert.deepEqual(await rotate({ dryRun: true, endFormer: true }), told, "nor with the other flag");
  for (const token of [key, jwt, fresh]) assert.equal(await statusOf(server, token), undefined);
  await ask("deleteApiKey", { userId: "ada", _id: keyId });
  await ask("revokeTokens", { _id: "ada" });
  assert.deepEqual(await rotate({ dryRun: true }), { ...told, tokens: 1, apiKeys: 0 });
  const found = await ask("searchApiKeys", { userId: "ada", body: {} });
  assert.equal(JSON.stringify(found).includes("keyId"), false);
});

test("endFormer ends what former secrets have signed, on every node, and nothing of the present one", async () => {
  const store = await createEmbeddedStore({ directory: ":memory:", log: silentLogger, clock: systemClock });
  const bus = createLocalBus(silentLogger);
  {
    await using server = await openTestSecurity({ store, bus });
    await using other = await openTestSecurity({ store, bus });
    const { rotate, key, jwt, fresh, admin } = await withLeftovers(server);
    for (const token of [key, jwt, fresh]) assert.equal(await statusOf(other, token), undefined);
    assert.deepEqual(await rotate({ endFormer: true }), {
      acknowledged: true,
      formerSecrets: 1,
      tokens: 1,
      apiKeys: 0,
    });
    for (const node of [server, other]) {
      for (const token of [key, jwt, admin]) assert.equal(await statusOf(node, token), 401);
      assert.equal(await statusOf(node, fresh), undefined, "the secret that was just replaced still counts");
    }
  }
  await store.close();
});

test("a former secret that only an endless key has kept is forgotten once that is deleted", async () => {
  const clock = { at: Date.now(), now: () => clock.at };
  await using server = await openTestSecurity({ clock });
  const { rotate, ask, keyId, key } = await withLeftovers(server);
  clock.at += 30_000;
  await ask("deleteApiKey", { userId: "ada", _id: keyId });
  await ask("revokeTokens", { _id: "ada" });
  await server.security.tokens.sweep();
  assert.equal((await rotate({ dryRun: true })).formerSecrets, 1, "another node may not have heard of the new one yet");
  clock.at += 3_570_001; // the administrator's token, which it has signed as well
  await server.security.tokens.sweep();
  const left = await server.security.rotateTokenSecret({ dryRun: true, endFormer: false });
  assert.deepEqual(left, { formerSecrets: 0, tokens: 0, apiKeys: 0 });
  assert.equal(await statusOf(server, key), 401);
});

test("a secret whose tokens end is not kept by endless ones that another has signed", async () => {
  const clock = { at: Date.now(), now: () => clock.at };
  await using server = await openTestSecurity({ clock });
  const { rotate, key } = await withLeftovers(server);
  await rotate();
  clock.at += 3_600_001;
  await server.security.tokens.sweep();
  const left = await server.security.rotateTokenSecret({ dryRun: true, endFormer: false });
  assert.deepEqual(left, { formerSecrets: 1, tokens: 0, apiKeys: 1 });
  assert.equal(await statusOf(server, key), undefined);
});

test("a configured secret is changed in the configuration: listed as former it logs nobody out, else everybody", async () => {
  const store = await createEmbeddedStore({ directory: ":memory:", log: silentLogger, clock: systemClock });
  const open = (own: string, former: readonly string[] = []) =>
    openTestSecurity({ store, options: withSecret(own, former) });
  let admin = "";
  {
    await using server = await open("first");
    admin = await withAdmin(server);
    const { error } = await server.send({ controller: "security", action: "rotateTokenSecret", jwt: admin });
    assert.deepEqual([error?.status, error?.id], [412, "security.token.secret_configured"]);
  }
  {
    await using server = await open("second", ["first"]);
    assert.equal((await server.ask({ ...me, jwt: admin }))._id, "root");
  }
  {
    await using server = await open("second");
    assert.equal((await server.send({ ...me, jwt: admin })).error?.id, "security.token.invalid", "no more listed");
  }
  {
    await using server = await open("third");
    assert.equal((await server.send({ ...me, jwt: admin })).error?.id, "security.token.invalid");
  }
  await store.close();
});

test("a token for one use is good once, also for requests at the same time", async () => {
  await using server = await openLocalServer();
  await server.ask({
    controller: "security",
    action: "createUser",
    _id: "ada",
    body: { content: { profileIds: ["default"] }, credentials: { local: { username: "ada", password: "x" } } },
  });
  const { jwt } = await server.ask(login("ada", "x"));
  const { token } = await server.ask({ controller: "auth", action: "createToken", singleUse: true, jwt });
  const answers = await Promise.all([1, 2, 3].map(() => server.send({ ...me, jwt: token })));
  assert.equal(answers.filter(({ error }) => error === null).length, 1);
});

/** The bundled plugin `totp`: a second factor beside the password, through the official client and over HTTP. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { TOTP } from "otpauth";
import { type JSONObject, silentLogger, systemClock } from "../../src/kernel/index.ts";
import { createEmbeddedStore } from "../../src/stores/documents/index.ts";
import { connectWebSocket, startServer, type TestServer } from "../../testing/index.ts";
import { makeRoot, pluginFiles } from "../../testing/plugins/plugin-server.ts";
import { http } from "../api/wire.ts";

const { Cryptonomicon } = createRequire(import.meta.url)("kuzzle-vault") as {
  Cryptonomicon: new (key: string) => { encryptObject(secrets: object): object };
};

const local = "kuzzle-plugin-auth-passport-local";

async function open(t: TestContext, section: JSONObject = {}, more: JSONObject = {}): Promise<TestServer> {
  const server = await startServer({
    data: ":memory:",
    ...more,
    config: {
      "limits.loginsPerSecond": 1_000,
      "tenon.password.memoryKiB": 64,
      "tenon.password.passes": 1,
      "plugins.common.include": [local, "totp"],
      "plugins.totp": section,
    },
  });
  t.after(() => server.close());
  return server;
}

/** Asks over HTTP, and answers the result, or the error as clients see it. */
const speaker = (server: TestServer) => async (request: JSONObject, jwt?: string) => {
  const { status, error, result } = await http(
    server,
    "POST",
    "/_query",
    jwt === undefined ? request : { ...request, jwt },
  );
  return { status, error: (error ?? {}) as JSONObject, result: (result ?? {}) as JSONObject };
};
type Ask = ReturnType<typeof speaker>;

const totp = (action: string, body: JSONObject = {}): JSONObject => ({ controller: "totp", action, body });
const logIn = (ask: Ask, username: string, more: JSONObject = {}) =>
  ask({ controller: "auth", action: "login", strategy: "local", body: { username, password: "sesame", ...more } });
const second = (ask: Ask, body: JSONObject) => ask({ controller: "auth", action: "login", strategy: "totp", body });
const security = (action: string, _id: string, more: JSONObject = {}): JSONObject => ({
  controller: "security",
  action,
  _id,
  ...more,
});

async function addUser(ask: Ask, _id: string, profile = "default"): Promise<string> {
  const credentials = { local: { username: _id, password: "sesame" } };
  const made = await ask(security("createUser", _id, { body: { content: { profileIds: [profile] }, credentials } }));
  assert.equal(made.status, 200, JSON.stringify(made.error));
  return String((await logIn(ask, _id)).result.jwt);
}

/** Codes of the present and its neighbours, which the window takes: each once, in this order. */
function codesOf(uri: unknown): [string, string, string] {
  const generator = new TOTP({ secret: new URL(String(uri)).searchParams.get("secret") ?? "" });
  const at = (shift: number): string => generator.generate({ timestamp: Date.now() + shift * 30_000 });
  return [at(-1), at(0), at(1)];
}

/** A user with a confirmed factor: what enrolling answered, and two codes that were not used. */
async function enrolled(ask: Ask, _id: string) {
  const jwt = await addUser(ask, _id);
  const { result } = await ask(totp("enrol"), jwt);
  const [first, ...codes] = codesOf(result.uri);
  assert.equal((await ask(totp("confirm", { code: first }), jwt)).status, 200);
  return { jwt, recovery: result.recoveryCodes as string[], codes };
}

test("without the plugin there is no second factor, and no strategy for it", async (t) => {
  const server = await startServer({ data: ":memory:" });
  t.after(() => server.close());
  const ask = speaker(server);
  assert.deepEqual((await ask({ controller: "auth", action: "getStrategies" })).result, ["local"]);
  assert.equal((await ask(totp("status"))).status, 404);
});

test("a factor counts once it is confirmed; then a login needs its code, in one step or in two", async (t) => {
  const server = await open(t, { issuer: "Library" });
  const ask = speaker(server);
  const jwt = await addUser(ask, "ada");
  const { result } = await ask(totp("enrol"), jwt);
  assert.match(String(result.uri), /^otpauth:\/\/totp\/Library:ada\?issuer=Library&secret=[A-Z2-7]{32}&/);
  assert.equal((result.recoveryCodes as string[]).length, 10);
  assert.equal((await logIn(ask, "ada")).status, 200, "not confirmed: it does not count");
  const [first, now, next] = codesOf(result.uri);
  assert.equal((await ask(totp("confirm", { code: "000000" }), jwt)).error.id, "plugin.totp.invalid_code");
  assert.equal((await ask(totp("confirm", { code: first }), jwt)).status, 200);

  const half = await logIn(ask, "ada");
  assert.deepEqual([half.status, half.error.id], [401, "plugin.totp.code_required"]);
  assert.equal(half.result.jwt, undefined);
  const { challenge } = half.error;
  assert.deepEqual(half.error.props, [challenge]);
  assert.equal((await second(ask, { challenge, code: "123456" })).error.id, "plugin.totp.invalid_code");
  const whole = await second(ask, { challenge, code: now });
  assert.deepEqual([whole.status, whole.result._id], [200, "ada"]);
  const me = await ask({ controller: "auth", action: "getCurrentUser" }, String(whole.result.jwt));
  assert.equal(me.result._id, "ada");

  const client = await connectWebSocket(server);
  t.after(() => client.disconnect());
  await assert.rejects(client.auth.login("local", { username: "ada", password: "sesame" }), {
    id: "plugin.totp.code_required",
  });
  await client.auth.login("local", { username: "ada", password: "sesame", totp: next });
  assert.equal((await client.auth.getCurrentUser())._id, "ada");
});

test("the official client logs in by the second step, too, from the challenge of the error", async (t) => {
  const server = await open(t);
  const { codes } = await enrolled(speaker(server), "ada");
  const client = await connectWebSocket(server);
  t.after(() => client.disconnect());
  let challenge: unknown;
  await client.auth
    .login("local", { username: "ada", password: "sesame" })
    .catch((error) => (challenge = error.props[0]));
  await client.auth.login("totp", { challenge, code: codes[0] });
  assert.equal((await client.auth.getCurrentUser())._id, "ada");
});

test("users without a factor are not affected, and a wrong password never asks for a code", async (t) => {
  const server = await open(t);
  const ask = speaker(server);
  await enrolled(ask, "ada");
  await addUser(ask, "bob");
  assert.equal((await logIn(ask, "bob")).status, 200);
  assert.equal((await logIn(ask, "bob", { totp: "123456" })).status, 200, "a code that nobody asked for is left alone");
  const wrong = await logIn(ask, "ada", { password: "wrong", totp: "123456" });
  assert.equal(wrong.error.id, "plugin.strategy.missing_user");
});

test("a code counts once, also for two logins at once and after a restart, and no earlier code counts after it", async (t) => {
  const data = mkdtempSync(join(tmpdir(), "tenon-totp-"));
  t.after(() => rmSync(data, { recursive: true, force: true }));
  let server = await open(t, { window: 2 }, { data });
  let ask = speaker(server);
  const { codes } = await enrolled(ask, "ada");
  const both = await Promise.all([1, 2, 3, 4].map(() => logIn(ask, "ada", { totp: codes[1] })));
  assert.deepEqual(both.map(({ status }) => status).sort(), [200, 401, 401, 401]);
  assert.equal((await logIn(ask, "ada", { totp: codes[0] })).error.id, "plugin.totp.invalid_code", "an earlier one");
  await server.close();
  server = await open(t, { window: 2 }, { data });
  ask = speaker(server);
  assert.equal((await logIn(ask, "ada", { totp: codes[1] })).error.id, "plugin.totp.invalid_code", "after a restart");
  assert.equal((await logIn(ask, "ada")).error.id, "plugin.totp.code_required");
});

test("codes outside of the window are refused", async (t) => {
  const server = await open(t, { window: 0, failures: 50 });
  const ask = speaker(server);
  const jwt = await addUser(ask, "ada");
  const { result } = await ask(totp("enrol"), jwt);
  const generator = new TOTP({ secret: String(result.secret) });
  for (const steps of [-3, -2, 2, 3]) {
    const code = generator.generate({ timestamp: Date.now() + steps * 30_000 });
    assert.equal((await ask(totp("confirm", { code }), jwt)).error.id, "plugin.totp.invalid_code", `${steps}`);
  }
  assert.equal((await ask(totp("confirm", { code: generator.generate() }), jwt)).status, 200);
});

test("recovery codes count once each, however they are written, and new ones take their place", async (t) => {
  const server = await open(t);
  const ask = speaker(server);
  const { jwt, recovery, codes } = await enrolled(ask, "ada");
  const [one = "", two = ""] = recovery;
  assert.match(one, /^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/);
  const used = await Promise.all([1, 2, 3].map(() => logIn(ask, "ada", { recoveryCode: one.toUpperCase() })));
  assert.deepEqual(used.map(({ status }) => status).sort(), [200, 401, 401]);
  assert.equal((await logIn(ask, "ada", { recoveryCode: two.replaceAll("-", " ") })).status, 200);
  assert.equal((await ask(totp("status"), jwt)).result.recoveryCodesLeft, 8);
  const renewed = await ask(totp("renewRecoveryCodes", { code: codes[0] }), jwt);
  const fresh = renewed.result.recoveryCodes as string[];
  assert.equal((await logIn(ask, "ada", { recoveryCode: recovery[2] })).error.id, "plugin.totp.invalid_code");
  assert.equal((await logIn(ask, "ada", { recoveryCode: fresh[2] })).status, 200);
});

test("neither codes nor secrets are stored in a readable way beside the secret itself, nor told again", async (t) => {
  const server = await open(t);
  const ask = speaker(server);
  const { jwt, recovery } = await enrolled(ask, "ada");
  const told = JSON.stringify([
    await ask(totp("status"), jwt),
    await ask({ controller: "auth", action: "getMyCredentials", strategy: "totp" }, jwt),
    await ask(security("getCredentials", "ada", { strategy: "totp" })),
    await ask({ controller: "auth", action: "getCurrentUser" }, jwt),
  ]);
  for (const secret of recovery) assert.ok(!told.includes(secret));
  assert.ok(!told.includes("otpauth:") && !/[A-Z2-7]{32}/.test(told), told);
});

test("with a key in the vault secrets are sealed; without it nobody gets around them, and an administrator still removes them", async (t) => {
  const key = "the key of the vault";
  const secrets = new Cryptonomicon(key).encryptObject({ totp: { key: "out of the vault" } });
  const { root, remove } = makeRoot({ "sealed.json": JSON.stringify(secrets) });
  t.after(remove);
  const data = join(root, "data");
  const env = { KUZZLE_VAULT_KEY: key, KUZZLE_SECRETS_FILE: join(root, "sealed.json") };
  let server = await open(t, {}, { root, data, env });
  let ask = speaker(server);
  const { codes } = await enrolled(ask, "ada");
  assert.equal((await logIn(ask, "ada", { totp: codes[0] })).status, 200);
  await server.close();
  const store = await createEmbeddedStore({ directory: data, log: silentLogger, clock: systemClock });
  const stored = await store.find({ index: "plugin-totp", collection: "factors" }, "ada");
  await store.close();
  assert.match(stored?.source ?? "", /"secret":"sealed:/);

  server = await open(t, {}, { root, data });
  ask = speaker(server);
  assert.equal((await logIn(ask, "ada")).error.id, "plugin.totp.code_required");
  assert.equal((await logIn(ask, "ada", { totp: codes[1] })).error.id, "plugin.totp.unreadable");
  assert.equal((await ask(security("deleteCredentials", "ada", { strategy: "totp" }))).status, 200);
  assert.equal((await logIn(ask, "ada")).status, 200);
});

test("who guesses codes waits, and a right one waits with him", async (t) => {
  const server = await open(t, { failures: 3, firstWait: 400, maxWait: 400 });
  const ask = speaker(server);
  const { codes } = await enrolled(ask, "ada");
  for (let i = 0; i < 3; i++) {
    assert.equal((await logIn(ask, "ada", { totp: "000000" })).error.id, "plugin.totp.invalid_code");
  }
  const waiting = await logIn(ask, "ada", { totp: codes[0] });
  assert.deepEqual([waiting.status, waiting.error.id], [429, "security.login.wait"]);
  await new Promise((resolve) => setTimeout(resolve, 450));
  assert.equal((await logIn(ask, "ada", { totp: codes[0] })).status, 200);
});

test("a factor is taken away with a code, or by an administrator, or with its user", async (t) => {
  const server = await open(t);
  const ask = speaker(server);
  const { jwt, codes } = await enrolled(ask, "ada");
  assert.equal((await ask(totp("disable"), jwt)).error.id, "plugin.totp.invalid_code");
  const mine = { controller: "auth", action: "deleteMyCredentials", strategy: "totp" };
  assert.equal((await ask(mine, jwt)).error.id, "plugin.totp.invalid_code");
  assert.equal((await ask(totp("enrol"), jwt)).error.id, "plugin.totp.invalid_code", "nor is it replaced without one");
  assert.equal((await ask(totp("disable", { code: codes[0] }), jwt)).status, 200);
  assert.equal((await logIn(ask, "ada")).status, 200);

  await enrolled(ask, "bob");
  assert.equal((await logIn(ask, "bob")).status, 401);
  assert.deepEqual((await ask(security("getUserStrategies", "bob"))).result.strategies, ["local", "totp"]);
  assert.equal((await ask(security("deleteCredentials", "bob", { strategy: "totp" }))).status, 200);
  assert.equal((await logIn(ask, "bob")).status, 200);

  await ask(totp("enrol"), await addUser(ask, "dora"));
  await ask(security("deleteUser", "dora"));
  assert.equal((await ask(totp("status"), await addUser(ask, "dora"))).result.pending, false);

  const carl = await enrolled(ask, "carl");
  assert.equal((await ask(security("deleteUser", "carl"))).status, 200);
  await addUser(ask, "carl");
  assert.equal((await logIn(ask, "carl", { totp: carl.codes[0] })).status, 200, "a new user of the name has none");
});

test("profiles may require a factor: a login without one leads to enrolling, and to nothing else", async (t) => {
  const server = await open(t, { requiredFor: ["staff"] });
  const ask = speaker(server);
  const body = { policies: [{ roleId: "default" }] };
  await ask(security("createProfile", "staff", { body }));
  assert.equal(await addUser(ask, "ada", "staff"), "undefined", "no token without a factor");
  const half = await logIn(ask, "ada");
  assert.deepEqual([half.status, half.error.id], [401, "plugin.totp.enrolment_required"]);
  const { challenge } = half.error;
  const { result } = await ask(totp("enrol", { challenge }));
  const [first, now] = codesOf(result.uri);
  assert.equal((await second(ask, { challenge, recoveryCode: (result.recoveryCodes as string[])[0] })).status, 401);
  assert.equal((await second(ask, { challenge, code: first })).result._id, "ada");
  assert.equal((await ask(totp("enrol", { challenge }))).error.id, "plugin.totp.invalid_challenge", "no second time");
  assert.equal((await logIn(ask, "ada")).error.id, "plugin.totp.code_required");
  assert.equal((await logIn(ask, "ada", { totp: now })).status, 200);
});

test("challenges are not forged, not used for others, and end", async (t) => {
  const server = await open(t, { challengeExpiresIn: 1_000 });
  const ask = speaker(server);
  const { codes } = await enrolled(ask, "ada");
  const eve = await enrolled(ask, "eve");
  const challenge = String((await logIn(ask, "ada")).error.challenge);
  const [claims = "", signature = ""] = challenge.split(".");
  const other = Buffer.from(JSON.stringify({ purpose: "enrol", kuid: "ada", expiresAt: Date.now() + 1e6 })).toString(
    "base64url",
  );
  for (const forged of [
    `${other}.${signature}`,
    claims,
    `${claims}.`,
    `${challenge}.x`,
    "",
    7,
    null,
    { a: 1 },
    ["x"],
  ]) {
    const answer = await second(ask, { challenge: forged, code: codes[0] });
    assert.deepEqual([answer.status, answer.error.id], [401, "plugin.totp.invalid_challenge"], JSON.stringify(forged));
  }
  assert.equal((await second(ask, { challenge, code: eve.codes[0] })).error.id, "plugin.totp.invalid_code");
  assert.equal((await ask(totp("enrol", { challenge }))).error.id, "plugin.totp.invalid_challenge");
  for (const code of [undefined, null, {}, ["1"], "", "x".repeat(10_000), codes[0]?.slice(1)]) {
    assert.equal((await second(ask, { challenge, code })).status >= 400, true);
  }
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  assert.equal((await second(ask, { challenge, code: codes[0] })).error.id, "plugin.totp.invalid_challenge", "ended");
});

test("the way around is closed: resets of passwords and credentials of others give no token without the code", async (t) => {
  const server = await open(t);
  const ask = speaker(server);
  await enrolled(ask, "ada");
  const reset = { controller: `${local}/password` };
  const { result } = await ask({ ...reset, action: "getResetPasswordToken", _id: "ada" });
  const answer = await ask({ ...reset, action: "reset", body: { token: result.resetToken, password: "sesame" } });
  assert.deepEqual([answer.status, answer.result.jwt], [401, undefined], JSON.stringify(answer));
  const create = security("createCredentials", "ada", { strategy: "totp", body: {} });
  assert.equal((await ask(create)).error.id, "plugin.totp.use_actions");
});

test("any strategy has the second factor behind it, also one of an older plugin", async (t) => {
  const required = ["create", "delete", "exists", "update", "validate"];
  const { root, remove } = makeRoot(
    pluginFiles(
      "pin",
      `const { Strategy } = require("passport-local");
      module.exports = class {
        constructor () {
          this.authenticators = { Local: Strategy };
          this.strategies = { pin: { config: { authenticator: "Local" }, methods: Object.fromEntries([...${JSON.stringify(required)}, "verify"].map((n) => [n, n])) } };
          for (const name of ${JSON.stringify(required)}) this[name] = async () => true;
          this.pipes = { "auth:strategyAuthenticated": async ({ strategy, content }) => ({ strategy, content }) };
        }
        async init () {}
        async verify (request, username) { return { kuid: username }; }
      };`,
    ),
  );
  t.after(remove);
  const server = await open(t, {}, { root });
  const ask = speaker(server);
  const { codes } = await enrolled(ask, "ada");
  const pin = (more: JSONObject) =>
    ask({ controller: "auth", action: "login", strategy: "pin", body: { username: "ada", password: "x", ...more } });
  const half = await pin({});
  assert.equal(half.error.id, "plugin.totp.code_required");
  const lost = await pin({ totp: codes[0] });
  assert.equal(lost.error.id, "plugin.totp.code_required", "a pipe that drops the request closes the one-step way");
  assert.equal((await second(ask, { challenge: half.error.challenge, code: codes[0] })).status, 200);
});

/** The audit log: who did what to whom, when, from where, over which protocol, with what result; found by search, without any secret. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import { connectWebSocket, startServer, type TestServer } from "../../testing/index.ts";
import { makeRoot, pluginFiles } from "../../testing/plugins/plugin-server.ts";
import { http } from "../api/wire.ts";

const password = "correct-horse-battery";

async function open(t: TestContext, options: Parameters<typeof startServer>[0] = {}): Promise<TestServer> {
  const server = await startServer({
    data: ":memory:",
    ...options,
    config: {
      "limits.loginsPerSecond": 1_000,
      "tenon.password.memoryKiB": 64,
      "tenon.password.passes": 1,
      "tenon.security.openUntilAdmin": true,
      ...options?.config,
    },
  });
  t.after(() => server.close());
  return server;
}

const speaker =
  (server: TestServer) =>
  async (
    request: JSONObject,
    jwt?: string,
    from?: string,
  ): Promise<{ status: number; error: JSONObject; result: JSONObject }> => {
    const body = jwt === undefined ? request : { ...request, jwt };
    const headers = from === undefined ? {} : { "X-Forwarded-For": from };
    const { status, error, result } = await http(server, "POST", "/_query", body, headers as Record<string, string>);
    return { status, error: (error ?? {}) as JSONObject, result: (result ?? {}) as JSONObject };
  };
type Ask = ReturnType<typeof speaker>;

const security = (action: string, rest: JSONObject = {}): JSONObject => ({ controller: "security", action, ...rest });
const login = (username: string, given: string): JSONObject => ({
  controller: "auth",
  action: "login",
  strategy: "local",
  body: { username, password: given },
});

async function withRoot(ask: Ask): Promise<string> {
  const credentials = { local: { username: "root", password } };
  await ask(security("createFirstAdmin", { _id: "root", reset: true, body: { credentials } }));
  return String((await ask(login("root", password))).result.jwt);
}

/** Entries that match, oldest first, without what differs from run to run. */
async function entries(ask: Ask, jwt: string, query: JSONObject = { match_all: {} }): Promise<JSONObject[]> {
  const { result } = await ask(security("searchAudit", { body: { query, sort: [{ at: "asc" }] }, size: 1_000 }), jwt);
  return (result.hits as { _source: JSONObject }[]).map(({ _source }) => _source);
}

const user = (_id: string): JSONObject =>
  security("createUser", {
    _id,
    body: {
      content: { profileIds: ["default"], ssn: "078-05-1120" },
      credentials: { local: { username: _id, password } },
    },
  });

test("logins are kept with their results: a success, a wrong password, an unknown user, a logout", async (t) => {
  const server = await open(t);
  const ask = speaker(server);
  const admin = await withRoot(ask);
  await ask(login("root", "wrong"), undefined, "203.0.113.7");
  await ask(login("nobody-of-this-name", password));
  await ask({ controller: "auth", action: "logout" }, String((await ask(login("root", password))).result.jwt));
  const found = await entries(ask, admin, { term: { controller: "auth" } });
  const seen = found.map(({ event, kuid, result, error, reason, protocol, origin }) => {
    return [event, kuid, result, error, reason, protocol, origin];
  });
  const refused = ["refused", "plugin.strategy.missing_user"] as const;
  assert.deepEqual(seen, [
    ["auth:login", "root", "allowed", null, undefined, "http", "client"],
    ["auth:login", "root", ...refused, "wrong_password", "http", "client"],
    ["auth:login", "-1", ...refused, "unknown_user", "http", "client"],
    ["auth:login", "root", "allowed", null, undefined, "http", "client"],
    ["auth:logout", "root", "allowed", null, undefined, "http", "client"],
  ]);
  assert.deepEqual(found[1]?.ips, ["127.0.0.1", "203.0.113.7"]);
  assert.ok(Math.abs(Number(found[1]?.at) - Date.now()) < 60_000);
});

test("every change of securities is kept with its author and its object: allowed, failed, refused", async (t) => {
  const server = await open(t);
  const ask = speaker(server);
  const admin = await withRoot(ask);
  await ask(user("ada"), admin);
  await ask(user("ada"), admin); // exists already
  await ask(
    security("createRole", { _id: "editor", body: { controllers: { document: { actions: { "*": true } } } } }),
    admin,
  );
  await ask(security("createProfile", { _id: "editors", body: { policies: [{ roleId: "editor" }] } }), admin);
  await ask(security("mDeleteUsers", { body: { ids: ["ada", "ghost"] } }), admin);
  await ask(security("createApiKey", { userId: "root", _id: "key-1", body: { description: "robot" } }), admin);
  await ask(
    {
      controller: "admin",
      action: "loadSecurities",
      body: { roles: { guest: { controllers: { auth: { actions: { login: true } } } } } },
    },
    admin,
  );
  await ask(security("searchUsers", { body: {} }), admin); // reads nothing worth keeping
  const found = await entries(ask, admin, { terms: { controller: ["security", "admin"] } });
  assert.deepEqual(
    found.map(({ event, kuid, result, target, origin }) => [event, kuid, result, (target as JSONObject)?.ids, origin]),
    [
      ["security:createFirstAdmin", "-1", "allowed", ["root"], "client"],
      ["security:createUser", "root", "allowed", ["ada"], "client"],
      ["security:createUser", "root", "failed", ["ada"], "client"],
      ["security:createRole", "root", "allowed", ["editor"], "client"],
      ["security:createProfile", "root", "allowed", ["editors"], "client"],
      ["security:mDeleteUsers", "root", "partial", ["ada", "ghost"], "client"],
      ["security:createApiKey", "root", "allowed", ["key-1"], "client"],
      ["security:createOrReplaceRole", "root", "allowed", ["guest"], "server"],
      ["admin:loadSecurities", "root", "allowed", [], "client"],
    ],
  );
  assert.deepEqual([found[0]?.token, found[1]?.token], [undefined, "authToken"]);
  const byName = (event: string) => found.find((one) => one.event === event)?.detail;
  assert.deepEqual(byName("security:createUser"), {
    fields: ["profileIds", "ssn"],
    profileIds: ["default"],
    credentials: ["local"],
  });
  assert.deepEqual(byName("security:createProfile"), { fields: ["policies"], roleIds: ["editor"] });
});

test("what is refused for want of rights is kept, over every protocol, and who floods is counted instead", async (t) => {
  const server = await open(t, { config: { "tenon.audit.refusalsPerMinute": 5 } });
  const ask = speaker(server);
  const admin = await withRoot(ask);
  const client = await connectWebSocket(server);
  t.after(() => client.disconnect());
  await assert.rejects(client.query({ controller: "document", action: "get", index: "a", collection: "b", _id: "c" }));
  for (let i = 0; i < 40; i++) await ask({ controller: "security", action: "deleteUser", _id: `victim-${i}` });
  await ask({ controller: "server", action: "now" }, "kauth-forged");
  const refused = await entries(ask, admin, { term: { result: "refused" } });
  const told = refused.map(({ event, error, protocol }) => `${event} ${error} ${protocol}`);
  assert.equal(
    told.filter((one) => one === "security:deleteUser security.rights.unauthorized http").length,
    5,
    told.join("\n"),
  );
  assert.ok(told.includes("document:get security.rights.unauthorized websocket"), told.join("\n"));
  assert.ok(told.includes("server:now security.token.invalid http"), told.join("\n"));
});

test("no entry, and no byte of its storage, holds a password, a token, a code or the value of a field", async (t) => {
  const data = mkdtempSync(join(tmpdir(), "tenon-audit-"));
  t.after(() => rmSync(data, { recursive: true, force: true }));
  const server = await open(t, { data });
  const ask = speaker(server);
  const admin = await withRoot(ask);
  const secrets = [password, "other-password-1", "typed-into-the-name-field", "078-05-1120", admin];
  await ask(user("ada"), admin);
  const ada = String((await ask(login("ada", password))).result.jwt);
  await ask(login("typed-into-the-name-field", "other-password-1"));
  await http(server, "GET", "/_login/local?username=typed-into-the-name-field&password=other-password-1");
  await ask(
    security("updateCredentials", { _id: "ada", strategy: "local", body: { password: "other-password-1" } }),
    admin,
  );
  const key = await ask(security("createApiKey", { userId: "ada", body: { description: "robot" } }), admin);
  const made = await ask({ controller: "auth", action: "createToken" }, admin);
  const reset = await ask(
    { controller: "kuzzle-plugin-auth-passport-local/password", action: "getResetPasswordToken", _id: "ada" },
    admin,
  );
  await ask(security("rotateTokenSecret"), admin);
  await ask({ controller: "auth", action: "checkToken", body: { token: ada } });
  secrets.push(
    ada,
    String((key.result._source as JSONObject).token),
    String(made.result.token),
    String(reset.result.resetToken),
  );
  const all = await entries(ask, admin);
  assert.ok(all.length >= 8, `${all.length} entries`);
  const text = JSON.stringify(all);
  for (const secret of secrets) assert.ok(!text.includes(secret), `an entry holds ${secret}`);
  assert.ok(!/\$argon2id|"jwt"|kauth-|kapikey-/.test(text));
  const events = new Set(all.map(({ event }) => event));
  for (const event of ["security:rotateTokenSecret", "auth:createToken", "security:updateCredentials"])
    assert.ok(events.has(event), event);
  await server.close();
  const files = readdirSync(data, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  const bytes = Buffer.concat(files.map((one) => readFileSync(join(one.parentPath, one.name))));
  for (const secret of ["other-password-1", "typed-into-the-name-field", password]) {
    assert.equal(bytes.includes(secret), false, `the data directory holds ${secret}`);
  }
});

test("entries survive a restart, and only who has the right to may search them", async (t) => {
  const data = mkdtempSync(join(tmpdir(), "tenon-audit-"));
  t.after(() => rmSync(data, { recursive: true, force: true }));
  let server = await open(t, { data });
  let ask = speaker(server);
  const admin = await withRoot(ask);
  await ask(user("ada"), admin);
  await server.close();
  server = await open(t, { data });
  ask = speaker(server);
  const found = await entries(ask, admin, { term: { "target.ids": "ada" } });
  assert.deepEqual(
    found.map(({ event }) => event),
    ["security:createUser"],
  );
  const newest = await http(server, "POST", "/_audit/_search?size=1", {}, { Authorization: `Bearer ${admin}` });
  assert.equal(newest.status, 200);
  assert.ok(Number(newest.result.total) >= 3);
  assert.equal((await ask(security("searchAudit"))).status, 401);
  const ada = String((await ask(login("ada", password))).result.jwt);
  assert.equal((await ask(security("searchAudit"), ada)).status, 403);
});

test("what plugins change is kept under their names", async (t) => {
  const { root, remove } = makeRoot(
    pluginFiles(
      "hirer",
      `module.exports = class {
        constructor () { this.api = { hirer: { actions: { hire: { handler: async (request) => {
          await this.context.accessors.sdk.security.createUser("hired", { content: { profileIds: ["default"] }, credentials: {} });
          return null;
        } } } } }; }
        async init (config, context) { this.context = context; }
      };`,
    ),
  );
  t.after(remove);
  const server = await open(t, { root });
  const ask = speaker(server);
  const admin = await withRoot(ask);
  assert.equal((await ask({ controller: "hirer", action: "hire" }, admin)).status, 200);
  const [entry] = await entries(ask, admin, { term: { "target.ids": "hired" } });
  assert.deepEqual([entry?.event, entry?.origin, entry?.result], ["security:createUser", "plugin:hirer", "allowed"]);
});

test("nothing odd in a request keeps it out of the log", async (t) => {
  const server = await open(t);
  const ask = speaker(server);
  const admin = await withRoot(ask);
  const body = { controllers: { auth: { actions: { login: true } } } };
  const odd: JSONObject[] = [
    { requestId: 7 },
    { requestId: { toString: 1 } },
    { requestId: "x".repeat(10_000) },
    { volatile: { sdkName: ["x"] } },
    { userId: { a: 1 }, strategy: ["local"], ids: 3 },
    {
      body: {
        ...body,
        ids: [{ a: 1 }, null],
        credentials: [],
        content: "text",
        profileIds: { length: 3 },
        policies: [[]],
      },
    },
  ];
  for (const [i, more] of odd.entries()) {
    const { status, error } = await ask(security("createOrReplaceRole", { _id: `odd-${i}`, body, ...more }), admin);
    const [entry] = await entries(ask, admin, { term: { "target.ids": `odd-${i}` } });
    if (status === 200) assert.equal(entry?.result, "allowed", JSON.stringify(more).slice(0, 100));
    else assert.ok(status === 400, JSON.stringify(error));
  }
  const { result } = await ask(security("deleteRole", { _id: ["a"], requestId: 8 }));
  assert.deepEqual(result, {});
  const refused = await entries(ask, admin, { term: { event: "security:deleteRole" } });
  assert.equal(refused.length, 1);
});

test("a log that is switched off keeps nothing", async (t) => {
  const server = await open(t, { config: { "tenon.audit.enabled": false } });
  const ask = speaker(server);
  const admin = await withRoot(ask);
  assert.deepEqual(await entries(ask, admin), []);
});

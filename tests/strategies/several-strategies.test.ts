/** One user with credentials of two strategies, of two plugins: the published passport-local of the server, and Basic in a plugin. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import type { Kuzzle } from "kuzzle-sdk";
import { connectHttp, connectWebSocket, startServer, type TestServer } from "../../testing/index.ts";
import { PlainPlugin, type StrategyClass } from "./plain-plugin.ts";

const { Strategy: BearerStrategy } = createRequire(import.meta.url)("passport-http-bearer") as {
  Strategy: StrategyClass;
};

let server: TestServer;
let admin: Kuzzle;
const plugin: PlainPlugin = new PlainPlugin(
  {
    badge: {
      authenticator: BearerStrategy,
      verify: async (_request: object, name: string) => ({ kuid: plugin.kuidOf("badge", name) ?? null }),
    },
    desk: {
      authenticator: BearerStrategy,
      verify: async (_request: object, name: string) => ({ kuid: plugin.kuidOf("desk", name) ?? null }),
    },
  },
  ["desk"],
);
const badge = (access_token: string): object => ({ access_token });
const password = { username: "ada", password: "lovelace" };

before(async () => {
  server = await startServer({
    data: ":memory:",
    prepare: (backend) => void backend.plugin.use(plugin, { name: "badges", manifest: { kuzzleVersion: ">=2.0.0" } }),
    config: { "limits.loginsPerSecond": 100 },
  });
  admin = await connectWebSocket(server);
  const body = { controllers: { auth: { actions: { "*": true } } } };
  await admin.security.createOrReplaceRole("default", body as never);
});

after(async () => {
  admin?.disconnect();
  await server?.close();
});

async function withBoth(kuid: string): Promise<void> {
  await admin.security.createUser(kuid, {
    content: { profileIds: ["default"] },
    credentials: { local: { username: kuid, password: "lovelace" }, badge: { name: `badge of ${kuid}` } },
  } as never);
}

test("a login by either gives the same user, who is told both strategies and the credentials of each", async () => {
  await withBoth("ada");
  for (const [strategy, credentials] of [
    ["local", password],
    ["badge", badge("badge of ada")],
  ] as const) {
    const client = await connectHttp(server);
    await client.auth.login(strategy, credentials);
    const { result } = await client.query({ controller: "auth", action: "getCurrentUser" });
    const me = result as { _id: string; strategies: string[] };
    assert.deepEqual([me._id, [...me.strategies].sort()], ["ada", ["badge", "local"]]);
    assert.deepEqual(await client.auth.getMyCredentials("badge"), { name: "badge of ada" });
    assert.equal(((await client.auth.getMyCredentials("local")) as { username: string }).username, "ada");
    assert.deepEqual(
      [await client.auth.credentialsExist("local"), await client.auth.credentialsExist("desk").catch(() => "unknown")],
      [true, "unknown"],
    );
  }
  const { strategies } = (await admin.query({ controller: "security", action: "getUserStrategies", _id: "ada" }))
    .result as { strategies: string[] };
  assert.deepEqual([...strategies].sort(), ["badge", "local"]);
  assert.ok((await admin.auth.getStrategies()).includes("badge"));
});

test("credentials of one are changed and deleted without the other, and wrong ones change nothing", async () => {
  await withBoth("grace");
  const client = await connectHttp(server);
  await client.auth.login("badge", badge("badge of grace"));
  await assert.rejects(client.auth.createMyCredentials("badge", { name: "" }), { status: 400 });
  await assert.rejects(client.auth.updateMyCredentials("badge", { name: 3 }), { status: 400 });
  await assert.rejects(client.auth.validateMyCredentials("badge", {}), { status: 400 });
  await assert.rejects(client.auth.createMyCredentials("ghost", {}), { id: "security.credentials.unknown_strategy" });
  assert.deepEqual(await client.auth.updateMyCredentials("badge", { name: "new badge" }), { name: "new badge" });
  await assert.rejects(client.auth.login("badge", badge("badge of grace")), { status: 401 });
  const fresh = await connectHttp(server);
  await fresh.auth.login("badge", badge("new badge"));
  await fresh.auth.login("local", { username: "grace", password: "lovelace" });

  await fresh.auth.deleteMyCredentials("badge");
  assert.equal(await fresh.auth.credentialsExist("badge"), false);
  assert.equal(await fresh.auth.credentialsExist("local"), true);
  const other = await connectHttp(server);
  await assert.rejects(other.auth.login("badge", badge("new badge")), { id: "plugin.strategy.missing_user" });
  await other.auth.login("local", { username: "grace", password: "lovelace" });
  assert.equal((await other.auth.getCurrentUser())._id, "grace");
  await other.auth.createMyCredentials("badge", { name: "third badge" });
  await (await connectHttp(server)).auth.login("badge", badge("third badge"));

  await admin.security.deleteUser("grace");
  assert.equal(plugin.kuidOf("badge", "third badge"), undefined, "all credentials go with the user");
  await assert.rejects(other.auth.login("local", { username: "grace", password: "lovelace" }), { status: 401 });
});

test("administrators do the same for others, and users are found by their credentials", async () => {
  await withBoth("joan");
  assert.equal(await admin.security.hasCredentials("badge", "joan"), true);
  assert.deepEqual(await admin.security.getCredentials("badge", "joan"), { name: "badge of joan" });
  assert.deepEqual(await admin.security.getCredentialFields("badge"), ["name"]);
  await assert.rejects(admin.security.createCredentials("badge", "nobody", { name: "x" }), { status: 404 });
  await assert.rejects(admin.security.validateCredentials("badge", "joan", { name: "" }), { status: 400 });
  const search = {
    controller: "security",
    action: "searchUsersByCredentials",
    strategy: "local",
    body: { query: { term: { username: "joan" } } },
  };
  const { result } = await admin.query(search);
  assert.partialDeepStrictEqual(result, { hits: [{ kuid: "joan" }], total: 1 });
  await admin.security.deleteCredentials("local", "joan");
  assert.deepEqual(
    [await admin.security.hasCredentials("local", "joan"), await admin.security.hasCredentials("badge", "joan")],
    [false, true],
  );
});

test("a strategy that is added while the server runs logs in, and one that is removed leaves tokens as they are", async () => {
  await admin.security.createUser("late", { content: { profileIds: ["default"] }, credentials: {} } as never);
  const client = await connectHttp(server);
  await assert.rejects(client.auth.login("desk", badge("window")), { id: "security.credentials.unknown_strategy" });
  const ways = (action: string): Promise<unknown> => admin.query({ controller: "badges/ways", action, name: "desk" });
  await ways("add");
  assert.ok((await admin.auth.getStrategies()).includes("desk"));
  await admin.security.createCredentials("desk", "late", { name: "window" });
  await client.auth.login("desk", badge("window"));
  await ways("remove");
  assert.equal((await client.auth.getCurrentUser())._id, "late", "the token stays");
  assert.ok(!(await admin.auth.getStrategies()).includes("desk"));
  await assert.rejects(client.auth.login("desk", badge("window")), { id: "security.credentials.unknown_strategy" });
  await assert.rejects(ways("remove"), { id: "plugin.strategy.strategy_not_found" });
  await ways("add");
  await (await connectHttp(server)).auth.login("desk", badge("window"));
});

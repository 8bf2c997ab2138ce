/** Plugins out of the registry, of every generation, unmodified, and doing their work. */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { connectHttp, connectWebSocket, spawnServer, startServer } from "../../testing/index.ts";

const installed = (name: string): string => join(import.meta.dirname, "../../node_modules", name);

/** A root whose `plugins/enabled` links to an installed package. */
async function rootWith(t: TestContext, name: string, target: string): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "tenon-published-"));
  t.after(() => rm(root, { recursive: true, force: true }));
  await mkdir(join(root, "plugins/enabled"), { recursive: true });
  await symlink(installed(target), join(root, "plugins/enabled", name));
  return root;
}

for (const [version, target] of [
  ["1.0.4", "kuzzle-plugin-logger-1"],
  ["1.0.6", "kuzzle-plugin-logger-1-last"],
] as const) {
  test(`kuzzle-plugin-logger ${version} writes the server's log through winston`, async (t) => {
    const root = await rootWith(t, "kuzzle-plugin-logger", target);
    const server = await spawnServer(root);
    t.after(() => server.kill("SIGKILL"));
    const deadline = Date.now() + 5_000;
    while (!server.log.some((one) => /^info: \[[^\]]+\]: log:info: server\.ready/.test(one))) {
      assert.ok(Date.now() < deadline, server.log.join("\n"));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  });
}

for (const [version, target] of [
  ["5.2.0", "kuzzle-plugin-auth-passport-local-5"],
  ["6.4.1", "kuzzle-plugin-auth-passport-local-6"],
] as const) {
  test(`kuzzle-plugin-auth-passport-local ${version} takes the place of the bundled strategy, and logs in`, async (t) => {
    const name = "kuzzle-plugin-auth-passport-local";
    const root = await rootWith(t, name, target);
    const server = await startServer({ root, data: ":memory:", config: { "limits.loginsPerSecond": 100 } });
    t.after(() => server.close());
    const ws = await connectWebSocket(server);
    t.after(() => ws.disconnect());
    const { result } = await ws.query({ controller: "server", action: "info" });
    const { plugins } = (result as { serverInfo: { kuzzle: { plugins: Record<string, { version: string }> } } })
      .serverInfo.kuzzle;
    assert.equal(plugins[name]?.version, version);
    const local = { username: "ada", password: "correct horse" };
    await ws.query({
      controller: "security",
      action: "createFirstAdmin",
      _id: "ada",
      reset: true,
      body: { content: {}, credentials: { local } },
    });
    const http = await connectHttp(server);
    await assert.rejects(http.auth.login("local", { ...local, password: "wrong" }), {
      id: "plugin.strategy.missing_user",
    });
    assert.match(await http.auth.login("local", local), /^kauth-/);
    assert.equal((await http.auth.getCurrentUser())._id, "ada");
    assert.deepEqual(await http.auth.getMyCredentials("local"), { username: "ada", kuid: "ada" });
    await http.auth.updateMyCredentials("local", { password: "battery staple" });
    await http.auth.logout();
    await assert.rejects(http.auth.login("local", local), { id: "plugin.strategy.missing_user" });
    assert.match(await http.auth.login("local", { ...local, password: "battery staple" }), /^kauth-/);
  });
}

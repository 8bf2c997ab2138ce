/** kuzzle-plugin-logger 2.0.7 out of the registry asks for a process of its own, as it did then. */
import assert from "node:assert/strict";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { spawnServer } from "../../testing/index.ts";
import { makeRoot } from "../../testing/plugins/plugin-server.ts";
import { until } from "./worker-server.ts";

async function startLogger(t: TestContext, config: object) {
  const { root, remove } = makeRoot({
    ".kuzzlerc": JSON.stringify({ plugins: { "kuzzle-plugin-logger": config } }),
  });
  t.after(remove);
  await mkdir(join(root, "plugins/enabled"), { recursive: true });
  const target = join(import.meta.dirname, "../../node_modules/kuzzle-plugin-logger-2");
  await symlink(target, join(root, "plugins/enabled/kuzzle-plugin-logger"));
  const server = await spawnServer(root, ["--data", ":memory:"]);
  t.after(() => server.kill("SIGKILL"));
  return server;
}

const stdoutOnly = { services: { stdout: { level: "info", addDate: true } } };

test("kuzzle-plugin-logger 2.0.7 writes the server's log through winston, in a process of its own", async (t) => {
  const server = await startLogger(t, stdoutOnly);
  const line = await until("its line", () => server.log.find((one) => /LOG:INFO\] server\.ready/.test(one)));
  const { msg, plugin, line: printed } = JSON.parse(line) as Record<string, string>;
  assert.deepEqual([msg, plugin], ["plugin.output", "kuzzle-plugin-logger"]);
  assert.match(printed ?? "", /^info: \S+ \[LOG:INFO\] server\.ready/);
  // Its own lines are not told to it again.
  assert.equal(server.log.filter((one) => /server\.ready/.test(one)).length, 2);
  assert.equal(await server.kill("SIGTERM"), 0);
});

test("with threads 0 it does so in the server", async (t) => {
  const server = await startLogger(t, { ...stdoutOnly, threads: 0 });
  await until("its line", () => server.log.find((one) => /^info: \S+ \[LOG:INFO\] server\.ready/.test(one)));
});

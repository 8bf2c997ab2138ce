import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type SpawnedServer, spawnServer } from "../testing/index.ts";

/** A server of its own process, with a plugin that does harm outside any promise of its own when it is asked to. */
async function withCarelessPlugin(t: TestContext): Promise<SpawnedServer> {
  const root = await mkdtemp(join(tmpdir(), "tenon-careless-"));
  t.after(() => rm(root, { recursive: true, force: true }));
  const plugin = join(root, "plugins/enabled/careless");
  await mkdir(plugin, { recursive: true });
  await writeFile(join(plugin, "manifest.json"), JSON.stringify({ name: "careless", kuzzleVersion: ">=2.0.0 <3.0.0" }));
  await writeFile(
    join(plugin, "index.js"),
    `module.exports = class Careless {
      init() {
        this.controllers = { harm: {
          reject: async () => { setTimeout(() => Promise.reject(new Error("nobody awaits this")), 1); return "done"; },
          throw: async () => { setTimeout(() => { throw new Error("nobody catches this"); }, 1); return "done"; },
        } };
        this.routes = [
          { verb: "get", path: "/reject", controller: "harm", action: "reject" },
          { verb: "get", path: "/throw", controller: "harm", action: "throw" },
        ];
      }
    };`,
  );
  const server = await spawnServer(root);
  t.after(() => server.kill("SIGKILL"));
  return server;
}

const logged = async (server: SpawnedServer, what: string): Promise<string> => {
  const deadline = Date.now() + 5_000;
  for (;;) {
    const line = server.log.find((candidate) => candidate.includes(what));
    if (line !== undefined) return line;
    assert.ok(Date.now() < deadline, `"${what}" is in the log`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

test("a rejection that a plugin leaves unhandled is logged with its name, and the server goes on", async (t) => {
  const server = await withCarelessPlugin(t);
  assert.equal((await fetch(`${server.url}/_plugin/careless/reject`)).status, 200);
  const line = await logged(server, "process.unhandled_rejection");
  assert.match(line, /nobody awaits this/);
  assert.match(line, /"plugin":"careless"/);
  assert.equal((await fetch(`${server.url}/_now`)).status, 200);
});

test("an exception that nobody catches ends the process, and the log names the plugin", async (t) => {
  const server = await withCarelessPlugin(t);
  const gone = new Promise<number | null>((resolve) => server.child.once("exit", (code) => resolve(code)));
  await fetch(`${server.url}/_plugin/careless/throw`).catch(() => {});
  assert.equal(await gone, 1);
  const line = await logged(server, "process.uncaught_exception");
  assert.match(line, /nobody catches this/);
  assert.match(line, /"plugin":"careless"/);
});

test("SIGTERM stops the server in order, with exit code 0", async (t) => {
  const server = await withCarelessPlugin(t);
  assert.equal(await server.kill("SIGTERM"), 0);
  await logged(server, "server.stopped");
});

/** Dumps that the server writes by itself, when `dump.enabled` says so. */
import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startServer } from "../../testing/index.ts";
import { ServerProcess } from "./process.ts";
import { http } from "./wire.ts";

/** The dumps of a root that are there within five seconds, as soon as there are enough. */
async function dumpsOf(root: string, count: number): Promise<readonly string[]> {
  const deadline = Date.now() + 5_000;
  for (;;) {
    const names = await readdir(join(root, "dump")).catch(() => []);
    const files = await Promise.all(names.map((name) => readdir(join(root, "dump", name))));
    if (files.filter((its) => its.includes("statistics.json")).length >= count) return names;
    assert.ok(Date.now() < deadline, `${count} dumps, not ${names.join()}`);
    await sleep(10);
  }
}

test("an error of the server's own causes a dump, the next one of its class only after a while", async () => {
  await using server = await startServer({
    data: ":memory:",
    config: { "dump.enabled": true, "dump.gcore": "", "dump.handledErrors.whitelist": ["PluginImplementationError"] },
    prepare: (backend) =>
      backend.controller.register("sick", {
        actions: {
          fail: {
            handler: async () => {
              throw new Error("a defect");
            },
          },
        },
      }),
  });
  for (let i = 0; i < 3; i++) assert.equal((await http(server, "GET", "/_/sick/fail")).status, 500);
  const [name = "", ...others] = await dumpsOf(server.root, 1);
  assert.match(name, /-handled-pluginimplementationerror$/);
  assert.deepEqual(others, []);
});

test("SIGTRAP writes a dump and the server lives on, SIGQUIT writes one and ends it", async (t) => {
  const root = await mkdtemp(join(tmpdir(), "tenon-dumps-"));
  t.after(() => rm(root, { recursive: true, force: true }));
  const server = new ServerProcess(root, ["--dump.enabled", "true", "--dump.gcore", "/nowhere/gcore"]);
  const url = await server.url();
  server.signal("SIGTRAP");
  const [first = ""] = await dumpsOf(root, 1);
  assert.match(first, /-sigtrap$/);
  assert.equal((await fetch(`${url}/_now`)).status, 200);
  server.signal("SIGQUIT");
  assert.equal((await server.ended()).code, 131);
  assert.equal(
    (await dumpsOf(root, 2)).some((name) => name.endsWith("-sigquit")),
    true,
  );
});

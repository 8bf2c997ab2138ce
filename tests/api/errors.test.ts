/** Errors that no page of a controller lists, each caused by a client. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import { startServer, type TestServer } from "../../testing/index.ts";
import { http, Line, until } from "./wire.ts";

const start = (config: JSONObject = {}): Promise<TestServer> =>
  startServer({ data: ":memory:", config: { "stats.enabled": false, ...config } });

/** Any verb on any path, as `fetch` would not send it. */
function send(server: TestServer, method: string, path: string): Promise<JSONObject> {
  return new Promise((resolve, reject) => {
    const sent = request(`${server.url}${path}`, { method, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      response.once("end", () => resolve(JSON.parse(text) as JSONObject));
    });
    sent.once("error", reject).end();
  });
}

test("a verb that no route has, and volatile data that are no JSON, are refused", async () => {
  await using server = await start();
  const { error } = (await send(server, "PROPFIND", "/_now")) as { error: JSONObject };
  assert.deepEqual([error.id, error.status], ["network.http.unsupported_verb", 400]);
  const answer = await http(server, "GET", "/_now", undefined, { "x-kuzzle-volatile": "{" });
  assert.deepEqual([answer.error?.id, answer.status], ["network.http.volatile_parse_failed", 400]);
});

test("in failsafe mode only administrators are served, and whoever logs in", async (t) => {
  const root = await mkdtemp(join(tmpdir(), "tenon-failsafe-"));
  t.after(() => rm(root, { recursive: true, force: true }));
  const secret = { username: "ada", password: "secret" };
  {
    await using usual = await startServer({ root });
    await http(usual, "POST", "/_createFirstAdmin/ada", { credentials: { local: secret } });
  }
  await using server = await startServer({ root, config: { "plugins.common.failsafeMode": true } });
  const { jwt } = (await http(server, "POST", "/_login/local", secret)).result;
  assert.equal((await http(server, "GET", "/_now", undefined, { authorization: `Bearer ${jwt}` })).status, 200);
  const refused = await http(server, "GET", "/_now");
  assert.deepEqual([refused.error?.id, refused.status], ["security.rights.failsafe_mode_admin_only", 403]);
});

test("pipes beyond the number that may run wait, and beyond those that may wait are refused", async () => {
  const gate = Promise.withResolvers<void>();
  let arrived = 0;
  await using server = await startServer({
    data: ":memory:",
    config: { "plugins.common.maxConcurrentPipes": 1, "plugins.common.pipesBufferSize": 1, "stats.enabled": false },
    prepare: (backend) =>
      void backend.pipe.register("server:beforeNow", async (request) => {
        arrived++;
        await gate.promise;
        return request;
      }),
  });
  await using line = await Line.open(server);
  const now = { controller: "server", action: "now" };
  const running = line.ask(now);
  await until(() => arrived === 1, "the first pipe");
  const waiting = line.ask(now);
  const refused = await line.ask(now);
  assert.deepEqual([refused.error?.id, refused.status], ["plugin.runtime.too_many_pipes", 503]);
  gate.resolve();
  for (const { status } of await Promise.all([running, waiting])) assert.equal(status, 200);
});

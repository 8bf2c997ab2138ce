/** What the configuration of protocols, of logs and of older names changes in a running server. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { WebSocket } from "ws";
import { startServer } from "../../testing/index.ts";
import { http, Line, until } from "./wire.ts";

const secret = { username: "eve", password: "correct horse" };
const eve = { content: { profileIds: ["default"] }, credentials: { local: secret } };

test("without the HTTP protocol there is still WebSocket", async () => {
  const config = { "server.protocols.http.enabled": false };
  await using server = await startServer({ data: ":memory:", config });
  await using line = await Line.open(server);
  assert.equal((await line.ask({ controller: "server", action: "now" })).status, 200);
  const answer = await fetch(`${server.url}/_now`).catch(() => undefined);
  assert.notEqual(answer?.status, 200);
});

test("websocket: a connection that is silent for too long is closed, unless the server sends pings", async () => {
  const idle = { "server.protocols.websocket.idleTimeout": 1_000 };
  await using server = await startServer({ data: ":memory:", config: idle });
  await using pinging = await startServer({
    data: ":memory:",
    config: { ...idle, "server.protocols.websocket.sendPingsAutomatically": true },
  });
  const [silent, kept] = [server, pinging].map(({ port }) => new WebSocket(`ws://127.0.0.1:${port}`));
  let pings = 0;
  kept?.on("ping", () => {
    pings++;
  });
  await until(() => silent?.readyState === WebSocket.CLOSED, "the silent connection to be closed");
  assert.ok(pings > 0);
  assert.equal(kept?.readyState, WebSocket.OPEN);
  kept?.terminate();
});

test("the older name of the section on tokens counts when the new one is not set", async () => {
  const config = {
    "security.jwt.expiresIn": "3h",
    "security.jwt.algorithm": "HS512",
    "security.jwt.maxTTL": 20_000_000,
    "security.jwt.secret": "an old secret",
    "limits.loginsPerSecond": 10,
  };
  await using server = await startServer({ data: ":memory:", config });
  await http(server, "POST", "/users/eve/_create", eve);
  const { result } = await http(server, "POST", "/_login/local", secret);
  assert.equal(result.ttl, 10_800_000);
  const [header = ""] = String(result.jwt).replace("kauth-", "").split(".");
  assert.equal(JSON.parse(Buffer.from(header, "base64url").toString()).alg, "HS512");
  const tooLong = await http(server, "POST", "/_login/local?expiresIn=7h", secret);
  assert.equal(tooLong.error?.id, "security.token.ttl_exceeded");
});

test("the standard profiles are those of the configuration", async () => {
  const standard = {
    admin: { policies: [{ roleId: "admin" }], rateLimit: 0 },
    default: { policies: [{ roleId: "default" }], rateLimit: 77 },
    anonymous: { policies: [{ roleId: "anonymous" }], rateLimit: 55 },
  };
  const config = { "security.standard.profiles": standard, "limits.loginsPerSecond": 10 };
  await using server = await startServer({ data: ":memory:", config });
  await http(server, "POST", "/_createFirstAdmin/ada?reset", { credentials: { local: secret } });
  const { jwt } = (await http(server, "POST", "/_login/local", secret)).result;
  const authorization = { authorization: `Bearer ${jwt}` };
  const profile = await http<{ _source: { rateLimit: number } }>(
    server,
    "GET",
    "/profiles/default",
    undefined,
    authorization,
  );
  assert.equal(profile.result._source.rateLimit, 77);
});

/** What `GET /_now` through two proxies leaves in the access log. */
async function accessLine(config: Readonly<Record<string, unknown>>): Promise<string> {
  const transports = [{ transport: "file", options: { destination: "./access.log" } }];
  await using server = await startServer({
    data: ":memory:",
    config: { "server.logs.transports": transports, ...config },
  });
  await http(server, "GET", "/_now", undefined, { "x-forwarded-for": "10.0.0.1, 10.0.0.2" });
  const deadline = Date.now() + 3_000;
  for (;;) {
    const text = await readFile(join(server.root, "access.log"), "utf8").catch(() => "");
    if (text !== "") return text;
    assert.ok(Date.now() < deadline, "waited in vain for the access log");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test("the access log is written where and as the configuration says", async () => {
  const combined = await accessLine({ "server.logs.accessLogIpOffset": 1 });
  assert.match(combined, /^10\.0\.0\.1 - .* "GET \/_now HTTP\/1\.1" /);
  const { connection, request } = JSON.parse(await accessLine({ "server.logs.accessLogFormat": "logstash" }));
  assert.deepEqual(connection.ips, ["127.0.0.1", "10.0.0.1", "10.0.0.2"]);
  assert.equal(request.action, "now");
});

test("the debug routes are served when the configuration allows them", async () => {
  await using server = await startServer({
    data: ":memory:",
    config: { "security.debug.native_debug_protocol": true },
  });
  assert.deepEqual(
    await http(server, "POST", "/debug/_post", { method: "Runtime.enable" }).then(({ error }) => error?.id),
    "core.debugger.not_enabled",
  );
  assert.equal((await http(server, "POST", "/debug/_enable")).status, 200);
  const evaluated = await http(server, "POST", "/debug/_post", {
    method: "Runtime.evaluate",
    params: { expression: "6 * 7" },
  });
  assert.equal(
    (evaluated.result as { result: { value: number } } | null)?.result.value,
    42,
    JSON.stringify(evaluated.error),
  );
  assert.equal((await http(server, "POST", "/debug/_disable")).status, 200);
});

/** What the server tells about itself (contract/api/server.yaml). */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { parse } from "yaml";
import type { JSONObject } from "../../src/kernel/index.ts";
import { startServer, type TestServer } from "../../testing/index.ts";
import { type Answer, assertMembers, http, httpText, Line } from "./wire.ts";

let server: TestServer;
let line: Line;

before(async () => {
  server = await startServer({ data: ":memory:", config: { "stats.statsInterval": 1 } });
  line = await Line.open(server);
});

after(async () => {
  await line?.[Symbol.asyncDispose]();
  await server?.close();
});

const ask = <R = JSONObject>(action: string, request: JSONObject = {}) =>
  line.result<R>({ controller: "server", action, ...request });

test("now and adminExists", async () => {
  const { now } = await ask<{ now: number }>("now");
  assert.ok(Math.abs(now - Date.now()) < 5_000);
  assert.deepEqual(await ask("adminExists"), { exists: false });
});

test("capabilities and publicApi tell limits, services and the same routes", async () => {
  const capabilities = await ask("capabilities");
  assertMembers(capabilities, ["limits", "plugins", "routes", "services", "version"]);
  assert.equal((capabilities.limits as JSONObject).documentsWriteCount, 200);
  assertMembers(capabilities.services, ["internalCache", "memoryStorage", "storageEngine"]);
  for (const service of Object.values(capabilities.services as object)) assertMembers(service, ["backend", "version"]);
  const routes = (await ask("publicApi")) as Record<string, Record<string, JSONObject>>;
  assert.deepEqual(capabilities.routes, routes);
  assert.deepEqual(routes.index?.list, {
    controller: "index",
    action: "list",
    http: [{ verb: "GET", path: "/_list", url: "/_list" }],
  });
  assert.deepEqual(routes.realtime?.subscribe, { controller: "realtime", action: "subscribe" });
  assert.deepEqual(Object.keys(routes.ms ?? {}), Object.keys(routes.memoryStorage ?? {}));
});

test("the configuration is told without its secrets", async () => {
  const config = await ask("getConfig");
  assert.equal(config.security, undefined);
  assert.equal((config.http as JSONObject).routes, undefined);
  assert.ok("version" in config && "internal" in config);
  assert.doesNotMatch(JSON.stringify(config), /VAULT_KEY/);
});

test("info tells of the server, its API, plugins and services, over both of its routes", async () => {
  for (const path of ["/", "/_serverInfo"]) {
    const { result } = await http<{ serverInfo: { kuzzle: JSONObject; services: JSONObject } }>(server, "GET", path);
    const { kuzzle, services } = result.serverInfo;
    const members = ["api", "application", "memoryUsed", "nodeVersion", "plugins", "system", "uptime", "version"];
    assertMembers(kuzzle, members);
    assertMembers(services, ["internalCache", "internalStorage", "memoryStorage", "publicStorage"]);
    assert.match(String(kuzzle.uptime), /^[\d.]+s$/);
    assertMembers(
      kuzzle.application,
      ["name", "version", "commit", "controllers", "pipes", "hooks"].filter(
        (name) => name in (kuzzle.application as object),
      ),
    );
  }
});

test("healthCheck tells of the services asked for, and ignores names that it does not know", async () => {
  const all = { internalCache: "green", memoryStorage: "green", storageEngine: "green" };
  const cases: readonly [services: unknown, expected: object][] = [
    [undefined, all],
    ["storageEngine", { storageEngine: "green" }],
    ["storageEngine,memoryStorage", { storageEngine: "green", memoryStorage: "green" }],
    ["nonsense", {}],
    ["nonsense,storageEngine,__proto__", { storageEngine: "green" }],
    [3, all],
    [{}, all],
    [null, all],
  ];
  for (const [services, expected] of cases) {
    assert.deepEqual(await ask("healthCheck", { services }), { status: "green", services: expected }, String(services));
  }
  const { result } = await http(server, "GET", `/_healthCheck?services=${encodeURIComponent('["memoryStorage"]')}`);
  assert.deepEqual(result.services, { memoryStorage: "green" });
});

test("metrics count connections by protocol, rooms and subscribers", async () => {
  await line.result({ controller: "realtime", action: "subscribe", index: "i", collection: "c", body: {} });
  await line.result({
    controller: "realtime",
    action: "subscribe",
    index: "i",
    collection: "c",
    body: { exists: "a" },
  });
  const metrics = await ask("metrics");
  assertMembers(metrics, ["api", "network", "realtime"]);
  assert.deepEqual(metrics.api, { concurrentRequests: 1, pendingRequests: 0 });
  assert.deepEqual(metrics.network, { connections: { websocket: 1 } });
  assert.deepEqual(metrics.realtime, { rooms: 2, subscriptions: 1 });
  const { result } = await http<{ network: JSONObject }>(server, "GET", "/_metrics");
  assert.deepEqual(result.network.connections, { websocket: 1, "http/1.1": 1 });
});

test("statistics are counted in frames, and asked for by period", async () => {
  const frame = ["timestamp", "completedRequests", "failedRequests", "ongoingRequests", "connections"];
  await line.ask({ controller: "server", action: "nothing" });
  const last = await ask("getLastStats");
  assertMembers(last, frame);
  const all = await ask<{ hits: JSONObject[]; total: number }>("getAllStats");
  assert.equal(all.total, all.hits.length);
  for (const hit of all.hits) assertMembers(hit, frame);
  assert.deepEqual(await ask("getStats", { startTime: Date.now() + 60_000 }), { hits: [], total: 0 });
  const period = { startTime: new Date(0).toISOString(), stopTime: String(Date.now() + 60_000) };
  assert.ok((await ask<{ total: number }>("getStats", period)).total >= 1);
  for (const startTime of ["nonsense", {}, "", true]) {
    const { error } = await line.ask({ controller: "server", action: "getStats", startTime });
    assert.equal(error?.id, "api.assert.invalid_argument", JSON.stringify(startTime));
  }
});

test("the description of the API is raw, as JSON or YAML, of the server or of the application", async () => {
  const json = await httpText(server, "GET", "/_openapi");
  const description = JSON.parse(json.text) as { paths: Record<string, Record<string, JSONObject>>; info: JSONObject };
  assert.equal(json.headers.get("content-type"), "application/json");
  assert.equal(description.info.title, "Kuzzle API");
  const operation = description.paths["/{index}/{collection}/{_id}"]?.get;
  assert.deepEqual(operation?.tags, ["document"]);
  assert.deepEqual(
    ((operation?.parameters ?? []) as JSONObject[]).map((one) => [one.in, one.name, one.required]),
    [
      ["path", "index", true],
      ["path", "collection", true],
      ["path", "_id", true],
    ],
  );
  const yaml = await httpText(server, "GET", "/_openapi?format=yaml");
  assert.equal(yaml.headers.get("content-type"), "application/yaml");
  assert.deepEqual(parse(yaml.text), description);
  const app = JSON.parse((await httpText(server, "GET", "/_openapi?scope=app")).text) as { info: JSONObject };
  assert.equal(app.info.title, "test API");
  const strange = await httpText(server, "GET", `/_openapi?format=${encodeURIComponent("json\r\nX-Evil: 1")}`);
  assert.ok(strange.status < 500);
  assert.equal(strange.headers.get("x-evil"), null);
  const overSocket = (await line.ask({ controller: "server", action: "openapi" })) as Answer & {
    readonly info: JSONObject;
  };
  assert.equal(overSocket.info.title, "Kuzzle API");
});

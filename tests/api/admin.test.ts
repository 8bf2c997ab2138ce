/** The controller `admin` on a whole server, over HTTP and by the official client (contract/api/admin.yaml). */
import assert from "node:assert/strict";
import { chmod, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import { connectHttp, connectWebSocket, startServer } from "../../testing/index.ts";
import { ServerProcess } from "./process.ts";
import { http, Line } from "./wire.ts";

const memory = { data: ":memory:", config: { "limits.loginsPerSecond": 1_000, "dump.gcore": "" } } as const;

const mappings = { lib: { books: { dynamic: "strict", properties: { title: { type: "keyword" } } } } };

test("mappings make indexes and collections, then fixtures fill them", async () => {
  await using server = await startServer(memory);
  const made = await http(server, "POST", "/admin/_loadMappings", mappings);
  assert.deepEqual([made.status, made.result], [200, { acknowledge: true }]);
  const sdk = await connectHttp(server);
  const { properties } = (await sdk.collection.getMapping("lib", "books")) as JSONObject;
  assert.deepEqual((properties as JSONObject).title, { type: "keyword" });

  const lines = [{ index: { _id: "emma" } }, { title: "Emma" }, { create: {} }, { title: "Ulysses" }];
  const filled = await http(server, "POST", "/admin/_loadFixtures", { lib: { books: lines } });
  assert.deepEqual([filled.status, filled.result], [200, { acknowledge: true }]);
  const { _source } = await sdk.document.get<JSONObject>("lib", "books", "emma");
  assert.equal((_source._kuzzle_info as JSONObject).author, null);
  assert.equal(await sdk.document.count("lib", "books", {}), 2);

  const longer = { lib: { books: { properties: { pages: { type: "integer" } } } } };
  await sdk.query({ controller: "admin", action: "loadMappings", body: longer });
  const after = (await sdk.collection.getMapping("lib", "books")) as { properties: JSONObject };
  assert.deepEqual(
    Object.keys(after.properties).filter((name) => name !== "_kuzzle_info"),
    ["title", "pages"],
  );
});

test("fixtures that are partly wrong are loaded as far as they are right, and the failures told", async () => {
  await using server = await startServer(memory);
  await http(server, "POST", "/admin/_loadMappings", mappings);
  const lines = [{ index: { _id: "a" } }, { title: "A" }, { index: { _id: "b" } }, { colour: "red" }];
  const partly = await http(server, "POST", "/admin/_loadFixtures", { lib: { books: lines } });
  assert.equal(partly.status, 206);
  assert.equal(partly.error?.id, "services.storage.import_failed");
  assert.equal(partly.error?.count, 1);
  const [failure = {}] = partly.error?.errors ?? [];
  assert.equal((failure.index as JSONObject)._id, "b");
  assert.equal((await http(server, "GET", "/lib/books/a")).status, 200);
});

test("many fixtures are written in their order, whatever their number", async () => {
  await using server = await startServer(memory);
  await http(server, "POST", "/admin/_loadMappings", { lib: { books: {} } });
  const lines = Array.from({ length: 5_001 }, (_, i) => [{ index: { _id: `b${i % 2_500}` } }, { at: i }]).flat();
  assert.equal((await http(server, "POST", "/admin/_loadFixtures", { lib: { books: lines } })).status, 200);
  const { result } = await http<{ count: number }>(server, "POST", "/lib/books/_count", {});
  assert.equal(result.count, 2_500);
  const { result: last } = await http<{ _source: JSONObject }>(server, "GET", "/lib/books/b0");
  assert.equal(last._source.at, 5_000);
});

test("what cannot be loaded is refused before anything is written", async () => {
  await using server = await startServer(memory);
  await http(server, "POST", "/admin/_loadMappings", { lib: { books: {} } });
  const good = [{ index: { _id: "a" } }, { title: "A" }];
  const refusals: readonly (readonly [string, unknown, number, string])[] = [
    ["_loadFixtures", undefined, 400, "api.assert.body_required"],
    ["_loadFixtures", [{}], 400, "api.assert.invalid_argument"],
    ["_loadFixtures", { lib: [] }, 400, "api.assert.invalid_argument"],
    ["_loadFixtures", { lib: { books: good, more: {} } }, 400, "api.assert.invalid_argument"],
    ["_loadFixtures", { lib: { books: [...good, { index: {} }] } }, 400, "services.storage.unexpected_bad_request"],
    ["_loadFixtures", { lib: { books: [good[0], { script: "x" }] } }, 400, "services.storage.invalid_query_keyword"],
    ["_loadFixtures", { nowhere: { books: good } }, 412, "services.storage.unknown_index"],
    ["_loadFixtures", { lib: { films: good } }, 412, "services.storage.unknown_collection"],
    ["_loadMappings", undefined, 400, "api.assert.body_required"],
    ["_loadMappings", { lib: 3 }, 400, "api.assert.invalid_argument"],
    ["_loadMappings", { lib: { films: null } }, 400, "api.assert.invalid_argument"],
    ["_loadMappings", { LIB: { films: {} } }, 400, "services.storage.invalid_index_name"],
    ["_loadMappings", { lib: { "fi/lms": {} } }, 400, "services.storage.invalid_collection_name"],
    ["_loadMappings", { lib: { _kuzzle_keep: {} } }, 400, "services.storage.collection_reserved"],
    ["_loadMappings", { lib: { films: { oops: 1 } } }, 400, "services.storage.invalid_mapping"],
    ["_loadMappings", { kuzzle: { users: {} } }, 412, "services.storage.index_already_exists"],
    ["_loadSecurities", undefined, 400, "api.assert.body_required"],
    ["_loadSecurities", { roles: [] }, 400, "api.assert.invalid_argument"],
    ["_loadSecurities", { users: { ada: "x" } }, 400, "api.assert.invalid_argument"],
    ["_resetCache", undefined, 400, "api.assert.missing_argument"],
    ["_resetCache?database=", undefined, 400, "api.assert.missing_argument"],
    ["_resetCache?database=disk", undefined, 404, "services.cache.database_not_found"],
    ["_dump?suffix=../../x", undefined, 400, "none"],
  ];
  for (const [action, body, status, id] of refusals) {
    const { error, ...answer } = await http(server, "POST", `/admin/${action}`, body);
    assert.deepEqual([answer.status, error?.id ?? "none"], [status, id], `${action} ${JSON.stringify(body)}`);
  }
  const { result } = await http<{ count: number }>(server, "POST", "/lib/books/_count", {});
  assert.equal(result.count, 0);
});

const securities = {
  roles: { reader: { controllers: { auth: { actions: { getCurrentUser: true } } } } },
  profiles: { readers: { policies: [{ roleId: "reader" }] } },
  users: {
    ada: {
      content: { profileIds: ["readers"], name: "Ada" },
      credentials: { local: { username: "ada", password: "lovelace-1815" } },
    },
  },
};

test("roles, profiles and users are loaded together; who exists already is refused, skipped or written anew", async () => {
  const created: unknown[] = [];
  await using server = await startServer({
    ...memory,
    prepare: (backend) => backend.hook.register("security:afterCreateUser", () => created.push("user")),
  });
  const load = (query: string, body: unknown) => http(server, "POST", `/admin/_loadSecurities${query}`, body);
  assert.deepEqual((await load("", securities)).result, { acknowledge: true });
  assert.equal(created.length, 1);
  const sdk = await connectHttp(server);
  await sdk.auth.login("local", { username: "ada", password: "lovelace-1815" });
  assert.equal((await sdk.auth.getCurrentUser())._id, "ada");

  assert.equal((await load("", securities)).error?.id, "security.user.prevent_overwrite");
  assert.equal((await load("?onExistingUsers=what", securities)).error?.id, "api.assert.unexpected_argument");
  assert.equal((await load("?onExistingUsers=skip", securities)).status, 200);
  assert.equal(created.length, 1);
  const renamed = { users: { ada: { ...securities.users.ada, content: { profileIds: ["readers"], name: "A. L." } } } };
  assert.equal((await load("?onExistingUsers=overwrite", renamed)).status, 200);
  const { result } = await http<{ _source: JSONObject }>(server, "GET", "/users/ada");
  assert.equal(result._source.name, "A. L.");

  const odd = { roles: { odd: { controllers: { teapot: { actions: { brew: true } } } } } };
  assert.equal((await load("", odd)).error?.id, "security.role.unknown_controller");
  assert.equal((await load("?force", odd)).status, 200);
});

test("in the background the answer comes at once, and the work goes on", async () => {
  await using server = await startServer(memory);
  const { status } = await http(server, "POST", "/admin/_loadMappings?refresh=false", mappings);
  assert.equal(status, 200);
  const bad = await http(server, "POST", "/admin/_loadMappings?refresh=false", { LIB: { books: {} } });
  assert.deepEqual([bad.status, bad.result], [200, { acknowledge: true }]);
  const deadline = Date.now() + 3_000;
  for (;;) {
    const { result } = await http<boolean>(server, "GET", "/lib/books/_exists");
    if ((result as unknown) === true) break;
    assert.ok(Date.now() < deadline, "the collection never came");
  }
});

test("a reset of the database deletes every index and nothing of the server's own", async () => {
  await using server = await startServer(memory);
  await http(server, "POST", "/admin/_loadMappings", { ...mappings, films: { old: {} } });
  await http(server, "POST", "/admin/_loadSecurities", securities);
  const answers = await Promise.all([1, 2].map(() => http(server, "POST", "/admin/_resetDatabase")));
  const statuses = answers.map(({ status }) => status).sort();
  assert.ok(statuses[0] === 200 && (statuses[1] === 200 || statuses[1] === 412), statuses.join());
  const { result } = await http<{ indexes: string[] }>(server, "GET", "/_list");
  assert.deepEqual(result.indexes, []);
  assert.equal((await http(server, "GET", "/users/ada")).status, 200);
});

test("of a reset only one runs at a time", async () => {
  await using server = await startServer(memory);
  await http(server, "POST", "/admin/_loadSecurities", securities);
  const sdk = server.backend.sdk;
  const both = await Promise.allSettled([
    sdk.query({ controller: "admin", action: "resetSecurity" }),
    sdk.query({ controller: "admin", action: "resetSecurity" }),
  ]);
  assert.deepEqual(
    both.map((one) => (one.status === "fulfilled" ? "done" : (one.reason as { id: string }).id)),
    ["done", "api.process.action_locked"],
  );
  const [first] = both;
  assert.deepEqual((first as PromiseFulfilledResult<{ result: unknown }>).value.result, {
    deletedUsers: 1,
    deletedProfiles: 1,
    deletedRoles: 1,
  });
  assert.equal((await http(server, "GET", "/users/ada")).status, 404);
  assert.equal((await http(server, "GET", "/roles/admin")).status, 200);
  assert.equal((await http(server, "POST", "/admin/_resetSecurity")).status, 200);
});

test("the memory storage is emptied without touching the sessions, the internal cache the other way round", async () => {
  await using server = await startServer(memory);
  await http(server, "POST", "/admin/_loadSecurities", securities);
  const sdk = await connectWebSocket(server);
  const jwt = await sdk.auth.login("local", { username: "ada", password: "lovelace-1815" });
  const anyone = await connectHttp(server);
  await anyone.ms.set("colour", "red");
  const reset = (database: string) => anyone.query({ controller: "admin", action: "resetCache", database });

  assert.deepEqual((await reset("memoryStorage")).result, { acknowledge: true });
  assert.equal(await anyone.ms.get("colour"), null);
  assert.equal((await anyone.auth.checkToken(jwt)).valid, true);

  await anyone.ms.set("colour", "blue");
  await reset("internalCache");
  assert.equal(await anyone.ms.get("colour"), "blue");
  assert.equal((await anyone.auth.checkToken(jwt)).valid, false);
  sdk.disconnect();
});

async function fakeGcore(root: string): Promise<string> {
  const path = join(root, "fake-gcore");
  await writeFile(path, '#!/bin/sh\necho "the memory of $3" > "$2.$3"\n');
  await chmod(path, 0o755);
  return path;
}

test("a dump describes the server, its plugins and its machine, without secrets; old ones go", async (t) => {
  const root = join(tmpdir(), `tenon-dump-${process.pid}`);
  await mkdir(root, { recursive: true });
  t.after(() => rm(root, { recursive: true, force: true }));
  await using server = await startServer({
    root,
    data: ":memory:",
    config: {
      "dump.gcore": await fakeGcore(root),
      "dump.history.reports": 2,
      "dump.history.coredump": 1,
      "security.authToken.secret": "not-for-everybody",
      "services.memoryStorage.options": { password: "hush" },
    },
  });
  const directory = join(root, "dump");
  await mkdir(join(directory, "not-a-dump"), { recursive: true });
  for (const query of ["suffix=first&coreFile", "suffix=second&coreFile", "coreFile"]) {
    const { status, result } = await http(server, "POST", `/admin/_dump?${query}`);
    assert.deepEqual([status, result], [200, { acknowledge: true }]);
  }
  const names = (await readdir(directory)).filter((name) => name !== "not-a-dump").sort();
  assert.equal(names.length, 2, names.join());
  assert.match(names.join(), /\d{8}-\d{6}-second/);
  assert.match(names.join(), /\d{8}-\d{6}-manual-api-action/);
  assert.deepEqual((await readdir(directory)).includes("not-a-dump"), true);
  for (const name of names) {
    const files = (await readdir(join(directory, name))).sort();
    const report = ["kuzzle.json", "nodejs.json", "os.json", "plugins.json", "statistics.json"];
    const isNewest = name.endsWith("manual-api-action");
    assert.deepEqual(files, isNewest ? ["core.gz", ...report, "node"].sort() : report);
    const texts = await Promise.all(report.map((file) => readFile(join(directory, name, file), "utf8")));
    for (const text of texts) {
      JSON.parse(text);
      assert.doesNotMatch(text, /not-for-everybody|hush/);
    }
    assert.match(texts[0] ?? "", /"version"/);
    assert.match(texts[3] ?? "", /kuzzle-plugin-auth-passport-local/);
  }
});

test("without a program for core files, or with a name of any length, a dump is still a dump", async () => {
  await using server = await startServer({ data: ":memory:", config: { "dump.gcore": "/nowhere/gcore" } });
  const suffix = "é".repeat(300);
  const { status } = await http(server, "POST", `/admin/_dump?coreFile&suffix=${encodeURIComponent(suffix)}`);
  assert.equal(status, 200);
  const [name = ""] = await readdir(join(server.root, "dump"));
  assert.ok(Buffer.byteLength(name) <= 255 && name.length <= 200, name);
  assert.equal((await readdir(join(server.root, "dump", name))).includes("core.gz"), false);
});

test("a shutdown is answered, then the process ends with code 0", async (t) => {
  const root = join(tmpdir(), `tenon-shutdown-${process.pid}`);
  await mkdir(root, { recursive: true });
  t.after(() => rm(root, { recursive: true, force: true }));
  for (const path of ["/admin/_shutdown", "/admin/_shutdown/"]) {
    const server = new ServerProcess(root);
    const response = await fetch(`${await server.url()}${path}`, { method: "POST" });
    const { status, result } = (await response.json()) as JSONObject;
    assert.deepEqual([status, result], [200, { acknowledge: true }]);
    const { code, stderr } = await server.ended();
    assert.deepEqual([code, stderr], [0, ""]);
  }
});

test("a server that shuts down answers what runs and refuses what comes", async (t) => {
  const held = Promise.withResolvers<void>();
  const states: unknown[] = [];
  const server = await startServer({
    ...memory,
    prepare: (backend) => {
      backend.hook.register("kuzzle:state:change", (state) => states.push(state));
      backend.controller.register("slow", { actions: { wait: { handler: () => held.promise.then(() => "done") } } });
    },
  });
  const line = await Line.open(server);
  t.after(() => held.resolve());
  const running = line.ask({ controller: "slow", action: "wait" });
  assert.deepEqual(await line.result({ controller: "admin", action: "shutdown" }), { acknowledge: true });
  assert.deepEqual(await line.refusal({ controller: "server", action: "now" }), {
    id: "network.entrypoint.shutting_down",
    status: 503,
  });
  const late = await http(server, "GET", "/_now");
  assert.deepEqual([late.status, late.error?.id], [503, "api.process.shutting_down"]);
  await assert.rejects(server.backend.sdk.query({ controller: "admin", action: "shutdown" }), {
    id: "api.process.action_locked",
  });
  held.resolve();
  assert.equal((await running).result, "done");
  await server.backend.whenStopped;
  assert.deepEqual(states, [2, 3]);
  await server.close();
  await line[Symbol.asyncDispose]();
});

test("the cluster of one node is this node", async () => {
  await using server = await startServer(memory);
  const { result } = await http<{ activeNodes: number; nodes: JSONObject[]; activity: JSONObject[] }>(
    server,
    "GET",
    "/cluster/_status",
  );
  assert.equal(result.activeNodes, 1);
  assert.equal(result.nodes[0]?.id, server.backend.nodeId);
  assert.equal(new Date(String(result.nodes[0]?.birthdate)).toISOString(), result.nodes[0]?.birthdate);
  assert.equal(result.activity[0]?.event, "joined");
});

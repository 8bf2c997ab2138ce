/** What an administrator does to a whole server, over the routes of the controllers admin and cluster. */
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import { startServer, type TestServer } from "../../testing/index.ts";
import { RouteCaller } from "./route-caller.ts";
import { http, Line, until } from "./wire.ts";

let server: TestServer;
let routes: RouteCaller;
let line: Line;

before(async () => {
  const config = {
    "stats.enabled": false,
    "dump.path": "./reports",
    "dump.dateFormat": "[at-]YYYY",
    "dump.history.reports": 2,
    "dump.gcore": "no-such-program",
  };
  server = await startServer({ data: ":memory:", config });
  routes = new RouteCaller(server);
  line = await Line.open(server);
});

after(async () => {
  await line?.[Symbol.asyncDispose]();
  await server?.close();
});

const acknowledge = { acknowledge: true };

test("the cluster of one server is this server", async () => {
  const status = await routes.result<{ activeNodes: number; activity: JSONObject[]; nodes: JSONObject[] }>(
    "GET /cluster/_status",
  );
  assert.equal(status.activeNodes, 1);
  const [self] = status.nodes;
  assert.match(String(self?.id), /^knode-[a-z]+-[a-z]+-\d{1,5}$/);
  const { node } = (await http(server, "GET", "/_now")) as unknown as { node: string };
  assert.equal(self?.id, node);
  assert.ok(Date.parse(String(self?.birthdate)) <= Date.now());
  assert.deepEqual(
    status.activity.map(({ id, event }) => [id, event]),
    [[node, "joined"]],
  );
});

test("mappings are loaded, then fixtures into the collections they made", async () => {
  const mappings = { lib: { books: { properties: { year: { type: "integer" } } }, notes: { dynamic: "strict" } } };
  assert.deepEqual(await routes.result("POST /admin/_loadMappings", { body: mappings }), acknowledge);
  const mapping = await http(server, "GET", "/lib/books/_mapping");
  assert.deepEqual((mapping.result as { properties: JSONObject }).properties.year, { type: "integer" });

  const fixtures = { lib: { books: [{ index: { _id: "a" } }, { year: 1969 }] } };
  await routes.result<unknown>("POST /admin/_loadFixtures", { body: fixtures });
  assert.equal((await http(server, "GET", "/lib/books/a")).result._id, "a");
  const failing = { lib: { books: [{ index: { _id: "b" } }, { year: "not a year" }] } };
  const { error, status } = await routes.send("POST /admin/_loadFixtures", { body: failing });
  assert.deepEqual([error?.id, status, error?.count], ["services.storage.import_failed", 206, 1]);
  for (const [body, id, expected] of [
    [{ nowhere: { books: [] } }, "services.storage.unknown_index", 412],
    [{ lib: { nothing: [] } }, "services.storage.unknown_collection", 412],
    [{ lib: 3 }, "api.assert.invalid_argument", 400],
    [undefined, "api.assert.body_required", 400],
  ] as const) {
    assert.deepEqual(await routes.refusal("POST /admin/_loadFixtures", { body }), [id, expected]);
  }
});

test("roles, profiles and users are loaded together; users who are there already as the request says", async () => {
  const body = {
    roles: { reader: { controllers: { document: { actions: { get: true } } } } },
    profiles: { readers: { policies: [{ roleId: "reader" }] } },
    users: { ada: { content: { profileIds: ["readers"], name: "Ada" } } },
  };
  const load = "POST /admin/_loadSecurities";
  const nameOf = async (): Promise<unknown> =>
    ((await http(server, "GET", "/users/ada")).result as { _source: JSONObject })._source.name;
  assert.deepEqual(await routes.result(load, { body }), acknowledge);
  assert.equal(await nameOf(), "Ada");
  const changed = { ...body, users: { ada: { content: { profileIds: ["readers"], name: "Augusta" } } } };
  assert.deepEqual(await routes.refusal(load, { body: changed }), ["security.user.prevent_overwrite", 400]);
  assert.deepEqual(await routes.result(load, { body: changed, query: { onExistingUsers: "skip" } }), acknowledge);
  assert.equal(await nameOf(), "Ada");
  assert.deepEqual(await routes.result(load, { body: changed, query: { onExistingUsers: "overwrite" } }), acknowledge);
  assert.equal(await nameOf(), "Augusta");
  assert.deepEqual(await routes.refusal(load, { body: changed, query: { onExistingUsers: "ask" } }), [
    "api.assert.unexpected_argument",
    400,
  ]);
  const unknown = { roles: { odd: { controllers: { nonsense: { actions: { "*": true } } } } } };
  assert.deepEqual(await routes.refusal(load, { body: unknown }), ["security.role.unknown_controller", 400]);
  assert.deepEqual(await routes.result(load, { body: unknown, query: { force: "" } }), acknowledge);
});

test("the index cache is read again", async () => {
  const answer = await routes.send<unknown>("POST /admin/_refreshIndexCache");
  assert.deepEqual([answer.status, answer.error, Object.hasOwn(answer, "result")], [200, null, false]);
  assert.deepEqual((await http(server, "GET", "/lib/_list")).result.collections, [
    { name: "books", type: "stored" },
    { name: "notes", type: "stored" },
  ]);
});

test("each of the two caches is emptied by its name, and no other", async () => {
  const reset = "POST /admin/_resetCache";
  await http(server, "POST", "/ms/_set/k", { value: "v" });
  const secret = { username: "eve", password: "secret" };
  const body = { content: { profileIds: ["readers"] }, credentials: { local: secret } };
  await http(server, "POST", "/users/eve/_create", body);
  const { jwt } = (await http(server, "POST", "/_login/local", secret)).result;
  const isValid = async (): Promise<unknown> =>
    (await http(server, "POST", "/_checkToken", { token: jwt })).result.valid;
  assert.equal(await isValid(), true);
  assert.deepEqual(await routes.result(reset, { query: { database: "internalCache" } }), acknowledge);
  assert.equal(await isValid(), false);
  assert.equal((await http<unknown>(server, "GET", "/ms/k")).result, "v");
  assert.deepEqual(await routes.result(reset, { query: { database: "memoryStorage" } }), acknowledge);
  assert.equal((await http<unknown>(server, "GET", "/ms/k")).result, null);
  assert.deepEqual(await routes.refusal(reset, { query: { database: "other" } }), [
    "services.cache.database_not_found",
    404,
  ]);
  assert.deepEqual(await routes.refusal(reset), ["api.assert.missing_argument", 400]);
});

test("a dump is written where the configuration says, and only the youngest are kept", async () => {
  const folder = join(server.root, "reports");
  for (const suffix of ["one", "two", "three"]) {
    assert.deepEqual(await routes.result("POST /admin/_dump", { query: { suffix } }), acknowledge);
  }
  const year = new Date().getFullYear();
  assert.deepEqual((await readdir(folder)).sort(), [`at-${year}-three`, `at-${year}-two`]);
  const report = join(folder, `at-${year}-two`);
  const files = await readdir(report);
  for (const file of ["kuzzle.json", "nodejs.json", "os.json", "plugins.json"]) assert.ok(files.includes(file), file);
  const { config } = JSON.parse(await readFile(join(report, "kuzzle.json"), "utf8")) as {
    config: { dump: JSONObject };
  };
  assert.equal(config.dump.path, "./reports");
  assert.equal((await routes.refusal("POST /admin/_dump", { query: { suffix: "../x" } }))[1], 400);
});

test("a second dump while one is written is refused", async () => {
  const dump = { controller: "admin", action: "dump", suffix: "twice" };
  const [first, second] = await Promise.all([line.ask(dump), line.ask(dump)]);
  assert.deepEqual(first.result, acknowledge);
  assert.deepEqual([second.error?.id, second.status], ["api.process.action_locked", 412]);
});

test("the database is emptied, and the security set back to what it was", async () => {
  assert.deepEqual(await routes.result("POST /admin/_resetDatabase"), acknowledge);
  assert.deepEqual((await http(server, "GET", "/_list")).result, { indexes: [] });
  const answer = await routes.result("POST /admin/_resetSecurity");
  assert.deepEqual([answer.deletedUsers, answer.deletedProfiles], [2, 1]);
  assert.equal((await http(server, "GET", "/users/ada")).status, 404);
  assert.equal((await http(server, "GET", "/roles/reader")).status, 404);
  assert.equal((await http(server, "GET", "/roles/default")).status, 200);
});

test("the server is shut down by request, with or without a slash at the end", async () => {
  const other = await startServer({ data: ":memory:" });
  try {
    assert.deepEqual(await new RouteCaller(other).result("POST /admin/_shutdown/"), acknowledge);
    let isGone = false;
    const probe = async (): Promise<void> => {
      const { error } = await http(other, "GET", "/_now");
      if (error !== null) assert.equal(error.id, "api.process.shutting_down");
    };
    const asked = (async () => {
      for (;;) await probe();
    })().catch(() => {
      isGone = true;
    });
    await until(() => isGone, "the server to be gone");
    await asked;
  } finally {
    await other.close();
  }
});

test("no route of these controllers is left out above", () => {
  // The first has no action behind it in the original either; the second ended a server of its own.
  assert.deepEqual(routes.uncalled("admin", "cluster"), ["POST /admin/_resetKuzzleData", "POST /admin/_shutdown/"]);
});

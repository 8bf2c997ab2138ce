/** The main job, on real input: a fresh server, the official client, 135 233 places. */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Kuzzle } from "kuzzle-sdk";
import { mappings, readCities } from "../examples/cities/cities.ts";
import { connectHttp, connectWebSocket, startServer, type TestServer } from "../testing/index.ts";

const repository = join(import.meta.dirname, "..");
const logFile = (root: string): string => join(root, "winston.log");

let root: string;
let server: TestServer;
let admin: Kuzzle;
let http: Kuzzle;

interface Refusal {
  readonly id: string;
  readonly status: number;
}

const refusal = (promise: Promise<unknown>): Promise<Refusal> =>
  promise.then(
    () => assert.fail("it should have been refused"),
    ({ id, status }: Refusal) => ({ id, status }),
  );

/** Waits for a condition, at most two seconds. */
async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 2_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new assert.AssertionError({ message: "what was waited for did not happen" });
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

before(async () => {
  root = await mkdtemp(join(tmpdir(), "tenon-story-"));
  await mkdir(join(root, "plugins/enabled"), { recursive: true });
  await symlink(join(repository, "plugins/available/hello-world"), join(root, "plugins/enabled/hello-world"));
  await symlink(
    join(repository, "node_modules/kuzzle-plugin-logger"),
    join(root, "plugins/enabled/kuzzle-plugin-logger"),
  );
  server = await startServer({
    root,
    config: {
      "plugins.hello-world": { forbiddenWord: "voldemort" },
      "plugins.kuzzle-plugin-logger": {
        services: { file: { level: "info", filename: logFile(root) } },
      },
      "limits.loginsPerSecond": 1_000,
    },
  });
  admin = await connectWebSocket(server);
  http = await connectHttp(server);
});

after(async () => {
  admin?.disconnect();
  await server?.close();
  await rm(root, { recursive: true, force: true });
});

test("the server tells its time, its state and itself, over both protocols", async () => {
  for (const client of [admin, http]) {
    assert.ok(Math.abs((await client.server.now({})) - Date.now()) < 5_000);
    assert.equal(await client.server.adminExists({}), false);
    const info = (await client.server.info({})) as { serverInfo?: { kuzzle: { plugins: object } } };
    assert.ok(JSON.stringify(info).includes("hello-world"));
    const { result } = await client.query({ controller: "server", action: "healthCheck" });
    assert.deepEqual(result, {
      status: "green",
      services: { internalCache: "green", memoryStorage: "green", storageEngine: "green" },
    });
  }
  const pretty = await (await fetch(`${server.url}/?pretty=true`)).text();
  assert.ok(pretty.startsWith('{\n  "'));
  assert.ok(JSON.parse(pretty).result.serverInfo.kuzzle.version);
});

test("the first administrator is created once, logs in, and closes the server to strangers", async () => {
  const credentials = { username: "ada", password: "correct horse" };
  const creation = { controller: "security", action: "createFirstAdmin", _id: "ada", reset: true };
  const body = { content: { name: "Ada" }, credentials: { local: credentials } };
  const { result } = await admin.query({ ...creation, body });
  assert.equal((result as { _id: string })._id, "ada");

  assert.deepEqual(await refusal(http.index.list()), { id: "security.rights.unauthorized", status: 401 });
  assert.deepEqual(await refusal(http.auth.login("local", { ...credentials, password: "wrong" })), {
    id: "plugin.strategy.missing_user",
    status: 401,
  });
  for (const client of [admin, http]) {
    const token = await client.auth.login("local", credentials, "1h");
    assert.match(token, /^kauth-/);
    assert.equal((await client.auth.getCurrentUser())._id, "ada");
    assert.deepEqual(await client.index.list(), []);
  }
  assert.deepEqual(await refusal(admin.query({ ...creation, body })), { id: "api.process.admin_exists", status: 412 });
});

test("135 233 places are imported by mCreate and by bulk:import", async () => {
  await admin.index.create("world");
  await admin.collection.create("world", "cities", { mappings });
  const cities = readCities();
  assert.equal(cities.length, 135_233);
  const split = 20_000;
  for (let from = 0; from < split; from += 200) {
    const { successes, errors } = await http.document.mCreate("world", "cities", [
      ...cities.slice(from, Math.min(from + 200, split)),
    ] as never);
    assert.equal(successes.length, 200);
    assert.deepEqual(errors, []);
  }
  for (let from = split; from < cities.length; from += 2_500) {
    const batch = cities.slice(from, from + 2_500);
    const { errors } = await admin.bulk.import(
      "world",
      "cities",
      batch.flatMap(({ _id, body }) => [{ index: { _id } }, body]),
    );
    assert.deepEqual(errors, []);
  }
  assert.equal(await admin.document.count("world", "cities"), 135_233);
});

test("places are found by term and range, text, distance, sorted and aggregated, as counting them by hand finds them", async () => {
  const cities = readCities();
  const search = (body: object, options: object = {}) => admin.document.search("world", "cities", body, options);
  const ids = (hits: readonly { _id: string }[]): string[] => hits.map(({ _id }) => _id);

  const big = cities
    .filter(({ body }) => body.country === "FR" && body.population >= 200_000)
    .sort((a, b) => b.body.population - a.body.population);
  const found = await search(
    {
      query: { bool: { filter: [{ term: { country: "FR" } }, { range: { population: { gte: 200_000 } } }] } },
      sort: [{ population: "desc" }],
    },
    { size: 50 },
  );
  assert.equal(found.total, big.length);
  assert.deepEqual(
    ids(found.hits),
    big.map(({ _id }) => _id),
  );

  const text = await search({ query: { match: { name: { query: "new york", operator: "and" } } } });
  const named = cities.filter(({ body }) => {
    const words = body.name.toLowerCase().split(/[^\p{L}\p{N}']+/u);
    return words.includes("new") && words.includes("york");
  });
  assert.equal(text.total, named.length);
  assert.ok(text.total > 0);

  const paris = { lat: 48.8534, lon: 2.3488 };
  const metres = ({ lat, lon }: { lat: number; lon: number }): number => {
    const rad = Math.PI / 180;
    const h =
      Math.sin(((lat - paris.lat) * rad) / 2) ** 2 +
      Math.cos(lat * rad) * Math.cos(paris.lat * rad) * Math.sin(((lon - paris.lon) * rad) / 2) ** 2;
    return 2 * 6_371_008.7714 * Math.asin(Math.sqrt(h));
  };
  const near = cities.filter(({ body }) => metres(body.position) <= 20_000);
  const around = await search({ query: { geo_distance: { distance: "20km", position: paris } } }, { size: 0 });
  assert.ok(Math.abs(around.total - near.length) <= 1, `${around.total} against ${near.length}`);

  const { aggregations } = await search(
    {
      aggs: { countries: { terms: { field: "country", size: 3 }, aggs: { people: { sum: { field: "population" } } } } },
    },
    { size: 0 },
  );
  const { buckets } = (
    aggregations as { countries: { buckets: { key: string; doc_count: number; people: { value: number } }[] } }
  ).countries;
  const counts = new Map<string, { places: number; people: number }>();
  for (const { body } of cities) {
    const count = counts.get(body.country) ?? { places: 0, people: 0 };
    counts.set(body.country, { places: count.places + 1, people: count.people + body.population });
  }
  const expected = [...counts].sort(([, a], [, b]) => b.places - a.places).slice(0, 3);
  assert.deepEqual(
    buckets.map(({ key, doc_count: count, people }) => [key, count, people.value]),
    expected.map(([key, { places, people }]) => [key, places, people]),
  );
});

test("a search is paged by from and size, by search_after, and by scroll, in the query language and in Koncorde", async () => {
  const query = { term: { country: "IS" } };
  const sort = [{ population: "desc" }, { "name.raw": "asc" }];
  const all = await admin.document.search("world", "cities", { query, sort }, { size: 1_000 });
  assert.equal(all.hits.length, all.total);
  const wanted = all.hits.map(({ _id }) => _id);

  const second = await http.document.search("world", "cities", { query, sort }, { from: 10, size: 10 });
  assert.deepEqual(
    second.hits.map(({ _id }) => _id),
    wanted.slice(10, 20),
  );

  const last = all.hits[9]?._source as unknown as { population: number; name: string };
  const after = await admin.document.search(
    "world",
    "cities",
    { query, sort, search_after: [last.population, last.name] },
    { size: 5 },
  );
  assert.deepEqual(
    after.hits.map(({ _id }) => _id),
    wanted.slice(10, 15),
  );

  const scrolled: string[] = [];
  let page: Awaited<ReturnType<typeof admin.document.search>> | null = await admin.document.search(
    "world",
    "cities",
    { query, sort },
    { size: 30, scroll: "10s" },
  );
  while (page !== null) {
    scrolled.push(...page.hits.map(({ _id }) => _id));
    page = (await page.next()) as typeof page;
  }
  assert.deepEqual(scrolled, wanted);

  const koncorde = await admin.document.search(
    "world",
    "cities",
    { query: { and: [{ equals: { country: "IS" } }, { range: { population: { gt: 10_000 } } }] } },
    { size: 100, lang: "koncorde" },
  );
  const above = all.hits.filter(({ _source }) => (_source as unknown as { population: number }).population > 10_000);
  assert.deepEqual(new Set(koncorde.hits.map(({ _id }) => _id)), new Set(above.map(({ _id }) => _id)));
});

test("a subscriber around Paris hears of exactly what matches", async (t) => {
  const filter = {
    and: [
      { geoDistance: { position: { lat: 48.8534, lon: 2.3488 }, distance: "50km" } },
      { range: { population: { gte: 1_000 } } },
    ],
  };
  const heard: string[] = [];
  const listener = await connectWebSocket(server);
  t.after(() => listener.disconnect());
  listener.jwt = admin.jwt;
  await listener.realtime.subscribe("world", "cities", filter, (notification) => {
    const { action, scope, result } = notification as { action: string; scope: string; result: { _id?: string } };
    heard.push(`${action} ${result._id ?? "message"} ${scope}`);
  });
  const city = (population: number, lat: number) => ({
    name: "Tenonville",
    country: "FR",
    population,
    position: { lat, lon: 2.35 },
  });
  await http.document.create("world", "cities", city(5_000, 40), "far");
  await http.document.create("world", "cities", city(10, 48.9), "small");
  await http.document.create("world", "cities", city(5_000, 48.9), "near");
  await http.document.update("world", "cities", "near", { population: 6_000 });
  await http.document.update("world", "cities", "near", { population: 10 });
  await http.document.update("world", "cities", "small", { population: 2_000 });
  await http.document.delete("world", "cities", "small");
  await http.realtime.publish("world", "cities", city(9_000, 48.8));
  await http.realtime.publish("world", "cities", city(1, 48.8));
  await http.document.mDelete("world", "cities", ["far", "near"]);
  await until(() => heard.length >= 6);
  assert.deepEqual(heard, [
    "create near in",
    "update near in",
    "update near out",
    "update small in",
    "delete small out",
    "publish message in",
  ]);
});

test("a user with a restricted profile is refused what its roles do not allow", async (t) => {
  await admin.security.createRole("reader", {
    controllers: { document: { actions: { search: true, get: true } } },
  } as never);
  await admin.security.createProfile("reader", {
    policies: [{ roleId: "reader", restrictedTo: [{ index: "world", collections: ["cities"] }] }],
  } as never);
  const credentials = { username: "bob", password: "another horse" };
  await admin.security.createUser("bob", { content: { profileIds: ["reader"] }, credentials: { local: credentials } });
  const bob = await connectHttp(server);
  t.after(() => bob.disconnect());
  await bob.auth.login("local", credentials);
  assert.equal((await bob.document.get("world", "cities", "2988507"))._source.country, "FR");
  assert.deepEqual(await refusal(bob.document.delete("world", "cities", "2988507")), {
    id: "security.rights.forbidden",
    status: 403,
  });
  assert.deepEqual(await refusal(bob.document.search("world", "others", {})), {
    id: "security.rights.forbidden",
    status: 403,
  });
  assert.deepEqual(await refusal(bob.security.getUser("ada")), { id: "security.rights.forbidden", status: 403 });
});

test("the example plugin stamps and refuses documents, sees deletions, and answers on its routes", async () => {
  await admin.collection.create("world", "notes", {});
  const note = await admin.document.create("world", "notes", { text: "hello" }, "n1");
  assert.equal((note._source as { stampedBy?: string }).stampedBy, "hello-world");
  const refused = await refusal(admin.document.create("world", "notes", { text: "voldemort" }));
  assert.equal(refused.status, 400);
  await admin.document.delete("world", "notes", "n1");

  const answer = (await (
    await fetch(`${server.url}/_plugin/hello-world/hello`, { headers: { Authorization: `Bearer ${admin.jwt}` } })
  ).json()) as { status: number; result: unknown };
  assert.equal(answer.status, 200);
  const { result } = await admin.query({ controller: "hello-world/hello", action: "sayHello" });
  assert.deepEqual(result, answer.result);
  const deletions = await fetch(`${server.url}/_plugin/hello-world/hello/deletions`, {
    headers: { Authorization: `Bearer ${admin.jwt}` },
  });
  assert.ok(JSON.stringify(await deletions.json()).includes("n1"), "the hook saw the deletion");
});

test("the logger plugin of the registry runs unmodified and logs through winston", async () => {
  const { plugins } = (
    (await admin.query({ controller: "server", action: "info" })).result as {
      serverInfo: { kuzzle: { plugins: Record<string, { version: string }> } };
    }
  ).serverInfo.kuzzle;
  assert.equal(plugins["kuzzle-plugin-logger"]?.version, "3.0.3");
  assert.match(await readFile(logFile(root), "utf8"), /server\.ready/);
});

test("memory storage: texts, numbers, expiry, hashes and sorted sets", async () => {
  const { ms } = admin;
  await ms.set("greeting", "hello");
  assert.equal(await ms.get("greeting"), "hello");
  assert.equal(await ms.exists(["greeting", "nothing"]), 1);
  assert.equal(await ms.incrby("counter", 5), 5);
  await ms.expire("greeting", 100);
  assert.ok((await ms.ttl("greeting")) > 90);
  await ms.hset("person", "name", "Ada");
  assert.equal(await ms.hget("person", "name"), "Ada");
  await ms.zadd("scores", [
    { score: 2, member: "b" },
    { score: 1, member: "a" },
  ]);
  assert.deepEqual(
    (await ms.zrange("scores", 0, -1)).map(({ member }: { member: string }) => member),
    ["a", "b"],
  );
  assert.deepEqual((await ms.keys("*")).sort(), ["counter", "greeting", "person", "scores"]);
  assert.equal(await ms.del(["greeting", "counter"]), 2);
});

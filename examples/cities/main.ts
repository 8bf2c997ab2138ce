/**
 * Every city of the world in a fresh server, through the official client: an administrator, a collection with mappings, an import,
 * searches, a live geographic subscription, and a user who may only read.
 *
 * Start a server (`npm start -- --port 7512`), then: `node examples/cities/main.ts ws://localhost:7512`.
 */
import { Kuzzle, WebSocket } from "kuzzle-sdk";
import { type City, mappings, readCities } from "./cities.ts";

const address = new URL(process.argv[2] ?? "ws://localhost:7512");
const limit = Number(process.argv[3] ?? Number.POSITIVE_INFINITY);
const credentials = { username: "ada", password: "correct horse" };

const connect = async (): Promise<Kuzzle> => {
  const kuzzle = new Kuzzle(new WebSocket(address.hostname, { port: Number(address.port || 7512) }));
  await kuzzle.connect();
  return kuzzle;
};

const say = (what: string, details: unknown = ""): void => console.log(`${what.padEnd(46)}`, details);

/** The first start: one administrator, and nobody else may do anything without a login. Later starts: just a login. */
async function connectAsAdministrator(): Promise<Kuzzle> {
  const kuzzle = await connect();
  const token = await kuzzle.auth.login("local", credentials, "1h").catch(() => undefined);
  if (token !== undefined) return kuzzle;
  const body = { content: {}, credentials: { local: credentials } };
  await kuzzle.query({ controller: "security", action: "createFirstAdmin", _id: "ada", reset: true, body });
  kuzzle.disconnect();
  const admin = await connect(); // a connection may try to log in once a second
  await admin.auth.login("local", credentials, "1h");
  return admin;
}

async function importCities(kuzzle: Kuzzle, cities: readonly City[]): Promise<void> {
  if (!(await kuzzle.index.exists("world"))) await kuzzle.index.create("world");
  await kuzzle.collection.create("world", "cities", { mappings });
  const startedAt = performance.now();
  let done = 0;
  const half = Math.floor(cities.length / 2);
  for (const batch of batches(cities.slice(0, half), 200)) {
    await kuzzle.document.mCreateOrReplace("world", "cities", [...batch], { silent: true });
    done += batch.length;
    progress(done, cities.length);
  }
  for (const batch of batches(cities.slice(half), 2_000)) {
    await kuzzle.bulk.import(
      "world",
      "cities",
      batch.flatMap(({ _id, body }) => [{ index: { _id } }, body]),
    );
    done += batch.length;
    progress(done, cities.length);
  }
  await kuzzle.collection.refresh("world", "cities");
  const seconds = (performance.now() - startedAt) / 1_000;
  say(`imported ${cities.length} cities in`, `${seconds.toFixed(1)} s`);
}

function* batches<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}

/** One line that counts up while a person looks on. */
function progress(done: number, total: number): void {
  if (process.stdout.isTTY) process.stdout.write(`\r${done} of ${total} cities${done === total ? "\n" : ""}`);
}

const names = (hits: readonly { _source: object }[]): string =>
  hits.map(({ _source }) => (_source as City["body"]).name).join(", ");

async function search(kuzzle: Kuzzle): Promise<void> {
  const biggest = await kuzzle.document.search(
    "world",
    "cities",
    {
      query: { bool: { filter: [{ term: { country: "FR" } }, { range: { population: { gte: 200_000 } } }] } },
      sort: [{ population: "desc" }],
    },
    { size: 5 },
  );
  say(`${biggest.total} French cities above 200 000, biggest`, names(biggest.hits));

  const text = await kuzzle.document.search("world", "cities", { query: { match: { name: "new york" } } }, { size: 3 });
  say(`${text.total} match "new york", best`, names(text.hits));

  const near = await kuzzle.document.search(
    "world",
    "cities",
    {
      query: { geo_distance: { distance: "20km", position: { lat: 48.8534, lon: 2.3488 } } },
      sort: [{ _geo_distance: { position: { lat: 48.8534, lon: 2.3488 }, order: "asc", unit: "km" } }],
    },
    { size: 4 },
  );
  say(`${near.total} places within 20 km of Paris, nearest`, names(near.hits));

  const koncorde = await kuzzle.document.search(
    "world",
    "cities",
    { query: { and: [{ equals: { country: "IS" } }, { range: { population: { gt: 10_000 } } }] } },
    { size: 10, lang: "koncorde" },
  );
  say(`${koncorde.total} Icelandic towns above 10 000`, names(koncorde.hits));

  const countries = await kuzzle.document.search(
    "world",
    "cities",
    {
      aggs: { countries: { terms: { field: "country", size: 3 }, aggs: { people: { sum: { field: "population" } } } } },
    },
    { size: 0 },
  );
  const { buckets } = (countries.aggregations as { countries: { buckets: { key: string; doc_count: number }[] } })
    .countries;
  say("countries with the most places", buckets.map(({ key, doc_count: count }) => `${key} ${count}`).join(", "));

  let page: typeof biggest | null = await kuzzle.document.search(
    "world",
    "cities",
    { query: { term: { country: "NZ" } } },
    { size: 100, scroll: "10s" },
  );
  let seen = 0;
  while (page !== null) {
    seen += page.hits.length;
    page = (await page.next()) as typeof biggest | null;
  }
  say("places of New Zealand, scrolled", seen);
}

/** Two clients: one listens around Paris, the other writes. */
async function listen(kuzzle: Kuzzle): Promise<void> {
  const listener = await connect();
  listener.jwt = kuzzle.jwt;
  const heard: string[] = [];
  const done = Promise.withResolvers<void>();
  const filter = {
    and: [
      { geoDistance: { position: { lat: 48.8534, lon: 2.3488 }, distance: "50km" } },
      { range: { population: { gte: 1_000 } } },
    ],
  };
  await listener.realtime.subscribe("world", "cities", filter, (notification) => {
    const { action, scope, result } = notification as { action: string; scope: string; result: { _id: string } };
    heard.push(`${action} ${result._id} (${scope})`);
    if (heard.length === 4) done.resolve();
  });
  const city = (population: number, lat: number) => ({
    name: "Tenonville",
    country: "FR",
    population,
    position: { lat, lon: 2.35 },
  });
  await kuzzle.document.createOrReplace("world", "cities", "far", city(5_000, 40));
  await kuzzle.document.createOrReplace("world", "cities", "near", city(5_000, 48.9));
  await kuzzle.document.update("world", "cities", "near", { population: 6_000 });
  await kuzzle.document.update("world", "cities", "near", { population: 10 });
  await kuzzle.realtime.publish("world", "cities", city(9_000, 48.8));
  await done.promise;
  await kuzzle.document.mDelete("world", "cities", ["near", "far"]);
  say("heard around Paris", heard.join(", "));
  listener.disconnect();
}

/** A user whose only profile may search one collection. */
async function restrict(kuzzle: Kuzzle): Promise<void> {
  await kuzzle.security.createOrReplaceRole("reader", {
    controllers: { document: { actions: { search: true, get: true } }, auth: { actions: { "*": true } } },
  } as never);
  await kuzzle.security.createOrReplaceProfile("reader", {
    policies: [{ roleId: "reader", restrictedTo: [{ index: "world", collections: ["cities"] }] }],
  } as never);
  const user = {
    content: { profileIds: ["reader"] },
    credentials: { local: { username: "bob", password: "another long password" } },
  };
  const { result: exists } = await kuzzle.query({
    controller: "security",
    action: "hasCredentials",
    strategy: "local",
    _id: "bob",
  });
  if (!exists) await kuzzle.security.createUser("bob", user);
  const bob = await connect();
  await bob.auth.login("local", user.credentials.local);
  const { total } = await bob.document.search("world", "cities", { query: { term: { country: "IS" } } });
  const refusal = await bob.document
    .delete("world", "cities", "1")
    .catch((error: { id: string; status: number }) => error);
  say("a reader searches, and is refused a deletion", `${total} found; ${(refusal as { id: string }).id}`);
  bob.disconnect();
}

const kuzzle = await connectAsAdministrator();
say("logged in as", (await kuzzle.auth.getCurrentUser())._id);
await importCities(kuzzle, readCities().slice(0, limit));
await search(kuzzle);
await listen(kuzzle);
await restrict(kuzzle);
kuzzle.disconnect();

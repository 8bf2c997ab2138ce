import assert from "node:assert/strict";
import { test } from "node:test";
import { Events } from "../events/index.ts";
import { silentLogger, systemClock } from "../kernel/index.ts";
import { createEmbeddedStore } from "../stores/documents/index.ts";
import { Catalog } from "./catalog.ts";
import { Collections } from "./collections.ts";

const books = { index: "lib", collection: "books" };

async function openCollections() {
  const store = await createEmbeddedStore({ directory: ":memory:", log: silentLogger, clock: systemClock });
  const events = new Events({ log: silentLogger, limits: { maxConcurrent: 1, bufferSize: 1 } });
  const common = { commonMappings: { dynamic: "false" }, defaultSettings: {} };
  const collections = new Collections({ store, catalog: new Catalog(), events, log: silentLogger, ...common });
  return { collections, store, [Symbol.asyncDispose]: () => store.close() };
}

test("dynamic templates are kept, answered, and give new fields their types", async () => {
  await using opened = await openCollections();
  const { collections, store } = opened;
  const dynamic_templates = [{ texts: { match_mapping_type: "string", mapping: { type: "keyword" } } }];
  await collections.create(books, { mappings: { dynamic: "true", dynamic_templates } });
  await store.write(books, [{ kind: "create", id: "a", source: '{"lang":"fr"}' }]);
  const mappings = await collections.mappings(books);
  assert.deepEqual(mappings.dynamic_templates, dynamic_templates);
  assert.deepEqual(mappings.properties, { lang: { type: "keyword" } });
});

test("documents of before are found by their fields soon after their collection's mapping opens", async () => {
  await using opened = await openCollections();
  const { collections, store } = opened;
  await collections.create(books, {});
  await store.write(books, [{ kind: "create", id: "a", source: '{"pages":17}' }]);
  assert.equal(await store.count(books, { term: { pages: 17 } }), 0);
  await collections.update(books, { mappings: { dynamic: "true" } });
  const until = Date.now() + 5_000;
  while ((await store.count(books, { term: { pages: 17 } })) === 0 && Date.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(await store.count(books, { term: { pages: 17 } }), 1);
});

test("collections that were made behind the server's back are known after a look at the store", async () => {
  await using store = await createEmbeddedStore({ directory: ":memory:", log: silentLogger, clock: systemClock });
  const catalog = new Catalog();
  const events = new Events({ log: silentLogger, limits: { maxConcurrent: 1, bufferSize: 1 } });
  const collections = new Collections({
    store,
    catalog,
    events,
    log: silentLogger,
    commonMappings: {},
    defaultSettings: {},
  });
  await collections.create({ index: "lib", collection: "books" }, {});
  await store.createCollection({ index: "lib", collection: "films" }, "public", {}, {});
  await store.createCollection({ index: "plugin-x", collection: "own" }, "private", {}, {});
  assert.equal(catalog.hasCollection({ index: "lib", collection: "films" }), false);

  await collections.discover();
  assert.deepEqual(catalog.collections("lib"), ["books", "films"]);
  assert.equal(catalog.scopeOf("plugin-x"), undefined);
});

test("settings that were new come back out when the mappings beside them are refused", async () => {
  await using opened = await openCollections();
  const { collections, store } = opened;
  await collections.create(books, { settings: { mapping: { depth: { limit: 5 } } } });
  const settings = { index: { "blocks.write": true, "mapping.total_fields.limit": 7 }, "mapping.depth.limit": 9 };
  const mappings = { properties: { a: { type: "nonsense" } } };
  await assert.rejects(collections.update(books, { settings, mappings }), {
    id: "services.storage.invalid_mapping_type",
  });
  assert.deepEqual(await collections.settings(books), { mapping: { depth: { limit: 5 } } });
  const [outcome] = await store.write(books, [{ kind: "create", id: "a", source: "{}" }]);
  assert.equal(outcome?.ok, true);
});

test("of two who create an index at once, one is told that it exists", async () => {
  await using opened = await openCollections();
  const { collections } = opened;
  const made = await Promise.allSettled([collections.createIndex("lib"), collections.createIndex("lib")]);
  assert.deepEqual(
    made.map(({ status }) => status),
    ["fulfilled", "rejected"],
  );
});

test("an index that several delete, while collections are made and deleted in it, is gone and stays so", async () => {
  await using opened = await openCollections();
  const { collections, store } = opened;
  for (let turn = 0; turn < 5; turn++) {
    await collections.createIndex("lib");
    for (const collection of ["a", "b"]) await collections.create({ index: "lib", collection }, {});
    await Promise.all([
      collections.deleteIndex("lib"),
      collections.create({ index: "lib", collection: "c" }, {}),
      collections.delete({ index: "lib", collection: "b" }).catch(() => {}),
      collections.deleteIndex("lib"),
    ]);
    assert.deepEqual(await store.describe(), []);
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { Events } from "../events/index.ts";
import { silentLogger, systemClock } from "../kernel/index.ts";
import { createEmbeddedStore } from "../stores/documents/index.ts";
import { Catalog } from "./catalog.ts";
import { Collections } from "./collections.ts";

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

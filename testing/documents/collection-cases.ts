import assert from "node:assert/strict";
import type { DocumentStore } from "../../src/stores/documents/index.ts";
import { bookMappings, books, create, createBooks, fill, people, withId, write, writeOne } from "./fixture.ts";

type Case = (store: DocumentStore) => Promise<void>;

/** Collections, mappings and settings (contract/search.md, section 4), and point reads. */
export const collectionCases = {
  "collections are described with their scope": async (store) => {
    assert.deepEqual(await store.describe(), []);
    await createBooks(store);
    await store.createCollection({ index: "internal", collection: "users" }, "private", {}, {});
    const described = [...(await store.describe())].sort((a, b) => a.index.localeCompare(b.index));
    assert.deepEqual(described, [
      { index: "internal", collection: "users", scope: "private" },
      { index: "lib", collection: "books", scope: "public" },
    ]);
  },

  "an index name exists in one scope only": async (store) => {
    await createBooks(store);
    await assert.rejects(
      store.createCollection(people, "private", {}, {}),
      withId("services.storage.index_already_exists"),
    );
    await store.createCollection(people, "public", {}, {});
    assert.equal((await store.describe()).length, 2);
  },

  "creating a collection that exists updates its mappings and keeps its documents": async (store) => {
    await createBooks(store);
    await writeOne(store, create({ pages: 1 }, "a"));
    await createBooks(store, { properties: { added: { type: "keyword" } } });
    assert.partialDeepStrictEqual((await store.getMappings(books)).properties, {
      pages: { type: "integer" },
      added: { type: "keyword" },
    });
    assert.equal(await store.count(books, {}), 1);
  },

  "unknown indexes and collections are named as such": async (store) => {
    await createBooks(store);
    const nowhere = { index: "none", collection: "books" };
    await assert.rejects(store.find(nowhere, "a"), withId("services.storage.unknown_index"));
    await assert.rejects(store.find(people, "a"), withId("services.storage.unknown_collection"));
    await assert.rejects(store.write(people, [create({})]), withId("services.storage.unknown_collection"));
    await assert.rejects(
      store.search({ targets: [books, people], body: {} }),
      withId("services.storage.unknown_collection"),
    );
    await assert.rejects(store.getMappings(people), withId("services.storage.unknown_collection"));
    await assert.rejects(store.deleteCollection(people), withId("services.storage.unknown_collection"));
  },

  "a deleted collection is gone with its documents, and can be created again empty": async (store) => {
    await createBooks(store);
    await fill(store, 3);
    await store.deleteCollection(books);
    assert.deepEqual(await store.describe(), []);
    await assert.rejects(store.count(books, {}), withId("services.storage.unknown_index"));
    await createBooks(store);
    assert.equal(await store.count(books, {}), 0);
    assert.equal(await store.find(books, "1"), undefined);
  },

  "a truncated collection keeps mappings and settings and takes documents again": async (store) => {
    await createBooks(store);
    await fill(store, 3);
    await store.truncateCollection(books);
    assert.equal(await store.count(books, {}), 0);
    assert.equal(await store.find(books, "1"), undefined);
    assert.partialDeepStrictEqual((await store.getMappings(books)).properties, { pages: { type: "integer" } });
    await write(store, [create({ pages: 7 }, "1")]);
    assert.equal(await store.count(books, { term: { pages: 7 } }), 1);
  },

  "mappings are merged: fields are added, _meta is replaced as a whole": async (store) => {
    await createBooks(store, { ...bookMappings, _meta: { a: 1 } });
    const merged = await store.updateMappings(books, { properties: { isbn: { type: "keyword" } }, _meta: { b: 2 } });
    assert.deepEqual(merged._meta, { b: 2 });
    assert.partialDeepStrictEqual(merged.properties, { isbn: { type: "keyword" }, pages: { type: "integer" } });
    assert.deepEqual(await store.getMappings(books), merged);
    const kept = await store.updateMappings(books, { dynamic: "strict" });
    assert.deepEqual(kept._meta, { b: 2 });
    assert.equal(kept.dynamic, "strict");
  },

  "the type of a field never changes, and unknown types are refused": async (store) => {
    await createBooks(store);
    const before = await store.getMappings(books);
    await assert.rejects(
      store.updateMappings(books, { properties: { pages: { type: "keyword" } } }),
      withId("services.storage.cannot_change_mapping"),
    );
    await assert.rejects(
      store.updateMappings(books, { properties: { x: { type: "nonsense" } } }),
      withId("services.storage.invalid_mapping_type"),
    );
    assert.deepEqual(await store.getMappings(books), before);
  },

  "a field mapped later is searchable in what is written after": async (store) => {
    await createBooks(store);
    await store.updateMappings(books, { properties: { isbn: { type: "keyword" } } });
    await writeOne(store, create({ isbn: "x1" }, "a"));
    assert.equal(await store.count(books, { term: { isbn: "x1" } }), 1);
  },

  "documents written before a field was mapped are found by it after a reindex": async (store) => {
    await createBooks(store);
    await writeOne(store, create({ isbn: "x1" }, "a"));
    await store.updateMappings(books, { properties: { isbn: { type: "keyword" } } });
    assert.equal(await store.count(books, { term: { isbn: "x1" } }), 0);
    await store.reindex(books);
    await store.refresh(books);
    assert.equal(await store.count(books, { term: { isbn: "x1" } }), 1);
  },

  "fields written while the mapping was closed are mapped by a reindex once it is open": async (store) => {
    await createBooks(store);
    await write(store, [create({ isbn: 17, free: { x: "text" } }, "a"), create({ isbn: "not a number" }, "b")]);
    await store.updateMappings(books, { dynamic: "true" });
    await store.reindex(books);
    await store.refresh(books);
    assert.partialDeepStrictEqual((await store.getMappings(books)).properties, {
      isbn: { type: "long" },
      free: { properties: { x: { type: "text" } } },
    });
    assert.equal(await store.count(books, { term: { isbn: 17 } }), 1);
    assert.equal(await store.count(books, { match: { "free.x": "text" } }), 1);
    assert.equal(await store.count(books, {}), 2);
  },

  "under dynamic true the mapping grows with the documents, in order": async (store) => {
    await createBooks(store, { dynamic: "true", properties: {} });
    await write(store, [create({ n: 3, ok: true, name: "Ada", at: { x: 1.5 } }, "a"), create({ n: 4 }, "b")]);
    assert.partialDeepStrictEqual((await store.getMappings(books)).properties, {
      n: { type: "long" },
      ok: { type: "boolean" },
      name: { type: "text", fields: { keyword: { type: "keyword" } } },
      at: { properties: { x: { type: "float" } } },
    });
    assert.equal(await store.count(books, { range: { n: { gte: 4 } } }), 1);
    const clash = await writeOne(store, create({ n: "text" }, "c"));
    assert.partialDeepStrictEqual(clash, { ok: false, failure: { reason: "rejected" } });
  },

  "under dynamic false unknown fields are stored, and not searchable": async (store) => {
    await createBooks(store);
    await writeOne(store, create({ unknown: "x" }, "a"));
    assert.equal(await store.count(books, { term: { unknown: "x" } }), 0);
    assert.equal((await store.getMappings(books)).properties?.unknown, undefined);
  },

  "settings are answered as they were given": async (store) => {
    const settings = {
      number_of_shards: 1,
      analysis: { analyzer: { own: { type: "custom", tokenizer: "whitespace" } } },
    };
    const mappings = { properties: { body: { type: "text", analyzer: "own" } } };
    await store.createCollection(books, "public", mappings, settings);
    assert.partialDeepStrictEqual(await store.getSettings(books), settings);
    await write(store, [create({ body: "Two Words" }, "a")]);
    assert.equal(await store.count(books, { term: { body: "Two" } }), 1);
  },

  "point reads answer in the order of the ids": async (store) => {
    await createBooks(store);
    await fill(store, 3);
    const found = await store.mFind(books, ["3", "none", "1"]);
    assert.deepEqual(
      found.map((document) => document?.id),
      ["3", undefined, "1"],
    );
    assert.deepEqual(await store.exist(books, ["none", "2"]), [false, true]);
    assert.deepEqual(await store.mFind(books, []), []);
  },

  "a write is visible to point reads without a refresh": async (store) => {
    await createBooks(store);
    await store.write(books, [create({ pages: 1 }, "a")]);
    assert.equal((await store.find(books, "a"))?.version, 1);
    await store.write(books, [{ kind: "update", id: "a", partial: '{"pages":2}' }]);
    assert.equal((await store.find(books, "a"))?.version, 2);
    await store.write(books, [{ kind: "delete", id: "a" }]);
    assert.deepEqual(await store.exist(books, ["a"]), [false]);
  },

  "stats count the live documents": async (store) => {
    await createBooks(store);
    await fill(store, 5);
    await write(store, [{ kind: "delete", id: "1" }]);
    const stats = await store.stats(books);
    assert.equal(stats.documents, 4);
    assert.ok(stats.bytes > 0);
  },
} satisfies Record<string, Case>;

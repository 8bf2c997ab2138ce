import assert from "node:assert/strict";
import type { DocumentStore } from "../../src/stores/documents/index.ts";
import { bookMappings, books, contentOf, create, createBooks, find, people, write, writeOne } from "./fixture.ts";

type Case = (store: DocumentStore) => Promise<void>;

/** The store as a whole, and writes at the edges of what they may hold. */
export const storeCases = {
  "an engine says what it is, and that it serves": async (store) => {
    assert.ok(store.engine.backend.length > 0 && store.engine.version.length > 0);
    await store.check();
  },

  "a refresh makes what was acknowledged searchable": async (store) => {
    await createBooks(store);
    await store.write(books, [create({ pages: 1 }, "a"), create({ pages: 2 }, "b")]);
    await store.refresh(books);
    assert.equal(await store.count(books, { range: { pages: { gte: 1 } } }), 2);
    await store.write(books, [{ kind: "delete", id: "a" }]);
    await store.refresh(books);
    assert.equal(await store.count(books, {}), 1);
  },

  "no operations have no outcomes": async (store) => {
    await createBooks(store);
    assert.deepEqual(await write(store, []), []);
  },

  "index without an id makes one": async (store) => {
    await createBooks(store);
    const outcome = await writeOne(store, { kind: "index", source: '{"pages":1}' });
    assert.partialDeepStrictEqual(outcome, { ok: true, version: 1, created: true });
    assert.match(outcome.id ?? "", /^[\w-]{20}$/);
    assert.deepEqual(await contentOf(store, outcome.id ?? ""), { pages: 1 });
  },

  "versions count the writes of one document, and of no other": async (store) => {
    await createBooks(store);
    const writes = [
      create({ pages: 1 }, "a"),
      create({ pages: 1 }, "b"),
      { kind: "update", id: "a", partial: '{"pages":2}' },
      { kind: "index", id: "a", source: '{"pages":3}' },
      { kind: "replace", id: "a", source: '{"pages":4}' },
      { kind: "deleteFields", id: "a", fields: ["lang"], partial: '{"pages":5}' },
      { kind: "update", id: "b", partial: '{"pages":2}', ifVersion: 1 },
    ] as const;
    const versions = (await write(store, writes)).map((outcome) => outcome.ok && outcome.version);
    assert.deepEqual(versions, [1, 1, 2, 3, 4, 5, 2]);
    assert.deepEqual([(await find(store, "a"))?.version, (await find(store, "b"))?.version], [5, 2]);
  },

  "of two writes that expect the same version one is a conflict": async (store) => {
    await createBooks(store);
    await writeOne(store, create({ pages: 0 }, "a"));
    const outcomes = await Promise.all(
      [1, 2, 3, 4].map((n) =>
        store.write(books, [{ kind: "update", id: "a", partial: `{"pages":${n}}`, ifVersion: 1 }]),
      ),
    );
    const states = outcomes.flat().map((outcome) => (outcome.ok ? "done" : outcome.failure.reason));
    assert.deepEqual(states.sort(), ["conflict", "conflict", "conflict", "done"]);
    assert.equal((await find(store, "a"))?.version, 2);
  },

  "of two that create the same id one does": async (store) => {
    await createBooks(store);
    const outcomes = await Promise.all([1, 2, 3].map((n) => store.write(books, [create({ pages: n }, "a")])));
    assert.deepEqual(outcomes.flat().filter((outcome) => outcome.ok).length, 1);
    assert.equal((await find(store, "a"))?.version, 1);
  },

  "a conflict of one operation leaves the others of its call alone": async (store) => {
    await createBooks(store);
    await write(store, [create({ pages: 1 }, "a"), create({ pages: 1 }, "b")]);
    const outcomes = await write(store, [
      { kind: "update", id: "a", partial: '{"pages":2}', ifVersion: 7 },
      { kind: "update", id: "b", partial: '{"pages":2}', ifVersion: 1 },
      { kind: "replace", id: "none", source: "{}" },
    ]);
    assert.deepEqual(
      outcomes.map((outcome) => (outcome.ok ? outcome.version : outcome.failure.reason)),
      ["conflict", 2, "missing"],
    );
    assert.equal(await store.count(books, { term: { pages: 2 } }), 1);
  },

  "text of any script is stored, found and an id": async (store) => {
    await createBooks(store);
    const id = "größe/日本 😀?#%";
    await writeOne(store, create({ title: "Ünïcode 日本 😀", lang: "ﬁ😀" }, id));
    assert.deepEqual(await contentOf(store, id), { title: "Ünïcode 日本 😀", lang: "ﬁ😀" });
    const { hits } = await store.search({ targets: [books], body: { query: { term: { lang: "ﬁ😀" } } } });
    assert.deepEqual(
      hits.map((hit) => hit.id),
      [id],
    );
  },

  "numbers that no double holds are stored as they were sent": async (store) => {
    await createBooks(store);
    await writeOne(store, { kind: "create", id: "a", source: '{"free":12345678901234567890,"small":1e-400}' });
    assert.match((await find(store, "a"))?.source ?? "", /12345678901234567890/);
  },

  "a document of a megabyte is a document": async (store) => {
    await createBooks(store);
    const long = "word ".repeat(200_000);
    await writeOne(store, create({ free: long, pages: 1 }, "a"));
    assert.deepEqual(await contentOf(store, "a"), { free: long, pages: 1 });
    assert.equal(await store.count(books, { term: { pages: 1 } }), 1);
  },

  "collections of one name in two indexes are two": async (store) => {
    const other = { index: "other", collection: books.collection };
    await createBooks(store);
    await store.createCollection(other, "public", bookMappings, {});
    await write(store, [create({ pages: 1 }, "a")]);
    await write(store, [create({ pages: 2 }, "a")], other);
    assert.deepEqual(await contentOf(store, "a"), { pages: 1 });
    await store.deleteCollection(books);
    assert.equal(JSON.parse((await store.find(other, "a"))?.source ?? "{}").pages, 2);
    await store.deleteCollection(other);
  },

  "a document is of its collection alone": async (store) => {
    await createBooks(store);
    await store.createCollection(people, "public", { properties: { pages: { type: "integer" } } }, {});
    await write(store, [create({ pages: 1 }, "a")]);
    assert.equal(await store.find(people, "a"), undefined);
    assert.equal(await store.count(people, {}), 0);
    await store.truncateCollection(people);
    assert.equal(await store.count(books, {}), 1);
  },
} satisfies Record<string, Case>;

/** For engines that can be opened again over the same data: `restart` closes the store, and answers the one that comes after it. */
export const restartCases = {
  "what was acknowledged is there after a restart, with its versions": async (store, restart) => {
    await createBooks(store);
    await store.write(books, [create({ pages: 1 }, "a"), create({ pages: 2 }, "b"), create({ pages: 3 }, "c")]);
    await store.write(books, [
      { kind: "update", id: "a", partial: '{"pages":9}' },
      { kind: "delete", id: "b" },
    ]);
    const again = await restart(store);
    assert.deepEqual([await contentOf(again, "a"), await contentOf(again, "b")], [{ pages: 9 }, undefined]);
    assert.equal((await find(again, "a"))?.version, 2);
    assert.deepEqual(await Promise.all([9, 2, 3].map((pages) => again.count(books, { term: { pages } }))), [1, 0, 1]);
    assert.partialDeepStrictEqual(await writeOne(again, create({ pages: 4 }, "a")), { failure: { reason: "exists" } });
  },

  "mappings, settings and scopes are there after a restart": async (store, restart) => {
    const settings = { analysis: { analyzer: { own: { type: "custom", tokenizer: "whitespace" } } } };
    await store.createCollection(books, "private", { ...bookMappings, _meta: { a: 1 } }, settings);
    await store.updateMappings(books, { properties: { free: { type: "text", analyzer: "own" } } });
    const mappings = await store.getMappings(books);
    const again = await restart(store);
    assert.deepEqual(await again.describe(), [{ ...books, scope: "private" }]);
    assert.deepEqual(await again.getMappings(books), mappings);
    assert.partialDeepStrictEqual(await again.getSettings(books), settings);
    await write(again, [create({ free: "Two Words" }, "a")]);
    assert.equal(await again.count(books, { term: { free: "Two" } }), 1);
  },

  "a store may be closed twice, and does nothing afterwards": async (store, restart) => {
    await createBooks(store);
    await writeOne(store, create({ pages: 1 }, "a"));
    const again = await restart(store);
    await store.close();
    await assert.rejects(async () => store.write(books, [create({ pages: 2 }, "b")]));
    await assert.rejects(async () => store.search({ targets: [books], body: {} }));
    assert.equal(await again.count(books, {}), 1);
  },
} satisfies Record<
  string,
  (store: DocumentStore, restart: (store: DocumentStore) => Promise<DocumentStore>) => Promise<void>
>;

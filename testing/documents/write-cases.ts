import assert from "node:assert/strict";
import type { DocumentStore } from "../../src/stores/documents/index.ts";
import { bookMappings, books, contentOf, create, createBooks, find, write, writeOne } from "./fixture.ts";

type Case = (store: DocumentStore) => Promise<void>;

const refused = (outcome: unknown, errorId: string): void => {
  assert.partialDeepStrictEqual(outcome, { ok: false, failure: { reason: "rejected", errorId } });
};

/** What contract/search.md says of writes in section 5, and `document-store.ts` of their outcomes. */
export const writeCases = {
  "a created document is found with the text that was stored, at version 1": async (store) => {
    await createBooks(store);
    const outcome = await writeOne(store, {
      kind: "create",
      id: "ada",
      source: '{"lang": "en",  "free":[1,{"a":null}]}',
    });
    assert.deepEqual(outcome, { ok: true, id: "ada", version: 1, created: true });
    const document = await find(store, "ada");
    assert.equal(document?.id, "ada");
    assert.equal(document?.version, 1);
    assert.deepEqual(JSON.parse(document?.source ?? ""), { lang: "en", free: [1, { a: null }] });
  },

  "a document without an id gets one of 20 URL-safe characters, and each another": async (store) => {
    await createBooks(store);
    const operations = Array.from({ length: 200 }, () => create({}));
    const outcomes = await write(store, operations);
    const ids = new Set(outcomes.map((outcome) => outcome.id));
    assert.equal(ids.size, 200);
    for (const id of ids) assert.match(id ?? "", /^[\w-]{20}$/);
  },

  "create refuses an id that exists, and leaves what is there": async (store) => {
    await createBooks(store);
    await writeOne(store, create({ pages: 1 }, "a"));
    assert.deepEqual(await writeOne(store, create({ pages: 2 }, "a")), {
      ok: false,
      id: "a",
      failure: { reason: "exists" },
    });
    assert.deepEqual(await contentOf(store, "a"), { pages: 1 });
    assert.equal((await find(store, "a"))?.version, 1);
  },

  "index creates a document and then replaces it as a whole": async (store) => {
    await createBooks(store);
    const first = await writeOne(store, { kind: "index", id: "a", source: '{"pages":1,"lang":"en"}' });
    assert.deepEqual(first, { ok: true, id: "a", version: 1, created: true });
    const second = await writeOne(store, { kind: "index", id: "a", source: '{"pages":2}' });
    assert.deepEqual(second, { ok: true, id: "a", version: 2, created: false });
    assert.deepEqual(await contentOf(store, "a"), { pages: 2 });
  },

  "replace needs the document, and replaces it as a whole": async (store) => {
    await createBooks(store);
    const missing = await writeOne(store, { kind: "replace", id: "a", source: "{}" });
    assert.deepEqual(missing, { ok: false, id: "a", failure: { reason: "missing" } });
    await writeOne(store, create({ pages: 1, lang: "en" }, "a"));
    const replaced = await writeOne(store, { kind: "replace", id: "a", source: '{"pages":3}' });
    assert.deepEqual(replaced, { ok: true, id: "a", version: 2, created: false });
    assert.deepEqual(await contentOf(store, "a"), { pages: 3 });
  },

  "update merges objects, replaces arrays and scalars, and stores null": async (store) => {
    await createBooks(store);
    const before = { pages: 1, tags: ["a", "b"], author: { name: "Ada", free: { x: 1 } }, lang: "en" };
    await writeOne(store, create(before, "a"));
    const partial = JSON.stringify({ tags: ["c"], author: { free: { y: 2 } }, lang: null, added: {} });
    const outcome = await writeOne(store, { kind: "update", id: "a", partial, returnSource: true });
    assert.partialDeepStrictEqual(outcome, { ok: true, id: "a", version: 2, created: false });
    const expected = { pages: 1, tags: ["c"], author: { name: "Ada", free: { x: 1, y: 2 } }, lang: null, added: {} };
    assert.deepEqual(JSON.parse((outcome.ok && outcome.source) || ""), expected);
    assert.deepEqual(await contentOf(store, "a"), expected);
  },

  "update of a missing document is refused, or creates it from the upsert": async (store) => {
    await createBooks(store);
    const missing = await writeOne(store, { kind: "update", id: "a", partial: "{}" });
    assert.deepEqual(missing, { ok: false, id: "a", failure: { reason: "missing" } });
    const upsert = { kind: "update", id: "a", partial: '{"pages":2}', upsert: '{"pages":1,"lang":"en"}' } as const;
    assert.partialDeepStrictEqual(await writeOne(store, upsert), { ok: true, id: "a", version: 1, created: true });
    assert.deepEqual(await contentOf(store, "a"), { pages: 1, lang: "en" });
    assert.partialDeepStrictEqual(await writeOne(store, upsert), { ok: true, id: "a", version: 2, created: false });
    assert.deepEqual(await contentOf(store, "a"), { pages: 2, lang: "en" });
  },

  "a write that expects another version is a conflict and changes nothing": async (store) => {
    await createBooks(store);
    await writeOne(store, create({ pages: 1 }, "a"));
    const conflict = { ok: false, id: "a", failure: { reason: "conflict" } };
    assert.deepEqual(await writeOne(store, { kind: "index", id: "a", source: "{}", ifVersion: 0 }), conflict);
    assert.deepEqual(await writeOne(store, { kind: "replace", id: "a", source: "{}", ifVersion: 2 }), conflict);
    assert.deepEqual(
      await writeOne(store, { kind: "update", id: "a", partial: '{"pages":9}', ifVersion: 7 }),
      conflict,
    );
    assert.deepEqual(await writeOne(store, { kind: "delete", id: "a", ifVersion: 2 }), conflict);
    assert.deepEqual(await contentOf(store, "a"), { pages: 1 });
    const right = await writeOne(store, { kind: "update", id: "a", partial: '{"pages":9}', ifVersion: 1 });
    assert.partialDeepStrictEqual(right, { ok: true, version: 2 });
  },

  "deleteFields removes paths, prefers literal names with dots, and then merges": async (store) => {
    await createBooks(store);
    const before = { "a.b": 1, a: { b: 2, c: 3 }, list: [1, { x: 1, y: 2 }, 3], kept: true };
    await writeOne(store, create(before, "a"));
    const fields = ["a.b", "a.c", "list[0]", "list[1].x", "not.there", "list[9]"];
    const outcome = await writeOne(store, {
      kind: "deleteFields",
      id: "a",
      fields,
      partial: '{"pages":5}',
      returnSource: true,
    });
    assert.partialDeepStrictEqual(outcome, { ok: true, version: 2, created: false });
    const expected = { a: { b: 2 }, list: [null, { y: 2 }, 3], kept: true, pages: 5 };
    assert.deepEqual(await contentOf(store, "a"), expected);
    assert.deepEqual(JSON.parse((outcome.ok && outcome.source) || ""), expected);
    const missing = await writeOne(store, { kind: "deleteFields", id: "b", fields: ["x"], partial: "{}" });
    assert.deepEqual(missing, { ok: false, id: "b", failure: { reason: "missing" } });
  },

  "delete removes the document and can answer its last content": async (store) => {
    await createBooks(store);
    await write(store, [create({ pages: 1 }, "a"), create({ pages: 2 }, "b")]);
    const outcome = await writeOne(store, { kind: "delete", id: "a", returnSource: true });
    assert.partialDeepStrictEqual(outcome, { ok: true, id: "a" });
    assert.deepEqual(JSON.parse((outcome.ok && outcome.source) || ""), { pages: 1 });
    assert.equal(await find(store, "a"), undefined);
    assert.deepEqual(await contentOf(store, "b"), { pages: 2 });
    assert.deepEqual(await writeOne(store, { kind: "delete", id: "a" }), {
      ok: false,
      id: "a",
      failure: { reason: "missing" },
    });
  },

  "a document that was deleted can be created again, at version 1 or later": async (store) => {
    await createBooks(store);
    await write(store, [create({ pages: 1 }, "a"), { kind: "delete", id: "a" }, create({ pages: 2 }, "a")]);
    assert.deepEqual(await contentOf(store, "a"), { pages: 2 });
    assert.ok(((await find(store, "a"))?.version ?? 0) >= 1);
  },

  "operations of one call happen in order, and one that fails does not stop its neighbours": async (store) => {
    await createBooks(store);
    const outcomes = await write(store, [
      create({ pages: 1 }, "a"),
      create({ pages: 2 }, "a"),
      create({ pages: "many" }, "b"),
      { kind: "update", id: "a", partial: '{"pages":3}' },
      { kind: "delete", id: "none" },
      create({ pages: 4 }, "c"),
    ]);
    assert.deepEqual(
      outcomes.map((outcome) => outcome.ok),
      [true, false, false, true, false, true],
    );
    assert.deepEqual(await contentOf(store, "a"), { pages: 3 });
    assert.equal(await find(store, "b"), undefined);
    assert.deepEqual(await contentOf(store, "c"), { pages: 4 });
  },

  "writes of many callers at once each count once": async (store) => {
    await createBooks(store);
    await writeOne(store, create({ pages: 0 }, "a"));
    const update = (i: number) => ({
      kind: "update" as const,
      id: "a",
      partial: JSON.stringify({ [`f${i}`]: i }),
      retryOnConflict: 50,
    });
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, i) => store.write(books, [update(i)])));
    const versions = outcomes.flat().map((outcome) => (outcome.ok ? outcome.version : 0));
    assert.deepEqual(
      versions.sort((a, b) => a - b),
      Array.from({ length: 20 }, (_, i) => i + 2),
    );
    assert.equal(Object.keys((await contentOf(store, "a")) as object).length, 21);
  },

  "a value that its field cannot take refuses the write": async (store) => {
    await createBooks(store);
    refused(await writeOne(store, create({ pages: "many" }, "a")), "services.storage.unexpected_bad_request");
    await writeOne(store, create({ pages: 1 }, "b"));
    const update = await writeOne(store, { kind: "update", id: "b", partial: '{"pages":"many"}' });
    refused(update, "services.storage.unexpected_bad_request");
    assert.deepEqual(await contentOf(store, "b"), { pages: 1 });
    assert.equal((await find(store, "b"))?.version, 1);
  },

  "a strict mapping refuses unknown fields and names field, index and collection": async (store) => {
    await createBooks(store, { ...bookMappings, dynamic: "strict" });
    const outcome = await writeOne(store, create({ pages: 1, unknown: 1 }, "a"));
    refused(outcome, "services.storage.strict_mapping_rejection");
    assert.deepEqual(!outcome.ok && outcome.failure.reason === "rejected" && outcome.failure.parameters, [
      "unknown",
      "lib",
      "books",
    ]);
    assert.equal((await writeOne(store, create({ pages: 1 }, "b"))).ok, true);
  },

  "metadata names and _routing are refused in a document": async (store) => {
    await createBooks(store);
    for (const name of ["_id", "_source", "_index"]) {
      refused(await writeOne(store, create({ [name]: "x" }, "a")), "services.storage.unexpected_bad_request");
    }
    refused(await writeOne(store, create({ _routing: "x" }, "a")), "services.storage.no_routing");
    assert.equal(await find(store, "a"), undefined);
  },

  "what is not the JSON text of an object is refused": async (store) => {
    await createBooks(store);
    for (const source of ["", "[]", "null", "1", '{"a":', '"text"']) {
      refused(await writeOne(store, { kind: "create", id: "a", source }), "services.storage.unexpected_bad_request");
    }
    assert.equal(await find(store, "a"), undefined);
  },

  "an id of more than 512 bytes is refused, one of 512 is stored": async (store) => {
    await createBooks(store);
    const long = "é".repeat(256);
    assert.equal((await writeOne(store, create({}, long))).ok, true);
    assert.equal((await find(store, long))?.id, long);
    refused(await writeOne(store, create({}, `${long}x`)), "services.storage.unexpected_bad_request");
  },

  "a field named __proto__ is data like any other": async (store) => {
    await createBooks(store);
    await writeOne(store, { kind: "create", id: "a", source: '{"__proto__":{"x":1},"pages":1}' });
    await writeOne(store, {
      kind: "update",
      id: "a",
      partial: '{"__proto__":{"y":2},"constructor":{"prototype":{"z":1}}}',
    });
    const stored = (await find(store, "a"))?.source ?? "";
    assert.match(stored, /"__proto__":\{"x":1,"y":2\}/);
    assert.equal(({} as Record<string, unknown>).y, undefined);
    assert.equal(({} as Record<string, unknown>).z, undefined);
  },

  "a document nested too deep is refused, not a crash": async (store) => {
    await createBooks(store);
    const deep = `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`;
    await writeOne(store, create({ a: { b: 1 } }, "a"));
    refused(
      await writeOne(store, { kind: "create", id: "b", source: deep }),
      "services.storage.unexpected_bad_request",
    );
    refused(
      await writeOne(store, { kind: "update", id: "a", partial: deep }),
      "services.storage.unexpected_bad_request",
    );
    assert.equal((await writeOne(store, create({}, "c"))).ok, true);
  },

  "a thousand operations in one call are answered one by one": async (store) => {
    await createBooks(store);
    const outcomes = await write(
      store,
      Array.from({ length: 1_000 }, (_, i) => create({ pages: i }, `n${i}`)),
    );
    assert.equal(outcomes.length, 1_000);
    assert.deepEqual(
      outcomes.map((outcome) => outcome.id),
      Array.from({ length: 1_000 }, (_, i) => `n${i}`),
    );
    assert.equal(await store.count(books, {}), 1_000);
  },
} satisfies Record<string, Case>;

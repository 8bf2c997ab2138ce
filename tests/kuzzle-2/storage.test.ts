/** The storage of a plugin's own, over a real data folder (contract/plugins/v2.md section 8). */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import type { TestServer } from "../../testing/index.ts";
import { pluginFiles } from "../../testing/plugins/plugin-server.ts";
import { openWhole, type WholeServer } from "../../testing/plugins/whole-server.ts";
import { Line } from "../api/wire.ts";
import { probe } from "./probe.ts";

let whole: WholeServer;
let server: TestServer;
let line: Line;

before(async () => {
  whole = await openWhole({
    files: { ...pluginFiles("Note-Book", probe("notebook")), ...pluginFiles("other", probe("other")) },
  });
  server = whole.server;
  line = await Line.open(server);
});

after(async () => {
  await line?.[Symbol.asyncDispose]();
  await whole?.close();
});

const send = (code: string, controller: string) => line.ask({ controller, action: "run", body: { code } });

async function run<R = unknown>(code: string, controller = "notebook"): Promise<R> {
  const { error, result } = await send(code, controller);
  assert.equal(error, null, JSON.stringify(error));
  return result as R;
}

const failure = async (code: string): Promise<string | undefined> => (await send(code, "notebook")).error?.id;

test("bootstrap takes both forms, may be called again, and from two places at once", async () => {
  const bootstrap = `context.accessors.storage.bootstrap({
    notes: { properties: { text: { type: "keyword" }, stars: { type: "integer" } } },
    users: { mappings: { properties: { name: { type: "keyword" } } }, settings: { number_of_replicas: 0 } },
    bare: { mappings: { dynamic: "true" } } });`;
  await run(`await Promise.all([${bootstrap.slice(0, -1)}, ${bootstrap.slice(0, -1)}]); await ${bootstrap}`);
  await run(`await context.accessors.storage.createCollection("more", { properties: { a: { type: "keyword" } } });
    await context.accessors.storage.createCollection("more", { properties: { b: { type: "keyword" } } });`);
  await run(`kept.notes = new context.constructors.Repository("notes");`);
});

test("a repository writes, reads and forgets documents, as the engine answers", async () => {
  const written = await run<Record<string, JSONObject>>(`const { notes } = kept;
    const created = await notes.create({ _id: "1", text: "first", stars: 3 }, { refresh: "wait_for" });
    const generated = await notes.create({ text: "second", stars: 5 });
    const replaced = await notes.createOrReplace({ _id: "1", text: "again", stars: 1 });
    const updated = await notes.update({ _id: "1", stars: 2 });
    const exchanged = await notes.replace({ _id: "1", text: "other" });
    return { created, generated, replaced, updated, exchanged };`);
  assert.partialDeepStrictEqual(written.created, { _id: "1", _version: 1, _source: { text: "first", stars: 3 } });
  assert.ok(String(written.generated?._id).length > 10);
  assert.partialDeepStrictEqual(written.replaced, { _id: "1", _version: 2 });
  assert.partialDeepStrictEqual(written.updated, { _source: { text: "again", stars: 2 } });
  assert.doesNotMatch(JSON.stringify(written.exchanged?._source), /stars/);
  assert.deepEqual(
    await run(`const { notes } = kept;
      const one = await notes.get("1"); const many = await notes.mGet(["1", "nobody"]);
      await notes.delete("1", { refresh: "wait_for" });
      return [one._id, one.text, many.length, await notes.mGet(["1"])];`),
    ["1", "other", 1, []],
  );
});

test("what is read are objects of the plugin's own class", async () => {
  assert.deepEqual(
    await run(`class Note { constructor () { this.kind = "note"; } shout () { return this.text.toUpperCase(); } }
      const notes = new context.constructors.Repository("notes", Note);
      await notes.create({ _id: "loud", text: "hey" });
      const note = await notes.get("loud");
      return [note instanceof Note, note.shout(), note.kind, note._id];`),
    [true, "HEY", "note", "loud"],
  );
});

test("searches page and scroll, and count", async () => {
  assert.deepEqual(
    await run(`const { notes } = kept;
      for (const n of [1, 2, 3, 4]) await notes.createOrReplace({ _id: "s" + n, text: "searched", stars: n });
      const query = { term: { text: "searched" } };
      const page = await notes.search({ query, sort: [{ stars: "desc" }] }, { from: 1, size: 2 });
      const first = await notes.search({ query, sort: ["stars"] }, { size: 3, scroll: "10s" });
      const next = await notes.scroll(first.scrollId, "10s");
      const counted = await notes.search({ query, aggregations: { most: { max: { field: "stars" } } } }, { size: 0 });
      return [page.hits.map(({ stars }) => stars), page.total, first.hits.length, next.hits.map(({ _id }) => _id), counted.aggregations.most.value];`),
    [[3, 2], 4, 3, ["s4"], 4],
  );
});

test("what is missing is an error, but nothing in a collection of users", async () => {
  assert.equal(await failure(`await kept.notes.get("nobody");`), "services.storage.not_found");
  for (const call of [
    `delete("nobody")`,
    `update({ _id: "nobody", text: "x" })`,
    `replace({ _id: "nobody", text: "x" })`,
  ]) {
    assert.equal(await failure(`await kept.notes.${call};`), "services.storage.not_found", call);
  }
  assert.equal(await run(`return new context.constructors.Repository("users").get("nobody");`), null);
  assert.equal(
    await failure(`await kept.notes.create({ _id: "loud", text: "twice" });`),
    "services.storage.document_already_exists",
  );
  assert.equal(await failure("new context.constructors.Repository();"), "plugin.context.missing_collection");
});

test("the index is the plugin's name in lower case, private: neither clients nor other plugins see it", async () => {
  assert.deepEqual((await line.result<{ indexes: string[] }>({ controller: "index", action: "list" })).indexes, []);
  const loud = { controller: "document", action: "get", index: "plugin-note-book", collection: "notes", _id: "loud" };
  assert.ok((await line.ask(loud)).error !== null);
  assert.ok((await line.ask({ ...loud, index: "%plugin-note-book" })).error !== null);
  const elsewhere = await send(`return new context.constructors.Repository("notes").get("loud");`, "other");
  assert.ok(elsewhere.error !== null);
});

test("a repository of an application's own stands on a store, public or private", async () => {
  assert.deepEqual(
    await run(`const { ObjectRepository, Store, storeScopeEnum, cacheDbEnum, QueryTranslator, NotFoundError } = kuzzle;
      class Book { title () { return this.name + "!"; } }
      class Books extends ObjectRepository { constructor (store) { super({ store }); this.collection = "books"; this.ObjectConstructor = Book; } }
      const store = new Store("library", storeScopeEnum.PUBLIC);
      await store.init({ books: { mappings: { properties: { name: { type: "keyword" } } } } });
      const books = new Books(store);
      await books.create({ _id: "1", name: "Emma" });
      const book = await books.load("1");
      const query = new QueryTranslator().translate({ equals: { name: "Emma" } });
      const found = await books.search({ query });
      const gone = await books.get("2").catch((error) => error instanceof NotFoundError);
      return [book instanceof Book, book.title(), found.total, gone, cacheDbEnum.NONE, storeScopeEnum.PRIVATE];`),
    [true, "Emma!", 1, true, "none", "private"],
  );
  const public_ = await line.result({
    controller: "document",
    action: "get",
    index: "library",
    collection: "books",
    _id: "1",
  });
  assert.partialDeepStrictEqual(public_._source, { name: "Emma" });
});

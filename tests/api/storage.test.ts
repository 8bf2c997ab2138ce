/** Indexes, collections and bulk writes (contract/api/index.yaml, collection.yaml, bulk.yaml). */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import { startServer, type TestServer } from "../../testing/index.ts";
import { assertMembers, http, Line, type Partial, until, type Written } from "./wire.ts";

let server: TestServer;
let line: Line;
const told: [event: string, payload: unknown][] = [];

before(async () => {
  server = await startServer({
    data: ":memory:",
    config: { "limits.documentsWriteCount": 2 },
    prepare: (backend) => {
      for (const event of ["index:create", "index:delete", "index:mDelete", "collection:create", "collection:delete"]) {
        backend.hook.register(`core:storage:${event}:after`, (payload: unknown) => {
          told.push([event, payload]);
        });
      }
    },
  });
  line = await Line.open(server);
});

after(async () => {
  await line?.[Symbol.asyncDispose]();
  await server?.close();
});

const ask =
  (controller: string) =>
  <R = JSONObject>(action: string, request: JSONObject = {}) =>
    line.result<R>({ controller, action, ...request });
const indexes = ask("index");
const collections = ask("collection");
const bulk = ask("bulk");
const documents = ask("document");

test("an index is created, listed, counted, deleted", async () => {
  const created = (await line.ask({ controller: "index", action: "create", index: "one" })) as unknown as JSONObject;
  assert.equal(created.status, 200);
  assert.equal(Object.hasOwn(created, "result"), false);
  assert.equal(await indexes("exists", { index: "one" }), true);
  assert.equal(await indexes("exists", { index: "two" }), false);
  assert.equal(await indexes("exists", { index: "kuzzle" }), false);
  await collections("create", { index: "two", collection: "c" });
  assert.deepEqual(await indexes("list"), { indexes: ["one", "two"] });
  const { result } = await http(server, "GET", "/_list?countCollection");
  assert.deepEqual(result, { indexes: ["one", "two"], collections: { one: 0, two: 1 } });
  assert.deepEqual(await indexes("delete", { index: "two" }), { acknowledged: true });
  assert.equal(await collections("exists", { index: "two", collection: "c" }), false);
  await collections("create", { index: "two", collection: "d" });
  assert.equal(await collections("exists", { index: "two", collection: "c" }), false);
});

test("mDelete deletes what exists, and nothing when nothing is named", async () => {
  await indexes("create", { index: "gone" });
  for (const body of [undefined, {}, { indexes: [] }, { indexes: ["nowhere", "kuzzle", 3] }]) {
    assert.deepEqual(await indexes("mDelete", { body }), { deleted: [] });
  }
  const { result } = await http(server, "DELETE", "/_mDelete", { indexes: ["gone", "nowhere", "gone"] });
  assert.deepEqual(result, { deleted: ["gone"] });
  assert.equal(await indexes("exists", { index: "gone" }), false);
});

test("stats sum up public collections", async () => {
  await collections("create", { index: "sums", collection: "c" });
  await indexes("create", { index: "empty" });
  await documents("create", { index: "sums", collection: "c", body: { a: 1 } });
  const { size, indexes: each } = await indexes<{ size: number; indexes: { name: string; size: number }[] }>("stats");
  assert.equal(
    size,
    each.reduce((sum, one) => sum + one.size, 0),
  );
  const sums = each.find(({ name }) => name === "sums") as unknown as { collections: JSONObject[]; size: number };
  assertMembers(sums, ["name", "size", "collections"]);
  assert.deepEqual(sums.collections, [{ name: "c", documentCount: 1, size: sums.size }]);
  assert.ok(each.every(({ name }) => name !== "empty" && name !== "kuzzle"));
});

test("a collection is created with its mappings, in whichever form, and updated by creating it again", async () => {
  const at = { index: "maps", collection: "c" };
  const mappings = {
    dynamic: false,
    _meta: { by: "me" },
    properties: { a: { type: "keyword" }, o: { dynamic: "true", properties: {} } },
  };
  assert.deepEqual(await collections("create", { ...at, body: { mappings } }), { acknowledged: true });
  const read = await collections("getMapping", at);
  assertMembers(read, ["dynamic", "_meta", "properties"]);
  assert.deepEqual([read.dynamic, read._meta], ["false", { by: "me" }]);
  assert.deepEqual((read.properties as JSONObject).a, { type: "keyword" });
  assert.equal(((read.properties as JSONObject).o as JSONObject).dynamic, "true");
  const whole = await http<{ properties: JSONObject }>(server, "GET", "/maps/c/_mapping?includeKuzzleMeta=false");
  assertMembers(whole.result.properties, ["a", "o", "_kuzzle_info"]);
  await collections("create", { ...at, body: { properties: { b: { type: "integer" } } } });
  await collections("create", at);
  assert.equal(await collections("update", { ...at, body: { mappings: { _meta: { new: true } } } }), null);
  const after = await collections<{ _meta: JSONObject; properties: JSONObject }>("getMapping", at);
  assertMembers(after.properties, ["a", "b", "o"]);
  assert.deepEqual(after._meta, { new: true });
  const updated = await collections<{ properties: JSONObject }>("updateMapping", {
    ...at,
    body: { properties: { d: { type: "date" } } },
  });
  assertMembers(updated.properties, ["a", "b", "d", "o", "_kuzzle_info"]);
});

test("the policy decides what becomes of fields that are not mapped", async () => {
  const create = (collection: string, dynamic: unknown) =>
    collections("create", { index: "policy", collection, body: { mappings: { dynamic, properties: {} } } });
  const body = { text: "free words", n: 1, f: 1.5, d: "2026-11-21", b: true, o: { x: 1 }, l: [null, 2], e: [] };
  const types = async (collection: string) =>
    (await collections<{ properties: JSONObject }>("getMapping", { index: "policy", collection })).properties;
  await create("open", true);
  await documents("create", { index: "policy", collection: "open", body });
  const open = await types("open");
  assert.deepEqual(
    Object.fromEntries(Object.entries(open).map(([name, field]) => [name, (field as JSONObject).type ?? "object"])),
    { text: "text", n: "long", f: "float", d: "date", b: "boolean", o: "object", l: "long" },
  );
  await create("closed", "false");
  await documents("create", { index: "policy", collection: "closed", body });
  assert.deepEqual(await types("closed"), {});
  const query = { term: { n: 1 } };
  const count = (collection: string) => documents("count", { index: "policy", collection, body: { query } });
  assert.deepEqual(await count("open"), { count: 1 });
  assert.deepEqual(await count("closed"), { count: 0 });
  const { error } = await line.ask({
    controller: "document",
    action: "create",
    index: "policy",
    collection: "strict",
    body: { n: 1 },
  });
  assert.equal(error?.id, "services.storage.unknown_collection");
  await create("strict", "strict");
  const strict = await line.ask({
    controller: "document",
    action: "create",
    index: "policy",
    collection: "strict",
    body: { n: 1 },
  });
  assert.deepEqual(strict.error?.props, ["n", "policy", "strict"]);
});

test("opening a closed policy makes the documents that were there searchable", async () => {
  const at = { index: "reindex", collection: "c" };
  await collections("create", { ...at, body: { mappings: { properties: {} } } });
  await documents("create", { ...at, body: { tag: "x" } });
  await collections("update", {
    ...at,
    body: { mappings: { dynamic: "true", properties: { tag: { type: "keyword" } } } },
  });
  const found = async () =>
    (await documents<{ count: number }>("count", { ...at, body: { query: { term: { tag: "x" } } } })).count;
  const deadline = Date.now() + 3_000;
  while ((await found()) !== 1 && Date.now() < deadline);
  assert.equal(await found(), 1);
});

test("settings are read as text, without a wrapper, and come back when the mappings beside them are refused", async () => {
  const at = { index: "settings", collection: "c" };
  const analysis = { analyzer: { shout: { type: "custom", tokenizer: "standard", filter: ["uppercase"] } } };
  await collections("create", { ...at, body: { settings: { analysis } } });
  const settings = await collections("getSettings", at);
  assert.deepEqual([settings.number_of_shards, settings.number_of_replicas], ["1", "1"]);
  assert.equal(settings.index, undefined);
  const refused = await line.ask({
    controller: "collection",
    action: "update",
    ...at,
    body: { settings: { number_of_replicas: 3 }, mappings: { properties: { a: { type: "nonsense" } } } },
  });
  assert.equal(refused.error?.id, "services.storage.invalid_mapping_type");
  assert.equal((await collections("getSettings", at)).number_of_replicas, "1");
  await collections("update", { ...at, body: { settings: { index: { number_of_replicas: 2 } } } });
  assert.equal((await collections("getSettings", at)).number_of_replicas, "2");
});

test("collections are listed by name, page by page, with those that only have subscribers", async () => {
  const index = "listed";
  for (const collection of ["b", "a", "c"]) await collections("create", { index, collection });
  await line.result({ controller: "realtime", action: "subscribe", index, collection: "b", body: {} });
  await line.result({ controller: "realtime", action: "subscribe", index, collection: "zz", body: {} });
  const stored = (name: string) => ({ name, type: "stored" });
  const realtime = (name: string) => ({ name, type: "realtime" });
  const all = [stored("a"), stored("b"), realtime("b"), stored("c"), realtime("zz")];
  assert.deepEqual(await collections("list", { index }), { type: "all", collections: all });
  assert.deepEqual(await collections("list", { index, from: 1, size: 2 }), {
    type: "all",
    collections: all.slice(1, 3),
    from: 1,
    size: 2,
  });
  assert.deepEqual(await collections("list", { index, from: 4 }), { type: "all", collections: all.slice(4), from: 4 });
  assert.deepEqual((await collections("list", { index, type: "stored" })).collections, ["a", "b", "c"].map(stored));
  const nowhere = await collections("list", { index: "nowhere", type: "realtime" });
  assert.deepEqual(nowhere, { type: "realtime", collections: [] });
});

test("refresh, truncate and delete of a collection", async () => {
  const at = { index: "emptied", collection: "c" };
  await collections("create", { ...at, body: { mappings: { dynamic: "true", properties: {} } } });
  await documents("create", { ...at, _id: "x", body: { n: 1 } });
  await documents("update", { ...at, _id: "x", body: { n: 2 } });
  assert.equal(await collections("refresh", at), null);
  assert.deepEqual(await collections("truncate", at), { acknowledged: true });
  assert.deepEqual(await documents("count", at), { count: 0 });
  const { properties } = await collections<{ properties: JSONObject }>("getMapping", at);
  assert.deepEqual(properties.n, { type: "long" });
  assert.equal((await documents<Written>("create", { ...at, _id: "x", body: {} }))._version, 1);
  assert.equal(await collections("delete", at), null);
  assert.equal(await collections("exists", at), false);
  assert.equal(await indexes("exists", { index: "emptied" }), true);
});

test("hooks are told of what happens to indexes and collections, with their scope", async () => {
  told.length = 0;
  await indexes("create", { index: "hooked" });
  await collections("create", { index: "hooked", collection: "c" });
  await collections("delete", { index: "hooked", collection: "c" });
  await indexes("delete", { index: "hooked" });
  await indexes("create", { index: "hooked" });
  await indexes("mDelete", { body: { indexes: ["hooked", "nowhere"] } });
  await indexes("mDelete", { body: { indexes: ["nowhere"] } });
  await until(() => told.length >= 6, "six hooks");
  const scope = "public";
  assert.deepEqual(told, [
    ["index:create", { index: "hooked", scope }],
    ["collection:create", { index: "hooked", collection: "c", scope }],
    ["collection:delete", { index: "hooked", collection: "c", scope }],
    ["index:delete", { index: "hooked", scope }],
    ["index:create", { index: "hooked", scope }],
    ["index:mDelete", { indexes: ["hooked"], scope }],
  ]);
});

async function bulkPlace(collection: string): Promise<{ index: string; collection: string }> {
  const at = { index: "bulk", collection };
  await collections("create", { ...at, body: { mappings: { properties: { n: { type: "integer" } } } } });
  return at;
}

test("import does its operations in order and answers each, with metadata of its own", async () => {
  const at = await bulkPlace("import");
  await bulk("write", { ...at, _id: "old", body: { n: 0, _kuzzle_info: { author: "ada", createdAt: 1 } } });
  const bulkData = [
    { index: { _id: "i", _index: "elsewhere", _type: "x" } },
    { n: 1, _kuzzle_info: { author: "mallory" } },
    { index: { _id: "i" } },
    { n: 2 },
    { create: { _id: "c" } },
    { n: 3 },
    { create: { _id: "c" } },
    { n: 4 },
    { update: { _id: "old", retry_on_conflict: 2 } },
    { doc: { more: 1 } },
    { update: { _id: "up" } },
    { doc: { x: 1 }, upsert: { y: 1 } },
    { update: { _id: "as" } },
    { doc: { x: 1 }, doc_as_upsert: true },
    { update: { _id: "nobody" } },
    { doc: { x: 1 } },
    { delete: { _id: "c" } },
    { delete: { _id: "nobody" } },
    { index: { _id: "bad" } },
    { n: "no number" },
    { index: {} },
    { n: 9 },
  ];
  const { successes, errors } = await bulk<{ successes: JSONObject[]; errors: JSONObject[] }>("import", {
    ...at,
    body: { bulkData },
  });
  const generated = (successes.at(-1) as { index: { _id: string } }).index._id;
  assert.deepEqual(successes, [
    { index: { _id: "i", status: 201 } },
    { index: { _id: "i", status: 200 } },
    { create: { _id: "c", status: 201 } },
    { update: { _id: "old", status: 200 } },
    { update: { _id: "up", status: 201 } },
    { update: { _id: "as", status: 201 } },
    { delete: { _id: "c", status: 200 } },
    { index: { _id: generated, status: 201 } },
  ]);
  const [exists, missing, gone, bad] = errors.map((error) => Object.values(error)[0] as JSONObject);
  assert.deepEqual([exists?._id, exists?.status, exists?._source], ["c", 409, { n: 4 }]);
  assertMembers(exists?.error, ["type", "reason"]);
  assert.deepEqual([missing?.status, missing?._source], [404, { x: 1 }]);
  assert.deepEqual(gone, { _id: "nobody", status: 404 });
  assert.deepEqual([bad?.status, bad?._source], [400, { n: "no number" }]);
  const infoOf = async (_id: string): Promise<unknown[]> => {
    const { _source } = await documents<Written>("get", { ...at, _id });
    const info = _source._kuzzle_info as JSONObject;
    return ["author", "createdAt", "updatedAt", "updater"].map((key) => (Number(info[key]) > 1e12 ? "now" : info[key]));
  };
  assert.deepEqual(await infoOf("i"), ["-1", "now", null, null]);
  assert.deepEqual(await infoOf("old"), ["ada", 1, "now", "-1"]);
  assert.deepEqual(await infoOf("up"), [undefined, undefined, "now", "-1"]);
});

test("write and mWrite store what they are given, and tell only when asked", async () => {
  const at = await bulkPlace("write");
  await using watcher = await Line.open(server);
  await watcher.result({ controller: "realtime", action: "subscribe", ...at, body: {} });
  const first = await bulk<Written>("write", { ...at, _id: "a", body: { n: 1, _kuzzle_info: { author: "x" } } });
  assert.deepEqual(first, { _id: "a", _source: { n: 1, _kuzzle_info: { author: "x" } }, _version: 1 });
  const over = await http<Written>(server, "POST", "/bulk/write/_write?_id=a&notify=false", { n: 2 });
  assert.deepEqual(over.result, { _id: "a", _source: { n: 2 }, _version: 2 });
  const [written] = await watcher.take(1);
  assert.deepEqual([written?.action, written?.event, written?.controller], ["replace", "write", "bulk"]);
  assert.deepEqual(written?.result, { _id: "a", _source: { n: 2 }, _version: 2, created: false });
  const body = {
    documents: [{ _id: "a", body: { n: 3 } }, { _id: "b", body: {} }, { body: 3 }, { _id: "w", body: { n: "x" } }],
  };
  await bulk("mWrite", { ...at, body });
  const { successes, errors } = await bulk<Partial>("mWrite", { ...at, body, notify: true });
  assert.deepEqual(successes, [
    { _id: "a", _source: { n: 3 }, _version: 4 },
    { _id: "b", _source: {}, _version: 2 },
  ]);
  assert.deepEqual(
    errors.map(({ status }) => status),
    [400, 400],
  );
  assert.deepEqual(
    (await watcher.take(2)).map(({ action, result }) => [action, result._id]),
    [
      ["replace", "a"],
      ["replace", "b"],
    ],
  );
});

test("by query bulk updates and deletes without limit, metadata or notification", async () => {
  const at = await bulkPlace("query");
  const info = { author: "ada" };
  const many = Array.from({ length: 5 }, (_, i) => ({
    _id: `d${i}`,
    body: { n: i, o: { a: 1 }, l: [1, 2], _kuzzle_info: info },
  }));
  await bulk("mWrite", { ...at, body: { documents: many } });
  await using watcher = await Line.open(server);
  await watcher.result({ controller: "realtime", action: "subscribe", ...at, body: {} });
  const changes = { o: { b: 2, empty: {} }, l: [3], deep: { new: 1 } };
  const updated = await bulk("updateByQuery", {
    ...at,
    body: { query: { range: { n: { gte: 1 } } }, changes },
    refresh: "wait_for",
  });
  assert.deepEqual(updated, { updated: 4 });
  const { _source } = await documents<Written>("get", { ...at, _id: "d4" });
  assert.deepEqual(_source, { n: 4, o: { a: 1, b: 2 }, l: [3], _kuzzle_info: info, deep: { new: 1 } });
  assert.deepEqual(await bulk("deleteByQuery", { ...at, body: { query: { term: { n: 0 } } } }), { deleted: 1 });
  assert.deepEqual(await bulk("deleteByQuery", { ...at, body: { query: {} } }), { deleted: 4 });
  await documents("create", { ...at, _id: "end", body: {} });
  assert.deepEqual(
    (await watcher.take(1)).map(({ result }) => result._id),
    ["end"],
  );
});

test("data survive a restart: indexes that are empty, mappings, documents, versions", async () => {
  const first = await startServer();
  try {
    await http(first, "POST", "/empty/_create");
    await http(first, "PUT", "/lib/books", { mappings: { properties: { year: { type: "integer" } } } });
    await http(first, "POST", "/lib/books/a/_create", { year: 1 });
    await http(first, "PATCH", "/lib/books/a/_update", { year: 2 });
    await first.backend.stop();
    await using second = await startServer({ root: first.root });
    assert.deepEqual((await http(second, "GET", "/_list?countCollection")).result, {
      indexes: ["empty", "lib"],
      collections: { empty: 0, lib: 1 },
    });
    assert.equal((await http<Written>(second, "GET", "/lib/books/a")).result._version, 2);
    assert.deepEqual((await http(second, "POST", "/lib/books/_count", { query: { term: { year: 2 } } })).result, {
      count: 1,
    });
  } finally {
    await first.close();
  }
});

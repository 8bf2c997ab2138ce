import assert from "node:assert/strict";
import { type Case, type Fields, idOf, place, sourceOf } from "./speaker.ts";

/** Indexes, collections and documents. */
export const documentCases: readonly Case[] = [
  ["admin:adminExists", {}, (result) => assert.deepEqual(result, { exists: false })],
  [
    "admin:createIndex",
    { index: "made" },
    async (_, at) => assert.equal(await at.former.ws.index.exists("made"), true),
  ],
  ["read:listIndexes", {}, (result) => assert.ok((result as { indexes: string[] }).indexes.includes("made"))],
  [
    "write:createCollection",
    { index: "made", collection: "one" },
    async (_, at) => assert.ok(await at.former.ws.collection.exists("made", "one")),
  ],
  ["write:createCollection", { index: "made", collection: "two" }, () => {}],
  [
    "admin:updateMapping",
    { index: "made", collection: "one", body: { properties: { n: { type: "integer" } } } },
    async (_, at) =>
      assert.deepEqual(((await at.former.ws.collection.getMapping("made", "one")) as Fields).properties, {
        n: { type: "integer" },
      }),
  ],
  [
    "admin:getMapping",
    { index: "made", collection: "one" },
    (result) => assert.deepEqual((result as Fields).properties, { n: { type: "integer" } }),
  ],
  [
    "admin:refreshIndex",
    { index: "made" },
    (result) => assert.deepEqual(result, { _shards: { total: 2, successful: 2, failed: 0 } }),
  ],
  ["admin:getAutoRefresh", { index: "made" }, (result) => assert.equal(result, false)],
  ["admin:setAutoRefresh", { index: "made", body: { autoRefresh: true } }, (result) => assert.equal(result, true)],
  ["admin:getAutoRefresh", { index: "made" }, (result) => assert.equal(result, true)],
  [
    "write:create",
    { index: "made", collection: "one", body: { _id: "auto", n: 1 } },
    (result) => assert.equal(idOf(result), "auto"),
  ],
  ["admin:setAutoRefresh", { index: "made", body: { autoRefresh: false } }, (result) => assert.equal(result, false)],
  [
    "admin:truncateCollection",
    { index: "made", collection: "one" },
    async (_, at) => assert.equal(await at.former.ws.document.count("made", "one"), 0),
  ],
  [
    "admin:deleteCollection",
    { index: "made", collection: "one" },
    async (_, at) => assert.equal(await at.former.ws.collection.exists("made", "one"), false),
  ],
  [
    "write:deleteCollection",
    { index: "made", collection: "two" },
    async (_, at) => assert.equal(await at.former.ws.collection.exists("made", "two"), false),
  ],
  [
    "admin:deleteIndex",
    { index: "made" },
    async (_, at) => assert.equal(await at.former.ws.index.exists("made"), false),
  ],
  ["admin:createIndex", { index: "gone" }, () => {}],
  ["admin:deleteIndexes", { body: { indexes: ["gone"] } }, (result) => assert.deepEqual(result, { deleted: ["gone"] })],
  [
    "admin:getStats",
    { body: { startTime: Date.now() + 60_000, stopTime: Date.now() + 120_000 } },
    (result) => assert.deepEqual((result as Fields).hits, []),
  ],
  ["admin:getLastStats", {}, (result) => assert.ok("ongoingRequests" in (result as Fields))],
  ["admin:getAllStats", {}, (result) => assert.ok((result as { total: number }).total > 0)],
  ["admin:getConfig", {}, (result) => assert.ok("server" in (result as Fields))],

  [
    "write:create",
    { ...place, body: { _id: "one", n: 1 } },
    async (_, at) => assert.deepEqual((await at.stored("one")).n, 1),
  ],
  [
    "write:createOrReplace",
    { ...place, body: { _id: "one", n: 2 } },
    async (_, at) => assert.deepEqual((await at.stored("one")).n, 2),
  ],
  [
    "write:createOrUpdate",
    { ...place, _id: "one", body: { n: 3 } },
    async (_, at) => assert.deepEqual((await at.stored("one")).n, 3),
  ],
  [
    "write:replace",
    { ...place, _id: "one", body: { n: 4, m: 1 } },
    async (_, at) => assert.deepEqual((await at.stored("one")).m, 1),
  ],
  [
    "write:update",
    { ...place, _id: "one", body: { n: 5 } },
    async (_, at) => assert.deepEqual([(await at.stored("one")).n, (await at.stored("one")).m], [5, 1]),
  ],
  ["read:get", { ...place, _id: "one" }, (result) => assert.equal(sourceOf(result).n, 5)],
  ["read:count", { ...place, body: { query: { term: { n: 5 } } } }, (result) => assert.deepEqual(result, { count: 1 })],
  [
    "write:create",
    { ...place, body: { n: 6, persist: true } },
    async (result, at) => assert.equal("persist" in (await at.stored(String(idOf(result)))), false),
  ],
  [
    "read:search",
    { ...place, body: { query: { match_all: {} }, sort: ["n"], from: 0, size: 1, scroll: "1m" } },
    (result, at) => {
      const { hits, total, scrollId } = result as { hits: { _source: Fields }[]; total: number; scrollId: string };
      assert.deepEqual([hits.map(({ _source }) => _source.n), total], [[5], 2]);
      at.notes.scrollId = scrollId;
    },
  ],
  [
    "read:search",
    { ...place, query: { term: { n: 5 } } },
    (result) => assert.equal((result as { total: number }).total, 1),
  ],
  [
    "read:scroll",
    (at) => ({ body: { scrollId: at.notes.scrollId } }),
    (result) => assert.ok("hits" in (result as Fields)),
  ],
  [
    "write:deleteByQuery",
    { ...place, body: { query: { term: { n: 6 } } } },
    (result) => assert.equal((result as { ids: unknown[] }).ids.length, 1),
  ],
  [
    "write:delete",
    { ...place, _id: "one" },
    async (_, at) => assert.equal(await at.former.ws.document.exists("library", "books", "one"), false),
  ],
  [
    "bulk:import",
    { ...place, body: { bulkData: [{ index: { _id: "two" } }, { n: 7 }] } },
    async (_, at) => assert.equal((await at.stored("two")).n, 7),
  ],
  ["read:now", {}, (result) => assert.equal(typeof (result as Fields).now, "number")],
  ["read:serverInfo", {}, (result) => assert.ok("serverInfo" in (result as Fields))],
];

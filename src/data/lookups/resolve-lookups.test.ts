import assert from "node:assert/strict";
import { test } from "node:test";
import type { JSONObject } from "../../kernel/index.ts";
import { resolveLookups } from "./resolve-lookups.ts";

const list = { index: "lib", collection: "lists", id: "mine" };
const content = {
  cities: ["Paris", null, "Rome"],
  one: 7,
  stops: [{ city: "Oslo" }, { city: ["Bern", "Graz"] }],
  "a.b": "dotted",
  places: { at: { type: "Point", coordinates: [1, 2] } },
  shape: "POINT (1 2)",
};

/** The body as it is searched for, and which documents were read. */
async function resolved(body: JSONObject): Promise<{ body: JSONObject; reads: string[] }> {
  const reads: string[] = [];
  const answer = await resolveLookups(body, async ({ index, collection }, id) => {
    reads.push(`${index}/${collection}/${id}`);
    return id === "mine" ? { content, version: 3 } : undefined;
  });
  return { body: answer, reads };
}

const termsAt = async (path: string, more: JSONObject = {}): Promise<unknown> =>
  ((await resolved({ terms: { f: { ...list, path, ...more } } })).body.terms as JSONObject).f;

test("the values at a path take the place of a lookup, through arrays and dotted names", async () => {
  assert.deepEqual(await termsAt("cities"), ["Paris", "Rome"]);
  assert.deepEqual(await termsAt("one"), [7]);
  assert.deepEqual(await termsAt("stops.city"), ["Oslo", "Bern", "Graz"]);
  assert.deepEqual(await termsAt("a.b"), ["dotted"]);
  assert.deepEqual(await termsAt("nothing"), []);
  assert.deepEqual(await termsAt("cities", { id: "other" }), []);
  assert.deepEqual(await termsAt("cities", { routing: "r" }), ["Paris", "Rome"]);
  assert.deepEqual(await termsAt("cities", { index: "&lib.lists", collection: undefined }), ["Paris", "Rome"]);
  assert.deepEqual(await termsAt("cities", { index: "@&lib.lists", collection: undefined }), ["Paris", "Rome"]);
});

test("lookups stand anywhere in a body, which is not changed, and each document is read once", async () => {
  const lookup = { ...list, path: "one" };
  const body = {
    query: { bool: { filter: [{ terms: { f: lookup, boost: 2 } }], must_not: { terms: { g: lookup } } } },
    aggs: {
      terms: { filter: { terms: { f: { ...list, path: "cities" } } }, aggs: { terms: { terms: { field: "f" } } } },
    },
    post_filter: { terms: { f: ["as", "is"] } },
  };
  const before = structuredClone(body);
  const { body: answer, reads } = await resolved(body);
  assert.deepEqual(answer, {
    query: { bool: { filter: [{ terms: { f: [7], boost: 2 } }], must_not: { terms: { g: [7] } } } },
    aggs: { terms: { filter: { terms: { f: ["Paris", "Rome"] } }, aggs: { terms: { terms: { field: "f" } } } } },
    post_filter: { terms: { f: ["as", "is"] } },
  });
  assert.deepEqual(body, before);
  assert.deepEqual(reads, ["lib/lists/mine"]);
});

test("a body without lookups is answered as it is", async () => {
  const body = { query: { terms: { f: ["x"] } }, aggs: { id: { terms: { field: "path", order: { _key: "asc" } } } } };
  const { body: answer, reads } = await resolved(body);
  assert.equal(answer, body);
  assert.deepEqual(reads, []);
});

test("lookups that are not complete, or too many, are refused by name", async () => {
  const refused = (lookup: JSONObject, message: RegExp) =>
    assert.rejects(resolved({ terms: { f: { id: "mine", path: "one", ...lookup } } }), message);
  await refused({}, /needs "index"/);
  await refused({ index: "lib" }, /needs "collection"/);
  await refused({ index: "%kuzzle.users" }, /needs "collection"/);
  await refused({ ...list, path: 3 }, /needs "path"/);
  await refused({ ...list, query: {} }, /knows no "query"/);
  const should = Array.from({ length: 51 }, (_, n) => ({ terms: { f: { ...list, id: `d${n}`, path: "one" } } }));
  await assert.rejects(resolved({ bool: { should } }), /at most/);
  assert.equal((await resolved({ bool: { should: should.slice(1) } })).reads.length, 50);
});

test("a shape takes the place of the document that it is indexed in", async () => {
  const shapeOf = async (indexed_shape: unknown, more: JSONObject = {}) => {
    const { body } = await resolved({ geo_shape: { area: { indexed_shape, relation: "within", ...more }, boost: 2 } });
    return (body.geo_shape as JSONObject).area;
  };
  assert.deepEqual(await shapeOf({ ...list, path: "places.at" }), { relation: "within", shape: content.places.at });
  assert.deepEqual(await shapeOf({ ...list, routing: "r" }), { relation: "within", shape: "POINT (1 2)" });
  await assert.rejects(shapeOf({ ...list, id: "other" }), /finds no document "other"/);
  await assert.rejects(shapeOf({ ...list, path: "nothing" }), /finds nothing at "nothing"/);
  await assert.rejects(shapeOf({ ...list, path: "cities" }), /finds several shapes/);
  await assert.rejects(shapeOf({ id: "mine" }), /needs "index"/);
  await assert.rejects(shapeOf({ ...list, path: 1 }), /must be a text/);
  const both = { indexed_shape: list, relation: "within", shape: "POINT (3 4)" };
  assert.deepEqual(await shapeOf(list, { shape: "POINT (3 4)" }), both, "for the clause to refuse");
});

test("documents of other collections are compared as given ones", async () => {
  const like = [{ _index: "lib", _collection: "lists", _id: "mine" }, { _id: "own" }, "text"];
  const unlike = { _index: "&lib.lists", _id: "other", _routing: "r" };
  const { body, reads } = await resolved({ more_like_this: { fields: ["f"], like, unlike } });
  assert.deepEqual(body, {
    more_like_this: {
      fields: ["f"],
      like: [{ _id: "mine", doc: content }, { _id: "own" }, "text"],
      unlike: { _id: "other", doc: {} },
    },
  });
  assert.deepEqual(reads, ["lib/lists/mine", "lib/lists/other"]);
  await assert.rejects(resolved({ more_like_this: { like: { _index: "lib", _id: "x" } } }), /needs "_collection"/);
  await assert.rejects(resolved({ more_like_this: { like: { ...unlike, doc: {} } } }), /knows no "doc"/);
});

test("a document to percolate takes the place of its name, and given ones are no part of the search", async () => {
  const percolate = { field: "query", ...list, name: "n", routing: "r", preference: "p" };
  const { body, reads } = await resolved({ query: { bool: { filter: [{ percolate }] } } });
  assert.deepEqual(body, {
    query: { bool: { filter: [{ percolate: { field: "query", name: "n", document: content } }] } },
  });
  assert.deepEqual(reads, ["lib/lists/mine"]);

  const given = { percolate: { field: "query", document: { terms: { f: { ...list, path: "one" } } } } };
  assert.equal((await resolved(given)).body, given);
  const beside = { bool: { must: [given, { terms: { f: { ...list, path: "one" } } }] } };
  assert.deepEqual((await resolved(beside)).body, { bool: { must: [given, { terms: { f: [7] } }] } });
  const named = { aggs: { percolate: { filter: { terms: { f: { ...list, path: "one" } } } } } };
  assert.deepEqual((await resolved(named)).body, { aggs: { percolate: { filter: { terms: { f: [7] } } } } });

  const refused = (more: JSONObject, message: RegExp) =>
    assert.rejects(resolved({ percolate: { ...percolate, ...more } }), message);
  await refused({ id: "other" }, /"other" does not exist in "lib:lists"/);
  await refused({ version: 2 }, /has the version 3, not 2/);
  await refused({ document: {} }, /takes one of/);
  await refused({ index: undefined }, /needs "index"/);
  await refused({ collection: undefined }, /needs "collection"/);
});

import assert from "node:assert/strict";
import type { JSONObject } from "../../../src/kernel/index.ts";
import { until } from "../wire.ts";
import { ask, bookProperties, type Rows, storedIn } from "./place.ts";

const specification = { strict: true, fields: { year: { mandatory: true, type: "integer" } } };

interface FoundSpecifications {
  readonly total: number;
  readonly hits: readonly { readonly _id: string }[];
  readonly scrollId?: string;
}

export const collectionRows: Rows = {
  create: async ({ sdk, index }) => {
    await sdk.collection.create(index, "films", {
      mappings: { dynamic: "strict", properties: { year: { type: "integer" } } },
    });
    const { dynamic, properties } = await sdk.collection.getMapping(index, "films");
    assert.deepEqual([dynamic, properties], ["strict", { year: { type: "integer" } }]);
    const strict = sdk.document.create(index, "films", { other: 1 });
    await assert.rejects(strict, { id: "services.storage.strict_mapping_rejection" });
  },

  delete: async ({ sdk, index, collection }) => {
    await sdk.collection.delete(index, collection);
    assert.deepEqual([await sdk.collection.exists(index, collection), await sdk.index.exists(index)], [false, true]);
    await assert.rejects(sdk.collection.delete(index, collection), { id: "services.storage.unknown_collection" });
  },

  deleteSpecifications: async ({ sdk, index, collection }) => {
    await sdk.collection.updateSpecifications(index, collection, specification);
    await assert.rejects(sdk.document.create(index, collection, { year: "no" }), { status: 400 });
    await sdk.collection.deleteSpecifications(index, collection);
    await assert.rejects(sdk.collection.getSpecifications(index, collection), { id: "validation.assert.not_found" });
    assert.ok(await sdk.document.create(index, collection, {}));
  },

  exists: async ({ sdk, index, collection }) => {
    assert.equal(await sdk.collection.exists(index, collection), true);
    assert.equal(await sdk.collection.exists(index, "no"), false);
  },

  getMapping: async ({ sdk, index, collection }) => {
    const { dynamic, properties } = await sdk.collection.getMapping(index, collection);
    assert.deepEqual([dynamic, properties], ["false", bookProperties]);
    const whole = await sdk.collection.getMapping(index, collection, { includeKuzzleMeta: true });
    assert.ok((whole.properties as JSONObject)._kuzzle_info);
  },

  getSettings: async (place) => {
    const { index, collection } = place;
    const settings = await ask<JSONObject>(place, "collection", "getSettings", { index, collection });
    assert.deepEqual([settings.number_of_shards, settings.number_of_replicas], ["1", "1"]);
  },

  getSpecifications: async ({ sdk, index, collection }) => {
    await assert.rejects(sdk.collection.getSpecifications(index, collection), { status: 404 });
    await sdk.collection.updateSpecifications(index, collection, specification);
    const stored = await sdk.collection.getSpecifications(index, collection);
    assert.deepEqual([stored.index, stored.collection, stored.validation], [index, collection, specification]);
  },

  list: async ({ sdk, index }) => {
    await sdk.collection.create(index, "films", {});
    const { collections } = await sdk.collection.list(index);
    assert.deepEqual(collections, [
      { name: "books", type: "stored" },
      { name: "films", type: "stored" },
    ]);
    const second = await sdk.collection.list(index, { from: 1, size: 1 });
    assert.deepEqual(
      second.collections.map(({ name }) => name),
      ["films"],
    );
  },

  refresh: async ({ sdk, index, collection }) => {
    await sdk.document.create(index, collection, { year: 2000 });
    await sdk.collection.refresh(index, collection);
    assert.equal(await sdk.document.count(index, collection, { query: { term: { year: 2000 } } }), 1);
    await assert.rejects(sdk.collection.refresh(index, "no"), { id: "services.storage.unknown_collection" });
  },

  scrollSpecifications: async (place) => {
    const { sdk, index } = place;
    for (const collection of ["books", "films"]) {
      await sdk.collection.create(index, collection, {});
      await sdk.collection.updateSpecifications(index, collection, specification);
    }
    const first = await ask<FoundSpecifications>(place, "collection", "searchSpecifications", {
      ...{ size: 1, scroll: "10s" },
      body: { query: { term: { index } }, sort: ["collection"] },
    });
    const next = await ask<FoundSpecifications>(place, "collection", "scrollSpecifications", {
      scrollId: first.scrollId,
    });
    const names = [...first.hits, ...next.hits].map(({ _id }) => _id);
    assert.deepEqual([first.total, next.total, names], [2, 2, [`${index}#books`, `${index}#films`]]);
  },

  searchSpecifications: async ({ sdk, index, collection }) => {
    await sdk.collection.updateSpecifications(index, collection, specification);
    const found = await sdk.collection.searchSpecifications({ query: { term: { index } } });
    assert.equal(found.total, 1);
    assert.deepEqual((found.hits[0] as unknown as { _source: JSONObject })._source.validation, specification);
  },

  truncate: async (place) => {
    const { sdk, index, collection } = place;
    await sdk.collection.truncate(index, collection);
    assert.deepEqual([await sdk.document.count(index, collection), await storedIn(place, "a")], [0, undefined]);
    assert.deepEqual((await sdk.collection.getMapping(index, collection)).properties, bookProperties);
  },

  update: async ({ sdk, index, collection }) => {
    await sdk.document.create(index, collection, { pages: 300 }, "d");
    await sdk.collection.update(index, collection, {
      mappings: { properties: { pages: { type: "integer" } }, _meta: { owner: "ada" } },
      reindexCollection: true,
    });
    const { _meta, properties } = (await sdk.collection.getMapping(index, collection)) as JSONObject;
    assert.deepEqual([_meta, properties], [{ owner: "ada" }, { ...bookProperties, pages: { type: "integer" } }]);
    // In the background: the document that was there before is found by its new field in the end.
    const found = () => sdk.document.count(index, collection, { query: { term: { pages: 300 } } });
    await until(async () => (await found()) > 0, "the collection to be indexed again");
    const other = { mappings: { properties: { year: { type: "keyword" as const } } } };
    await assert.rejects(sdk.collection.update(index, collection, other), {
      id: "services.storage.cannot_change_mapping",
    });
  },

  updateMapping: async ({ sdk, index, collection }) => {
    const answer = await sdk.collection.updateMapping(index, collection, {
      properties: { pages: { type: "integer" } },
    });
    assert.deepEqual((answer.properties as JSONObject).pages, { type: "integer" });
    const { properties } = await sdk.collection.getMapping(index, collection);
    assert.deepEqual(properties, { ...bookProperties, pages: { type: "integer" } });
  },

  updateSpecifications: async ({ sdk, index, collection }) => {
    assert.deepEqual(await sdk.collection.updateSpecifications(index, collection, specification), specification);
    await assert.rejects(sdk.document.create(index, collection, { year: "no" }), { status: 400 });
    const wrong = sdk.collection.updateSpecifications(index, collection, { fields: { year: { type: "nonsense" } } });
    await assert.rejects(wrong, { id: "validation.assert.invalid_specifications" });
  },

  validateSpecifications: async ({ sdk, index, collection }) => {
    const right = await sdk.collection.validateSpecifications(index, collection, specification);
    assert.equal(right.valid, true);
    const wrong = await sdk.collection.validateSpecifications(index, collection, {
      fields: { year: { type: "nonsense" } },
    });
    assert.deepEqual([wrong.valid, wrong.details.length > 0], [false, true]);
    await assert.rejects(sdk.collection.getSpecifications(index, collection), { status: 404 });
  },
};

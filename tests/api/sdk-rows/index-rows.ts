import assert from "node:assert/strict";
import type { Rows } from "./place.ts";

export const indexRows: Rows = {
  create: async ({ sdk, index }) => {
    await sdk.index.create(`${index}-new`);
    assert.equal(await sdk.index.exists(`${index}-new`), true);
    await assert.rejects(sdk.index.create(`${index}-new`), { id: "services.storage.index_already_exists" });
  },

  delete: async ({ sdk, index }) => {
    await sdk.index.delete(index);
    assert.equal(await sdk.index.exists(index), false);
    await assert.rejects(sdk.index.delete(index), { id: "services.storage.unknown_index" });
  },

  exists: async ({ sdk, index }) => {
    assert.deepEqual([await sdk.index.exists(index), await sdk.index.exists("nowhere")], [true, false]);
  },

  list: async ({ sdk, index }) => {
    await sdk.index.create(`${index}-empty`);
    const own = (await sdk.index.list()).filter((name) => name.startsWith(index)).sort();
    assert.deepEqual(own, [index, `${index}-empty`]);
  },

  mDelete: async ({ sdk, index }) => {
    await sdk.index.create(`${index}-kept`);
    assert.deepEqual(await sdk.index.mDelete([index, "nowhere"]), [index]);
    assert.deepEqual([await sdk.index.exists(index), await sdk.index.exists(`${index}-kept`)], [false, true]);
  },

  stats: async ({ sdk, index, collection }) => {
    const { size, indexes } = (await sdk.index.stats()) as {
      size: number;
      indexes: { name: string; collections: { name: string; documentCount: number; size: number }[] }[];
    };
    const [own] = indexes.filter(({ name }) => name === index).flatMap(({ collections }) => collections);
    assert.deepEqual([own?.name, own?.documentCount], [collection, 3]);
    assert.ok(size > 0 && own !== undefined && own.size > 0);
  },
};

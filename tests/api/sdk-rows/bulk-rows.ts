import assert from "node:assert/strict";
import { type Rows, storedIn } from "./place.ts";

export const bulkRows: Rows = {
  deleteByQuery: async (place) => {
    const { sdk, index, collection } = place;
    assert.equal(await sdk.bulk.deleteByQuery(index, collection, { query: { term: { year: 1974 } } }), 2);
    assert.deepEqual([await storedIn(place, "b"), (await storedIn(place, "a"))?.year], [undefined, 1969]);
  },

  import: async (place) => {
    const { sdk, index, collection } = place;
    const lines = [
      ...[{ index: { _id: "a" } }, { year: 1 }],
      ...[{ create: { _id: "b" } }, { year: 2 }],
      ...[{ update: { _id: "c" } }, { doc: { year: 3 } }],
      { delete: { _id: "no" } },
    ];
    const { successes, errors } = await sdk.bulk.import(index, collection, lines);
    const outcomes = (items: readonly object[]): unknown[] =>
      items
        .map((item) => Object.entries(item as Record<string, { _id: string; status: number }>)[0])
        .map((entry) => [entry?.[0], entry?.[1]._id, entry?.[1].status]);
    assert.deepEqual(outcomes(successes), [
      ["index", "a", 200],
      ["update", "c", 200],
    ]);
    assert.deepEqual(outcomes(errors), [
      ["create", "b", 409],
      ["delete", "no", 404],
    ]);
    assert.deepEqual([await storedIn(place, "a"), (await storedIn(place, "c"))?.year], [{ year: 1 }, 3]);
  },

  mWrite: async (place) => {
    const { sdk, index, collection } = place;
    // The client's type names the content `_source`, the contract `body`.
    const documents = ["a", "d"].map((_id) => ({ _id, body: { year: 4 } })) as never;
    const { successes, errors } = await sdk.bulk.mWrite(index, collection, documents);
    const written = successes as unknown as { _id: string; _version: number }[];
    assert.deepEqual(
      written.map(({ _id, _version }) => [_id, _version]),
      [
        ["a", 2],
        ["d", 1],
      ],
    );
    assert.deepEqual([errors, await storedIn(place, "a")], [[], { year: 4 }]);
  },

  updateByQuery: async (place) => {
    const { sdk, index, collection } = place;
    assert.equal(await sdk.bulk.updateByQuery(index, collection, { term: { year: 1974 } }, { tag: "old" }), 2);
    assert.deepEqual([(await storedIn(place, "b"))?.tag, (await storedIn(place, "a"))?.tag], ["old", "novel"]);
  },

  write: async (place) => {
    const { sdk, index, collection } = place;
    const written = await sdk.bulk.write(index, collection, { year: 5, _kuzzle_info: { author: "ada" } }, "d");
    assert.deepEqual((written as unknown as { _id: string; _version: number })._version, 1);
    const { _source } = await sdk.document.get(index, collection, "d");
    assert.deepEqual(_source, { year: 5, _kuzzle_info: { author: "ada" } });
  },
};

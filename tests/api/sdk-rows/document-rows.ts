import assert from "node:assert/strict";
import type { JSONObject } from "../../../src/kernel/index.ts";
import { ask, idsOf, type Place, type Rows, storedIn } from "./place.ts";

interface Many {
  readonly successes: readonly { readonly _id: string; readonly _version: number }[];
  readonly errors: readonly { readonly status: number; readonly document: { readonly _id?: string } }[];
}

const failed = ({ errors }: Many): unknown[] => errors.map(({ document, status }) => [document._id, status]);
const versions = ({ successes }: Many): unknown[] => successes.map(({ _id, _version }) => [_id, _version]);

export const documentRows: Rows = {
  count: async ({ sdk, index, collection }) => {
    assert.equal(await sdk.document.count(index, collection, { query: { term: { year: 1974 } } }), 2);
    assert.equal(
      await sdk.document.count(index, collection, { query: { equals: { year: 1969 } } }, {
        lang: "koncorde",
      } as object),
      1,
    );
  },

  create: async (place) => {
    const { sdk, index, collection } = place;
    const created = await sdk.document.create(index, collection, { year: 2000 }, "d");
    assert.deepEqual([created._id, created._version, created._source.year], ["d", 1, 2000]);
    assert.deepEqual(await storedIn(place, "d"), { year: 2000 });
    await assert.rejects(sdk.document.create(index, collection, {}, "d"), {
      id: "services.storage.document_already_exists",
    });
    assert.ok((await sdk.document.create(index, collection, {}))._id.length > 0);
  },

  createOrReplace: async (place) => {
    const { sdk, index, collection } = place;
    const replaced = await sdk.document.createOrReplace(index, collection, "a", { tag: "x" });
    assert.equal(replaced._version, 2);
    assert.deepEqual(await storedIn(place, "a"), { tag: "x" });
    const created = await sdk.document.createOrReplace(index, collection, "d", { tag: "y" });
    assert.equal(created._version, 1);
  },

  delete: async (place) => {
    const { sdk, index, collection } = place;
    assert.equal(await sdk.document.delete(index, collection, "a"), "a");
    assert.equal(await storedIn(place, "a"), undefined);
    await assert.rejects(sdk.document.delete(index, collection, "a"), { id: "services.storage.not_found" });
  },

  deleteByQuery: async (place) => {
    const { sdk, index, collection } = place;
    const ids = await sdk.document.deleteByQuery(index, collection, { query: { term: { year: 1974 } } });
    assert.deepEqual([...ids].sort(), ["b", "c"]);
    assert.deepEqual([await storedIn(place, "b"), (await storedIn(place, "a"))?.year], [undefined, 1969]);
  },

  deleteFields: async (place) => {
    const { sdk, index, collection } = place;
    const changed = await sdk.document.deleteFields(index, collection, "a", ["tag", "title"], { source: true });
    assert.deepEqual([changed._version, changed._source.year, changed._source.tag], [2, 1969, undefined]);
    assert.deepEqual(await storedIn(place, "a"), { year: 1969 });
  },

  exists: async ({ sdk, index, collection }) => {
    assert.equal(await sdk.document.exists(index, collection, "a"), true);
    assert.equal(await sdk.document.exists(index, collection, "no"), false);
  },

  // Over HTTP the answer is a stream of lines, which the client hands over as text; no other protocol has a form for it.
  export: async ({ sdk, index, collection, protocol }) => {
    const request = {
      ...{ controller: "document", action: "export", index, collection, format: "csv", separator: ";" },
      body: { query: { term: { tag: "novel" } }, fields: ["year"] },
    };
    const asked: Promise<unknown> = sdk.query(request, { verb: "POST" });
    if (protocol === "websocket") return assert.rejects(asked, { id: "api.assert.unsupported_protocol" });
    assert.deepEqual(
      String(await asked)
        .trim()
        .split("\n")
        .sort(),
      ["_id;year", "a;1969", "b;1974"],
    );
  },

  get: async ({ sdk, index, collection }) => {
    const found = await sdk.document.get(index, collection, "a");
    assert.deepEqual([found._id, found._version, found._source.title], ["a", 1, "the left hand"]);
    assert.equal(found._source._kuzzle_info?.author, null);
    await assert.rejects(sdk.document.get(index, collection, "no"), { id: "services.storage.not_found", status: 404 });
  },

  mCreate: async (place) => {
    const { sdk, index, collection } = place;
    const documents = ["a", "d"].map((_id) => ({ _id, body: { year: 1 } }));
    const answer: Many = await sdk.document.mCreate(index, collection, documents);
    assert.deepEqual([versions(answer), failed(answer)], [[["d", 1]], [["a", 400]]]);
    assert.deepEqual([await storedIn(place, "d"), (await storedIn(place, "a"))?.year], [{ year: 1 }, 1969]);
    const strict = sdk.document.mCreate(index, collection, documents, { strict: true });
    await assert.rejects(strict, { id: "api.process.incomplete_multiple_request" });
  },

  mCreateOrReplace: async (place) => {
    const { sdk, index, collection } = place;
    const documents = ["a", "d"].map((_id) => ({ _id, body: { year: 2 } }));
    const answer: Many = await sdk.document.mCreateOrReplace(index, collection, documents);
    assert.deepEqual(
      [versions(answer), answer.errors],
      [
        [
          ["a", 2],
          ["d", 1],
        ],
        [],
      ],
    );
    assert.deepEqual(await storedIn(place, "a"), { year: 2 });
  },

  mDelete: async (place) => {
    const { sdk, index, collection } = place;
    const { successes, errors } = (await sdk.document.mDelete(index, collection, ["a", "no"])) as unknown as {
      successes: string[];
      errors: { _id: string; status: number }[];
    };
    assert.deepEqual([successes, errors.map(({ _id, status }) => [_id, status])], [["a"], [["no", 404]]]);
    assert.equal(await storedIn(place, "a"), undefined);
  },

  mExists: async (place) => {
    const { index, collection } = place;
    const answer = await ask(place, "document", "mExists", { index, collection, body: { ids: ["a", "no", "c"] } });
    assert.deepEqual(answer, { successes: ["a", "c"], errors: ["no"] });
  },

  mGet: async ({ sdk, index, collection }) => {
    const { successes, errors } = await sdk.document.mGet(index, collection, ["c", "no", "a"]);
    assert.deepEqual(
      [successes.map(({ _id, _source }) => [_id, _source.year]), errors],
      [
        [
          ["c", 1974],
          ["a", 1969],
        ],
        ["no"],
      ],
    );
  },

  mReplace: async (place) => {
    const { sdk, index, collection } = place;
    const documents = ["a", "no"].map((_id) => ({ _id, body: { year: 3 } }));
    const answer: Many = await sdk.document.mReplace(index, collection, documents);
    assert.deepEqual([versions(answer), failed(answer)], [[["a", 2]], [["no", 404]]]);
    assert.deepEqual([await storedIn(place, "a"), await storedIn(place, "no")], [{ year: 3 }, undefined]);
  },

  mUpdate: async (place) => {
    const { sdk, index, collection } = place;
    const documents = ["a", "no"].map((_id) => ({ _id, body: { year: 4 } }));
    const answer: Many = await sdk.document.mUpdate(index, collection, documents);
    assert.deepEqual([versions(answer), failed(answer)], [[["a", 2]], [["no", 404]]]);
    assert.deepEqual(await storedIn(place, "a"), { title: "the left hand", year: 4, tag: "novel" });
  },

  mUpsert: async (place) => {
    const { sdk, index, collection } = place;
    const documents = ["a", "d"].map((_id) => ({ _id, changes: { year: 5 }, default: { tag: "new" } }));
    const answer: Many = await sdk.document.mUpsert<JSONObject>(index, collection, documents);
    assert.deepEqual(
      [versions(answer), answer.errors],
      [
        [
          ["a", 2],
          ["d", 1],
        ],
        [],
      ],
    );
    assert.deepEqual(
      [(await storedIn(place, "a"))?.tag, await storedIn(place, "d")],
      ["novel", { year: 5, tag: "new" }],
    );
  },

  replace: async (place) => {
    const { sdk, index, collection } = place;
    assert.equal((await sdk.document.replace(index, collection, "a", { tag: "z" }))._version, 2);
    assert.deepEqual(await storedIn(place, "a"), { tag: "z" });
    await assert.rejects(sdk.document.replace(index, collection, "no", {}), { id: "services.storage.not_found" });
  },

  scroll: async ({ sdk, index, collection }) => {
    const first = await sdk.document.search(
      index,
      collection,
      { sort: [{ year: "desc" }, { tag: "asc" }] },
      { size: 2, scroll: "10s" },
    );
    assert.deepEqual([first.total, first.hits.map(({ _id }) => _id)], [3, ["b", "c"]]);
    const second = await first.next();
    assert.deepEqual([second?.fetched, second?.hits.map(({ _id }) => _id)], [3, ["a"]]);
    assert.equal(await second?.next(), null);
  },

  search: async ({ sdk, index, collection }) => {
    const body = {
      query: { match: { title: "day hand" } },
      sort: ["year"],
      aggs: { tags: { terms: { field: "tag" } } },
      highlight: { fields: { title: {} } },
    };
    const { total, hits, aggregations } = await sdk.document.search(index, collection, body, { from: 0, size: 1 });
    assert.deepEqual([total, idsOf(hits)], [2, ["a"]]);
    const { tags } = aggregations as { tags: { buckets: { key: string; doc_count: number }[] } };
    assert.deepEqual(
      tags.buckets.map(({ key, doc_count }) => [key, doc_count]),
      [
        ["novel", 1],
        ["story", 1],
      ],
    );
    assert.deepEqual((hits[0] as { highlight?: unknown }).highlight, { title: ["the left <em>hand</em>"] });
    const byGet = await sdk.document.search(index, collection, { query: { term: { tag: "story" } } }, { verb: "GET" });
    assert.deepEqual(idsOf(byGet.hits), ["c"]);
  },

  update: async (place) => {
    const { sdk, index, collection } = place;
    const changed = await sdk.document.update<JSONObject>(index, collection, "a", { year: 6 }, { source: true });
    assert.deepEqual([changed._version, changed._source.year, changed._source.tag], [2, 6, "novel"]);
    assert.equal((await storedIn(place, "a"))?.year, 6);
    await assert.rejects(sdk.document.update(index, collection, "no", {}), { id: "services.storage.not_found" });
  },

  updateByQuery: async (place) => {
    const { sdk, index, collection } = place;
    const query = { term: { year: 1974 } };
    const { successes, errors } = await sdk.document.updateByQuery<JSONObject>(index, collection, query, {
      tag: "old",
    });
    assert.deepEqual([idsOf(successes), errors], [["b", "c"], []]);
    assert.deepEqual(
      [await tagOf(place, "a"), await tagOf(place, "b"), await tagOf(place, "c")],
      ["novel", "old", "old"],
    );
  },

  upsert: async (place) => {
    const { sdk, index, collection } = place;
    const upsert = (year: number, tag: string) =>
      sdk.document.upsert<JSONObject>(index, collection, "d", { year }, { default: { tag } });
    const made = await upsert(7, "new");
    assert.deepEqual([made._version, await storedIn(place, "d")], [1, { year: 7, tag: "new" }]);
    const changed = await upsert(8, "other");
    assert.deepEqual([changed._version, await storedIn(place, "d")], [2, { year: 8, tag: "new" }]);
  },

  validate: async ({ sdk, index, collection }) => {
    const specification = { strict: true, fields: { year: { mandatory: true, type: "integer" } } };
    await sdk.collection.updateSpecifications(index, collection, specification);
    const check = (content: JSONObject): Promise<unknown> => sdk.document.validate(index, collection, content);
    assert.deepEqual(await check({ year: 1 }), { valid: true, errorMessages: {} });
    const { valid, errorMessages } = (await check({ year: "no" })) as { valid: boolean; errorMessages: JSONObject };
    assert.deepEqual(
      [valid, Object.keys((errorMessages.fieldScope as { children: JSONObject }).children)],
      [false, ["year"]],
    );
  },
};

const tagOf = async (place: Place, id: string): Promise<unknown> => (await storedIn(place, id))?.tag;

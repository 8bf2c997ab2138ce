/** `app.storage`: the embedded engine in the shape of a search client. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createApplication } from "./application.ts";

const index = "&shop.goods";

test("documents are written, read, searched and deleted by the calls of a search client, of both versions", async (t) => {
  for (const version of ["7", "8"]) {
    const app = await createApplication(t);
    app.config.set("services.storageEngine.majorVersion", version);
    await app.start();
    const client = new app.storage.StorageClient();
    const content = (answer: object): never => (version === "7" ? (answer as { body: never }).body : (answer as never));
    await client.indices.create({ index, body: { mappings: { properties: { name: { type: "keyword" } } } } });
    assert.equal(
      await client.indices.exists({ index }).then((it) => (version === "7" ? (it as { body: boolean }).body : it)),
      true,
    );
    const written = content(await client.index({ index, id: "pen", body: { name: "pen" }, refresh: true }));
    assert.partialDeepStrictEqual(written, { _index: index, _id: "pen", _version: 1, result: "created" });
    await client.update({ index, id: "pen", body: { doc: { price: 2 } } });
    assert.partialDeepStrictEqual(content(await client.get({ index, id: "pen" })), {
      _source: { name: "pen", price: 2 },
    });
    const { items, errors } = content(
      await client.bulk({
        body: [
          { create: { _index: index, _id: "pen" } },
          {},
          { index: { _index: index, _id: "ink" } },
          { name: "ink" },
        ],
      }),
    ) as { items: { create?: { status: number }; index?: { status: number } }[]; errors: boolean };
    assert.deepEqual([errors, items[0]?.create?.status, items[1]?.index?.status], [true, 409, 201]);
    const { hits } = content(await client.search({ index: "&shop.*", body: { query: { term: { name: "ink" } } } }));
    assert.partialDeepStrictEqual(hits, { total: { value: 1 }, hits: [{ _index: index, _id: "ink" }] });
    assert.partialDeepStrictEqual(content(await client.count({ index })), { count: 2 });
    await client.delete({ index, id: "ink" });
    await assert.rejects(client.get({ index, id: "ink" }), { name: "ResponseError", statusCode: 404 });
    await client.indices.putMapping({ index, body: { properties: { price: { type: "integer" } } } });
    assert.partialDeepStrictEqual(content(await client.indices.getMapping({ index })), {
      [index]: { mappings: { properties: { price: { type: "integer" } } } },
    });
    assert.deepEqual(await app.sdk.collection.exists("shop", "goods"), true);
    await client.indices.delete({ index });
    assert.deepEqual(await app.sdk.collection.exists("shop", "goods"), false);
  }
});

test("what the engine has no counterpart for says what to do instead", async (t) => {
  const app = await createApplication(t);
  await app.start();
  const client = app.storage.storageClient as unknown as { cat: { indices: () => Promise<unknown> } };
  await assert.rejects(client.cat.indices(), { message: /client\.cat\.indices.*app\.sdk/ });
  assert.throws(() => new app.storage.StorageClient({ node: "http://elsewhere:9200" }), /embedded engine/);
  await assert.rejects(app.storage.client.index({ index: "*", body: {} }), { statusCode: 400 });
  await assert.rejects(app.storage.client.search({ index: "&no.thing" }), { statusCode: 404 });
});

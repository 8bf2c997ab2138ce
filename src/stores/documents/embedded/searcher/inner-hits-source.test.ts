import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLogger, systemClock } from "../../../../kernel/index.ts";
import { createEmbeddedStore } from "../index.ts";

test("inner hits have no source when none is asked for, and never that of the whole document", async () => {
  await using store = await createEmbeddedStore({ directory: ":memory:", log: silentLogger, clock: systemClock });
  const target = { index: "lib", collection: "books" };
  const properties = { k: { type: "keyword" }, n: { type: "nested", properties: { i: { type: "integer" } } } };
  await store.createCollection(target, "public", { properties }, {});
  await store.write(target, [{ kind: "index", id: "a", source: '{"k":"x","n":[{"i":1}]}' }]);
  const inner = { name: "inner", _source: false };
  for (const body of [
    { collapse: { field: "k", inner_hits: inner } },
    { query: { nested: { path: "n", query: { match_all: {} }, inner_hits: inner } } },
  ]) {
    const { hits } = await store.search({ targets: [target], body });
    assert.deepEqual(
      hits[0]?.innerHits?.inner?.map(({ id, source }) => [id, source]),
      [["a", undefined]],
    );
  }
});

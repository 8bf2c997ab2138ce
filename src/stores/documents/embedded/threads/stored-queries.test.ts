/** Queries in fields of type `percolator`, over segments that are frozen, merged, stored and opened again. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type JSONObject, silentLogger, systemClock } from "../../../../kernel/index.ts";
import type { DocumentStore } from "../../index.ts";
import { createEmbeddedStore, type IndexWork } from "../index.ts";

const alerts = { index: "lib", collection: "alerts" };
const count = 600;
const queryOf = (i: number, shift = 0): JSONObject =>
  i % 3 === 0 ? { range: { price: { gte: (i + shift) % 10 } } } : { term: { city: `c${(i + shift) % 7}` } };

async function found(store: DocumentStore, document: JSONObject): Promise<string[]> {
  const body = { query: { percolate: { field: "query", document } } };
  const { hits } = await store.search({ targets: [alerts], body, size: 1_000 });
  return hits.map(({ id }) => id).sort();
}

test("stored queries find the same documents while segments come and go, after updates and deletes, and after a restart", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "tenon-queries-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const work: IndexWork[] = [];
  const open = () =>
    createEmbeddedStore({
      ...{ directory, log: silentLogger, clock: systemClock },
      segmentSizes: { headDocuments: 50, mergedAtOnce: 3, maxDocuments: 5_000 },
      onIndexWork: (one) => void work.push(one),
    });
  let store = await open();
  t.after(() => store.close());
  const properties = { query: { type: "percolator" }, city: { type: "keyword" }, price: { type: "integer" } };
  await store.createCollection(alerts, "public", { properties }, {});
  const queries = new Map<string, JSONObject>();
  const put = async (ids: readonly number[], shift: number): Promise<void> => {
    const operations = ids.map((i) => {
      queries.set(`q${i}`, queryOf(i, shift));
      return { kind: "index" as const, id: `q${i}`, source: JSON.stringify({ query: queryOf(i, shift) }) };
    });
    await store.write(alerts, operations);
  };
  const wanted = (city: string, price: number): string[] =>
    [...queries]
      .filter(([, { term, range }]) =>
        term === undefined
          ? (range as { price: { gte: number } }).price.gte <= price
          : (term as { city: string }).city === city,
      )
      .map(([id]) => id)
      .sort();
  const check = async (): Promise<void> => {
    assert.deepEqual(await found(store, { city: "c3", price: 4 }), wanted("c3", 4));
    assert.deepEqual(await found(store, { city: "none" }), wanted("none", -1));
  };

  for (let from = 0; from < count; from += 40)
    await put(
      Array.from({ length: 40 }, (_, i) => from + i),
      0,
    );
  await check();
  const changed = Array.from({ length: 100 }, (_, i) => i * 5);
  await put(changed, 1);
  const gone = Array.from({ length: 60 }, (_, i) => `q${i * 7}`);
  await store.write(
    alerts,
    gone.map((id) => ({ kind: "delete" as const, id })),
  );
  for (const id of gone) queries.delete(id);
  await check();
  const deadline = Date.now() + 20_000;
  while (!work.some(({ kind }) => kind === "merged") && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(work.some(({ kind }) => kind === "merged"));
  await check();
  await store.close();
  store = await open();
  await check();
});

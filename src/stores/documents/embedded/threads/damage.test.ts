/** A page of the database that cannot be read while the store works: whoever needs it hears so, and nobody else. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { books, people } from "../../../../../testing/documents/fixture.ts";
import { damagePages, leafPagesOf } from "../../../../../testing/operation/damage.ts";
import { silentLogger, systemClock } from "../../../../kernel/index.ts";
import type { DocumentStore, WriteOperation } from "../../index.ts";
import { createEmbeddedStore } from "../index.ts";

const damaged = { id: "services.storage.damaged", message: /malformed.*"tenon check"/ };

const book = (i: number): WriteOperation => ({
  kind: "create",
  id: `b${i}`,
  source: JSON.stringify({ n: i, text: "x".repeat(300) }),
});

async function open(t: TestContext, directory: string): Promise<DocumentStore> {
  const store = await createEmbeddedStore({ directory, log: silentLogger, clock: systemClock });
  t.after(() => store.close());
  return store;
}

/** Two collections of which the first has a page that cannot be read: that of the tables `rows` or `ids` which holds `b100`. */
async function withDamage(t: TestContext, table: "rows" | "ids"): Promise<DocumentStore> {
  const directory = mkdtempSync(join(tmpdir(), "tenon-damage-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const first = await open(t, directory);
  for (const target of [books, people]) {
    await first.createCollection(target, "public", { properties: { n: { type: "integer" } } }, {});
    await first.write(
      target,
      Array.from({ length: 400 }, (_, i) => book(i)),
    );
  }
  await first.close();
  const pages = leafPagesOf(directory, `${table}_1`);
  damagePages(directory, pages.slice(3, 20));
  return open(t, directory);
}

test("a document on a damaged page is refused as such, its neighbours and other collections are served", async (t) => {
  const store = await withDamage(t, "rows");
  await assert.rejects(store.find(books, "b100"), damaged);
  await assert.rejects(store.mFind(books, ["b399", "b100"]), damaged);
  assert.equal((await store.find(books, "b399"))?.version, 1);
  await assert.rejects(store.search({ targets: [books], body: {}, from: 0, size: 10 }), damaged);
  assert.equal(await store.count(people, { range: { n: { lt: 100 } } }), 100);
  assert.equal((await store.find(people, "b100"))?.version, 1);
});

test("a write that needs a damaged page is refused alone: those that came in the same moment are stored", async (t) => {
  const store = await withDamage(t, "rows");
  const update = (i: number): WriteOperation => ({ kind: "update", id: `b${i}`, partial: '{"n":-1}' });
  const outcomes = await Promise.allSettled([
    store.write(people, [update(1)]),
    store.write(books, [update(100)]),
    store.write(people, [update(2)]),
    store.write(books, [update(399)]),
  ]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ["fulfilled", "rejected", "fulfilled", "fulfilled"],
  );
  assert.equal((outcomes[1] as PromiseRejectedResult).reason.id, damaged.id);
  assert.equal(await store.count(people, { term: { n: -1 } }), 2);
  assert.equal((await store.find(books, "b399"))?.version, 2);
  await store.check();
});

test("rows that cannot be removed any more hold up no write", async (t) => {
  const store = await withDamage(t, "ids");
  const update = (i: number): WriteOperation => ({ kind: "update", id: `b${i}`, partial: '{"n":-1}' });
  for (let round = 0; round < 5; round++) {
    await Promise.allSettled([store.write(books, [update(100)]), store.write(people, [update(round)])]);
    await new Promise((resolve) => setTimeout(resolve, 100)); // the time in which superseded rows are released
  }
  assert.equal(await store.count(people, { term: { n: -1 } }), 5);
});

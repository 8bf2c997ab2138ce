import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { books, create, createBooks, fill, withId } from "../../../../../testing/documents/fixture.ts";
import { silentLogger, systemClock } from "../../../../kernel/index.ts";
import type { DocumentStore, RebuildProgress } from "../../index.ts";
import { createEmbeddedStore, type EmbeddedStoreOptions } from "../index.ts";

function temporaryDirectory(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "tenon-threads-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

const open = (directory: string, more: Partial<EmbeddedStoreOptions> = {}): Promise<DocumentStore> =>
  createEmbeddedStore({ directory, log: silentLogger, clock: systemClock, ...more });

test("a search sent after a write's acknowledgement never misses it, with many of both at once", async (t) => {
  await using store = await open(temporaryDirectory(t));
  await createBooks(store);
  await Promise.all(
    Array.from({ length: 1_000 }, async (_, i) => {
      await store.write(books, [create({ pages: i }, `n${i}`)]);
      assert.equal(await store.count(books, { term: { pages: i } }), 1);
      await store.write(books, [{ kind: "update", id: `n${i}`, partial: `{"pages":${10_000 + i}}` }]);
      const page = await store.search({ targets: [books], body: { query: { term: { pages: 10_000 + i } } } });
      assert.equal(page.hits[0]?.source, `{"pages":${10_000 + i}}`);
      assert.equal(await store.count(books, { term: { pages: i } }), 0);
    }),
  );
});

test("a store that is opened again has its documents, mappings and settings, and reports the rebuild", async (t) => {
  const directory = temporaryDirectory(t);
  {
    await using store = await open(directory);
    await createBooks(store);
    await store.createCollection({ index: "internal", collection: "users" }, "private", {}, { number_of_shards: 1 });
    await fill(store, 200);
    await store.write(books, [
      { kind: "delete", id: "1" },
      { kind: "update", id: "2", partial: '{"lang":"de"}' },
    ]);
  }
  const progress: RebuildProgress[] = [];
  await using store = await open(directory, { onRebuild: (report) => progress.push(report) });
  assert.equal((await store.find(books, "2"))?.version, 2);
  assert.equal(await store.count(books, {}), 199);
  assert.equal(await store.count(books, { term: { lang: "de" } }), 1);
  assert.equal((await store.describe()).length, 2);
  assert.deepEqual(await store.getSettings({ index: "internal", collection: "users" }), { number_of_shards: 1 });
  const last = progress.filter((report) => report.collection === "books").at(-1);
  assert.deepEqual(last, { index: "lib", collection: "books", done: 199, total: 199 });
  await store.write(books, [create({ lang: "de" }, "new")]);
  assert.equal(await store.count(books, { term: { lang: "de" } }), 2);
});

test("writes that arrive while an index is rebuilt are in it, and searches wait for it", async (t) => {
  const directory = temporaryDirectory(t);
  {
    await using store = await open(directory);
    await createBooks(store);
    for (let i = 0; i < 5; i++) {
      await store.write(
        books,
        Array.from({ length: 2_000 }, (_, n) => create({ pages: n, title: `some words of book ${n}` }, `${i}-${n}`)),
      );
    }
  }
  await using store = await open(directory);
  const counted = store.count(books, {});
  await store.write(books, [create({ lang: "de" }, "new"), { kind: "delete", id: "0-0" }]);
  await store.write(books, [{ kind: "update", id: "0-1", partial: '{"lang":"de"}' }]);
  assert.equal(await store.count(books, { term: { lang: "de" } }), 2);
  assert.equal(await store.count(books, {}), 10_000);
  assert.equal(await counted, 10_000);
});

test("superseded rows are removed from the disk when no scroll can see them any more", async (t) => {
  const directory = temporaryDirectory(t);
  const pad = "x".repeat(10_000);
  {
    await using store = await open(directory);
    await createBooks(store);
    await store.write(books, [create({ pad }, "a")]);
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 300; i++) await store.write(books, [{ kind: "update", id: "a", partial: `{"pages":${i}}` }]);
      // Rows are removed a while after the search thread let go of them; the next ones take their place.
      await new Promise((resolve) => setTimeout(resolve, 700));
    }
  }
  const size = statSync(join(directory, "store.db")).size;
  assert.ok(size < 4_500_000, `600 versions of 10 kB left ${size} bytes`);
});

test("a search beyond its deadline is refused, and the store goes on", async (t) => {
  await using store = await open(temporaryDirectory(t));
  await createBooks(store);
  await fill(store, 10);
  await assert.rejects(
    store.search({ targets: [books], body: {} }, { timeoutMs: 0 }),
    withId("services.storage.unexpected_error"),
  );
  assert.equal(await store.count(books, {}), 10);
});

test("an expired scroll is unknown, and scrolls beyond the limit are refused", async (t) => {
  let now = 1_000_000;
  await using store = await open(temporaryDirectory(t), { clock: { now: () => now }, maxScrolls: 3 });
  await createBooks(store);
  await fill(store, 10);
  const openScroll = (): Promise<unknown> =>
    store.search({ targets: [books], body: {}, size: 1, scrollTtlMs: 5_000 }).then((page) => page.scrollId);
  const first = String(await openScroll());
  now += 4_000;
  await store.scroll(first, 5_000);
  now += 4_000;
  await store.scroll(first, 5_000);
  now += 6_000;
  await assert.rejects(store.scroll(first, 5_000), withId("services.storage.unknown_scroll_id"));
  await Promise.all([openScroll(), openScroll(), openScroll()]);
  await assert.rejects(openScroll(), withId("services.storage.too_many_operations"));
});

test("a closed store refuses everything, and closing twice is fine", async (t) => {
  const directory = temporaryDirectory(t);
  const store = await open(directory);
  await createBooks(store);
  const pending = store.write(books, [create({ pages: 1 }, "a")]);
  await Promise.all([store.close(), store.close()]);
  assert.equal((await pending)[0]?.ok, true);
  const refused = withId("services.storage.not_connected");
  await assert.rejects(store.write(books, [create({})]), refused);
  await assert.rejects(store.find(books, "a"), refused);
  await assert.rejects(store.count(books, {}), refused);
  assert.deepEqual(readdirSync(directory).sort(), ["FORMAT", "lock.db", "segments", "store.db"]);
  await using again = await open(directory);
  assert.equal((await again.find(books, "a"))?.version, 1);
});

test("a process that closed its store ends by itself", async (t) => {
  const program = `
    import { createEmbeddedStore } from ${JSON.stringify(new URL("../index.ts", import.meta.url).href)};
    import { silentLogger, systemClock } from ${JSON.stringify(new URL("../../../../kernel/index.ts", import.meta.url).href)};
    const target = { index: "lib", collection: "books" };
    for (const directory of [process.argv[1], ":memory:"]) {
      const store = await createEmbeddedStore({ directory, log: silentLogger, clock: systemClock });
      await store.createCollection(target, "public", {}, {});
      await store.write(target, [{ kind: "create", source: "{}" }]);
      await store.search({ targets: [target], body: {}, scrollTtlMs: 60000 });
      await store.close();
    }
    process.stdout.write("closed");
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program, temporaryDirectory(t)]);
  t.after(() => child.kill("SIGKILL"));
  let output = "";
  child.stdout.on("data", (text) => {
    output += text;
  });
  const signal = AbortSignal.timeout(10_000);
  const [code] = await once(child, "exit", { signal });
  assert.deepEqual([code, output], [0, "closed"]);
});

test("pages of scrolls and walks that meet the deletion of their collection are answered, or refused as unknown", async (t) => {
  await using store = await open(temporaryDirectory(t));
  const ends = [
    "services.storage.unknown_scroll_id",
    "services.storage.unknown_collection",
    "services.storage.unknown_index",
  ];
  const pages = async (): Promise<void> => {
    const first = await store.search({ targets: [books], body: {}, size: 1, scrollTtlMs: 60_000 });
    for (let at = 1; at < 60; at++) await store.scroll(first.scrollId ?? "", 60_000);
  };
  const walk = async (): Promise<void> => {
    for await (const batch of store.walk(books, {}, { batchSize: 1 })) assert.equal(batch.length, 1);
  };
  for (let round = 0; round < 25; round++) {
    await createBooks(store);
    await fill(store, 60);
    // Settled from the start: they may fail before the deletion is answered.
    const readers = Promise.allSettled([pages(), walk(), pages(), walk()]);
    await new Promise((resolve) => setTimeout(resolve, round % 5));
    await store.deleteCollection(books);
    for (const ended of await readers) {
      if (ended.status === "fulfilled") continue;
      const { id = "", message } = ended.reason as { id?: string; message: string };
      assert.ok(ends.includes(id), `round ${round}: ${id} ${message}`);
    }
  }
});

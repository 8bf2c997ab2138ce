import assert from "node:assert/strict";
import type { DocumentStore, SearchPage, StoredDocument } from "../../src/stores/documents/index.ts";
import { books, create, createBooks, fill, idsOf, people, sortedIdsOf, withId, write, writeOne } from "./fixture.ts";

type Case = (store: DocumentStore) => Promise<void>;

const search = (store: DocumentStore, body: Record<string, unknown>, more: object = {}): Promise<SearchPage> =>
  store.search({ targets: [books], body, ...more });

async function walkAll(
  store: DocumentStore,
  query: Record<string, unknown>,
  batchSize: number,
): Promise<StoredDocument[]> {
  const all: StoredDocument[] = [];
  for await (const batch of store.walk(books, query, { batchSize })) all.push(...batch);
  return all;
}

/** Searching, scrolling and walking (contract/search.md, section 7). */
export const searchCases = {
  "a search without a query answers the first ten of all": async (store) => {
    await createBooks(store);
    await fill(store, 15);
    const page = await search(store, {});
    assert.equal(page.total, 15);
    assert.equal(page.hits.length, 10);
    const [hit] = page.hits;
    assert.partialDeepStrictEqual(hit, { index: "lib", collection: "books", score: 1 });
    assert.equal(JSON.parse(hit?.source ?? "").pages, Number(hit?.id));
    assert.equal(page.scrollId, undefined);
  },

  "from and size choose the page, and the total stays": async (store) => {
    await createBooks(store);
    await fill(store, 15);
    const page = await search(store, { sort: ["pages"] }, { from: 12, size: 5 });
    assert.deepEqual(idsOf(page), ["13", "14", "15"]);
    assert.equal(page.total, 15);
    assert.deepEqual((await search(store, {}, { size: 0 })).hits, []);
    assert.deepEqual((await search(store, {}, { from: 100 })).hits, []);
  },

  "a page beyond the window is refused": async (store) => {
    await createBooks(store);
    await assert.rejects(
      search(store, {}, { from: 9_995, size: 10 }),
      withId("services.storage.unexpected_bad_request"),
    );
    await search(store, {}, { from: 9_990, size: 10 });
  },

  "queries select, and sorts order": async (store) => {
    await createBooks(store);
    await fill(store, 9);
    const query = { bool: { filter: [{ term: { lang: "en" } }, { range: { pages: { gt: 3 } } }] } };
    assert.deepEqual(idsOf(await search(store, { query, sort: [{ pages: "desc" }] })), ["9", "7", "5"]);
    assert.equal(await store.count(books, query), 3);
    assert.equal(await store.count(books, {}), 9);
    assert.deepEqual(idsOf(await search(store, { query: { match: { title: "7" } } })), ["7"]);
  },

  "sorted hits carry their sort values and no score": async (store) => {
    await createBooks(store);
    await fill(store, 2);
    const page = await search(store, { sort: [{ pages: "desc" }] });
    assert.deepEqual(
      page.hits.map((hit) => [hit.sort, hit.score]),
      [
        [[2], null],
        [[1], null],
      ],
    );
  },

  "an update moves a document between searches, a deletion takes it out": async (store) => {
    await createBooks(store);
    await fill(store, 4);
    await write(store, [
      { kind: "update", id: "1", partial: '{"lang":"de"}' },
      { kind: "delete", id: "3" },
    ]);
    assert.equal(await store.count(books, { term: { lang: "en" } }), 0);
    assert.deepEqual(idsOf(await search(store, { query: { term: { lang: "de" } } })), ["1"]);
    assert.equal((await search(store, {})).total, 3);
  },

  "a document in an update is never seen twice nor not at all": async (store) => {
    await createBooks(store);
    await fill(store, 20);
    let isDone = false;
    const writer = (async () => {
      for (let i = 0; i < 20; i++) {
        await store.write(
          books,
          Array.from(
            { length: 20 },
            (_, n) => ({ kind: "update", id: String(n + 1), partial: `{"pages":${i}}` }) as const,
          ),
          { refresh: true },
        );
      }
      isDone = true;
    })();
    while (!isDone) assert.equal(new Set(idsOf(await search(store, {}, { size: 50 }))).size, 20);
    await writer;
  },

  "_source filters choose the fields of the answer": async (store) => {
    await createBooks(store);
    await writeOne(store, create({ title: "x", author: { name: "Ada", born: "1815-12-10" }, tags: ["a"] }, "a"));
    const sourceWith = async (body: Record<string, unknown>): Promise<unknown> => {
      const { source } = (await search(store, body)).hits[0] ?? {};
      return source === undefined ? undefined : JSON.parse(source);
    };
    assert.equal(await sourceWith({ _source: false }), undefined);
    assert.deepEqual(await sourceWith({ _source: "title" }), { title: "x" });
    assert.deepEqual(await sourceWith({ _source: ["author.n*", "tags"] }), { author: { name: "Ada" }, tags: ["a"] });
    assert.deepEqual(await sourceWith({ _source: { includes: ["author"], excludes: ["*.born"] } }), {
      author: { name: "Ada" },
    });
    assert.deepEqual(await sourceWith({ _source_excludes: ["author", "t*"] }), {});
    assert.deepEqual(await sourceWith({ _source: true }), {
      title: "x",
      author: { name: "Ada", born: "1815-12-10" },
      tags: ["a"],
    });
  },

  "a search over several collections names the collection of each hit": async (store) => {
    await createBooks(store);
    await store.createCollection(people, "public", { properties: { pages: { type: "integer" } } }, {});
    await fill(store, 2);
    await write(store, [create({ pages: 5 }, "p")], people);
    const page = await store.search({ targets: [books, people], body: { sort: [{ pages: "desc" }] } });
    assert.equal(page.total, 3);
    assert.deepEqual(
      page.hits.map((hit) => [hit.collection, hit.id]),
      [
        ["people", "p"],
        ["books", "2"],
        ["books", "1"],
      ],
    );
  },

  "aggregations are answered in the engine's layout": async (store) => {
    await createBooks(store);
    await fill(store, 5);
    const page = await search(store, { aggs: { langs: { terms: { field: "lang" } } } }, { size: 0 });
    const langs = page.aggregations?.langs as { buckets: unknown };
    assert.partialDeepStrictEqual(langs.buckets, [
      { key: "en", doc_count: 3 },
      { key: "fr", doc_count: 2 },
    ]);
  },

  "search_after continues behind a hit": async (store) => {
    await createBooks(store);
    await fill(store, 6);
    const page = await search(store, { sort: [{ pages: "asc" }], search_after: [4] });
    assert.deepEqual(idsOf(page), ["5", "6"]);
  },

  "highlights come with their hits": async (store) => {
    await createBooks(store);
    await writeOne(store, create({ title: "the red book" }, "a"));
    const page = await search(store, { query: { match: { title: "red" } }, highlight: { fields: { title: {} } } });
    assert.deepEqual(page.hits[0]?.highlight, { title: ["the <em>red</em> book"] });
  },

  "an unknown clause and a malformed one are refused, each by its error": async (store) => {
    await createBooks(store);
    await assert.rejects(search(store, { query: { nonsense: {} } }), withId("services.storage.unknown_query_keyword"));
    await assert.rejects(store.count(books, { nonsense: {} }), withId("services.storage.unknown_query_keyword"));
    await assert.rejects(
      search(store, { query: { range: { pages: { gt: "x" } } } }),
      withId("services.storage.unexpected_bad_request"),
    );
    await assert.rejects(search(store, { sort: ["title"] }), withId("services.storage.unexpected_bad_request"));
    await assert.rejects(search(store, { _source: 3 }), withId("services.storage.unexpected_bad_request"));
    await assert.rejects(search(store, {}, { from: -1 }), withId("services.storage.unexpected_bad_request"));
  },

  "what is no object, or has no end, is refused as a body, a query or a mapping": async (store) => {
    await createBooks(store);
    const refused = withId("services.storage.unexpected_bad_request");
    const circular: Record<string, unknown> = {};
    circular.query = { bool: { must: circular } };
    const deep = JSON.parse(`${'{"bool":{"must":'.repeat(50_000)}{}${"}}".repeat(50_000)}`);
    // The casts: what a caller without types may send.
    for (const wrong of [null, [], "x", 5] as unknown as Record<string, unknown>[]) {
      await assert.rejects(search(store, wrong), refused);
      await assert.rejects(store.count(books, wrong), refused);
      await assert.rejects(store.updateMappings(books, wrong), refused);
    }
    for (const endless of [circular, { query: deep }]) await assert.rejects(search(store, endless), refused);
    await assert.rejects(store.updateSettings(books, { a: deep }), refused);
    assert.equal(await store.count(books, {}), 0);
  },

  "a scroll answers page after page and ends with its last hits": async (store) => {
    await createBooks(store);
    await fill(store, 7);
    const first = await search(store, {}, { size: 3, scrollTtlMs: 60_000 });
    assert.equal(first.total, 7);
    assert.equal(first.remaining, 4);
    const id = first.scrollId ?? "";
    const second = await store.scroll(id, 60_000);
    assert.equal(second.remaining, 1);
    const third = await store.scroll(second.scrollId ?? id, 60_000);
    assert.equal(third.remaining, 0);
    const all = [first, second, third].flatMap(idsOf);
    assert.deepEqual(all.sort(), ["1", "2", "3", "4", "5", "6", "7"]);
    await assert.rejects(store.scroll(id, 60_000), withId("services.storage.unknown_scroll_id"));
  },

  "a scroll sees what was there when it began": async (store) => {
    await createBooks(store);
    await fill(store, 6);
    const first = await search(store, {}, { size: 2, scrollTtlMs: 60_000 });
    await write(store, [
      { kind: "delete", id: "5" },
      { kind: "update", id: "6", partial: '{"lang":"changed"}' },
      create({ pages: 99 }, "new"),
    ]);
    const pages = [first];
    while ((pages.at(-1)?.remaining ?? 0) > 0) pages.push(await store.scroll(first.scrollId ?? "", 60_000));
    assert.deepEqual(pages.flatMap(sortedIdsOf).sort(), ["1", "2", "3", "4", "5", "6"]);
    const sixth = pages.flatMap((page) => page.hits).find((hit) => hit.id === "6");
    assert.equal(JSON.parse(sixth?.source ?? "").lang, "fr");
  },

  "a sorted scroll keeps its order and its filters over all pages": async (store) => {
    await createBooks(store);
    await fill(store, 9);
    const body = { sort: [{ pages: "desc" }], query: { term: { lang: "en" } }, _source: ["pages"] };
    const first = await search(store, body, { size: 2, scrollTtlMs: 60_000 });
    const pages = [first];
    while ((pages.at(-1)?.remaining ?? 0) > 0) pages.push(await store.scroll(first.scrollId ?? "", 60_000));
    assert.deepEqual(pages.flatMap(idsOf), ["9", "7", "5", "3", "1"]);
    assert.deepEqual(
      pages.flatMap((page) => page.hits.map((hit) => hit.source)),
      [9, 7, 5, 3, 1].map((pagesOfBook) => `{"pages":${pagesOfBook}}`),
    );
  },

  "a scroll whose first page held everything answers one empty page": async (store) => {
    await createBooks(store);
    await fill(store, 2);
    const first = await search(store, {}, { size: 10, scrollTtlMs: 60_000 });
    assert.equal(first.remaining, 0);
    const second = await store.scroll(first.scrollId ?? "", 60_000);
    assert.deepEqual([second.hits, second.remaining], [[], 0]);
    await assert.rejects(store.scroll(first.scrollId ?? "", 60_000), withId("services.storage.unknown_scroll_id"));
  },

  "a closed scroll and one that never was are unknown": async (store) => {
    await createBooks(store);
    await fill(store, 4);
    const { scrollId = "" } = await search(store, {}, { size: 1, scrollTtlMs: 60_000 });
    await store.closeScroll(scrollId);
    await assert.rejects(store.scroll(scrollId, 60_000), withId("services.storage.unknown_scroll_id"));
    await assert.rejects(store.scroll("never", 60_000), withId("services.storage.unknown_scroll_id"));
    await store.closeScroll("never");
  },

  "a scroll cannot be combined with from, size 0, search_after or collapse": async (store) => {
    await createBooks(store);
    const refused = withId("services.storage.unexpected_bad_request");
    await assert.rejects(search(store, {}, { from: 1, scrollTtlMs: 1_000 }), refused);
    await assert.rejects(search(store, {}, { size: 0, scrollTtlMs: 1_000 }), refused);
    await assert.rejects(search(store, { sort: ["pages"], search_after: [1] }, { scrollTtlMs: 1_000 }), refused);
    await assert.rejects(search(store, { collapse: { field: "lang" } }, { scrollTtlMs: 1_000 }), refused);
  },

  "a walk answers all matches in batches, as they were when it began": async (store) => {
    await createBooks(store);
    await fill(store, 12);
    assert.equal((await walkAll(store, {}, 5)).length, 12);
    assert.deepEqual((await walkAll(store, { term: { lang: "fr" } }, 4)).map((document) => document.id).sort(), [
      "10",
      "12",
      "2",
      "4",
      "6",
      "8",
    ]);
    assert.deepEqual(await walkAll(store, { term: { lang: "none" } }, 4), []);
    const seen: StoredDocument[] = [];
    for await (const batch of store.walk(books, {}, { batchSize: 4 })) {
      seen.push(...batch);
      if (seen.length === 4) await write(store, [{ kind: "delete", id: "12" }, create({}, "new")]);
    }
    assert.equal(seen.length, 12);
    assert.equal(
      seen.some((document) => document.id === "new"),
      false,
    );
  },

  "a walk can be left early": async (store) => {
    await createBooks(store);
    await fill(store, 12);
    for await (const batch of store.walk(books, {}, { batchSize: 2 })) {
      assert.equal(batch.length, 2);
      break;
    }
    assert.equal(await store.count(books, {}), 12);
  },

  "an aborted search rejects with the reason of its signal": async (store) => {
    await createBooks(store);
    await fill(store, 2);
    const reason = new Error("no longer wanted");
    const controller = new AbortController();
    const pending = store.search({ targets: [books], body: {} }, { signal: controller.signal });
    controller.abort(reason);
    await assert.rejects(pending, reason);
    await assert.rejects(store.count(books, {}, { signal: controller.signal }), reason);
    assert.equal(await store.count(books, {}), 2);
  },
} satisfies Record<string, Case>;

/** What an engine may lack, with a reason. */
export const optionalCases = {
  "a write is searchable when it is acknowledged, without a refresh": async (store) => {
    await createBooks(store);
    for (let i = 0; i < 20; i++) {
      await store.write(books, [create({ pages: i }, `n${i}`)]);
      assert.equal(await store.count(books, { term: { pages: i } }), 1);
    }
  },

  "hits carry their version when the body asks for it": async (store) => {
    await createBooks(store);
    await write(store, [create({}, "a"), { kind: "update", id: "a", partial: "{}" }]);
    assert.equal((await search(store, { version: true })).hits[0]?.version, 2);
    assert.equal((await search(store, {})).hits[0]?.version, undefined);
  },

  "a collection whose settings block writes refuses them": async (store) => {
    await createBooks(store);
    await store.updateSettings(books, { index: { blocks: { write: true } } });
    assert.partialDeepStrictEqual(await writeOne(store, create({}, "a")), {
      ok: false,
      failure: { reason: "rejected" },
    });
    await store.updateSettings(books, { index: { blocks: { write: false } } });
    assert.equal((await writeOne(store, create({}, "a"))).ok, true);
  },
} satisfies Record<string, Case>;

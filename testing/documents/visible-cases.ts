import assert from "node:assert/strict";
import type { CollectionView, DocumentStore, SearchOptions, SearchPage } from "../../src/stores/documents/index.ts";
import { writtenContent } from "../../src/stores/documents/index.ts";
import { books, contentOf, create, createBooks, fill, people, sortedIdsOf, write, writeOne } from "./fixture.ts";

type Case = (store: DocumentStore) => Promise<void>;

const french: CollectionView = { filter: { term: { lang: "fr" } } };
const noLanguage: CollectionView = { fields: ["pages", "title", "author.*"] };
const see = (view: CollectionView): SearchOptions => ({ visible: [view] });

/** Searches of somebody who sees a part of a collection. */
export const visibleCases = {
  "documents that are not seen are not there: for totals, filters behind the query, global aggregations and counts":
    async (store) => {
      await createBooks(store);
      await fill(store, 9);
      const aggs = { all: { global: {}, aggs: { langs: { terms: { field: "lang" } } } } };
      const body = { query: { range: { pages: { gt: 2 } } }, post_filter: { range: { pages: { lt: 9 } } }, aggs };
      const page: SearchPage = await store.search({ targets: [books], body }, see(french));
      assert.deepEqual([page.total, sortedIdsOf(page)], [3, ["4", "6", "8"]]);
      assert.partialDeepStrictEqual(page.aggregations, {
        all: { doc_count: 4, langs: { buckets: [{ key: "fr", doc_count: 4 }] } },
      });
      assert.equal(await store.count(books, {}, see(french)), 4);
      assert.equal(await store.count(books, { term: { lang: "en" } }, see(french)), 0);
    },

  "fields that are not seen are not mapped, and no hit of a search has them": async (store) => {
    await createBooks(store);
    await fill(store, 3);
    await write(store, [create({ pages: 4, lang: "fr", author: { name: "ada" }, tags: ["x"] }, "4")]);
    const query = { bool: { should: [{ term: { lang: "fr" } }, { exists: { field: "author" } }] } };
    const body = { query, aggs: { langs: { terms: { field: "lang" } } }, fields: ["*"] };
    const page: SearchPage = await store.search({ targets: [books], body }, see(noLanguage));
    assert.deepEqual(sortedIdsOf(page), ["4"]);
    assert.deepEqual(JSON.parse(page.hits[0]?.source ?? ""), { pages: 4, author: { name: "ada" } });
    assert.deepEqual(page.hits[0]?.fields, { pages: [4], "author.name": ["ada"] });
    assert.partialDeepStrictEqual(page.aggregations, { langs: { buckets: [] } });
  },

  "a scroll and a walk go through what is seen, each collection by its own view": async (store) => {
    await createBooks(store);
    await fill(store, 6);
    await store.createCollection(people, "public", { properties: { name: { type: "keyword" } } }, {});
    await write(store, [create({ name: "ada" }, "p1")], people);
    const both = { targets: [people, books], body: { sort: ["_doc"] }, size: 2, scrollTtlMs: 1_000 };
    let page = await store.search(both, { visible: [undefined, { ...french, ...noLanguage }] });
    const seen = [...page.hits];
    while (page.remaining !== 0) {
      page = await store.scroll(page.scrollId ?? "", 1_000);
      seen.push(...page.hits);
    }
    assert.deepEqual(seen.map(({ id }) => id).sort(), ["2", "4", "6", "p1"]);
    for (const { source = "" } of seen) assert.doesNotMatch(source, /lang/);
    const walked: string[] = [];
    for await (const batch of store.walk(books, {}, { ...see(french), batchSize: 2 }))
      for (const { id, source } of batch) walked.push(`${id} ${JSON.parse(source).lang}`);
    assert.deepEqual(walked.sort(), ["2 fr", "4 fr", "6 fr"]);
  },

  "what a write makes of a document is foretold": async (store) => {
    await createBooks(store);
    const present = '{"pages":1,"author":{"name":"ada","born":"1815"},"tags":["x"]}';
    const operations = [
      { kind: "update", id: "a", partial: '{"author":{"name":"bea"},"tags":null}' },
      { kind: "deleteFields", id: "a", fields: ["author.born", "tags[0]"], partial: '{"pages":2}' },
      { kind: "replace", id: "a", source: '{"pages":3}' },
    ] as const;
    for (const operation of operations) {
      await write(store, [{ kind: "index", id: "a", source: present }]);
      await writeOne(store, operation);
      assert.deepEqual(writtenContent(operation, present), await contentOf(store, "a"));
    }
    const upsert = { kind: "update", id: "b", partial: '{"pages":1}', upsert: '{"pages":5}' } as const;
    await writeOne(store, upsert);
    assert.deepEqual(writtenContent(upsert, undefined), await contentOf(store, "b"));
    const stale = { kind: "deleteFields", id: "b", fields: ["pages"], partial: "{}", ifVersion: 7 } as const;
    assert.deepEqual(await writeOne(store, stale), { ok: false, id: "b", failure: { reason: "conflict" } });
  },
} satisfies Readonly<Record<string, Case>>;

import assert from "node:assert/strict";
import type { DocumentStore } from "../../src/stores/documents/index.ts";
import { books, create, createBooks, fill, idsOf, withId, write } from "./fixture.ts";

type Case = (store: DocumentStore) => Promise<void>;

const page = (store: DocumentStore, size: number) =>
  store.search({ targets: [books], body: { sort: ["pages"] }, size, scrollTtlMs: 60_000 });

/** Scrolls, walks and cancellation beyond their ordinary course: several at once, and what happens when things change under them. */
export const cursorCases = {
  "scrolls go on side by side, each from where it is": async (store) => {
    await createBooks(store);
    await fill(store, 6);
    const [first, second] = [await page(store, 2), await page(store, 3)];
    const next = await store.scroll(first.scrollId ?? "", 60_000);
    const other = await store.scroll(second.scrollId ?? "", 60_000);
    assert.deepEqual(
      [idsOf(next), idsOf(other)],
      [
        ["3", "4"],
        ["4", "5", "6"],
      ],
    );
    assert.deepEqual(idsOf(await store.scroll(next.scrollId ?? first.scrollId ?? "", 60_000)), ["5", "6"]);
  },

  "the pages of a scroll have the scores of the search": async (store) => {
    await createBooks(store);
    await fill(store, 5);
    const bodies = [{}, { query: { match_all: { boost: 2 } } }, { sort: "_doc" }, { sort: "_doc", track_scores: true }];
    for (const body of bodies) {
      const { hits } = await store.search({ targets: [books], body, size: 5 });
      const first = await store.search({ targets: [books], body, size: 3, scrollTtlMs: 60_000 });
      const second = await store.scroll(first.scrollId ?? "", 60_000);
      const scores = [...first.hits, ...second.hits].map(({ score }) => score);
      assert.deepEqual(
        scores,
        hits.map(({ score }) => score),
        JSON.stringify(body),
      );
      assert.equal(scores.length, 5);
    }
  },

  "a scroll over a collection that was truncated answers nothing of what came after": async (store) => {
    await createBooks(store);
    await fill(store, 6);
    const { scrollId = "" } = await page(store, 2);
    await store.truncateCollection(books);
    await write(store, [create({ pages: 1 }, "later")]);
    await assert.rejects(store.scroll(scrollId, 60_000), withId("services.storage.unknown_scroll_id"));
  },

  "a walk whose collection is deleted or emptied ends with an error about the collection, not with a part": async (
    store,
  ) => {
    const disturbed = async (disturb: () => Promise<void>): Promise<void> => {
      await createBooks(store);
      await fill(store, 20);
      let isFirst = true;
      for await (const batch of store.walk(books, {}, { batchSize: 2 })) {
        assert.equal(batch.length, 2);
        if (isFirst) await disturb();
        isFirst = false;
      }
    };
    const emptied = disturbed(() => store.truncateCollection(books));
    await assert.rejects(emptied, withId("services.storage.unexpected_not_found"));
    const deleted = disturbed(() => store.deleteCollection(books));
    await assert.rejects(deleted, withId("services.storage.unknown_index")); // it went with its only collection
    assert.deepEqual(await store.describe(), []);
  },

  "an aborted walk ends with the reason of its signal, an aborted scroll with that of its own": async (store) => {
    await createBooks(store);
    await fill(store, 20);
    const reason = new Error("no longer wanted");
    const leaving = new AbortController();
    await assert.rejects(async () => {
      for await (const batch of store.walk(books, {}, { batchSize: 2, signal: leaving.signal })) {
        assert.equal(batch.length, 2);
        leaving.abort(reason);
      }
    }, reason);
    const { scrollId = "" } = await page(store, 2);
    await assert.rejects(store.scroll(scrollId, 60_000, { signal: leaving.signal }), reason);
    assert.equal(await store.count(books, {}), 20);
  },

  "a signal that was aborted before lets nothing begin": async (store) => {
    await createBooks(store);
    await fill(store, 2);
    const reason = new Error("too late");
    const options = { signal: AbortSignal.abort(reason) };
    await assert.rejects(store.search({ targets: [books], body: {} }, options), reason);
    await assert.rejects(store.count(books, {}, options), reason);
    await assert.rejects(async () => {
      for await (const _ of store.walk(books, {}, options)) assert.fail("a batch came");
    }, reason);
  },

  "search_after pages through everything once, also over equal values": async (store) => {
    await createBooks(store);
    await fill(store, 9);
    const found: string[] = [];
    let after: readonly unknown[] | undefined;
    for (;;) {
      const body = {
        sort: [{ lang: "asc" }, { pages: "desc" }],
        ...(after === undefined ? {} : { search_after: after }),
      };
      const { hits } = await store.search({ targets: [books], body, size: 2 });
      found.push(...hits.map(({ id }) => id));
      after = hits.at(-1)?.sort;
      if (hits.length < 2) break;
    }
    assert.deepEqual(found, ["9", "7", "5", "3", "1", "8", "6", "4", "2"]);
  },
} satisfies Record<string, Case>;

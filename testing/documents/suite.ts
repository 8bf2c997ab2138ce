import assert from "node:assert/strict";
import { test } from "node:test";
import type { DocumentStore } from "../../src/stores/documents/index.ts";
import { collectionCases } from "./collection-cases.ts";
import { cursorCases } from "./cursor-cases.ts";
import { everydayCases } from "./query-cases.ts";
import { optionalCases, searchCases } from "./search-cases.ts";
import { restartCases, storeCases } from "./store-cases.ts";
import { visibleCases } from "./visible-cases.ts";
import { writeCases } from "./write-cases.ts";

/** Optional cases an engine misses, each with its reason; one that passes after all fails the run: the gap has closed. */
export type DocumentStoreGaps = Readonly<Partial<Record<keyof typeof optionalCases, string>>>;

/** Makes an empty place for data, and answers what opens a store there, again and again. */
export type Place = () => Promise<() => Promise<DocumentStore>>;

/** The methods of the port, each of which some case has to ask for. */
const methods: Readonly<Record<Exclude<keyof DocumentStore, "engine" | typeof Symbol.asyncDispose>, true>> = {
  ...{ check: true, describe: true, createCollection: true, deleteCollection: true, truncateCollection: true },
  ...{ getMappings: true, updateMappings: true, getSettings: true, updateSettings: true, reindex: true },
  ...{ write: true, find: true, mFind: true, exist: true, search: true, count: true, scroll: true, closeScroll: true },
  ...{ walk: true, refresh: true, stats: true, close: true },
};

/**
 * Holds an engine to what every document store does, as tests of `node:test`. `open` answers an empty store, which the suite disposes of;
 * each case has one of its own. Without a `place`, which engines in memory lack, what survives a restart is not tested, and reported as skipped.
 */
export function testDocumentStore(
  engine: string,
  open: () => Promise<DocumentStore>,
  gaps: DocumentStoreGaps = {},
  place?: Place,
): void {
  const reasons: Readonly<Record<string, string | undefined>> = gaps;
  const asked = new Set<string | symbol>();
  const cases: Readonly<Record<string, (store: DocumentStore) => Promise<void>>> = {
    ...storeCases,
    ...collectionCases,
    ...writeCases,
    ...searchCases,
    ...everydayCases,
    ...cursorCases,
    ...visibleCases,
    ...optionalCases,
  };
  for (const [name, run] of Object.entries(cases)) {
    test(`${engine}: ${name}`, async () => {
      await using store = watched(await open(), asked);
      if (reasons[name] === undefined) await run(store);
      else await assert.rejects(run(store), `gap has closed: ${reasons[name]}`);
    });
  }
  for (const [name, run] of Object.entries(restartCases)) {
    test(`${engine}: ${name}`, { skip: place === undefined && "it keeps nothing" }, async () => {
      const openThere = await place?.();
      if (openThere === undefined) return;
      const openNext = async (): Promise<DocumentStore> => watched(await openThere(), asked);
      let last = await openNext();
      try {
        await run(last, async (store) => {
          await store.close();
          last = await openNext();
          return last;
        });
      } finally {
        await last.close();
      }
    });
  }
  test(`${engine}: every method of the port was held to something`, () => {
    const own = place === undefined ? ["close"] : []; // closing is a matter of restarts
    assert.deepEqual(
      Object.keys(methods).filter((name) => !asked.has(name) && !own.includes(name)),
      [],
    );
  });
}

/** The store, which notes what it is asked. */
const watched = (store: DocumentStore, asked: Set<string | symbol>): DocumentStore =>
  new Proxy(store, {
    get: (target, name) => {
      asked.add(name);
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });

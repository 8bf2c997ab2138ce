import assert from "node:assert/strict";
import { test } from "node:test";
import type { DocumentStore } from "../../src/stores/documents/index.ts";
import { collectionCases } from "./collection-cases.ts";
import { optionalCases, searchCases } from "./search-cases.ts";
import { visibleCases } from "./visible-cases.ts";
import { writeCases } from "./write-cases.ts";

/** Optional cases an engine misses, each with its reason; one that passes after all fails the run: the gap has closed. */
export type DocumentStoreGaps = Readonly<Partial<Record<keyof typeof optionalCases, string>>>;

/**
 * Holds an engine to what every document store does. `open` answers an empty store, which the suite closes; each case has one of its own.
 */
export function testDocumentStore(
  engine: string,
  open: () => Promise<DocumentStore>,
  gaps: DocumentStoreGaps = {},
): void {
  const reasons: Readonly<Record<string, string | undefined>> = gaps;
  const cases: Readonly<Record<string, (store: DocumentStore) => Promise<void>>> = {
    ...collectionCases,
    ...writeCases,
    ...searchCases,
    ...visibleCases,
    ...optionalCases,
  };
  for (const [name, run] of Object.entries(cases)) {
    test(`${engine}: ${name}`, async () => {
      await using store = await open();
      if (reasons[name] === undefined) await run(store);
      else await assert.rejects(run(store), `gap has closed: ${reasons[name]}`);
    });
  }
}

import type { Documents } from "../../../data/index.ts";
import { assertNoScripts, metadata } from "../../../data/index.ts";
import { kerror, kerrorWith } from "../../../kernel/index.ts";
import type { CollectionRef } from "../../../stores/documents/index.ts";
import { checkLines, importQuietly } from "../bulk/import.ts";
import { byCollection } from "./by-collection.ts";

export interface FixtureOptions {
  /** Epoch milliseconds for `_kuzzle_info`. */
  readonly now: number;
  readonly refresh: boolean;
}

/**
 * Loads `{ index: { collection: [action line, payload, …] } }` (contract/search.md section 13), one collection after the other. All lines
 * are checked before the first is written; then the first collection with a failure ends it, and what was written stays.
 *
 * Errors: `api.assert.invalid_argument`, `services.storage.invalid_query_keyword`, `unexpected_bad_request` (400), `unknown_index`,
 * `unknown_collection` (412), `import_failed` (206).
 */
export async function loadFixtures(
  documents: Documents,
  content: unknown,
  { now, refresh }: FixtureOptions,
): Promise<void> {
  const fixtures = byCollection("body", content).map(([target, lines]) => [target, asLines(target, lines)] as const);
  assertNoScripts(content, 0);
  for (const [, lines] of fixtures) checkLines(lines);
  const options = { created: metadata.created(null, now), updated: metadata.updated(null, now), refresh };
  for (const [target, lines] of fixtures) {
    documents.assertCollection(target);
    const errors = await importQuietly(documents, target, lines, options);
    if (errors.length > 0) throw kerrorWith("services.storage.import_failed", errors);
  }
}

function asLines({ index, collection }: CollectionRef, lines: unknown): readonly unknown[] {
  if (Array.isArray(lines)) return lines;
  throw kerror("api.assert.invalid_argument", `body.${index}.${collection}`, "an array of bulk operations");
}

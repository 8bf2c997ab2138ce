import type { Documents, Operation } from "../../../data/index.ts";
import { metadata } from "../../../data/index.ts";
import { kerror, kerrorWith } from "../../../kernel/index.ts";
import type { CollectionRef } from "../../../stores/documents/index.ts";
import { checkLines, importQuietly } from "../bulk/import.ts";
import { byCollection } from "./by-collection.ts";
import type { LoadPreparation } from "./deps.ts";

export interface FixtureOptions {
  /** Epoch milliseconds for `_kuzzle_info`. */
  readonly now: number;
  readonly refresh: boolean;
  readonly preparation: LoadPreparation;
  /** Hears how far it is, and may be cancelled. */
  readonly running?: Operation;
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
  { now, refresh, preparation, running }: FixtureOptions,
): Promise<void> {
  const given = byCollection("body", content).map(([target, lines]) => [target, asLines(target, lines)] as const);
  let total = 0;
  for (const [, lines] of given) total += await checkLines(lines);
  running?.expect(total);
  const fixtures = await prepared(given, preparation);
  const options = { created: metadata.created(null, now), updated: metadata.updated(null, now), refresh, running };
  for (const [target, lines] of fixtures) {
    documents.assertCollection(target);
    const errors = await importQuietly(documents, target, lines, options);
    if (errors.length > 0) throw kerrorWith("services.storage.import_failed", errors);
  }
}

type Fixtures = readonly (readonly [CollectionRef, readonly unknown[]])[];

async function prepared(given: Fixtures, preparation: LoadPreparation): Promise<Fixtures> {
  for (const index of new Set(given.map(([target]) => target.index))) await preparation.fixturesIndex(index);
  const fixtures: (readonly [CollectionRef, readonly unknown[]])[] = [];
  for (const [before, content] of given) {
    const [target, changed] = await preparation.fixtures(before, content);
    const lines = asLines(target, changed);
    if (lines !== content) await checkLines(lines);
    fixtures.push([target, lines]);
  }
  return fixtures;
}

function asLines({ index, collection }: CollectionRef, lines: unknown): readonly unknown[] {
  if (Array.isArray(lines)) return lines;
  throw kerror("api.assert.invalid_argument", `body.${index}.${collection}`, "an array of bulk operations");
}

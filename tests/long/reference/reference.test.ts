/**
 * Our engine and the reference engine answer the same: the same collection, the same generated searches, the same answers.
 *
 * Run: `npm run test:differential`. It needs Java 17, and Maven for the first run, which fetches the reference into the user's cache.
 * What differs on purpose is written down in docs/search-differences.md, and left out of what is generated.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { withAggregations, withPipelines } from "./aggregations.ts";
import { BothEngines } from "./both-engines.ts";
import { mappings, newDocument, settings } from "./collection.ts";
import { everyCompound } from "./compounds.ts";
import { searchesOfKind, seeds } from "./effort.ts";
import { everyClause } from "./every-clause.ts";
import { everyCollapse, everyOrder, everySource } from "./orders.ts";
import { Random } from "./random.ts";
import { missingPrerequisite, openReference, type ReferenceEngine, startReference } from "./reference-engine.ts";
import { byRelevance, bySort, pagesAfter, type Search, withExtras, withHighlights } from "./searches.ts";
import { tally } from "./tally.ts";
import { Values } from "./values.ts";

const kinds: Readonly<Record<string, (random: Random, count: number, values: Values) => Search[]>> = {
  "every clause on every field": everyClause,
  "every clause in every other": everyCompound,
  "every order": everyOrder,
  "every collapse": everyCollapse,
  "every part of sources": everySource,
  "queries by relevance": byRelevance,
  "queries sorted by fields": bySort,
  "pages behind a hit": pagesAfter,
  "what stands beside the query": withExtras,
  highlights: withHighlights,
  aggregations: withAggregations,
  "aggregations of aggregations": withPipelines,
};

const documents = 300;
const shown = 10;

const skip = missingPrerequisite() ?? false;

describe("the embedded engine answers as the reference engine does", { skip }, () => {
  let reference: ReferenceEngine;
  let second: Promise<ReferenceEngine> | undefined;
  before(async () => {
    reference = await openReference();
  });
  after(async () => {
    await reference?.[Symbol.asyncDispose]();
    await (await second)?.[Symbol.asyncDispose]();
  });
  /** Started with the first difference. */
  const openSecond = (): Promise<ReferenceEngine> => {
    second ??= startReference("opensearch");
    return second;
  };

  for (const seed of seeds) {
    describe(`for the collection of seed ${seed}`, () => {
      let both: BothEngines;
      let values: Values;
      before(async () => {
        const random = new Random(seed);
        const written = Array.from({ length: documents }, (_, i) => newDocument(random, i));
        values = new Values(written);
        const name = `seed-${seed}`;
        both = await BothEngines.open(reference, name, mappings, settings, written, { second: openSecond });
        assert.deepEqual(both.differences, []);
      });
      after(() => both?.[Symbol.asyncDispose]());

      for (const [kind, generate] of Object.entries(kinds)) {
        test(`${kind}: ${searchesOfKind}`, async () => {
          const differences: string[] = [];
          for (const search of generate(new Random(seed * 1000), searchesOfKind, values)) {
            const difference = await both.compare({ ...search, kind });
            if (difference !== undefined) differences.push(`${difference}\n    ${JSON.stringify(search)}`);
          }
          const first = differences.slice(0, shown).join("\n");
          assert.equal(differences.length, 0, `${differences.length} of ${searchesOfKind} differ:\n${first}`);
        });
      }
    });
  }

  for (const kind of Object.keys(kinds))
    test(`most of the ${kind} find something`, () => assert.equal(tally.weakness(kind), undefined));
});

/**
 * Aggregations with all their options, in each other and followed by pipelines, answered as the reference engine answers them.
 *
 * Run: `npm test -- --long more-aggregations`; see reference.test.ts for what it needs.
 */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { BothEngines } from "./both-engines.ts";
import { mappings, newDocument, settings } from "./collection.ts";
import { searchesAmong, seeds } from "./effort.ts";
import { everyAggregation, everyComposite, everyOrder } from "./more-aggregations.ts";
import { everyBucketSort, everySeries, everySibling } from "./more-pipelines.ts";
import { Random } from "./random.ts";
import { missingPrerequisite, openReference, type ReferenceEngine } from "./reference-engine.ts";
import type { Search } from "./searches.ts";

const kinds: Readonly<Record<string, (random: Random, count: number) => Search[]>> = {
  "every aggregation": everyAggregation,
  composites: everyComposite,
  "orders by what lies in buckets": everyOrder,
  "pipelines along buckets": everySeries,
  "pipelines over siblings": everySibling,
  "sorted buckets": everyBucketSort,
};

const searchesOfKind = searchesAmong(400);
const documents = 300;
const skip = missingPrerequisite() ?? false;

describe("aggregations are answered as the reference engine does", { skip }, () => {
  let reference: ReferenceEngine;
  before(async () => {
    reference = await openReference();
  });
  after(() => reference?.[Symbol.asyncDispose]());

  for (const seed of seeds) {
    describe(`for the collection of seed ${seed}`, () => {
      let both: BothEngines;
      before(async () => {
        const random = new Random(seed);
        const written = Array.from({ length: documents }, (_, i) => newDocument(random, i));
        both = await BothEngines.open(reference, `aggregations-${seed}`, mappings, settings, written);
        assert.deepEqual(both.differences, []);
      });
      after(() => both?.[Symbol.asyncDispose]());

      for (const [name, generate] of Object.entries(kinds)) {
        test(`${name}: ${searchesOfKind}`, async () => {
          const differences: string[] = [];
          for (const search of generate(new Random(seed * 1000), searchesOfKind)) {
            const difference = await both.compare(search);
            if (difference !== undefined) differences.push(`${difference}\n    ${JSON.stringify(search)}`);
          }
          const shown = differences.slice(0, 10).join("\n");
          assert.equal(differences.length, 0, `${differences.length} of ${searchesOfKind} differ:\n${shown}`);
        });
      }
    });
  }
});

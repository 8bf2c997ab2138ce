/** What applications ask for rarely answers as in the reference engine. Run: `npm test -- --long reference/long-tail`. */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { BothEngines } from "./both-engines.ts";
import * as bucketKeys from "./bucket-keys.ts";
import * as circles from "./circles.ts";
import * as plain from "./collection.ts";
import * as contexts from "./completion-contexts.ts";
import { searchesAmong } from "./effort.ts";
import * as percolations from "./percolations.ts";
import { Random } from "./random.ts";
import * as features from "./rank-features.ts";
import * as rare from "./rare-aggregations.ts";
import * as rareOptions from "./rare-options.ts";
import { missingPrerequisite, openReference, type ReferenceEngine } from "./reference-engine.ts";
import * as spans from "./spans.ts";

const searchesOfKind = searchesAmong(400);
const groups = [
  { name: "spans", collection: plain, documents: 250, kinds: spans.kinds },
  { name: "circles", collection: circles, documents: 250, kinds: circles.kinds },
  { name: "rank-features", collection: features, documents: 250, kinds: features.kinds },
  { name: "percolations", collection: percolations, documents: 400, kinds: percolations.kinds },
];

const skip = missingPrerequisite() ?? false;

describe("the long tail of searching answers as the reference engine does", { skip }, () => {
  let reference: ReferenceEngine;
  before(async () => {
    reference = await openReference();
  });
  after(() => reference?.[Symbol.asyncDispose]());

  for (const { name, collection, documents, kinds } of groups) {
    describe(name, () => {
      let both: BothEngines;
      before(async () => {
        const random = new Random(53);
        const written = Array.from({ length: documents }, (_, i) => collection.newDocument(random, i));
        both = await BothEngines.open(reference, name, collection.mappings, collection.settings, written);
        assert.deepEqual(both.differences, []);
      });
      after(() => both?.[Symbol.asyncDispose]());

      for (const [kind, make] of Object.entries(kinds)) {
        test(`${kind}: ${searchesOfKind}`, async () => {
          const random = new Random(5300);
          const differences: string[] = [];
          for (let i = 0; i < searchesOfKind; i++) {
            const search = make(random);
            const difference = await both.compare(search);
            if (difference !== undefined) differences.push(`${difference}\n    ${JSON.stringify(search)}`);
          }
          const shown = differences.slice(0, 10).join("\n");
          assert.equal(differences.length, 0, `${differences.length} of ${searchesOfKind} differ:\n${shown}`);
        });
      }
    });
  }

  for (const { name, collection, asked } of [
    { name: "contexts", collection: contexts, asked: contexts },
    { name: "rare-aggregations", collection: plain, asked: rare },
    { name: "bucket-keys", collection: bucketKeys, asked: bucketKeys },
    { name: "rare-options", collection: plain, asked: rareOptions },
  ]) {
    describe(name, () => {
      let both: BothEngines;
      before(async () => {
        const random = new Random(54);
        const written = Array.from({ length: 250 }, (_, i) => collection.newDocument(random, i));
        // Whether documents that are gone count depends on what the reference engine keeps of them.
        const options = { isWrittenOnce: true };
        both = await BothEngines.open(reference, name, collection.mappings, collection.settings, written, options);
        assert.deepEqual(both.differences, []);
      });
      after(() => both?.[Symbol.asyncDispose]());

      for (const [kind, make] of Object.entries(asked.kinds)) {
        test(`${kind}: ${searchesOfKind}`, async () => {
          const random = new Random(5400);
          let filled = 0;
          for (let i = 0; i < searchesOfKind; i++) {
            const search = make(random);
            const { own, reference: theirs } = await both.answers(search);
            if (asked.isFilled(theirs)) filled++;
            for (const answer of own)
              assert.equal(asked.findDifference(answer, theirs), undefined, JSON.stringify(search.body));
          }
          assert.ok(filled > searchesOfKind / 2, `only ${filled} of ${searchesOfKind} requests were answered`);
        });
      }
    });
  }
});

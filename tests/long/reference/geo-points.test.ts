/** Points at poles, date line and borders: our engine answers as the reference does. Run: `npm test -- --long geo-points`. */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { BothEngines } from "./both-engines.ts";
import { searchesAmong, seeds } from "./effort.ts";
import { kinds, mappings, newDocument } from "./geo-points.ts";
import { Random } from "./random.ts";
import { missingPrerequisite, openReference, type ReferenceEngine } from "./reference-engine.ts";

const documents = 250;
const searchesOfKind = searchesAmong(400);

describe("points are found, sorted and grouped as by the reference engine", {
  skip: missingPrerequisite() ?? false,
}, () => {
  let reference: ReferenceEngine;
  before(async () => {
    reference = await openReference();
  });
  after(() => reference?.[Symbol.asyncDispose]());

  for (const seed of seeds) {
    for (const [name, generate] of Object.entries(kinds)) {
      test(`${name}, seed ${seed}: ${searchesOfKind}`, async () => {
        const random = new Random(seed);
        const written = Array.from({ length: documents }, (_, i) => newDocument(random, i));
        await using both = await BothEngines.open(reference, `points-${seed}`, mappings, {}, written);
        assert.deepEqual(both.differences, []);
        const differences: string[] = [];
        for (const search of generate(new Random(seed * 1000), searchesOfKind)) {
          const difference = await both.compare(search);
          if (difference !== undefined) differences.push(`${difference}\n    ${JSON.stringify(search)}`);
        }
        assert.equal(differences.length, 0, `${differences.length} differ:\n${differences.slice(0, 10).join("\n")}`);
      });
    }
  }
});

/** Shapes: our engine and the reference take the same ones, and find the same documents by them. Run: `npm test -- --long geo-shapes`. */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { BothEngines } from "./both-engines.ts";
import { searchesAmong, seeds } from "./effort.ts";
import { isOfQueriesOnly, oddShapes } from "./geo-odd-shapes.ts";
import { grids, mappings, newDocument, searches } from "./geo-shapes.ts";
import { Random } from "./random.ts";
import { missingPrerequisite, openReference, type ReferenceEngine } from "./reference-engine.ts";

const documents = 200;
const searchesOfGrid = searchesAmong(400);

/** A short run asks for the two from which the others follow most often. */
const oddRelations =
  searchesOfGrid < 100 ? ["intersects", "contains"] : ["intersects", "disjoint", "within", "contains"];

describe("shapes are found as the reference engine finds them", { skip: missingPrerequisite() ?? false }, () => {
  let reference: ReferenceEngine;
  before(async () => {
    reference = await openReference();
  });
  after(() => reference?.[Symbol.asyncDispose]());

  for (const seed of seeds) {
    for (const [g, grid] of grids.entries()) {
      test(`${grid.name}, seed ${seed}: ${searchesOfGrid} searches`, async () => {
        const random = new Random(seed * 100 + g);
        const written = Array.from({ length: documents }, (_, i) => newDocument(random, grid, i));
        await using both = await BothEngines.open(reference, `shapes-${seed}-${g}`, mappings, {}, written);
        assert.deepEqual(both.differences, []);
        const differences: string[] = [];
        for (const search of searches(random, grid, searchesOfGrid)) {
          const difference = await both.compare(search);
          if (difference !== undefined) differences.push(`${difference}\n    ${JSON.stringify(search.body)}`);
        }
        assert.equal(differences.length, 0, differences.slice(0, 10).join("\n"));
      });
    }
  }

  for (const field of ["s", "cw", "z", "m"]) {
    test(`odd shapes are taken or refused alike, by the field "${field}"`, async () => {
      const properties = { ...mappings.properties, z: { type: "geo_shape", ignore_z_value: false } };
      const written = oddShapes.map((shape) => ({ uid: JSON.stringify(shape), [field]: shape }));
      await using both = await BothEngines.open(reference, `odd-${field}`, { properties }, {}, written);
      assert.deepEqual(both.differences, []);
      const differences: string[] = [];
      for (const shape of oddShapes) {
        if (isOfQueriesOnly(shape)) continue;
        for (const relation of oddRelations) {
          const query = { geo_shape: { [field]: { shape, relation } } };
          const difference = await both.compare({ body: { query, sort: ["uid"] }, from: 0, size: 200 });
          if (difference !== undefined) differences.push(`${difference}\n    ${JSON.stringify(query)}`);
        }
      }
      assert.equal(differences.length, 0, differences.slice(0, 10).join("\n"));
    });
  }
});

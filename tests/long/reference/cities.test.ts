/** The places of the example `examples/cities`, searched as applications search such data, are found as the reference finds them. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { mappings } from "../../../examples/cities/cities.ts";
import { BothEngines } from "./both-engines.ts";
import { citiesAggregated, citiesByRelevance, citiesSorted, cityDocuments } from "./cities.ts";
import { searchesAmong, seeds } from "./effort.ts";
import { Random } from "./random.ts";
import { missingPrerequisite, openReference, type ReferenceEngine, startReference } from "./reference-engine.ts";
import type { Search } from "./searches.ts";
import { tally } from "./tally.ts";

const kinds: Readonly<Record<string, (random: Random, count: number) => Search[]>> = {
  "places by relevance": citiesByRelevance,
  "places in an order": citiesSorted,
  "places aggregated": citiesAggregated,
};

const searches = searchesAmong(300);
const skip = missingPrerequisite() ?? false;

describe("the cities of the world are found as the reference engine finds them", { skip }, () => {
  let reference: ReferenceEngine;
  let second: Promise<ReferenceEngine> | undefined;
  let both: BothEngines;
  before(async () => {
    reference = await openReference();
    // Written once: among so many documents each engine merges when it likes, and only then forgets what was removed in its scores.
    const options = {
      isWrittenOnce: true,
      shapes: ["head", "reopened"] as const,
      second: () => {
        second ??= startReference("opensearch");
        return second;
      },
    };
    both = await BothEngines.open(reference, "cities", mappings, {}, cityDocuments(), options);
    assert.deepEqual(both.differences, []);
  });
  after(async () => {
    await both?.[Symbol.asyncDispose]();
    await reference?.[Symbol.asyncDispose]();
    await (await second)?.[Symbol.asyncDispose]();
  });

  for (const [kind, generate] of Object.entries(kinds)) {
    test(`${kind}: ${searches}`, async () => {
      const differences: string[] = [];
      for (const search of generate(new Random(seeds[0] ?? 1), searches)) {
        const difference = await both.compare({ ...search, kind });
        if (difference !== undefined) differences.push(`${difference}\n    ${JSON.stringify(search)}`);
      }
      const first = differences.slice(0, 10).join("\n");
      assert.equal(differences.length, 0, `${differences.length} of ${searches} differ:\n${first}`);
      assert.equal(tally.weakness(kind), undefined);
    });
  }
});

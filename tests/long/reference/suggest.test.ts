/** Suggesters answer as those of the reference engine do. Run: `npm test -- --long reference/suggest`. */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { JSONObject } from "../../../src/kernel/index.ts";
import { BothEngines } from "./both-engines.ts";
import { compareValues, type OwnAnswer } from "./compare.ts";
import { searchesAmong, seeds } from "./effort.ts";
import { Random } from "./random.ts";
import { missingPrerequisite, openReference, type ReferenceAnswer, type ReferenceEngine } from "./reference-engine.ts";
import { completionSuggest, mappings, newDocument, phraseSuggest, settings, termSuggest } from "./suggest.ts";

const kinds: Readonly<Record<string, (random: Random) => JSONObject>> = {
  "corrections of words": termSuggest,
  "corrections of phrases": phraseSuggest,
  completions: completionSuggest,
};
const requestsOfKind = searchesAmong(800);

const skip = missingPrerequisite() ?? false;

describe("suggesters answer as those of the reference engine do", { skip }, () => {
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
        const documents = Array.from({ length: 150 }, () => newDocument(random));
        both = await BothEngines.open(reference, `suggest-${seed}`, mappings, settings, documents);
        assert.deepEqual(both.differences, []);
      });
      after(() => both?.[Symbol.asyncDispose]());

      for (const [name, make] of Object.entries(kinds)) {
        test(`${name}: ${requestsOfKind}`, async () => {
          const random = new Random(seed * 1000);
          const differences: string[] = [];
          let found = 0;
          for (let i = 0; i < requestsOfKind; i++) {
            const suggest = { one: make(random), ...(random.chance(0.1) ? { two: make(random) } : {}) };
            const search = { body: { suggest, _source: false }, from: 0, size: 0 };
            const { own, reference: theirs } = await both.answers(search);
            const answered = JSON.stringify(theirs.body.suggest ?? {});
            if (answered.includes('"options":[{')) found++;
            for (const answer of own) {
              const difference = findDifference(answer, theirs);
              if (difference !== undefined) differences.push(`${difference}\n    ${JSON.stringify(suggest)}`);
            }
          }
          const shown = differences.slice(0, 10).join("\n");
          assert.equal(differences.length, 0, `${differences.length} of ${requestsOfKind} differ:\n${shown}`);
          assert.ok(found > requestsOfKind / 4, `only ${found} requests had answers`);
        });
      }
    });
  }
});

function findDifference(own: OwnAnswer, reference: ReferenceAnswer): string | undefined {
  if ("error" in own) return reference.status >= 400 ? undefined : `ours refused: ${own.error}`;
  if (reference.status >= 400) return `the reference refused: ${JSON.stringify(reference.body).slice(0, 400)}`;
  return compareValues(sorted(own.page.suggest), sorted(reference.body.suggest), "suggest");
}

/** What has the same score may come in any order: the two engines number documents differently, and add in another order. */
function sorted(suggest: unknown): unknown {
  if (typeof suggest !== "object" || suggest === null) return suggest;
  const copy = JSON.parse(JSON.stringify(suggest)) as Record<string, { options: JSONObject[] }[]>;
  for (const entries of Object.values(copy))
    for (const entry of entries) {
      const last = entry.options.at(-1);
      // Which input of a document, and which of equals at the end of the page, is not said anywhere.
      for (const option of entry.options)
        if (
          option._id !== undefined ||
          (option.freq === undefined && last !== undefined && scoreOf(option) === scoreOf(last))
        )
          option.text = option.highlighted = "";
      if (entry.options.every((option) => option.freq === undefined))
        entry.options.sort((a, b) => scoreOf(b) - scoreOf(a) || String(keyOf(a)).localeCompare(String(keyOf(b))));
    }
  return copy;
}

const scoreOf = (option: JSONObject): number => Number(Number(option._score ?? option.score).toPrecision(6));
const keyOf = (option: JSONObject): unknown => option._id ?? option.text;

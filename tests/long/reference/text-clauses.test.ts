/** The rarer clauses on texts, and passages, answer as in the reference engine. Run: `npm test -- --long reference/text-clauses`. */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { BothEngines } from "./both-engines.ts";
import * as plain from "./collection.ts";
import { searchesAmong } from "./effort.ts";
import * as fewWords from "./few-words.ts";
import * as highlightOptions from "./highlight-options.ts";
import * as highlights from "./highlights.ts";
import { Random } from "./random.ts";
import { missingPrerequisite, openReference, type ReferenceEngine } from "./reference-engine.ts";
import { kinds } from "./text-clauses.ts";

const searchesOfKind = searchesAmong(500);
const groups = [
  { name: "text-clauses", collection: plain, documents: 250, kinds },
  { name: "few-words", collection: fewWords, documents: 150, kinds: fewWords.kinds },
  { name: "passages", collection: highlights, documents: 100, kinds: highlights.kinds },
  { name: "highlights", collection: highlightOptions, documents: 100, kinds: highlightOptions.kinds },
];

const skip = missingPrerequisite() ?? false;

describe("clauses on texts and passages of them are those of the reference engine", { skip }, () => {
  let reference: ReferenceEngine;
  before(async () => {
    reference = await openReference();
  });
  after(() => reference?.[Symbol.asyncDispose]());

  for (const { name, collection, documents, kinds: makers } of groups) {
    describe(name, () => {
      let both: BothEngines;
      before(async () => {
        const random = new Random(41);
        const written = Array.from({ length: documents }, (_, i) => collection.newDocument(random, i));
        both = await BothEngines.open(reference, name, collection.mappings, collection.settings, written);
        assert.deepEqual(both.differences, []);
      });
      after(() => both?.[Symbol.asyncDispose]());

      for (const [kind, make] of Object.entries(makers)) {
        test(`${kind}: ${searchesOfKind}`, async () => {
          const random = new Random(4100);
          const differences: string[] = [];
          for (let i = 0; i < searchesOfKind; i++) {
            const search = make(random);
            const difference = await both.compare(search);
            // A failure of the reference engine's own, where a filter's words are in no document.
            if (difference?.includes("Sub-iterators of ConjunctionDISI")) continue;
            if (difference !== undefined) differences.push(`${difference}\n    ${JSON.stringify(search)}`);
          }
          const shown = differences.slice(0, 10).join("\n");
          assert.equal(differences.length, 0, `${differences.length} of ${searchesOfKind} differ:\n${shown}`);
        });
      }
    });
  }
});

/** Searches over fields with analyzers of their own find, score and mark what the reference engine finds, scores and marks. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  analyzedHighlights,
  analyzedMappings,
  analyzedSettings,
  byAnalyzedMatch,
  countedWords,
  newAnalyzedDocument,
  whileTyping,
} from "./analyzed-searches.ts";
import { BothEngines } from "./both-engines.ts";
import { searchesAmong } from "./effort.ts";
import { Random } from "./random.ts";
import { missingPrerequisite, openReference, type ReferenceEngine } from "./reference-engine.ts";
import type { Search } from "./searches.ts";

const kinds: Readonly<Record<string, readonly [(random: Random, count: number) => Search[], number]>> = {
  "words and phrases": [byAnalyzedMatch, 1000],
  "search as you type": [whileTyping, 400],
  "numbers of words": [countedWords, 100],
  highlights: [analyzedHighlights, 400],
};
const documents = 250;
const skip = missingPrerequisite() ?? false;

describe("analysed fields are searched as in the reference engine", { skip }, () => {
  let reference: ReferenceEngine;
  let both: BothEngines;
  before(async () => {
    reference = await openReference();
    const random = new Random(5);
    const written = Array.from({ length: documents }, () => newAnalyzedDocument(random));
    both = await BothEngines.open(reference, "analysed", analyzedMappings, analyzedSettings, written);
    assert.deepEqual(both.differences, []);
  });
  after(async () => {
    await both?.[Symbol.asyncDispose]();
    await reference?.[Symbol.asyncDispose]();
  });

  for (const [name, [generate, usual]] of Object.entries(kinds)) {
    const count = searchesAmong(usual);
    test(`${name}: ${count}`, async () => {
      const differences: string[] = [];
      for (const search of generate(new Random(11), count)) {
        const difference = await both.compare(search);
        if (difference !== undefined) differences.push(`${difference}\n    ${JSON.stringify(search.body)}`);
      }
      const shown = differences.slice(0, 10).join("\n");
      assert.equal(differences.length, 0, `${differences.length} of ${count} differ:\n${shown}`);
    });
  }
});

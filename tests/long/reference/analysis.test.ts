/** Analyzers and normalizers of the embedded engine cut and change texts as those of the reference engine do. */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { analyzeText } from "../../../src/stores/documents/index.ts";
import { analysisSettings, analyzers, newText, normalizers } from "./analysis.ts";
import { searchesAmong } from "./effort.ts";
import { Random } from "./random.ts";
import { missingPrerequisite, openReference, type ReferenceEngine } from "./reference-engine.ts";

const texts = searchesAmong(200);
const skip = missingPrerequisite() ?? false;

interface ReferenceToken {
  readonly token: string;
  readonly position: number;
  readonly start_offset: number;
  readonly end_offset: number;
  readonly type: string;
  readonly positionLength?: number;
}

describe("texts are analysed as the reference engine analyses them", { skip }, () => {
  let reference: ReferenceEngine;
  before(async () => {
    reference = await openReference();
    const index = { max_ngram_diff: 5, max_shingle_diff: 5, number_of_shards: 1, number_of_replicas: 0 };
    const made = await reference.request("PUT", "/texts", { settings: { ...analysisSettings, index } });
    assert.equal(made.status, 200, JSON.stringify(made.body));
  });
  after(() => reference?.[Symbol.asyncDispose]());

  const settings = { ...analysisSettings, index: { max_ngram_diff: 5, max_shingle_diff: 5 } };
  for (const [kind, names] of Object.entries({ analyzer: analyzers, normalizer: normalizers })) {
    for (const name of names) {
      test(`the ${kind} ${name}`, async () => {
        const random = new Random(7);
        const differences: string[] = [];
        for (let i = 0; i < texts; i++) {
          const text = newText(random);
          const { status, body } = await reference.request("POST", "/texts/_analyze", { [kind]: name, text });
          assert.equal(status, 200, JSON.stringify(body));
          const theirs = body.tokens.map((one: ReferenceToken) => [
            one.token,
            one.position,
            one.start_offset,
            one.end_offset,
            one.type,
            one.positionLength ?? 1,
          ]);
          const ours = analyzeText(text, name, settings).map(Object.values);
          if (JSON.stringify(ours) !== JSON.stringify(theirs))
            differences.push(
              `${JSON.stringify(text)}\n  ours   ${JSON.stringify(ours)}\n  theirs ${JSON.stringify(theirs)}`,
            );
        }
        const shown = differences.slice(0, 5).join("\n");
        assert.equal(differences.length, 0, `${differences.length} of ${texts} differ:\n${shown}`);
      });
    }
  }
});

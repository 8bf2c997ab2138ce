import assert from "node:assert/strict";
import { test } from "node:test";
import { createAnalysis } from "./analysis.ts";

const words = (analyzer: string, text: string, settings = {}) => {
  const tokens = createAnalysis(settings).analyzer(analyzer)?.tokens(text);
  assert.ok(tokens !== undefined, analyzer);
  return tokens.terms.slice(0, tokens.count);
};

test("the standard analyzer finds words as Unicode defines them", () => {
  assert.deepEqual(words("standard", "The QUICK brown-fox, can't 3.14 1,000 foo_bar!"), [
    "the",
    "quick",
    "brown",
    "fox",
    "can't",
    "3.14",
    "1,000",
    "foo_bar",
  ]);
  assert.deepEqual(words("standard", "Éléonore naïve Straße"), ["éléonore", "naïve", "straße"]);
  assert.deepEqual(words("standard", "東京 カタカナ 안녕 привет"), ["東", "京", "カタカナ", "안녕", "привет"]);
  assert.deepEqual(words("standard", "a.b. x' -- ... ___"), ["a.b", "x"]);
  assert.deepEqual(
    words("standard", "x".repeat(300)).map((word) => word.length),
    [255, 45],
  );
});

test("the other analyzers cut as their names say", () => {
  assert.deepEqual(words("whitespace", "The QUICK-fox 2"), ["The", "QUICK-fox", "2"]);
  assert.deepEqual(words("simple", "The QUICK-fox 2"), ["the", "quick", "fox"]);
  assert.deepEqual(words("keyword", "The QUICK"), ["The QUICK"]);
  assert.deepEqual(words("stop", "The QUICK and the dead"), ["quick", "dead"]);
});

test("removed stop words leave a gap in the positions", () => {
  const tokens = createAnalysis().analyzer("stop")?.tokens("quick and dead");
  assert.deepEqual(tokens?.positions.slice(0, tokens.count), [0, 2]);
});

test("analyzers of the settings combine tokenizers and filters", () => {
  const analysis = {
    analyzer: { start: { tokenizer: "standard", filter: ["lowercase", "asciifolding", "edges"] } },
    filter: { edges: { type: "edge_ngram", min_gram: 2, max_gram: 3 } },
    normalizer: { plain: { type: "custom", filter: ["lowercase", "asciifolding"] } },
  };
  assert.deepEqual(words("start", "Écoles", { analysis }), ["ec", "eco"]);
  assert.equal(createAnalysis({ index: { analysis } }).normalizer("plain")?.("ÉCOLE"), "ecole");
  assert.throws(() => createAnalysis({ analysis: { analyzer: { a: { tokenizer: "nope" } } } }), {
    id: "services.storage.wrong_mapping_property",
  });
});

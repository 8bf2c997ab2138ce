import assert from "node:assert/strict";
import { test } from "node:test";
import type { JSONObject } from "../../../../kernel/index.ts";
import type { IndexSearchResult } from "./collection-index.ts";
import { finish } from "./people-fixture.ts";
import { TwinIndex } from "./twin-index.ts";

const synonyms = ["quick, fast", "wi fi, wifi, wireless network"];
const settings = {
  analysis: {
    filter: { graph: { type: "synonym_graph", synonyms }, flat: { type: "synonym", synonyms } },
    analyzer: {
      graph: { tokenizer: "standard", filter: ["lowercase", "graph"] },
      flat: { tokenizer: "standard", filter: ["lowercase", "flat"] },
    },
  },
};
const texts = [
  "quick wifi is fast",
  "wireless network, fast enough",
  "a wi fi network",
  "the wireless one has no network",
  "quick brown fox",
];

function answer(body: JSONObject): IndexSearchResult {
  const index = new TwinIndex(
    {
      properties: {
        t: { type: "text", analyzer: "standard", search_analyzer: "graph" },
        indexed: { type: "text", analyzer: "flat", search_analyzer: "standard" },
        typed: { type: "search_as_you_type" },
        flat: { type: "text", index_options: "docs" },
        words: { type: "token_count", analyzer: "english" },
        other: { type: "text", analyzer: "standard", search_analyzer: "graph" },
        name: { type: "completion", analyzer: "standard", search_analyzer: "graph" },
      },
    },
    settings,
  );
  for (const [i, text] of texts.entries())
    index.add(i + 1, `d${i}`, {
      ...{ t: text, indexed: text, typed: text, flat: text, words: text, name: text },
      other: i === 3 ? "quick to get wireless" : "nothing",
    });
  return finish(index.search({ body, from: 0, size: 10, now: 0 }));
}

function search(query: JSONObject): { readonly id: string; readonly score: number | null }[] {
  return answer({ query }).hits.map(({ id, score }) => ({ id, score }));
}

const ids = (query: JSONObject): string[] =>
  search(query)
    .map(({ id }) => id)
    .sort();

test("any word of a synonym finds the others, and a synonym of two words only as a phrase", () => {
  assert.deepEqual(ids({ match: { t: "fast" } }), ["d0", "d1", "d4"]);
  assert.deepEqual(ids({ match: { t: "wifi" } }), ["d0", "d1", "d2"]);
  assert.deepEqual(ids({ match: { t: { query: "wifi", auto_generate_synonyms_phrase_query: false } } }), [
    "d0",
    "d1",
    "d2",
    "d3",
  ]);
  assert.deepEqual(ids({ match: { indexed: "wifi" } }), ["d0", "d1", "d2"]);
});

test("synonyms score as one term", () => {
  const [first, second] = search({ match: { t: "fast" } });
  assert.equal(first?.id, "d0");
  // The document that has two of the synonyms has one term twice, not two terms.
  assert.ok((first?.score ?? 0) < 2 * (second?.score ?? 0));
});

test("a phrase goes through synonyms of several words", () => {
  assert.deepEqual(ids({ match_phrase: { t: "fast wifi" } }), ["d0"]);
  assert.deepEqual(ids({ match_phrase: { t: "wifi network" } }), ["d2"]);
});

test("a search as one types finds what begins like that", () => {
  const fields = ["typed", "typed._2gram", "typed._3gram"];
  assert.equal(search({ multi_match: { query: "brown qui", type: "bool_prefix", fields } })[0]?.id, "d4");
  assert.deepEqual(ids({ match_phrase_prefix: { typed: "quick br" } }), ["d4"]);
  assert.deepEqual(ids({ match_phrase: { typed: "no network" } }), ["d3"]);
  assert.deepEqual(ids({ prefix: { typed: "wire" } }), ["d1", "d3"]);
});

test("a field that counts words counts the gaps that stop words leave", () => {
  assert.deepEqual(ids({ term: { words: 3 } }), ["d4"]);
  assert.deepEqual(ids({ range: { words: { gte: 6 } } }), ["d3"]);
});

test("a field without positions refuses phrases and answers words", () => {
  assert.deepEqual(ids({ match: { flat: "network" } }), ["d1", "d2", "d3"]);
  assert.throws(() => ids({ match_phrase: { flat: "wireless network" } }), /positions/);
});

test("words in several fields may be synonyms, of several words only as a phrase in one field", () => {
  const across = (query: string, more: JSONObject = {}): string[] =>
    ids({ multi_match: { query, fields: ["t", "other"], type: "cross_fields", operator: "and", ...more } });
  assert.deepEqual(across("fast"), ["d0", "d1", "d3", "d4"]);
  assert.deepEqual(across("wifi fast"), ["d0", "d1"]);
  assert.deepEqual(across("wifi", { auto_generate_synonyms_phrase_query: false }), ["d0", "d1", "d2", "d3"]);
  assert.deepEqual(across("network quick"), ["d1", "d3"]);
  assert.throws(() => across("wifi", { fields: ["t", "words"], analyzer: "graph" }), /text fields/);
  assert.throws(() => across("wifi", { fields: ["t", "flat"], analyzer: "graph" }), /positions/);
});

test("intervals go through synonyms of several words", () => {
  const at = (match: JSONObject): string[] => ids({ intervals: { t: { match } } });
  assert.deepEqual(at({ query: "wifi" }), ["d0", "d1", "d2"]);
  assert.deepEqual(at({ query: "wifi fast", max_gaps: 0, ordered: true }), ["d1"]);
  assert.deepEqual(at({ query: "fast wifi", max_gaps: 1 }), ["d0", "d1"]);
  assert.deepEqual(at({ query: "wifi network", max_gaps: 0, ordered: true }), ["d2"]);
  assert.throws(() => ids({ intervals: { flat: { match: { query: "wifi" } } } }), /positions/);
});

test("a completion may begin with a synonym of several words", () => {
  const { suggest } = answer({ suggest: { one: { prefix: "wifi, fast e", completion: { field: "name" } } } });
  const [{ options = [] } = {}] = (suggest?.one ?? []) as { options?: { text: string }[] }[];
  assert.deepEqual(
    options.map(({ text }) => text),
    ["wireless network, fast enough"],
  );
});

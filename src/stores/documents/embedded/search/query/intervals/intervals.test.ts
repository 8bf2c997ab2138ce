/** What intervals find in texts of few words, as tests/long/reference found it in the reference engine. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { JSONObject } from "../../../../../../kernel/index.ts";
import { parseMappings } from "../../../../mapping/parse-mappings.ts";
import { filled, finish } from "../../people-fixture.ts";
import { TwinIndex } from "../../twin-index.ts";

const texts = [
  "c a a",
  "a a c a",
  "d a c a",
  "e c a e b",
  "e d b",
  "d d e",
  "c",
  "b d b c c b d c",
  "b d b c c b d c b d c",
  "b d b c d c b d c",
  "d d b c b c a b d a a d a b",
];
const index = filled(
  new TwinIndex(parseMappings({ properties: { t: { type: "text" } } })),
  texts.map((t) => ({ t })),
);

/** By text: how much its intervals weigh, 1 for each of the shortest length. */
function weights(rule: JSONObject): Record<string, number> {
  const body = { query: { intervals: { t: rule } } };
  const { hits } = finish(index.search({ body, from: 0, size: 20, now: 0 }));
  const weight = ({ docNumber, score }: (typeof hits)[number]): [string, number] => [
    texts[(docNumber - 1) / 3] ?? "",
    Number(((score ?? 0) / (1 - (score ?? 0))).toFixed(3)),
  ];
  return Object.fromEntries(hits.map(weight));
}
const match = (query: string, more: JSONObject = {}): JSONObject => ({ match: { query, ...more } });

test("a word that is asked for twice in a row stands twice, and is as long as one", () => {
  const found = weights(match("a a", { ordered: true }));
  assert.deepEqual(
    [found["c a a"], found["a a c a"], found["d a c a"], found["e d b"]],
    [0.5, 0.833, 0.333, undefined],
  );
});

test("what lies between two occurrences of one word is a gap", () => {
  const rule = match("e e c", { max_gaps: 0 });
  assert.equal(weights(rule)["e c a e b"], undefined);
  assert.equal(weights(match("e e c", { max_gaps: 1 }))["e c a e b"], 0.333);
});

test("what begins or ends another interval contains it, to a filter that leaves it out", () => {
  const found = weights(match("d", { filter: { not_containing: match("e d") } }));
  assert.deepEqual([found["e d b"], found["d d e"]], [undefined, 1]);
});

test("the first word of a text counts as before itself", () => {
  const found = weights(match("c", { filter: { before: match("c") } }));
  assert.deepEqual([found.c, found["e c a e b"], found["b d b c c b d c"]], [1, undefined, 2]);
});

test("in order, the search goes on with the second word behind the one it ended with", () => {
  const found = weights(match("b d c", { ordered: true }));
  assert.deepEqual(
    ["b d b c c b d c", "b d b c c b d c b d c", "b d b c d c b d c"].map((text) => found[text]),
    [0.5, 1.5, 1.5],
  );
  assert.equal(weights(match("c b a d", { ordered: true }))["d d b c b c a b d a a d a b"], 0.333);
});

test("choices within rules within rules are chosen before their gaps are counted", () => {
  const choice = { any_of: { intervals: [match("a"), { any_of: { intervals: [match("c a"), match("a")] } }] } };
  const found = weights({ all_of: { intervals: [choice, match("e")], max_gaps: 0 } });
  assert.deepEqual(found, { "e c a e b": 1.5 });
});

test("what was left out before a single word does not make its intervals longer", () => {
  const stopped = (query: string): JSONObject => match(query, { analyzer: "stop" });
  assert.equal(weights({ any_of: { intervals: [stopped("the"), stopped("the d")] } })["e d b"], 0.5);
  assert.equal(weights(stopped("the d"))["e d b"], 1);
});

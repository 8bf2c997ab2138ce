import assert from "node:assert/strict";
import { test } from "node:test";
import type { JSONObject } from "../../../../../../kernel/index.ts";
import { parseMappings } from "../../../../mapping/parse-mappings.ts";
import { finish, indexOf } from "../../people-fixture.ts";

const mappings = parseMappings({ properties: { t: { type: "text" } } });
const repeated = (word: string, times: number): string => Array.from({ length: times }, () => word).join(" ");
const distinct = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => `w${from + i}`).join(" ");

const long = 20_000;
const index = indexOf(
  [
    { t: distinct(0, long) },
    { t: repeated("oak", long) },
    { t: "an oak oak elm oak oak oak" },
    ...Array.from({ length: 20 }, (_, i) => ({ t: distinct(i * 3, i * 3 + 9) })),
  ],
  mappings,
);
const search = (query: JSONObject): ReturnType<typeof index.search> =>
  index.search({ body: { query, sort: ["_doc"] }, from: 0, size: 3, now: 0 });
const ids = (query: JSONObject): string[] => finish(search(query)).hits.map(({ id }) => id);

test("a phrase may have a thousand words, of one kind or of many", () => {
  const phrase = (query: string, more: JSONObject = {}): JSONObject => ({ match_phrase: { t: { query, ...more } } });
  assert.deepEqual(ids(phrase(distinct(5, 1_029))), ["d0"]);
  assert.deepEqual(ids(phrase(`${distinct(5, 1_000)} w1`)), []);
  assert.deepEqual(ids(phrase(repeated("oak", 1_024))), ["d1"]);
  assert.deepEqual(ids(phrase(repeated("oak", 3))), ["d1", "d2"]);
  assert.deepEqual(ids(phrase("oak oak elm oak")), ["d2"]);
  assert.deepEqual(ids(phrase("oak elm oak oak elm")), []);
  assert.deepEqual(ids(phrase("oak oak oak oak oak", { slop: 1 })), ["d1", "d2"]);
  assert.deepEqual(ids(phrase(distinct(5, 1_029), { slop: 2 })), ["d0"]);
  assert.throws(() => ids(phrase(distinct(5, 1_030))), /A phrase has 1024 words at most, this one 1025/);
  assert.throws(() => ids({ match_phrase_prefix: { t: repeated("oak", 1_025) } }), /1024 words at most/);
});

test("words that stand at too many places of a document are refused before they take the time of others", () => {
  const tooMany = { status: 400, message: /stand at too many places of a document/ };
  const loose = { match_phrase: { t: { query: repeated("oak", 1_000), slop: 5 } } };
  assert.throws(() => ids({ bool: { filter: [{ match: { t: "oak" } }, loose] } }), tooMany);
  const clauses = Array.from({ length: 1_000 }, () => ({ span_term: { t: "oak" } }));
  for (const in_order of [true, false])
    assert.throws(() => ids({ span_near: { clauses, slop: 5, in_order } }), tooMany, `in order: ${in_order}`);
});

test("fuzzy words stand for sixty thousand terms at most", () => {
  const fuzzy = (words: number): JSONObject => ({ match: { t: { query: distinct(0, words), fuzziness: 2 } } });
  assert.deepEqual(ids(fuzzy(50)), ["d0", "d2", "d3"]);
  assert.throws(() => ids(fuzzy(2_000)), { status: 400, message: /more than 65536 terms/ });
});

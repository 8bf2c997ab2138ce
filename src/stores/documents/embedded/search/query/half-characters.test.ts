/** Half of a character of two units stands for U+FFFD, in terms and in what is looked for, as tests/long/reference found it in the reference engine. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { JSONObject } from "../../../../../kernel/index.ts";
import { parseMappings } from "../../../mapping/parse-mappings.ts";
import { createCollectionIndex } from "../collection-index.ts";
import { filled, finish } from "../people-fixture.ts";

const mappings = parseMappings({ properties: { k: { type: "keyword" }, t: { type: "text", analyzer: "whitespace" } } });
const terms = ["😀", "a😀", "A😀", "a\ud83d", "a\ufffd", "a"];
const index = filled(
  createCollectionIndex(mappings, {}),
  terms.map((k) => ({ k, t: k })),
);
const found = (query: JSONObject): string =>
  finish(index.search({ body: { query }, from: 0, size: 10, now: 0 }))
    .hits.map(({ id }) => id)
    .join(" ");

test("half a character finds half a character, and not the first half of others", () => {
  for (const half of ["a\ud83d", "a\ude00"])
    for (const case_insensitive of [false, true]) {
      const options = { value: half, case_insensitive };
      for (const clause of ["prefix", "term", "regexp"])
        assert.equal(found({ [clause]: { k: options } }), "d3 d4", clause);
      assert.equal(found({ wildcard: { k: { ...options, value: `${half}*` } } }), "d3 d4");
      assert.equal(found({ span_multi: { match: { prefix: { t: options } } } }), "d3 d4");
    }
  assert.equal(found({ fuzzy: { k: { value: "a\ud83dx", fuzziness: 1 } } }), "d3 d4");
  assert.equal(found({ prefix: { k: { value: "A\u{1f600}", case_insensitive: true } } }), "d1 d2");
});

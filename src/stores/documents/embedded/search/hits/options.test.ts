import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isPlainObject, type JSONObject } from "../../../../../kernel/index.ts";
import type { IndexHit } from "../collection-index.ts";
import { people, run } from "../people-fixture.ts";
import type { Explanation } from "../query/scoring/explanation.ts";

const fetch = (_index: number, docNumber: number): JSONObject | undefined => people[(docNumber - 1) / 3];
const hitsOf = (body: JSONObject): readonly IndexHit[] => run(body, { fetch }).hits;
const ids = (body: JSONObject): string[] => hitsOf(body).map(({ id }) => id);
const refused = (body: JSONObject, reason: RegExp): void => {
  assert.throws(() => run(body), reason);
};

describe("what stands beside a query", () => {
  test("an explained score is the score, and made of the scores of the clauses", () => {
    const query = {
      bool: {
        must: { match: { bio: "code programmer" } },
        should: [{ match_phrase: { bio: "broke code" } }, { constant_score: { filter: { term: { tags: "crypto" } } } }],
        filter: { exists: { field: "age" } },
      },
    };
    for (const { score, explanation } of hitsOf({ query, explain: true })) {
      assert.ok(Math.abs((explanation?.value ?? 0) - (score ?? 1)) < 1e-5);
      assertSums(explanation as Explanation);
    }
    const [hit] = hitsOf({ query: { match: { bio: "broke" } }, explain: true });
    assert.match(JSON.stringify(hit?.explanation), /freq, occurrences within the document/);
  });

  test("a second query puts the first hits into another order", () => {
    const query = { match: { bio: "code" } };
    const rescore_query = { constant_score: { filter: { term: { tags: "crypto" } }, boost: 10 } };
    assert.deepEqual(ids({ query, rescore: { query: { rescore_query } } }), ["d2", "d1"]);
    const [first] = hitsOf({ query, rescore: { query: { rescore_query, score_mode: "max" } }, explain: true });
    assert.equal(first?.score, 10);
    assert.equal(first?.explanation?.value, 10);
    refused({ query, sort: ["age"], rescore: { query: { rescore_query } } }, /cannot be used together with \[sort\]/);
    refused({ query, rescore: { window_size: 10_001, query: { rescore_query } } }, /between 0 and 10000/);
    refused({ query, rescore: { query: {} } }, /needs a "rescore_query"/);
  });

  test("a second query changes the order of its window, and brings in no hit from behind it, in one segment and in many", () => {
    const query = { exists: { field: "age" } };
    const rescore_query = { match: { bio: "compilers" } };
    const rescore = { window_size: 2, query: { rescore_query, query_weight: 0, score_mode: "min" } };
    const found = run({ query, rescore }, { size: 2 }).hits;
    assert.deepEqual(
      found.map(({ id, score }) => [id, score]),
      [
        ["d0", 0],
        ["d1", 0],
      ],
    );
    const weighed = {
      window_size: 1,
      query: { rescore_query: query, score_mode: "multiply", rescore_query_weight: 0 },
    };
    assert.deepEqual(
      run({ query, rescore: weighed }, { size: 2 }).hits.map(({ id, score }) => [id, score]),
      [
        ["d1", 1],
        ["d0", 0],
      ],
    );
  });

  test("a group of those that have no value to be grouped by has no field of it", () => {
    const [group, none] = hitsOf({ collapse: { field: "age" }, query: { terms: { name: ["alan", "Émile"] } } });
    assert.deepEqual([group?.fields, none?.fields], [{ age: [41] }, undefined]);
  });

  test("fields come from the source in the form of the mapping, columns from the index", () => {
    const [hit] = hitsOf({
      query: { term: { name: "alan" } },
      fields: ["n*", { field: "born", format: "yyyy" }, { field: "at", format: "wkt" }, "nothing"],
      docvalue_fields: ["tags", "age"],
    });
    assert.deepEqual(hit?.fields, {
      tags: ["crypto", "math"],
      age: [41],
      name: ["alan"],
      born: ["1912"],
      at: ["POINT (-0.7 52.0)"],
    });
    const formatted = { docvalue_fields: [{ field: "age", format: "#,##0.00" }] };
    assert.deepEqual(hitsOf({ query: { term: { name: "alan" } }, ...formatted })[0]?.fields, { age: ["41.00"] });
    refused({ docvalue_fields: [{ field: "age", format: "0.0.0" }] }, /is not a pattern for numbers/);
    refused({ docvalue_fields: ["bio"] }, /keeps no column/);
    refused({ fields: [{ field: "name", format: "yyyy" }] }, /does not take the format/);
    refused({ fields: "name" }, /must be a list/);
  });

  test("a search ends after so many matches, or in time, and keeps scores although it is sorted", () => {
    assert.equal(run({ terminate_after: 2 }).total, 2);
    assert.equal(run({ terminate_after: 2, sort: ["age"] }).hits.length, 2);
    assert.equal(run({ timeout: "1d" }).total, 4);
    assert.equal(run({ timeout: "90000000micros" }).total, 4);
    const [hit] = hitsOf({ query: { match: { bio: "broke" } }, sort: ["age"], track_scores: true });
    assert.ok((hit?.score ?? 0) > 1);
    refused({ timeout: "soon" }, /is not a duration/);
    refused({ collapse: { field: "n", inner_hit: {} } }, /inner_hit/);
    refused({ terminate_after: -1 }, /must not be negative/);
    refused({ track_total_hits: "many" }, /must be a number/);
    refused({ profile: true }, /profile/);
  });

  test("passages are sentences up to a size; a longer one is cut around what was found", () => {
    const text = `One fox ran. Two foxes ran. ${"and so on ".repeat(20)}until a fox slept. The end.`;
    const highlight = (options: JSONObject): unknown =>
      run(
        { query: { match: { bio: "code fox" } }, size: 1, highlight: { fields: { bio: options } } },
        { fetch: () => ({ bio: text }) },
      ).hits[0]?.highlight?.bio;
    assert.deepEqual(highlight({}), [
      "One <em>fox</em> ran.",
      "on and so on and so on and so on and so on and so on and so on and so on and so on and so on until a <em>fox</em>",
    ]);
    assert.deepEqual(highlight({ number_of_fragments: 1, fragment_size: 14 }), ["One <em>fox</em> ran."]);
    assert.deepEqual(highlight({ boundary_scanner: "word", pre_tags: ["["], post_tags: ["]"] }), ["[fox]", "[fox]"]);
    refused({ highlight: { fields: { bio: { type: "fvh" } } } }, /term_vector/);
  });
});

function assertSums({ value, description, details }: Explanation): void {
  if (description === "sum of:") {
    const sum = details.reduce((total, one) => total + one.value, 0);
    assert.ok(Math.abs(sum - value) < 1e-9);
  }
  for (const one of details) if (isPlainObject(one)) assertSums(one);
}

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { JSONObject } from "../../../../../kernel/index.ts";
import { run } from "../people-fixture.ts";

const ids = (query: JSONObject): string[] => run({ query, sort: ["_doc"] }).hits.map(({ id }) => id);
const scores = (query: JSONObject): (number | null)[] => run({ query }).hits.map(({ score }) => score);
const refused = (query: JSONObject, reason: RegExp): void => {
  assert.throws(() => run({ query }), reason);
};
const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64");

describe("clauses on texts", () => {
  test("all words may be asked for although each stands in another field", () => {
    const across = (query: string, more: JSONObject = {}): string[] =>
      ids({ multi_match: { query, fields: ["name", "tags"], type: "cross_fields", operator: "and", ...more } });
    assert.deepEqual(across("ada"), ["d0"]);
    assert.deepEqual(
      ids({ multi_match: { query: "first code", fields: ["bio"], type: "cross_fields", operator: "and" } }),
      [],
    );
    refused(
      { multi_match: { query: "x", fields: ["bio", "name"], type: "cross_fields", fuzziness: 1 } },
      /cannot be used with type "cross_fields"/,
    );
  });

  test("documents are found that are like texts, like documents of the collection, or like a given one", () => {
    const like = (what: unknown, more: JSONObject = {}): string[] =>
      ids({ more_like_this: { fields: ["bio"], like: what, min_term_freq: 1, min_doc_freq: 1, ...more } });
    assert.deepEqual(like("mathematician who codes"), ["d0", "d2"]);
    assert.deepEqual(like({ _id: "d0" }), ["d1", "d2"]);
    assert.deepEqual(like({ _id: "d0" }, { include: true }), ["d0", "d1", "d2"]);
    assert.deepEqual(like({ doc: { bio: "compilers" } }), ["d1"]);
    assert.deepEqual(like("code compilers", { unlike: "code" }), ["d1"]);
    assert.deepEqual(like("the mathematician", { stop_words: ["mathematician"] }), ["d0"]);
    assert.deepEqual(like({ _id: "nobody" }), []);
    refused({ more_like_this: { like: "x" } }, /needs "fields" for a text/);
    refused({ more_like_this: { fields: ["age"], like: "x" } }, /needs text or keyword fields/);
    refused({ more_like_this: { fields: ["bio"] } }, /needs "like"/);
    refused({ more_like_this: { fields: ["bio"], like: [{ _index: "x", _id: "1" }] } }, /does not support "_index"/);
  });

  test("what lies nearer to a date or a point scores more", () => {
    const [first, second] = scores({ distance_feature: { field: "born", origin: "1912-06-23", pivot: "365d" } });
    assert.ok(Number(first) > 0.99 && Number(second) < 0.2);
    const place = { distance_feature: { field: "at", origin: [-0.12, 51.5], pivot: "10km", boost: 4 } };
    assert.ok(Math.abs(Number(scores(place)[0]) - 4) < 1e-3);
    refused({ distance_feature: { field: "age", origin: 1, pivot: 1 } }, /needs a date or geo_point/);
    refused({ distance_feature: { field: "born", origin: "never", pivot: "1d" } }, /is not a date/);
  });

  test("a query may be wrapped in base64", () => {
    assert.deepEqual(ids({ wrapper: { query: base64({ term: { name: "ada" } }) } }), ["d0"]);
    refused({ wrapper: { query: "e30" } }, /A query is empty/);
    refused({ wrapper: { query: "%%%" } }, /not JSON in base64/);
    let deep: JSONObject = { match_all: {} };
    for (let i = 0; i < 60; i++) deep = { wrapper: { query: base64(deep).slice(0, 20_000) } };
    assert.throws(() => run({ query: deep }));
  });

  test("clauses that are not there are refused by name", () => {
    for (const clause of ["percolate", "pinned", "has_child"])
      refused({ [clause]: {} }, new RegExp(`"${clause}" needs a search cluster`));
  });
});

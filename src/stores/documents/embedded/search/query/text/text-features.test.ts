import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { JSONObject } from "../../../../../../kernel/index.ts";
import { run } from "../../people-fixture.ts";

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
    // A word is looked for in the field where most documents have it.
    assert.deepEqual(like("math", { fields: ["bio", "tags"] }), ["d0", "d2"]);
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

  test("terms are not looked up in another document", () => {
    refused({ terms: { tags: { index: "x", id: "1", path: "tags" } } }, /cannot be looked up in another document/);
    refused({ terms: { tags: { path: {} } } }, /cannot be looked up in another document/);
  });

  test("a query may be wrapped in base64", () => {
    assert.deepEqual(ids({ wrapper: { query: base64({ term: { name: "ada" } }) } }), ["d0"]);
    refused({ wrapper: { query: "e30" } }, /A query is empty/);
    refused({ wrapper: { query: "%%%" } }, /not JSON in base64/);
    const odd = { fuzzy: { name: { value: "ada", fuzziness: { toString: 1 } } } };
    refused({ wrapper: { query: base64(odd) } }, /fuzziness\] must be 0, 1, 2 or AUTO/);
    let deep: JSONObject = { match_all: {} };
    for (let i = 0; i < 60; i++) deep = { wrapper: { query: base64(deep).slice(0, 20_000) } };
    assert.throws(() => run({ query: deep }));
  });

  test("words are found by where they stand", () => {
    const at = (rule: JSONObject): string[] => ids({ intervals: { bio: rule } });
    const programmer = { match: { query: "programmer" } };
    assert.deepEqual(at({ match: { query: "code mathematician" } }), ["d2"]);
    assert.deepEqual(at({ match: { query: "code mathematician", ordered: true } }), []);
    assert.deepEqual(at({ match: { query: "mathematician code", max_gaps: 1 } }), []);
    assert.deepEqual(at({ match: { query: "mathematician code", max_gaps: 2 } }), ["d2"]);
    assert.deepEqual(at({ match: { query: "compilers compilers" } }), ["d1"]);
    assert.deepEqual(at({ prefix: { prefix: "comp" } }), ["d1"]);
    assert.deepEqual(at({ wildcard: { pattern: "br?k*" } }), ["d2"]);
    assert.deepEqual(at({ fuzzy: { term: "programer" } }), ["d0", "d1"]);
    assert.deepEqual(at({ any_of: { intervals: [programmer, { match: { query: "broke code" } }] } }), [
      "d0",
      "d1",
      "d2",
    ]);
    const both = { intervals: [programmer, { match: { query: "compilers" } }], ordered: true, max_gaps: 1 };
    assert.deepEqual(at({ all_of: both }), ["d1"]);
    assert.deepEqual(at({ match: { query: "programmer", filter: { after: { match: { query: "first" } } } } }), ["d0"]);
    assert.deepEqual(at({ match: { query: "programmer", filter: { not_overlapping: programmer } } }), []);
    const [first] = scores({ intervals: { bio: { match: { query: "compilers" }, boost: 3 } } });
    assert.ok(Math.abs(Number(first) - 2) < 1e-6);
    const score = (rule: JSONObject): JSONObject => ({ intervals: { bio: rule } });
    refused(score({ phrase: {} }), /"phrase" is no rule/);
    refused(score({ match: { query: "x", filter: { script: {} } } }), /scripts are not supported/);
    refused(score({ all_of: { intervals: [] } }), /list of 1 to 1024/);
    refused({ intervals: { name: programmer } }, /needs a text field/);
    let deep: JSONObject = programmer;
    for (let i = 0; i < 40; i++) deep = { any_of: { intervals: [deep] } };
    refused(score(deep), /deeper than 20 levels/);
  });

  test("clauses that are not there are refused by name", () => {
    for (const clause of ["script", "pinned", "has_child"])
      refused({ [clause]: {} }, new RegExp(`"${clause}" needs a search cluster`));
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { JSONObject } from "../../../../../../kernel/index.ts";
import { parseMappings } from "../../../../mapping/parse-mappings.ts";
import type { IndexHit } from "../../collection-index.ts";
import { finish, indexOf } from "../../people-fixture.ts";

const mappings = parseMappings({
  properties: {
    t: { type: "text" },
    u: { type: "text" },
    k: { type: "keyword" },
    n: { type: "integer" },
    bare: { type: "text", index_options: "freqs" },
    flat: { type: "text", similarity: "boolean" },
  },
});
const index = indexOf(
  [
    { t: "a b c d a b", u: "a x", k: "a", n: 1, flat: "a b" },
    { t: "b a c", u: "b y z", k: "b" },
    { t: "c b a d e a" },
    { t: "e f g h", u: "a b c" },
    { t: "a a a b" },
  ],
  mappings,
);
const search = (query: JSONObject, more: JSONObject = {}): readonly IndexHit[] =>
  finish(index.search({ body: { query, ...more }, from: 0, size: 10, now: 0 })).hits;
/** Ids with scores of the reference engine. */
const found = (query: JSONObject): Record<string, number> =>
  Object.fromEntries(search(query).map(({ id, score }) => [id, Number(Number(score).toFixed(5))]));
const refused = (query: JSONObject, reason: RegExp): void => {
  assert.throws(() => search(query), reason);
};
const marked = (query: JSONObject): Record<string, unknown> => {
  const fetch = (_: number, docNumber: number): JSONObject => ({
    t: ["a b c d a b", "b a c", "c b a d e a", "e f g h", "a a a b"][(docNumber - 1) / 3],
  });
  const body = { query, highlight: { fields: { t: { number_of_fragments: 0 } } } };
  const { hits } = finish(index.search({ body, from: 0, size: 10, now: 0, fetch }));
  return Object.fromEntries(hits.map((hit) => [hit.id, textOf(hit.highlight)]));
};

/** The marked text of a hit. */
const textOf = (highlight: unknown): unknown =>
  (highlight as Readonly<Record<string, readonly string[]>> | undefined)?.t?.[0];

const word = (value: unknown, field = "t"): JSONObject => ({ span_term: { [field]: value } });
const near = (clauses: readonly JSONObject[], more: JSONObject = {}): JSONObject => ({
  span_near: { clauses, ...more },
});
const [a, b, c] = [word("a"), word("b"), word("c")];

describe("spans", () => {
  test("a word is found as it is in the index, and weighed as by a term clause", () => {
    assert.deepEqual(found(a), { d4: 0.46507, d0: 0.36437, d2: 0.36437, d1: 0.33541 });
    assert.deepEqual(found(word({ value: "a", boost: 2 })), { d4: 0.93014, d0: 0.72875, d2: 0.72875, d1: 0.67082 });
    assert.deepEqual(found(word("A")), {});
    assert.deepEqual(found(word("a", "nowhere")), {});
    assert.deepEqual(found(word("a", "flat")), { d0: 1 });
  });

  test("words are found near each other, and those that are nearer count more", () => {
    assert.deepEqual(found(near([a, b])), { d0: 0.72875, d4: 0.6078 });
    assert.deepEqual(found(near([a, b], { slop: 1 })), { d4: 0.73519, d0: 0.72875 });
    assert.deepEqual(found(near([a, b], { slop: 1, in_order: false })), {
      d4: 0.44322,
      d0: 0.39422,
      d1: 0.34577,
      d2: 0.23347,
    });
    assert.deepEqual(found(near([a, a], { in_order: false })), { d4: 0.42203, d0: 0.25583, d2: 0.25583, d1: 0.22816 });
    assert.deepEqual(found(near([a], { boost: 3 })), { d4: 1.39521, d0: 1.09312, d2: 1.09312, d1: 1.00622 });
    assert.deepEqual(found(near([a, { span_gap: { t: 1 } }, b])), { d4: 0.6078 });
    assert.deepEqual(found(near([a, word("zzz")], { slop: 9 })), {});
  });

  test("spans are joined, left out, and asked to lie at the beginning or in each other", () => {
    assert.deepEqual(found({ span_or: { clauses: [a, b] } }), { d4: 0.99618, d0: 0.92497, d1: 0.87691, d2: 0.84879 });
    assert.deepEqual(found({ span_or: { clauses: [a, a] } }), { d4: 0.53616, d0: 0.46248, d2: 0.46248, d1: 0.43846 });
    assert.deepEqual(found({ span_not: { include: a, exclude: b, post: 1 } }), {
      d4: 0.41063,
      d2: 0.36437,
      d1: 0.33541,
    });
    assert.deepEqual(found({ span_not: { include: a, exclude: b, dist: 1 } }), { d4: 0.41063, d2: 0.25583 });
    assert.deepEqual(found({ span_first: { match: a, end: 1 } }), { d4: 0.3039, d0: 0.25583 });
    const big = near([a, b, c], { slop: 3, in_order: false });
    assert.deepEqual(found({ span_containing: { big, little: b } }), { d0: 0.75028, d1: 0.53907, d2: 0.35553 });
    assert.deepEqual(found({ span_within: { big, little: b } }), { d0: 1.41143, d1: 1.29923, d2: 0.99098 });
  });

  test("beginnings, patterns and the like stand for the words that they find", () => {
    const multi = (match: JSONObject): JSONObject => ({ span_multi: { match } });
    const both = found({ span_or: { clauses: [a, b] } });
    assert.deepEqual(found(multi({ prefix: { t: "a" } })), found(a));
    assert.deepEqual(found(multi({ wildcard: { t: { value: "*", rewrite: "top_terms_1" } } })), found(a));
    assert.deepEqual(found(multi({ regexp: { t: "[ab]" } })), both);
    assert.deepEqual(found(multi({ range: { t: { gte: "a", lt: "c" } } })), both);
    assert.deepEqual(found(multi({ fuzzy: { t: { value: "ab", fuzziness: 1 } } })), both);
    assert.deepEqual(found(near([multi({ prefix: { t: "a" } }), b])), found(near([a, b])));
    const many = indexOf([{ t: Array.from({ length: 1030 }, (_, i) => `w${i}`).join(" ") }], mappings);
    const query = multi({ prefix: { t: "w" } });
    assert.throws(() => finish(many.search({ body: { query }, from: 0, size: 1, now: 0 })), /more than 1024 words/);
  });

  test("words of one field stand beside those of another that is masked as the first", () => {
    const mask = (query: JSONObject, field: string): JSONObject => ({ field_masking_span: { query, field } });
    assert.deepEqual(found(mask(word("a", "u"), "t")), { d0: 0.52355, d3: 0.44714 });
    const beside = near([a, mask(word("x", "u"), "t")], { slop: 5, in_order: false });
    assert.deepEqual(found(beside), { d0: 0.97852 });
    refused(near([a, word("x", "u")]), /must be on one field, found "t" and "u"/);
  });

  test("words are marked where a span is made of them, and not elsewhere", () => {
    assert.deepEqual(marked(near([a, b], { slop: 3, in_order: false })), {
      d4: "<em>a</em> <em>a</em> <em>a</em> <em>b</em>",
      d0: "<em>a</em> <em>b</em> c d <em>a</em> <em>b</em>",
      d1: "<em>b</em> <em>a</em> c",
      d2: "c <em>b</em> <em>a</em> d e a",
    });
    assert.equal(marked({ span_first: { match: a, end: 2 } }).d0, "<em>a</em> b c d a b");
    const big = near([a, b], { slop: 3, in_order: false });
    assert.deepEqual(marked({ span_containing: { big, little: c } }), {
      d0: "a <em>b</em> <em>c</em> d <em>a</em> b",
    });
  });

  test("what is wrong is refused, and its place is named", () => {
    refused(word("a", "k"), /Spans need a text field/);
    refused(word(1, "n"), /Spans need a text field/);
    refused(word("a", "bare"), /no positions/);
    refused(word(null), /needs a value/);
    refused(word({ value: "a", foo: 1 }), /does not support "foo"/);
    refused(near([]), /list of 1 to 1024/);
    refused(near([a, { term: { t: "b" } }]), /clauses\[1\]\] takes one clause of spans/);
    refused(near([word({ value: "a", boost: 2 }), b]), /"boost" belongs to the outermost/);
    refused(near([{ span_gap: { t: 1 } }, b]), /must not be a "span_gap"/);
    refused(near([a, { span_gap: { t: 1 } }, b], { in_order: false }), /needs "in_order": true/);
    refused(near([a, { span_gap: { u: 1 } }, b]), /"span_gap" is on field "u"/);
    refused(near([a, { span_gap: { t: 1e12 } }, b]), /from 0 to 1000000/);
    refused({ span_not: { include: a } }, /span_not.exclude/);
    refused({ span_not: { include: a, exclude: b, dist: 1, pre: 1 } }, /"dist", or "pre" and "post"/);
    refused({ span_first: { match: a } }, /span_first.end/);
    refused({ span_multi: { match: { term: { t: "a" } } } }, /takes one of prefix, wildcard/);
    refused({ span_multi: { match: { prefix: { t: { value: "a", rewrite: "any" } } } } }, /rewrite\] must be one of/);
    let deep = a;
    for (let i = 0; i < 60; i++) deep = { span_or: { clauses: [deep] } };
    refused(deep, /nested deeper than 50 levels/);
    refused(
      JSON.parse('{"span_near":{"clauses":[{"__proto__":{"span_term":{"t":"a"}}}]}}'),
      /takes one clause of spans/,
    );
  });
});

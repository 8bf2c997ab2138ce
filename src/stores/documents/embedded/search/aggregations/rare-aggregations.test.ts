import assert from "node:assert/strict";
import { test } from "node:test";
import type { JSONObject } from "../../../../../kernel/index.ts";
import { parseMappings } from "../../../mapping/parse-mappings.ts";
import { finish, indexOf } from "../people-fixture.ts";

const mappings = parseMappings({
  properties: {
    t: { type: "text" },
    k: { type: "keyword" },
    v: { type: "integer" },
    d: { type: "date" },
    w: { type: "keyword" },
  },
});
const numbers = (values: readonly unknown[]): ReturnType<typeof indexOf> =>
  indexOf(
    values.map((v, i) => ({ v, w: `w${i}` })),
    mappings,
  );
const run = (
  index: ReturnType<typeof indexOf>,
  aggregation: JSONObject,
  query: JSONObject = { match_all: {} },
): JSONObject => {
  const body = { query, aggs: { a: aggregation } };
  const { aggregations } = finish(index.search({ body, from: 0, size: 0, now: 0 }));
  return aggregations?.a as JSONObject;
};

test("buckets are as wide as their values lie", () => {
  const widths = (values: readonly unknown[], options: JSONObject): unknown => {
    const words = { terms: { field: "w", order: { _key: "asc" } } };
    const answer = run(numbers(values), {
      variable_width_histogram: { field: "v", ...options },
      aggs: { words },
    });
    const buckets = answer.buckets as (JSONObject & { words: { buckets: { key: string }[] } })[];
    return buckets.map(({ min, key, max, doc_count: count, words: found }) => [
      min,
      key,
      max,
      count,
      found.buckets.map((one) => one.key.slice(1)).join(""),
    ]);
  };
  assert.deepEqual(widths([9, 1, 5, 2, 8], { buckets: 2 }), [
    [1, 8 / 3, 5, 3, "123"],
    [8, 8.5, 9, 2, "04"],
  ]);
  // Of pairs that are as near, the first is joined first.
  assert.deepEqual(widths([1, 2, 3, 4, 5, 6, 7, 8], { buckets: 3 }), [
    [1, 2.5, 4, 4, "0123"],
    [5, 5.5, 6, 2, "45"],
    [7, 7.5, 8, 2, "67"],
  ]);
  assert.deepEqual(widths([5, 1, 5, 1, 3], { buckets: 2 }), [
    [1, 5 / 3, 3, 3, "134"],
    [5, 5, 5, 2, "02"],
  ]);
  assert.deepEqual(
    widths(
      [
        [1, 2],
        [5, 9],
      ],
      { buckets: 2 },
    ),
    [
      [1, 8 / 3, 5, 3, "01"],
      [9, 9, 9, 1, "1"],
    ],
  );
  assert.deepEqual(widths([1, null], { missing: 7 }), [
    [1, 1, 1, 1, "0"],
    [7, 7, 7, 1, "1"],
  ]);
  assert.deepEqual(widths([], {}), []);
});

test("a histogram of variable width stands below other buckets, and refuses what is wrong", () => {
  const index = numbers([1, 2, 50, 51, 52]);
  const below = run(index, {
    filters: { filters: { low: { range: { v: { lt: 10 } } }, high: { range: { v: { gt: 10 } } } } },
    aggs: { w: { variable_width_histogram: { field: "v", buckets: 1, format: "0.0" } } },
  }) as { buckets: Record<string, { w: { buckets: JSONObject[] } }> };
  assert.deepEqual(below.buckets.low?.w.buckets, [
    { min: 1, min_as_string: "1.0", key: 1.5, key_as_string: "1.5", max: 2, max_as_string: "2.0", doc_count: 2 },
  ]);
  assert.equal(below.buckets.high?.w.buckets[0]?.key, 51);
  const refused = (options: JSONObject, reason: RegExp): void => {
    assert.throws(() => run(index, { variable_width_histogram: options }), reason);
  };
  refused({ field: "v", buckets: 0 }, /buckets\] must be a whole number/);
  refused({ field: "v", buckets: 3, initial_buffer: 2 }, /initial_buffer\] must be at least/);
  refused({ field: "v", keyed: true }, /does not support "keyed"/);
  refused({ field: "k" }, /needs a number/);
  refused({ field: "d" }, /does not take dates/);
});

test("words are told that are more frequent in the documents found than elsewhere", () => {
  const index = indexOf(
    Array.from({ length: 40 }, (_, i) => ({
      t: [`word${i % 3} common foo bar`, i % 4 === 0 ? "special foo" : "plain"],
      k: i % 4 === 0 ? "x" : "y",
    })),
    mappings,
  );
  const words = (options: JSONObject, query: JSONObject = { term: { k: "x" } }): JSONObject =>
    run(index, { significant_text: { field: "t", ...options } }, query);
  assert.deepEqual(words({}), {
    doc_count: 10,
    bg_count: 40,
    buckets: [
      { key: "special", doc_count: 10, score: 3, bg_count: 10 },
      { key: "word0", doc_count: 4, score: (0.4 - 14 / 40) * (0.4 / (14 / 40)), bg_count: 14 },
    ],
  });
  assert.deepEqual(
    (words({ exclude: "s.*" }).buckets as JSONObject[]).map(({ key }) => key),
    ["word0"],
  );
  const filtered = words({ background_filter: { term: { t: "word0" } }, min_doc_count: 1 });
  assert.deepEqual([filtered.doc_count, filtered.bg_count], [10, 14]);
  assert.deepEqual(words({}, { term: { k: "z" } }), { doc_count: 0, bg_count: 40, buckets: [] });
  const below = run(index, { terms: { field: "k" }, aggs: { w: { significant_text: { field: "t" } } } }) as {
    buckets: { w: { buckets: { key: string }[] } }[];
  };
  assert.deepEqual(
    below.buckets.map(({ w }) => w.buckets[0]?.key),
    ["plain", "special"],
  );
  const refused = (options: JSONObject, reason: RegExp): void => {
    assert.throws(() => words(options), reason);
  };
  refused({ field: "v" }, /needs a text field/);
  refused({ filter_duplicate_text: true }, /filter_duplicate_text\] is not supported/);
  refused({ source_fields: ["t"] }, /source_fields\] is not supported/);
  assert.throws(
    () => run(index, { significant_text: { field: "t" }, aggs: { s: { sum: { field: "v" } } } }),
    /cannot have aggregations below/,
  );
});

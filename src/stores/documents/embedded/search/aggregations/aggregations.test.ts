import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { JSONObject } from "../../../../../kernel/index.ts";
import { parseMappings } from "../../../mapping/parse-mappings.ts";
import { finish, indexOf } from "../people-fixture.ts";
import { TwinIndex } from "../twin-index.ts";
import { aggregationTypes } from "./create-aggregation.ts";
import { unsupportedAggregations } from "./unsupported-aggregations.ts";

/** Answers that the reference engine gave to the same documents; every search runs on one segment, on many and on merged ones. */

const mappings = parseMappings({
  properties: {
    colour: { type: "keyword" },
    size: { type: "integer" },
    price: { type: "double" },
    at: { type: "date" },
    sold: { type: "boolean" },
    ip: { type: "ip" },
    place: { type: "geo_point" },
    parts: { type: "nested", properties: { name: { type: "keyword" }, count: { type: "integer" } } },
  },
});

const documents: readonly JSONObject[] = [
  { colour: "red", size: 1, price: 10.5, at: "2020-01-01", sold: true, ip: "10.0.0.1", place: "43.6,3.9" },
  { colour: "red", size: 3, price: 20, at: "2020-01-15", sold: false, ip: "10.0.0.200", place: "43.7,3.8" },
  { colour: "blue", size: 5, price: 7.25, at: "2020-02-01", sold: true, ip: "192.168.1.1" },
  {
    colour: ["blue", "green"],
    size: 9,
    at: "2020-04-03",
    parts: [
      { name: "a", count: 1 },
      { name: "b", count: 4 },
    ],
  },
  { size: 9, price: 3, at: "2020-04-30T23:30:00Z", sold: false, parts: { name: "a", count: 7 } },
  { colour: "green", price: 1.5, at: "2021-03-28T01:30:00Z", ip: "2001:db8::1" },
];

const index = new TwinIndex(mappings);
for (const [i, document] of documents.entries()) index.add(i, `d${i}`, document);
// One that is gone, and must not be seen.
index.add(99, "gone", { colour: "red", size: 100, price: 1000, at: "1999-01-01", parts: { name: "a", count: 50 } });
index.remove(99);

const sources = new Map(documents.map((document, i) => [i, document]));
function aggregate(a: JSONObject, query?: JSONObject): JSONObject {
  const body = { ...(query === undefined ? {} : { query }), aggs: { a } };
  const found = finish(index.search({ body, from: 0, size: 0, now: 0, fetch: (_, number) => sources.get(number) }));
  return found.aggregations?.a as JSONObject; // asked for as "a"
}
const keysOf = (result: JSONObject): string =>
  (result.buckets as JSONObject[]).map((bucket) => `${bucket.key}:${bucket.doc_count}`).join(" ");

test("the handbook names every aggregation, in the table of what there is or of what is refused", () => {
  const page = readFileSync(new URL("../../../../../../docs/aggregations.md", import.meta.url), "utf8");
  const [present = "", refused = ""] = page.split("## Refused");
  for (const type of aggregationTypes) assert.ok(present.includes(`\`${type}\``), type);
  for (const type of unsupportedAggregations.keys()) assert.ok(refused.includes(`\`${type}\``), type);
});

test("terms are filtered by lists, patterns and shares, and counted without documents when asked", () => {
  const terms = (options: JSONObject, query?: JSONObject): string =>
    keysOf(aggregate({ terms: { field: "colour", ...options } }, query));
  assert.equal(terms({}), "blue:2 green:2 red:2");
  assert.equal(terms({ include: ["red", "blue"], exclude: "b.*" }), "red:2");
  assert.equal(terms({ missing: "none", order: { _key: "desc" } }), "red:2 none:1 green:2 blue:2");
  assert.equal(terms({ min_doc_count: 0 }, { term: { sold: true } }), "blue:1 red:1 green:0");
  const shares = [0, 1, 2].map((partition) => terms({ include: { partition, num_partitions: 3 } }));
  assert.deepEqual(shares.join(" ").trim().split(/ +/).sort(), ["blue:2", "green:2", "red:2"]);
});

test("buckets are ordered by metrics in them, and what has none comes last both ways", () => {
  const order = (path: string, direction: string, inner: JSONObject): string =>
    keysOf(aggregate({ terms: { field: "colour", order: { [path]: direction } }, aggs: { m: inner } }));
  assert.equal(order("m", "desc", { max: { field: "price" } }), "red:2 blue:2 green:2");
  assert.equal(order("m.avg", "asc", { stats: { field: "size" } }), "red:2 blue:2 green:2");
  assert.equal(order("m", "asc", { filter: { term: { sold: true } } }), "green:2 blue:2 red:2");
  const nowhere = { avg: { field: "nothing" } };
  assert.equal(order("m", "asc", nowhere), order("m", "desc", nowhere));
});

test("numbers and dates are printed by patterns", () => {
  assert.deepEqual(aggregate({ avg: { field: "price", format: "#,##0.00" } }), {
    value: 8.45,
    value_as_string: "8.45",
  });
  assert.deepEqual(aggregate({ max: { field: "at", format: "dd/MM/yyyy" } }), {
    value: Date.parse("2021-03-28T01:30:00Z"),
    value_as_string: "28/03/2021",
  });
  const range = { range: { field: "price", format: "0.0", ranges: [{ to: 5 }, { from: 5 }] } };
  assert.equal(keysOf(aggregate(range)), "*-5.0:2 5.0-*:3");
});

test("histograms fill their bounds, cut at hard ones and go by local days", () => {
  const histogram = (options: JSONObject): string =>
    keysOf(aggregate({ histogram: { field: "size", interval: 4, ...options } }));
  assert.equal(histogram({}), "0:2 4:1 8:2");
  assert.equal(histogram({ extended_bounds: { min: -4, max: 13 } }), "-4:0 0:2 4:1 8:2 12:0");
  assert.equal(histogram({ hard_bounds: { min: 1, max: 7 } }), "4:1");
  assert.equal(histogram({ missing: 5, offset: 1, min_doc_count: 1 }), "1:2 5:2 9:2");
  const days = { field: "at", calendar_interval: "day", time_zone: "Europe/Paris", min_doc_count: 1 };
  const local = aggregate({ date_histogram: days }).buckets as JSONObject[];
  assert.deepEqual(local.map(({ key_as_string: text }) => text).slice(-2), [
    "2020-05-01T00:00:00.000+02:00",
    "2021-03-28T00:00:00.000+01:00",
  ]);
});

test("dates get about as many buckets as asked for", () => {
  const auto = (buckets: number): string => {
    const found = aggregate({ auto_date_histogram: { field: "at", buckets }, aggs: { s: { sum: { field: "size" } } } });
    const sums = (found.buckets as JSONObject[]).map(({ s }) => (s as JSONObject).value).join(",");
    return `${found.interval} ${(found.buckets as JSONObject[]).length} ${sums}`;
  };
  assert.equal(auto(2), "1y 2 27,0");
  assert.equal(auto(6), "3M 5 9,18,0,0,0");
});

test("addresses are put into ranges and networks", () => {
  const ranges = [{ mask: "10.0.0.0/25" }, { to: "10.0.0.200" }, { from: "10.0.0.200" }, { mask: "2001:db8::/32" }];
  assert.equal(
    keysOf(aggregate({ ip_range: { field: "ip", ranges } })),
    "*-10.0.0.200:1 10.0.0.0/25:1 10.0.0.200-*:3 2001:db8::/32:1",
  );
});

test("combinations of fields and of filters make buckets", () => {
  const multi = aggregate({ multi_terms: { terms: [{ field: "colour" }, { field: "sold" }] } }).buckets as JSONObject[];
  assert.deepEqual(
    multi.map(({ key, key_as_string: text, doc_count: count }) => [key, text, count]),
    [
      [["blue", true], "blue|true", 1],
      [["red", false], "red|false", 1],
      [["red", true], "red|true", 1],
    ],
  );
  const filters = { dear: { range: { price: { gte: 10 } } }, sold: { term: { sold: true } } };
  assert.equal(keysOf(aggregate({ adjacency_matrix: { filters } })), "dear:2 dear&sold:1 sold:2");
  const source = { tile: { geotile_grid: { field: "place", precision: 8, missing_bucket: true } } };
  assert.deepEqual(
    (aggregate({ composite: { sources: [source] } }).buckets as JSONObject[]).map(({ key, doc_count: n }) => [key, n]),
    [
      [{ tile: null }, 4],
      [{ tile: "8/130/93" }, 2],
    ],
  );
});

test("terms that tell documents from others are found, and rare ones", () => {
  const query = { term: { sold: true } };
  const found = aggregate({ significant_terms: { field: "colour", min_doc_count: 1 } }, query);
  // Nested objects are documents of the background, and what was removed is until it is merged away, as the reference engine has it.
  assert.equal(found.bg_count, 11);
  // One red one is gone.
  assert.equal(keysOf(found), "blue:1 red:1");
  const background_filter = { match_all: {} };
  const options = { field: "colour", min_doc_count: 1, background_filter };
  assert.equal(aggregate({ significant_terms: options }, query).bg_count, 6);
  const percentage = aggregate({ significant_terms: { ...options, percentage: {} } }, query);
  assert.deepEqual(
    (percentage.buckets as JSONObject[]).map(({ score }) => score),
    [0.5, 0.5],
  );
  assert.equal(keysOf(aggregate({ rare_terms: { field: "ip" } })).split(" ").length, 4);
});

test("samples are the best documents, some of each value", () => {
  const query = { function_score: { field_value_factor: { field: "size", missing: 2 } } };
  const ids = (type: string, options: JSONObject): unknown => {
    const inner = { t: { terms: { field: "size" } } };
    return (aggregate({ [type]: options, aggs: inner }, query).t as JSONObject).buckets;
  };
  assert.deepEqual(ids("sampler", { shard_size: 2 }), [{ key: 9, doc_count: 2 }]);
  assert.deepEqual(ids("diversified_sampler", { shard_size: 2, field: "size" }), [
    { key: 5, doc_count: 1 },
    { key: 9, doc_count: 1 },
  ]);
});

test("nested objects are reached from any level, and answered as hits of their own", () => {
  const hits = aggregate({
    nested: { path: "parts" },
    aggs: {
      k: {
        terms: { field: "parts.name" },
        aggs: { up: { reverse_nested: {}, aggs: { s: { sum: { field: "size" } } } } },
      },
      h: { top_hits: { size: 1, sort: [{ "parts.count": "desc" }], docvalue_fields: ["parts.count"] } },
    },
  });
  assert.deepEqual((hits.k as JSONObject).buckets, [
    { key: "a", doc_count: 2, up: { doc_count: 2, s: { value: 18 } } },
    { key: "b", doc_count: 1, up: { doc_count: 1, s: { value: 9 } } },
  ]);
  assert.deepEqual(((hits.h as JSONObject).hits as JSONObject).hits, [
    {
      _id: "d4",
      _nested: { field: "parts", offset: 0 },
      _score: null,
      _source: { name: "a", count: 7 },
      fields: { "parts.count": [7] },
      sort: [7],
    },
  ]);
});

test("pipelines go from bucket to bucket, and on from each other's results", () => {
  const months = (aggs: JSONObject): JSONObject[] =>
    aggregate({ date_histogram: { field: "at", calendar_interval: "month", hard_bounds: { max: "2020-05-01" } }, aggs })
      .buckets as JSONObject[];
  const values = (list: JSONObject[], name: string): unknown[] =>
    list.map((bucket) => (bucket[name] as JSONObject | undefined)?.value);
  const found = months({
    s: { sum: { field: "size" } },
    d: { derivative: { buckets_path: "s", gap_policy: "insert_zeros" } },
    e: { derivative: { buckets_path: "d" } },
    c: { cumulative_sum: { buckets_path: "_count" } },
    m: { moving_fn: { buckets_path: "_count", window: 2, script: "MovingFunctions.sum(values)" } },
    l: { serial_diff: { buckets_path: "_count", lag: 2 } },
  });
  assert.deepEqual(values(found, "s"), [4, 5, 0, 18]);
  assert.deepEqual(values(found, "d"), [undefined, 1, -5, 18]);
  // The bucket without documents is a gap, so what follows it has no difference.
  assert.deepEqual(values(found, "e"), [undefined, undefined, null, null]);
  assert.deepEqual(values(found, "c"), [2, 3, 3, 5]);
  assert.deepEqual(values(found, "m"), [0, 2, 3, 1]);
  assert.deepEqual(values(found, "l"), [undefined, undefined, -2, 1]);
});

test("pipelines over siblings and sorted buckets", () => {
  const body = {
    aggs: {
      colours: {
        terms: { field: "colour" },
        aggs: { s: { sum: { field: "size" } }, cut: { bucket_sort: { sort: [{ s: "desc" }], size: 2 } } },
      },
      best: { max_bucket: { buckets_path: "colours>s" } },
      shares: { percentiles_bucket: { buckets_path: "colours>s", percents: [50] } },
    },
  };
  const { aggregations } = finish(index.search({ body, from: 0, size: 0, now: 0 }));
  assert.equal(keysOf(aggregations?.colours as JSONObject), "blue:2 green:2");
  assert.deepEqual(aggregations?.best, { value: 14, keys: ["blue"] });
  assert.deepEqual(aggregations?.shares, { values: { "50.0": 14 } });
});

test("what is malformed, out of place or too large is refused, and says where", () => {
  const refusals: readonly (readonly [JSONObject, RegExp])[] = [
    [{ terms: { field: "colour", order: { x: "asc" } } }, /there is no aggregation "x"/],
    [
      { terms: { field: "colour" }, aggs: { d: { derivative: { buckets_path: "_count" } } } },
      /must lie in a histogram/,
    ],
    [{ avg: { field: "size" }, aggs: { x: { avg: { field: "size" } } } }, /cannot have aggregations below/],
    [{ avg: { field: "colour" } }, /needs a number or date/],
    [{ terms: { field: "colour", format: "0.0" } }, /takes no "format"/],
    [{ terms: { field: "size", include: "1.*" } }, /regular expressions choose keywords/],
    [{ histogram: { field: "size", interval: 1e-9 } }, /more than 65535 buckets/],
    [{ date_histogram: { field: "at", fixed_interval: "1s" } }, /more than 65535 buckets/],
    [{ children: { type: "x" } }, /not supported.*nested/],
    [{ bucket_script: {} }, /scripts are not run/],
    [{ toString: {} }, /does not exist/],
    [{ reverse_nested: {} }, /must lie in a "nested"/],
    [{ nested: { path: "" } }, /is an object/],
    [
      {
        histogram: { field: "size", interval: 1 },
        aggs: { m: { moving_fn: { buckets_path: "_count", window: 2, script: "while(true){}" } } },
      },
      /one call of MovingFunctions/,
    ],
    [
      {
        histogram: { field: "size", interval: 1 },
        aggs: { p: { derivative: { buckets_path: "q" } }, q: { derivative: { buckets_path: "p" } } },
      },
      /needs its own result/,
    ],
  ];
  for (const [aggregation, message] of refusals) assert.throws(() => aggregate(aggregation), message);
  let deep: JSONObject = { avg: { field: "size" } };
  for (let i = 0; i < 40; i++) deep = { filter: {}, aggs: { x: deep } };
  assert.throws(() => aggregate(deep), /nested deeper/);
});

test("significant terms of all documents know how many these are, however their segments are read", () => {
  const documents = Array.from({ length: 7 }, (_, i) => (i === 6 ? {} : { k: `k${i % 2}` }));
  const index = indexOf(documents, parseMappings({ properties: { k: { type: "keyword" } } }));
  const aggs = { a: { significant_terms: { field: "k", min_doc_count: 1 } } };
  const { aggregations } = finish(index.search({ body: { aggs }, from: 0, size: 0, now: 0 }));
  assert.deepEqual(aggregations, { a: { doc_count: 7, bg_count: 7, buckets: [] } });
});

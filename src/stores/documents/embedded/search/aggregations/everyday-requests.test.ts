import assert from "node:assert/strict";
import { test } from "node:test";
import type { JSONObject } from "../../../../../kernel/index.ts";
import { parseMappings } from "../../../mapping/parse-mappings.ts";
import { finish } from "../people-fixture.ts";
import { TwinIndex } from "../twin-index.ts";

/** Requests as dashboards and people write them, with the answers that the reference engine gave to the same documents. */

const mappings = parseMappings({
  properties: {
    status: { type: "keyword" },
    title: { type: "text", fields: { raw: { type: "keyword" } } },
    note: { type: "text" },
    day: { type: "date", format: "dd/MM/yyyy" },
    at: { type: "date" },
    ip: { type: "ip" },
    paid: { type: "boolean" },
    price: { type: "double" },
    quantity: { type: "integer" },
    places: { type: "geo_point" },
    shipped: { properties: { city: { type: "keyword" }, country: { type: "keyword" } } },
  },
});

const documents: readonly JSONObject[] = [
  { status: "new", day: "28/02/2020", at: "2020-02-28T10:00:00Z", ip: "10.0.0.1", price: 10, quantity: 1 },
  { status: "new", day: "01/03/2020", at: "2020-03-01T10:00:00Z", ip: "10.0.0.2", price: 20, quantity: 2 },
  { status: "paid", day: "05/04/2020", at: "2020-04-05T10:00:00Z", price: 5, quantity: 3, paid: true },
];

function indexOf(all: readonly JSONObject[]): TwinIndex {
  const index = new TwinIndex(mappings);
  for (const [i, document] of all.entries()) index.add(i, `d${i}`, document);
  return index;
}
const index = indexOf(documents);

function aggregate(aggs: JSONObject, of = index): JSONObject {
  const found = finish(
    of.search({ body: { aggs }, from: 0, size: 0, now: 0, fetch: (_, number) => documents[number] }),
  );
  return found.aggregations as JSONObject; // asked for
}
const keysOf = (result: unknown): string =>
  ((result as JSONObject).buckets as JSONObject[])
    .map((bucket) => `${bucket.key_as_string ?? bucket.key}:${bucket.doc_count}`)
    .join(" ");
const refusal = (aggregation: JSONObject): RegExp | string => {
  try {
    aggregate({ a: aggregation });
  } catch (err) {
    return (err as Error).message;
  }
  return "";
};

test("bounds of dates are written as the field writes them, in collections with and without documents", () => {
  const ranges = { date_range: { field: "day", ranges: [{ to: "01/03/2020" }, { from: "01/03/2020||+1M/M" }] } };
  const extended_bounds = { min: "01/01/2020", max: "01/04/2020" };
  const months = { date_histogram: { field: "day", calendar_interval: "month", extended_bounds } };
  const filled = aggregate({ ranges, months });
  assert.equal(keysOf(filled.ranges), "*-01/03/2020:1 01/04/2020-*:1");
  assert.equal(keysOf(filled.months), "01/01/2020:0 01/02/2020:1 01/03/2020:1 01/04/2020:1");
  const empty = aggregate({ ranges, months }, indexOf([]));
  assert.equal(keysOf(empty.ranges), "*-01/03/2020:0 01/04/2020-*:0");
  assert.equal(keysOf(empty.months), "01/01/2020:0 01/02/2020:0 01/03/2020:0 01/04/2020:0");
});

test("bounds of a range over dates may be texts", () => {
  const { a } = aggregate({ a: { range: { field: "at", ranges: [{ from: "2020-03-01" }, { to: 1582970400000 }] } } });
  assert.equal(keysOf(a), "*-2020-02-29T10:00:00.000Z:1 2020-03-01T00:00:00.000Z-*:2");
});

test("extended bounds are moved by the offset of a date histogram, as its buckets are", () => {
  const extended_bounds = { min: "2020-01-01", max: "2020-05-01" };
  const { a } = aggregate({
    a: {
      date_histogram: { field: "at", calendar_interval: "month", offset: "+6d", format: "yyyy-MM-dd", extended_bounds },
    },
  });
  assert.equal(keysOf(a), "2020-01-07:0 2020-02-07:2 2020-03-07:1 2020-04-07:0 2020-05-07:0");
});

test("intervals are taken with capital letters, spaces and, by the older option, as milliseconds", () => {
  const days = (options: JSONObject): string =>
    keysOf(aggregate({ a: { date_histogram: { field: "at", min_doc_count: 1, format: "MM-dd", ...options } } }).a);
  for (const options of [{ fixed_interval: "30D" }, { fixed_interval: "720 h" }, { interval: 2_592_000_000 }])
    assert.equal(days(options), "02-08:2 03-09:1", JSON.stringify(options));
});

test("intervals and offsets that are none say what to write instead", () => {
  const histogram = (options: JSONObject): RegExp | string => refusal({ date_histogram: { field: "at", ...options } });
  assert.match(String(histogram({ fixed_interval: "1M" })), /fixed_interval\] "1M".*"calendar_interval"/);
  assert.match(String(histogram({ calendar_interval: "2d" })), /calendar_interval\] "2d".*"fixed_interval" such as 2d/);
  assert.match(String(histogram({ calendar_interval: "day", offset: "+1w" })), /offset\] "\+1w".*such as \+6h/);
  assert.match(String(histogram({})), /needs a "calendar_interval" such as month, or/);
});

test("a sibling pipeline names filters without names by their position, and buckets of a composite by their keys", () => {
  const m = { sum: { field: "price" } };
  const filters = { filters: { filters: [{ term: { status: "paid" } }, { match_all: {} }] }, aggs: { m } };
  const pages = { composite: { sources: [{ s: { terms: { field: "status" } } }] }, aggs: { m } };
  const first = { max_bucket: { buckets_path: "filters>m" } };
  const second = { max_bucket: { buckets_path: "pages>m" } };
  const found = aggregate({ filters, pages, first, second });
  assert.deepEqual(found.first, { value: 35, keys: ["1"] });
  assert.deepEqual(found.second, { value: 30, keys: ["{s=new}"] });
});

test("a path to a bucket of numbers takes its key as a decimal number, too", () => {
  const m = { sum: { field: "price" } };
  const numbers = { histogram: { field: "quantity", interval: 2 }, aggs: { m } };
  for (const key of ["2.0", "2"]) {
    const best = { max_bucket: { buckets_path: `all>numbers['${key}']>m` } };
    const all = { filters: { filters: { each: { match_all: {} } } }, aggs: { numbers } };
    assert.deepEqual(aggregate({ all, best }).best, { value: 25, keys: ["each"] }, key);
  }
});

test("keys of dates may name the quarter", () => {
  const quarters = (format: string): string =>
    keysOf(aggregate({ a: { date_histogram: { field: "at", calendar_interval: "quarter", format } } }).a);
  assert.equal(quarters("yyyy-'Q'q"), "2020-Q1:2 2020-Q2:1");
  assert.equal(quarters("QQQ yy, QQ"), "Q1 20, 01:2 Q2 20, 02:1");
  assert.equal(quarters("QQQQ qqqq"), "Q1 1:2 Q2 2:1");
  // A quarter that is read says nothing: the year begins it.
  const ranges = { date_range: { field: "at", format: "yyyy-'Q'q", ranges: [{ from: "2020-Q2" }] } };
  assert.equal(keysOf(aggregate({ ranges }).ranges), "2020-Q1-*:3");
});

test("slips in names and fields are answered by what was meant", () => {
  assert.match(String(refusal({ terms: { field: "title" } })), /use its sub-field "title\.raw"/);
  assert.match(String(refusal({ terms: { field: "note" } })), /use a keyword, number or date/);
  assert.match(String(refusal({ datehistogram: { field: "at" } })), /does not exist\. Did you mean "date_histogram"\?/);
  assert.match(
    String(refusal({ terms: { field: "status" }, agg: {} })),
    /exactly one type beside "aggs" and "meta", found terms, agg/,
  );
});

test("buckets of named filters are sorted and cut as those of lists are", () => {
  const named = { one: { match_all: {} }, two: { term: { status: "paid" } } };
  const { a } = aggregate({
    a: {
      filters: { filters: named },
      aggs: { m: { sum: { field: "price" } }, s: { bucket_sort: { sort: [{ m: "asc" }], size: 1 } } },
    },
  });
  assert.deepEqual(a, { buckets: { two: { doc_count: 1, m: { value: 5 } } } });
});

test("a derivative has a normalized value between ascending buckets only", () => {
  const derivativesOf = (order: "asc" | "desc"): unknown[] => {
    const aggs = { m: { sum: { field: "price" } }, d: { derivative: { buckets_path: "m", unit: "day" } } };
    const months = { date_histogram: { field: "at", calendar_interval: "month", order: { _key: order } }, aggs };
    return ((aggregate({ months }).months as JSONObject).buckets as JSONObject[]).map(({ d }) => d);
  };
  assert.deepEqual(derivativesOf("asc").slice(1), [
    { value: 10, normalized_value: 10 / 29 },
    { value: -15, normalized_value: -15 / 31 },
  ]);
  assert.deepEqual(derivativesOf("desc").slice(1), [{ value: 15 }, { value: -10 }]);
});

test("what stands in for missing values must be one of the field, and messages say how they are written", () => {
  for (const type of ["terms", "cardinality", "value_count"])
    assert.match(
      String(refusal({ [type]: { field: "ip", missing: "nowhere" } })),
      /"nowhere" is not an IP address/,
      type,
    );
  const missing = (field: string, value: unknown): string => String(refusal({ terms: { field, missing: value } }));
  assert.match(missing("day", "2020-01-01"), /"2020-01-01" is not a value.*a date written as dd\/MM\/yyyy/);
  assert.match(missing("price", true), /true is not a value.*a number/);
  assert.match(missing("paid", 5), /5 is not a value.*true or false/);
  // As an address, not as a text: there is one such address already.
  assert.deepEqual(aggregate({ a: { cardinality: { field: "ip", missing: "::ffff:10.0.0.1" } } }).a, { value: 2 });
});

test("fields that are not mapped are left out of matrices, and lists of one may be written without brackets", () => {
  const matrix = aggregate({ a: { matrix_stats: { fields: ["quantity", "nothing"] } } }).a as JSONObject;
  assert.deepEqual([matrix.doc_count, (matrix.fields as JSONObject[]).map(({ name }) => name)], [3, ["quantity"]]);
  assert.deepEqual(aggregate({ a: { percentiles: { field: "quantity", percents: 50 } } }).a, { values: { "50.0": 2 } });
  assert.equal((aggregate({ a: { matrix_stats: { fields: "quantity" } } }).a as JSONObject).doc_count, 3);
  assert.equal(keysOf(aggregate({ a: { range: { field: "price", ranges: { to: 10 } } } }).a), "*-10.0:1");
});

test("hits of buckets have the fields that patterns name, and places from the south", () => {
  const of = indexOf([{ shipped: { city: "Lyon", country: "FR" }, places: ["10,5", [0, -20], [-170, -20]] }]);
  const { a } = aggregate({ a: { top_hits: { _source: false, docvalue_fields: ["shipped.*", "places"] } } }, of);
  const [hit] = ((a as JSONObject).hits as { hits: JSONObject[] }).hits;
  assert.ok(hit !== undefined);
  const { places, ...texts } = hit.fields as { places: string[] };
  assert.deepEqual(texts, { "shipped.city": ["Lyon"], "shipped.country": ["FR"] });
  const rounded = places.map((place) => place.split(", ").map((part) => Math.round(Number(part))));
  assert.deepEqual(rounded, [
    [-20, 0],
    [-20, -170],
    [10, 5],
  ]);
});

test("ranges of addresses have no buckets where a histogram fills a gap, ranges of numbers do", () => {
  const { a } = aggregate({
    a: {
      histogram: { field: "price", interval: 5 },
      aggs: {
        addresses: { ip_range: { field: "ip", ranges: [{ mask: "10.0.0.0/24" }] } },
        quantities: { range: { field: "quantity", ranges: [{ to: 2 }, { from: 2 }] } },
      },
    },
  });
  const { buckets } = a as { buckets: Record<"addresses" | "quantities", { buckets: unknown[] }>[] };
  assert.deepEqual(
    buckets.map(({ addresses, quantities }) => [addresses.buckets.length, quantities.buckets.length]),
    [
      [1, 2],
      [1, 2],
      [0, 2],
      [1, 2],
    ],
  );
});

test("what matrices will answer counts as memory that they need", () => {
  const of = indexOf(Array.from({ length: 400 }, (_, i) => ({ quantity: i })));
  const fields = Array.from({ length: 100 }, () => "quantity");
  const matrices = (interval: number): JSONObject => ({
    a: { histogram: { field: "quantity", interval }, aggs: { m: { matrix_stats: { fields } } } },
  });
  assert.equal(((aggregate(matrices(4), of).a as JSONObject).buckets as unknown[]).length, 100);
  assert.throws(() => aggregate(matrices(1), of), { status: 400, message: /more than 256 MiB/ });
});

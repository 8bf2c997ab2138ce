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

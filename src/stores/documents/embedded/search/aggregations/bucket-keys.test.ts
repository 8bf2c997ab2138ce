import assert from "node:assert/strict";
import { test } from "node:test";
import type { JSONObject } from "../../../../../kernel/index.ts";
import { parseMappings } from "../../../mapping/parse-mappings.ts";
import { finish, indexOf } from "../people-fixture.ts";

const mappings = parseMappings({
  properties: {
    sold: { type: "boolean" },
    at: { type: "date" },
    ip: { type: "ip" },
    n: { type: "integer" },
  },
});
const index = indexOf(
  [
    { sold: true, at: "2020-01-01", ip: "10.0.0.1", n: 1 },
    { sold: true, at: "2020-01-05", ip: "2001:db8::1", n: 1 },
    { sold: false, at: "2020-12-31T12:00:00Z", ip: "10.0.0.1", n: 2 },
    { n: 3 },
  ],
  mappings,
);

function bucketsOf(aggregation: JSONObject, query: JSONObject = { match_all: {} }): JSONObject[] {
  const body = { query, aggs: { a: aggregation } };
  const { aggregations } = finish(index.search({ body, from: 0, size: 0, now: 0 }));
  return (aggregations as { a: { buckets: JSONObject[] } }).a.buckets;
}
const keys = (aggregation: JSONObject): string =>
  bucketsOf(aggregation)
    .map(({ key, key_as_string: text }) => `${String(key)}=${String(text)}`)
    .join(" ");

test("booleans are numbers with a text beside them, and a boolean in significant terms", () => {
  assert.deepEqual(bucketsOf({ terms: { field: "sold" } }), [
    { key: 1, key_as_string: "true", doc_count: 2 },
    { key: 0, key_as_string: "false", doc_count: 1 },
  ]);
  assert.deepEqual(bucketsOf({ rare_terms: { field: "sold" } }), [{ key: 0, key_as_string: "false", doc_count: 1 }]);
  const significant = { significant_terms: { field: "sold", min_doc_count: 1 } };
  const [first] = bucketsOf(significant, { term: { n: 1 } });
  assert.deepEqual([first?.key, first?.key_as_string, first?.doc_count], [1, true, 2]);
});

test("dates are milliseconds with a text beside them, in the format that is asked for", () => {
  const ms = 1_577_836_800_000;
  const order = { _key: "asc" };
  assert.equal(keys({ terms: { field: "at", include: ["2020-01-01"] } }), `${ms}=2020-01-01T00:00:00.000Z`);
  assert.equal(keys({ terms: { field: "at", order, size: 1, format: "YYYY-'W'ww" } }), `${ms}=2020-W01`);
  assert.equal(
    keys({ rare_terms: { field: "at", format: "epoch_second", include: ["1577836800"] } }),
    `${ms}=${ms / 1000}`,
  );
  const months = { date_histogram: { field: "at", calendar_interval: "year", format: "week_date" } };
  assert.equal(keys(months), `${ms}=2020-W01-3`);
});

test("addresses are chosen in any way that they can be written, and networks are none", () => {
  assert.equal(keys({ terms: { field: "ip", include: ["::FFFF:10.0.0.1"] } }), "10.0.0.1=undefined");
  assert.equal(keys({ terms: { field: "ip", include: ["2001:DB8:0::1"] } }), "2001:db8::1=undefined");
  assert.equal(keys({ terms: { field: "ip", exclude: ["::ffff:10.0.0.1"] } }), "2001:db8::1=undefined");
  for (const wrong of ["10.0.0.0/8", "nowhere"])
    assert.throws(() => keys({ terms: { field: "ip", include: [wrong] } }), /not an IP address/);
});

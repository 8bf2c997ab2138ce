import assert from "node:assert/strict";
import { test } from "node:test";
import type { JSONObject } from "../../../../../kernel/index.ts";
import { parseMappings } from "../../../mapping/parse-mappings.ts";
import { finish, indexOf } from "../people-fixture.ts";

const mappings = parseMappings({
  properties: {
    k: { type: "keyword" },
    i: { type: "integer" },
    d: { type: "double" },
    at: { type: "date" },
    ns: { type: "date_nanos" },
    n: { type: "nested", properties: { d: { type: "double" }, ns: { type: "date_nanos" } } },
  },
});
const at = "2020-01-02T03:04:05.678Z";
const ms = 1_577_934_245_678;
const documents = [
  { k: "a", i: 3, d: [-1.7, 2.2], at, ns: at, n: [{ d: 1.5, ns: at }, { d: 2.7 }] },
  { k: "b", i: 4, d: [2.9, 4.5] },
  { k: "c" },
];

/** Ids with their first sort value. */
function sorted(sort: JSONObject, after?: unknown): string {
  const search_after = after === undefined ? {} : { search_after: [after] };
  const { hits } = finish(
    indexOf(documents, mappings).search({ body: { sort, ...search_after }, from: 0, size: 9, now: 0 }),
  );
  return hits.map((hit) => `${hit.id}=${hit.sort?.[0]}`).join(" ");
}

test("decimal numbers sorted as whole ones lose what lies behind the point, each before they are reduced", () => {
  assert.equal(sorted({ d: { numeric_type: "long" } }), "d0=-1 d1=2 d2=null");
  assert.equal(sorted({ d: { numeric_type: "date", order: "desc" } }), "d1=4 d0=2 d2=null");
  assert.equal(sorted({ d: { numeric_type: "long", mode: "sum" } }), "d0=1 d1=6 d2=null");
  assert.equal(sorted({ d: { numeric_type: "LONG", mode: "avg" } }), "d0=1 d1=3 d2=null");
  assert.equal(sorted({ d: { numeric_type: "long", missing: 1.9 } }), "d0=-1 d2=1 d1=2");
  assert.equal(sorted({ d: { numeric_type: "long" } }, -1), "d1=2 d2=null");
  assert.equal(sorted({ "n.d": { nested: { path: "n" }, numeric_type: "long", mode: "avg" } }), "d0=2 d1=null d2=null");
});

test("whole numbers sorted as decimal ones have averages and stand-ins between them", () => {
  assert.equal(sorted({ i: { numeric_type: "double", missing: 3.5 } }), "d0=3 d2=3.5 d1=4");
  assert.equal(sorted({ i: { numeric_type: "double", missing: "3.5" } }), "d0=3 d2=3.5 d1=4");
  assert.equal(sorted({ i: { missing: 3.5, order: "desc" } }), "d1=4 d0=3 d2=3");
  assert.throws(() => sorted({ i: { numeric_type: "long", missing: "3.5" } }), /no number of type long/);
});

test("dates are sorted in milliseconds or nanoseconds, whichever is asked for", () => {
  assert.equal(sorted({ at: { numeric_type: "date_nanos", missing: 5 } }), `d1=5 d2=5 d0=${ms * 1e6}`);
  assert.equal(sorted({ ns: { numeric_type: "date", missing: 5 } }), `d1=5 d2=5 d0=${ms}`);
  assert.equal(sorted({ ns: { numeric_type: "double" } }), `d0=${ms} d1=null d2=null`);
  for (const numeric_type of ["long", "date_nanos", undefined]) {
    const option = numeric_type === undefined ? {} : { numeric_type };
    assert.equal(sorted({ ns: { ...option, missing: 5 } }), `d1=5 d2=5 d0=${ms * 1e6}`);
  }
  const nested = { nested: { path: "n" }, numeric_type: "date_nanos" };
  assert.equal(sorted({ "n.ns": nested }), `d0=${ms * 1e6} d1=null d2=null`);
});

test("a numeric type that a field cannot have is refused by name", () => {
  assert.throws(() => sorted({ i: { numeric_type: "date_nanos" } }), /"date_nanos" does not go with .* integer/);
  assert.throws(() => sorted({ k: { numeric_type: "double" } }), /"double" does not go with .* keyword/);
  assert.throws(() => sorted({ i: { numeric_type: "float" } }), /must be one of long, double, date, date_nanos/);
});

test("what stands in for a field that is not mapped is read as for its type", () => {
  assert.equal(sorted({ x: { unmapped_type: "long", missing: 7.9 } }), "d0=7 d1=7 d2=7");
  assert.equal(sorted({ x: { unmapped_type: "double", missing: 7.9 } }), "d0=7.9 d1=7.9 d2=7.9");
  assert.equal(sorted({ x: { unmapped_type: "keyword", missing: "z" } }), "d0=z d1=z d2=z");
  assert.equal(sorted({ x: { unmapped_type: "date" } }), "d0=null d1=null d2=null");
  assert.throws(() => sorted({ x: { unmapped_type: "nonsense" } }), /no type of field/);
  assert.throws(() => sorted({ x: { unmapped_type: "text" } }), /cannot be sorted on/);
  assert.throws(() => sorted({ x: { unmapped_type: "scaled_float" } }), /no type of field/);
  assert.throws(() => sorted({ x: { unmapped_type: "keyword", mode: "avg" } }), /is for numbers/);
});

test("a search goes on behind a value in segments where no document has one", () => {
  assert.equal(sorted({ i: "asc" }, 3), "d1=4 d2=null");
  assert.equal(sorted({ i: { order: "desc", missing: "_first" } }, 4), "d0=3");
  assert.equal(sorted({ i: { missing: 3.5, numeric_type: "double" } }, 3), "d2=3.5 d1=4");
  assert.equal(sorted({ "n.d": { nested: { path: "n" } } }, 1.5), "d1=null d2=null");
  const named = (body: JSONObject) => {
    const texts = [{ k: "a" }, { i: 1 }, { k: "m" }, { k: "z" }];
    const { hits } = finish(indexOf(texts, mappings).search({ body, from: 0, size: 9, now: 0 }));
    return hits.map(({ id }) => id).join(" ");
  };
  assert.equal(named({ sort: [{ k: "asc" }], search_after: ["m"] }), "d3 d1");
  assert.equal(named({ sort: [{ k: { missing: "n" } }], search_after: ["m"] }), "d1 d3");
  assert.equal(named({ sort: [{ k: { missing: "n" } }], search_after: ["n"] }), "d3");
  assert.equal(named({ sort: [{ k: { missing: "n" } }], search_after: ["o"] }), "d3");
  assert.equal(named({ sort: [{ k: { missing: "n", order: "desc" } }], search_after: ["o"] }), "d1 d2 d0");
});

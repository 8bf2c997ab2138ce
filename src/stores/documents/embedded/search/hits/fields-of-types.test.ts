import assert from "node:assert/strict";
import { test } from "node:test";
import type { JSONObject } from "../../../../../kernel/index.ts";
import type { IndexHit } from "../collection-index.ts";
import { finish } from "../people-fixture.ts";
import { TwinIndex } from "../twin-index.ts";

const document = {
  built: "1.10.0",
  any: { colour: "red", size: 7 },
  ages: { gte: 3, lt: 9 },
  shape: { type: "Point", coordinates: [2, 1] },
  input: { input: ["a", "b"], weight: 3 },
  meaning: [1, 2],
};

function hitOf(body: JSONObject): IndexHit | undefined {
  const index = new TwinIndex({
    properties: {
      built: { type: "version" },
      any: { type: "flattened" },
      ages: { type: "integer_range" },
      shape: { type: "geo_shape" },
      input: { type: "completion" },
      meaning: { type: "dense_vector", dims: 2 },
      same: { type: "constant_keyword", value: "everywhere" },
    },
  });
  index.add(1, "one", document);
  const { hits } = finish(index.search({ body, from: 0, size: 1, now: 0, fetch: () => document }));
  return hits[0];
}

test("fields of what stands for several terms or for none are as they were written", () => {
  const written = Object.fromEntries(Object.entries(document).map(([name, value]) => [name, [value]]));
  assert.deepEqual(hitOf({ fields: ["*"] })?.fields, written);
  assert.throws(() => hitOf({ fields: [{ field: "ages", format: "yyyy" }] }), /does not take the format/);
});

test("columns of versions, constants and objects of any keys read as their values", () => {
  assert.deepEqual(hitOf({ docvalue_fields: ["built", "any", "same"] })?.fields, {
    built: ["1.10.0"],
    any: ["7", "red"],
    same: ["everywhere"],
  });
  for (const field of ["ages", "shape", "input", "meaning"])
    assert.throws(() => hitOf({ docvalue_fields: [field] }), /keeps no column/);
});

test("all matches of a field with boolean similarity are explained by one constant", () => {
  const index = new TwinIndex({ properties: { t: { type: "text", similarity: "boolean" } } });
  index.add(1, "one", { t: "red red car" });
  for (const query of [{ match: { t: "red" } }, { match_phrase: { t: "red car" } }]) {
    const { hits } = finish(index.search({ body: { query, explain: true }, from: 0, size: 1, now: 0 }));
    assert.equal(hits[0]?.score, 1);
    assert.equal((hits[0]?.explanation as { value: number } | undefined)?.value, 1);
  }
});

test("fields of addresses and decimals have one form, and what stands for nothing where they have none", () => {
  const properties = {
    near: { type: "ip", null_value: "::1" },
    far: { type: "ip", ignore_malformed: true },
    size: { type: "float", null_value: 7 },
  };
  const index = new TwinIndex({ properties });
  const document = { near: ["::ffff:1.2.3.4", null], far: "x", size: ["5f", "0.10", ""] };
  index.add(1, "one", document);
  const { hits } = finish(index.search({ body: { fields: ["*"] }, from: 0, size: 1, now: 0, fetch: () => document }));
  assert.deepEqual(hits[0]?.fields, { near: ["1.2.3.4", "::1"], size: [5, 0.1, 7] });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { KuzzleError } from "../kernel/index.ts";
import { changedPaths } from "./changes.ts";
import { durationMs } from "./duration.ts";
import { opensDynamic, shapeMappings } from "./mapping-shape.ts";
import { isValidName } from "./names.ts";
import { shapeQuery, shapeSearchBody } from "./search-body.ts";

const refusal = (run: () => unknown): string | undefined => {
  try {
    run();
    return undefined;
  } catch (error) {
    return (error as KuzzleError).id;
  }
};

test("names of indexes and collections follow the rule of the contract", () => {
  for (const name of ["books", "a-b_c", "_private", "@home", "é", "x".repeat(126)]) assert.ok(isValidName(name), name);
  for (const name of [
    "",
    "Books",
    "_all",
    "a b",
    "a.b",
    "a/b",
    "a*",
    "a?",
    "a%",
    "a&",
    "a#",
    "a:",
    "a+",
    "a,b",
    "x".repeat(127),
    "é".repeat(64),
  ]) {
    assert.ok(!isValidName(name), name);
  }
});

test("durations are numbers with a unit", () => {
  assert.deepEqual(
    ["500ms", "30s", "1m", "2h", "1d", "1.5s"].map(durationMs),
    [500, 30_000, 60_000, 7_200_000, 86_400_000, 1_500],
  );
  for (const text of ["", "30", "s", "1 year", "-1s", "1s1s", "__proto__"])
    assert.equal(durationMs(text), undefined, text);
});

test("mappings hold the known members only, and booleans of dynamic become text at every level", () => {
  assert.deepEqual(
    shapeMappings({
      dynamic: true,
      properties: { a: { dynamic: false, properties: { b: { type: "text" } } } },
      dynamic_templates: [{ texts: { match: "*", mapping: { type: "keyword" } } }],
      numeric_detection: true,
    }),
    {
      dynamic: "true",
      properties: { a: { dynamic: "false", properties: { b: { type: "text" } } } },
      dynamic_templates: [{ texts: { match: "*", mapping: { type: "keyword" } } }],
      numeric_detection: true,
    },
  );
  const id = "services.storage.invalid_mapping";
  assert.equal(
    refusal(() => shapeMappings({ property: {} })),
    id,
  );
  assert.equal(
    refusal(() => shapeMappings({ dynamic: "maybe" })),
    id,
  );
  assert.equal(
    refusal(() => shapeMappings({ properties: [] })),
    id,
  );
  assert.equal(
    refusal(() => shapeMappings({ properties: { a: "text" } })),
    id,
  );
  assert.equal(
    refusal(() => shapeMappings({ properties: { a: { properties: {}, wrong: 1 } } })),
    id,
  );
  assert.equal(
    refusal(() => shapeMappings(JSON.parse('{"properties":{"__proto__":{"type":"text"}}}'))),
    id,
  );
});

test("a mapping nested without end is refused, not followed", () => {
  let mapping: Record<string, unknown> = { type: "text" };
  for (let depth = 0; depth < 5_000; depth++) mapping = { properties: { a: mapping } };
  assert.equal(
    refusal(() => shapeMappings(mapping)),
    "services.storage.invalid_mapping",
  );
});

test("only a policy that was closed and opens asks for a new index", () => {
  assert.equal(opensDynamic({ dynamic: "false" }, { dynamic: "true" }), true);
  assert.equal(opensDynamic({ dynamic: "true" }, { dynamic: "strict" }), false);
  assert.equal(opensDynamic({ dynamic: "false" }, { properties: { a: { type: "text" } } }), false);
  const nested = (dynamic: string) => ({ dynamic: "strict", properties: { a: { dynamic, properties: {} } } });
  assert.equal(opensDynamic(nested("false"), nested("true")), true);
  assert.equal(opensDynamic(nested("strict"), nested("true")), false);
});

test("a search body holds the known members, and what means nothing is left out", () => {
  assert.deepEqual(shapeSearchBody({ from: 5, size: 3, _name: "x", sort: ["a"] }, "elasticsearch"), {
    sort: ["a"],
    query: { match_all: {} },
  });
  assert.equal(
    refusal(() => shapeSearchBody({ script_fields: {} }, "elasticsearch")),
    "services.storage.invalid_search_query",
  );
  assert.equal(
    refusal(() => shapeSearchBody({ query: "all" }, "elasticsearch")),
    "api.assert.invalid_type",
  );
  assert.deepEqual(shapeSearchBody({ track_total_hits: true }, "elasticsearch").track_total_hits, true);
});

test("scripts are refused at any depth unless they are stored ones", () => {
  const script = (value: unknown) => () =>
    shapeSearchBody({ aggs: { a: { filter: { bool: { must: [{ script: value }] } } } } }, "elasticsearch");
  assert.equal(refusal(script("doc.a > 1")), "services.storage.invalid_query_keyword");
  assert.equal(refusal(script({ source: "doc.a > 1" })), "services.storage.invalid_query_keyword");
  assert.equal(refusal(script({ id: "stored", params: {} })), undefined);
  let deep: unknown = {};
  for (let depth = 0; depth < 10_000; depth++) deep = [deep];
  assert.equal(
    refusal(() => shapeSearchBody({ query: { bool: deep } }, "elasticsearch")),
    "services.storage.unexpected_bad_request",
  );
});

test("Koncorde is translated, and its errors have their ids", () => {
  assert.deepEqual(shapeQuery({ equals: { a: 1 } }, "koncorde"), { term: { a: 1 } });
  assert.deepEqual(shapeQuery({}, "koncorde"), { match_all: {} });
  assert.deepEqual(shapeQuery(undefined, "koncorde"), { match_all: {} });
  assert.equal(
    refusal(() => shapeQuery({ bool: { must: [] } }, "koncorde")),
    "api.assert.koncorde_restricted_keyword",
  );
  assert.equal(
    refusal(() => shapeQuery({ exists: "a[" }, "koncorde")),
    "services.koncorde.elastic_translation_error",
  );
});

test("changed paths are those of leaves, without metadata", () => {
  assert.deepEqual(changedPaths({ a: { b: 1, c: [1], d: null, e: {} }, f: "x", _kuzzle_info: { author: 1 } }), [
    "a.b",
    "a.c",
    "a.d",
    "f",
  ]);
});

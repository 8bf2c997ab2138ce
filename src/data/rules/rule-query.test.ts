/** The query of a rule finds what the rule itself lets through, under every mapping; or there is none. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePolicyRule, RuleTemplate } from "../../filters/index.ts";
import { type JSONObject, silentLogger, systemClock } from "../../kernel/index.ts";
import { createEmbeddedStore, type Mappings } from "../../stores/documents/index.ts";
import { NotSearchable, ruleQuery } from "./rule-query.ts";

const values: readonly unknown[] = [
  undefined,
  null,
  [],
  [null],
  "",
  "A",
  "a",
  "A B",
  "A".repeat(20),
  ["B", "A"],
  ["B", null],
  true,
  false,
  "true",
  "false",
  0,
  1,
  5,
  -5,
  "5",
  [1, 5],
  4_000_000_000,
];

const filters: readonly JSONObject[] = [
  { equals: { f: "A" } },
  { equals: { f: "" } },
  { equals: { f: "5" } },
  { equals: { f: "true" } },
  { equals: { f: "A".repeat(20) } },
  { equals: { f: 5 } },
  { equals: { f: true } },
  { equals: { f: false } },
  { in: { f: ["A", "B"] } },
  { exists: "f" },
  { missing: "f" },
  { exists: 'f["A"]' },
  { missing: "f[5]" },
  { range: { f: { gte: 1, lt: 5 } } },
  { range: { f: { gt: 1 } } },
  { not: { range: { f: { lte: 1 } } } },
  { not: { or: [{ equals: { f: "A" } }, { range: { f: { gte: 5 } } }] } },
  { nothing: true },
  { ids: { values: ["d1", "d5"] } },
];

const types: readonly JSONObject[] = [
  { type: "keyword" },
  { type: "keyword", ignore_above: 10 },
  { type: "keyword", null_value: "A" },
  { type: "keyword", index: false },
  { type: "constant_keyword", value: "A" },
  { type: "text" },
  { type: "text", fields: { raw: { type: "keyword" } } },
  { type: "text", fields: { raw: { type: "keyword", ignore_above: 10 } } },
  { type: "long" },
  { type: "integer" },
  { type: "double" },
  { type: "double", ignore_malformed: true },
  { type: "float" },
  { type: "boolean" },
  { type: "date" },
  { type: "flattened" },
];

test("a rule and its query let the same documents through, whatever the type and the values", async () => {
  await using store = await createEmbeddedStore({ directory: ":memory:", log: silentLogger, clock: systemClock });
  let compared = 0;
  const collections: readonly Mappings[] = [
    ...types.map((f): Mappings => ({ dynamic: "false", properties: { f } })),
    { dynamic: "false", properties: {} },
    { dynamic: "true", properties: {} },
    { dynamic: "false", properties: { f: { type: "keyword" }, g: { type: "keyword", copy_to: "f" } } },
    { dynamic: "false", properties: { o: { type: "nested", properties: { f: { type: "keyword" } } } } },
  ];
  for (const [i, mappings] of collections.entries()) {
    const target = { index: "rules", collection: `c${i}` };
    await store.createCollection(target, "public", mappings, {});
    const isOpen = mappings.dynamic === "true";
    // Types that a first value would choose take no other: an open mapping gets texts only.
    const given = isOpen
      ? values.filter((value) => [value].flat().every((one) => one == null || typeof one === "string"))
      : values;
    for (const [n, f] of given.entries()) {
      const source = JSON.stringify({ f, g: "A", o: [{ f: "A" }] });
      await store.write(target, [{ kind: "create", id: `d${n}`, source }]); // what the mapping refuses is not there
    }
    const stored = new Map<string, JSONObject>();
    for await (const batch of store.walk(target, {}))
      for (const { id, source } of batch) stored.set(id, JSON.parse(source));
    for (const filter of filters) {
      const rule = RuleTemplate.of([parsePolicyRule({ filter })])?.bind(() => undefined);
      if (rule?.filter === undefined) assert.fail("every filter is a rule");
      let query: JSONObject;
      try {
        query = ruleQuery(rule.filter, await store.getMappings(target));
      } catch (error) {
        if (!(error instanceof NotSearchable)) throw error;
        continue;
      }
      const found: string[] = [];
      for await (const batch of store.walk(target, query)) for (const { id } of batch) found.push(id);
      const expected = [...stored].filter(([id, source]) => rule.matches(source, id)).map(([id]) => id);
      assert.deepEqual(found.sort(), expected.sort(), JSON.stringify([mappings, filter, query]));
      compared++;
    }
  }
  assert.ok(compared > 100, `${compared} were compared`);
});

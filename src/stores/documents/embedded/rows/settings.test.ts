import assert from "node:assert/strict";
import { test } from "node:test";
import { mergeSettings } from "./settings.ts";

test("settings whose names are nearly those of others are refused with the name that was meant, wherever they stand", () => {
  const refused = (settings: Record<string, unknown>, hint: RegExp): void =>
    assert.throws(
      () => mergeSettings({}, settings),
      (error: Error & { id?: string }) => {
        assert.equal(error.id, "services.storage.unexpected_bad_request");
        assert.match(error.message, hint);
        return true;
      },
    );
  refused({ analysys: {} }, /"analysys"\. Did you mean "analysis"/);
  refused({ index: { max_result_windows: 5 } }, /Did you mean "max_result_window"/);
  refused({ "index.refresh_intervall": "1s" }, /Did you mean "refresh_interval"/);
});

test("settings of clusters, and those that nobody here knows, are kept, in one spelling", () => {
  const settings = {
    number_of_shards: 1,
    "index.number_of_replicas": 0,
    index: { "mapping.total_fields.limit": 2_000, analysis: {}, knn: true, "plugins.replication.x": 1 },
    somebodys_own_extension: { a: 1 },
  };
  assert.deepEqual(mergeSettings({}, settings), {
    number_of_shards: 1,
    number_of_replicas: 0,
    mapping: { total_fields: { limit: 2_000 } },
    analysis: {},
    knn: true,
    plugins: { replication: { x: 1 } },
    somebodys_own_extension: { a: 1 },
  });
});

test("a setting that is spelt in another way is the same setting, and null takes it away", () => {
  const spellings = (write: unknown): readonly Record<string, unknown>[] => [
    { blocks: { write } },
    { "blocks.write": write },
    { "index.blocks.write": write },
    { index: { blocks: { write } } },
    { index: { "blocks.write": write } },
  ];
  for (const before of spellings(true)) {
    for (const after of spellings(false)) {
      assert.deepEqual(mergeSettings(mergeSettings({}, before), after), { blocks: { write: false } });
      assert.deepEqual(mergeSettings(before, after), { blocks: { write: false } }, "stored by an earlier version");
    }
    for (const gone of spellings(null)) assert.deepEqual(mergeSettings(before, gone), { blocks: {} });
  }
  const analysis = { analyzer: { "my.own": { type: "standard" } } };
  assert.deepEqual(mergeSettings({}, { index: { analysis } }), { analysis });
  const flat = { "index.analysis.analyzer.own.type": "standard" };
  assert.deepEqual(mergeSettings({}, flat), { analysis: { analyzer: { own: { type: "standard" } } } });
});

test("counts that no cluster takes are refused", () => {
  assert.throws(() => mergeSettings({}, { "index.max_result_window": -5 }), /max_result_window/);
  for (const number_of_shards of [0, -1, 1.5, "x", "", 1_025, [], true])
    assert.throws(() => mergeSettings({}, { number_of_shards }), { id: "services.storage.unexpected_bad_request" });
  for (const number_of_replicas of [-1, "x", 0.5, {}])
    assert.throws(() => mergeSettings({}, { index: { number_of_replicas } }), /number_of_replicas/);
  assert.deepEqual(mergeSettings({}, { number_of_shards: "2", number_of_replicas: 0 }), {
    number_of_shards: "2",
    number_of_replicas: 0,
  });
});

test("settings with names of very many parts are refused", () => {
  assert.throws(() => mergeSettings({}, { ["a.".repeat(100_000)]: 1 }), /levels deep/);
});

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

test("settings of clusters, and those that nobody here knows, are kept as they are", () => {
  const settings = {
    number_of_shards: 1,
    "index.number_of_replicas": 0,
    index: { "mapping.total_fields.limit": 2_000, analysis: {}, knn: true, "plugins.replication.x": 1 },
    somebodys_own_extension: { a: 1 },
  };
  assert.deepEqual(mergeSettings({}, settings), settings);
});

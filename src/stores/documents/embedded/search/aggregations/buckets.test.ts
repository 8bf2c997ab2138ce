import assert from "node:assert/strict";
import { test } from "node:test";
import { Budget } from "../budget.ts";
import type { AggregationRun } from "./aggregator.ts";
import { Buckets } from "./buckets.ts";

test("a search that would hold millions of buckets is refused before they fill the memory, with what to do instead", () => {
  const run: AggregationRun = {
    request: { body: {}, from: 0, size: 0, now: 0 },
    parts: [],
    part: 0,
    base: 0,
    scores: new Float64Array(0),
    scoredPath: "",
    needsScores: false,
    budget: new Budget(),
    buckets: 0,
    bytes: 2 ** 28 - 400_000, // so that a few do
  };
  // Two aggregations of one search share what it may hold.
  const [some, others] = [new Buckets(run), new Buckets(run)];
  let made = 0;
  assert.throws(
    () => {
      for (; made < 1_000_000; made++) (made % 2 === 0 ? some : others).find(0, made);
    },
    { id: "services.storage.unexpected_bad_request", message: /more than 256 MiB.*Narrow the query, or page/ },
  );
  assert.equal(made, 5_000);
});

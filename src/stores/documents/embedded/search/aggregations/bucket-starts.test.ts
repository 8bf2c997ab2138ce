import assert from "node:assert/strict";
import { test } from "node:test";
import { BucketStarts } from "./bucket-starts.ts";

const starts = Array.from({ length: 77 }, (_, i) => 1_000 + i * 30 + (i % 3));
const end = 1_000 + 77 * 30;
/** 0 to 1, the same in each run. */
const shareOf = (i: number): number => ((i * 2_654_435_761) % 4_294_967_296) / 4_294_967_296;

function check(column: Float64Array): void {
  const buckets = BucketStarts.of(starts, end);
  assert.equal(buckets.length, starts.length);
  const docs = Uint32Array.from({ length: 400 }, (_, i) => (i * 7) % column.length);
  const slots = new Int32Array(docs.length);
  const expected = Array.from(docs, (doc) => starts.findLastIndex((start) => start <= (column[doc] as number)));
  const without = buckets.findAll(column, docs, docs.length, slots);
  assert.deepEqual([...slots], expected);
  assert.equal(without, expected.filter((bucket) => bucket < 0).length);
}

test("each value of a column lies in the bucket that begins last before it, also on its first and last value", () => {
  check(Float64Array.from({ length: 500 }, (_, i) => 1_000 + shareOf(i) * (end - 1_000)));
  check(Float64Array.from({ length: 500 }, (_, i) => starts[i % starts.length] as number));
  check(Float64Array.from({ length: 500 }, (_, i) => (starts[(i % 76) + 1] as number) - 1e-9));
});

test("documents without a value lie in none", () => {
  check(Float64Array.from({ length: 500 }, (_, i) => (i % 5 === 0 ? Number.NaN : 1_000 + i)));
  check(new Float64Array(500).fill(Number.NaN));
});

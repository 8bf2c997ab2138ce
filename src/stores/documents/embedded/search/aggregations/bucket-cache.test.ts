import assert from "node:assert/strict";
import { test } from "node:test";
import type { AggregationRun } from "./aggregator.ts";
import { BucketCache } from "./bucket-cache.ts";
import { Buckets } from "./buckets.ts";

const run = { bytes: 0, buckets: 0 } as AggregationRun;

test("documents are counted by owner and ordinal, whether they have one or not, in two segments of different ordinals", () => {
  const buckets = new Buckets(run);
  const expected = new Map<string, number>();
  for (const keyOf of [(ordinal: number) => ordinal * 10, (ordinal: number) => 60 - ordinal * 10]) {
    const cache = new BucketCache(buckets, 7, keyOf);
    for (let block = 0; block < 5; block++) {
      const size = 300;
      const ordinals = Int32Array.from({ length: size }, (_, i) => ((i * 31 + block) % 8) - 1);
      const owners = Uint32Array.from({ length: size }, (_, i) => (block === 0 ? 0 : ((i * i) >> block) % 4));
      const slots = ordinals.slice();
      cache.count(slots, owners, size);
      for (const [i, ordinal] of ordinals.entries()) {
        if (ordinal < 0) {
          assert.equal(slots[i], -1);
          continue;
        }
        assert.equal(buckets.keys[slots[i] as number], keyOf(ordinal));
        const pair = `${owners[i]} ${keyOf(ordinal)}`;
        expected.set(pair, (expected.get(pair) ?? 0) + 1);
      }
    }
  }
  const counted = [0, 1, 2, 3].flatMap((owner) =>
    buckets.of(owner).map((bucket) => [`${owner} ${buckets.keys[bucket]}`, buckets.counts[bucket]] as const),
  );
  assert.deepEqual(new Map(counted), expected);
});

test("a block in which no document has an ordinal is counted nowhere", () => {
  const buckets = new Buckets(run);
  const cache = new BucketCache(buckets, 3, (ordinal) => ordinal);
  const slots = new Int32Array(10).fill(-1);
  cache.count(slots, new Uint32Array(10), 10);
  assert.deepEqual([...slots], new Array(10).fill(-1));
  assert.equal(buckets.keys.length, 0);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { JSONObject } from "../../../../kernel/index.ts";
import { finish } from "./people-fixture.ts";
import { SegmentedIndex } from "./segmented-index.ts";

const sizes = { headDocuments: 100, mergedAtOnce: 8, maxDocuments: 1_000 };
const mappings = { properties: { n: { type: "integer" }, tag: { type: "keyword" } } };

function maintained(index: SegmentedIndex): readonly number[] {
  while (finish(index.maintain()) !== undefined) {}
  assert.equal(index.isDue, false);
  return index.frozen().map(({ root }) => root.count);
}

test("segments that would take too much memory as one stay as they are", () => {
  const index = new SegmentedIndex(mappings, {}, { ...sizes, maxSettledBytes: 1 });
  for (let n = 0; n < 250; n++) index.add(n, `d${n}`, { n });
  index.settle();
  assert.deepEqual(maintained(index), [100, 100, 50]);
});

test("segments become one when no documents come, unless the largest is most of it already or they would be too large", () => {
  const index = new SegmentedIndex(mappings, {}, sizes);
  let next = 0;
  const add = (count: number): void => {
    for (let i = 0; i < count; i++, next++) index.add(next, `d${next}`, { n: next, tag: `t${next % 7}` });
  };
  const search = (): JSONObject => {
    const body = {
      query: { range: { n: { gte: 20 } } },
      sort: [{ n: "desc" }],
      aggs: { t: { terms: { field: "tag" } } },
    };
    return finish(index.search({ body, from: 0, size: 30, now: 0 })) as unknown as JSONObject;
  };
  add(460);
  assert.deepEqual(maintained(index), [100, 100, 100, 100]);
  const before = search();
  index.settle();
  assert.deepEqual(maintained(index), [460]);
  assert.deepEqual(search(), before);
  add(1);
  index.settle();
  assert.deepEqual(maintained(index), [460], "a head of a few documents is left alone");
  add(99);
  index.settle();
  assert.deepEqual(maintained(index), [460, 100], "most of it is in one already");
  add(50);
  assert.deepEqual(maintained(index), [460, 100]);
  index.settle();
  assert.deepEqual(maintained(index), [610]);
  add(500);
  index.settle();
  assert.deepEqual(maintained(index), [610, 500], "one of all would be too large");
  for (let n = 0; n < 1_110; n += 2) index.remove(n);
  index.settle();
  assert.deepEqual(maintained(index), [555], "removed documents count no more");
  assert.equal(index.removed, 0);
});

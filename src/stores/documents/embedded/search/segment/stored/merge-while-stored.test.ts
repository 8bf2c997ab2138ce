import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createCollectionIndex } from "../../collection-index.ts";
import { finish } from "../../people-fixture.ts";
import { FieldBudget } from "./field-budget.ts";
import { openSegment } from "./open-segment.ts";
import { writeSegment } from "./write-segment.ts";

const each = 6_000;

test("segments that are stored while they are merged are merged once, and what is removed meanwhile is gone", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "tenon-merge-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const which of [0, 1, 2]) {
    const sizes = { headDocuments: each, mergedAtOnce: 3, maxDocuments: 1_000_000 };
    const index = createCollectionIndex({ properties: { n: { type: "integer" } } }, {}, sizes);
    for (let n = 1; n <= 3 * each + 10; n++) {
      index.add(n, `d${n}`, { n });
      // Freezes the first two heads as they fill up; the third is frozen below, so that the merge is the last piece of work.
      if (n % each === 1 && n > 1) finish(index.maintain());
    }
    assert.equal(index.frozen().length, 3);
    const merge = index.maintain();
    assert.equal(merge.next().done, false, "the merge has more than one step");
    const segment = index.frozen()[which];
    assert.ok(segment !== undefined);
    index.remove(which * each + 7);
    const path = join(folder, `${which}.segment`);
    await writeSegment(path, segment);
    const stored = openSegment(path, new FieldBudget(1e9));
    t.after(() => stored.close());
    assert.equal(index.replace(segment, stored.segment), true);
    index.remove(which * each + 8);
    const done = finish(merge);
    assert.deepEqual(done, { kind: "merged", segments: 3, documents: 3 * each });
    assert.equal(index.documents, 3 * each + 10 - 2);
    const { total } = finish(index.search({ body: { query: { range: { n: { gte: 1 } } } }, from: 0, size: 0, now: 0 }));
    assert.equal(total, 3 * each + 10 - 2);
  }
});

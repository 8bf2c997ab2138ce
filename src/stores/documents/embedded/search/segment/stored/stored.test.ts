import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { JSONObject } from "../../../../../../kernel/index.ts";
import { compileMapping } from "../../../../mapping/compile-mapping.ts";
import { parseMappings } from "../../../../mapping/parse-mappings.ts";
import { finish } from "../../people-fixture.ts";
import { compactSegments } from "../compact/compact-segments.ts";
import type { FrozenSegment } from "../frozen-segment.ts";
import { HeadSegment } from "../head-segment.ts";
import { clusterVectors } from "../vector-clusters.ts";
import { VectorField } from "../vector-field.ts";
import { DamagedSegment } from "./directory.ts";
import { FieldBudget } from "./field-budget.ts";
import { putTogether, takeApart } from "./field-parts.ts";
import { openSegment } from "./open-segment.ts";
import { writeSegment } from "./write-segment.ts";

const mapping = compileMapping(
  parseMappings({
    properties: {
      k: { type: "keyword" },
      t: { type: "text" },
      n: { type: "double" },
      b: { type: "boolean" },
      at: { type: "date" },
      g: { type: "geo_point" },
      s: { type: "geo_shape" },
      ip: { type: "ip" },
      v: { type: "dense_vector", dims: 3, similarity: "l2_norm" },
      r: { type: "date_range" },
      flat: { type: "flattened" },
      list: {
        type: "nested",
        properties: { k: { type: "keyword" }, deep: { type: "nested", properties: { n: { type: "long" } } } },
      },
    },
  }),
  {},
);

function document(i: number): JSONObject {
  return {
    k: i % 3 === 0 ? [`k${i % 7}`, `😀${i % 5}`] : `é${i % 11}`,
    t: `word${i % 13} again again word${i % 4} ${i % 9 === 0 ? "" : "rare"}`,
    n: i % 5 === 0 ? [i, -i, 0.5] : i / 3,
    b: i % 2 === 0,
    at: 1_700_000_000_000 + i * 1_000,
    g:
      i % 4 === 0
        ? [
            { lat: i % 90, lon: 1 },
            { lat: 1, lon: -2 },
          ]
        : { lat: -(i % 80), lon: i % 170 },
    ...(i % 5 === 1 ? {} : { v: [i, -i / 3, 0] }),
    ...(i % 7 === 0 ? { s: i % 2 === 0 ? "LINESTRING (0 0, 1 5)" : [`POINT (${i % 90} 5)`, "BBOX (0, 9, 8, 1)"] } : {}),
    ...(i % 6 === 0 ? { ip: `10.0.0.${i % 250}` } : {}),
    r: { gte: i * 1_000, lt: i * 2_000 + 10 },
    flat: { a: `v${i % 3}`, b: { c: i } },
    list: Array.from({ length: i % 3 }, (_, at) => ({ k: `n${at}`, deep: at === 0 ? [{ n: i }, { n: i + 1 }] : [] })),
  };
}

function frozen(count: number): FrozenSegment {
  const head = new HeadSegment();
  for (let i = 0; i < count; i++) head.add(i * 2 + 1, `id${i}`, document(i), mapping);
  for (let i = 0; i < count; i += 10) head.remove(i * 2 + 1);
  return finish(compactSegments([head.snapshot()], function* () {}));
}

/** All that a segment holds. */
function contentOf(segment: FrozenSegment): unknown {
  return {
    docNumbers: segment.docNumbers,
    spaces: Array.from(segment.spaces.values(), ({ path, parent, count, parentOf, fields }) => ({
      path,
      parent: parent?.path,
      count,
      parentOf,
      fields: Array.from(fields, ([name, field]) => [name, takeApart(field)]),
    })),
  };
}

function newFile(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "tenon-segment-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "1.segment");
}

test("a stored segment holds what was written, field by field", async (t) => {
  const path = newFile(t);
  const segment = frozen(500);
  await writeSegment(path, segment);
  const stored = openSegment(path, new FieldBudget(1e9));
  t.after(() => stored.close());
  assert.equal(stored.segment.space("list.deep")?.firstChild(3), segment.space("list.deep")?.firstChild(3));
  assert.deepEqual(contentOf(stored.segment), contentOf(segment));
});

test("groups of neighbouring vectors are stored with them", () => {
  const field = new VectorField(2);
  field.values = Float32Array.from({ length: 400 }, (_, i) => (i * 7_919) % 101);
  field.docs = Uint32Array.from({ length: 200 }, (_, i) => 2 * i);
  for (const doc of field.docs) field.exists.add(doc);
  field.clusters = finish(clusterVectors(field.values, 2, function* () {}));
  assert.deepEqual(
    [...field.clusters.rows].sort((a, b) => a - b),
    Array.from({ length: 200 }, (_, i) => i),
  );
  assert.ok(field.clusters.count > 5, String(field.clusters.count));
  assert.deepEqual(putTogether(takeApart(field)), field);
});

test("fields are read when they are asked for, and those not used for longest go when there is no room", async (t) => {
  const path = newFile(t);
  await writeSegment(path, frozen(500));
  const all = openSegment(path, new FieldBudget(1e9));
  t.after(() => all.close());
  const before = all.segment.memory;
  const { size } = all.segment;
  const sizes = Array.from(all.segment.root.fields, ([name, { memory }]) => ({ name, memory }));
  assert.ok(all.segment.memory > before);
  assert.ok(size > 0.8 * all.segment.memory && size < 1.2 * all.segment.memory, "known before anything is read");
  const [k, text, n] = ["k", "t", "n"].map((name) => sizes.find((one) => one.name === name)?.memory ?? 0);
  const budget = new FieldBudget((k ?? 0) + (text ?? 0) + (n ?? 0) - 1);
  const { segment, close } = openSegment(path, budget);
  t.after(close);
  const first = segment.root.fields.get("k");
  segment.root.fields.get("t");
  assert.equal(segment.root.fields.get("k"), first);
  segment.root.fields.get("n");
  assert.equal(segment.root.fields.get("k"), first, "used last but one");
  assert.equal(budget.bytes, (k ?? 0) + (n ?? 0));
});

test("damage is noticed, wherever it is: nothing else is ever read from the file", async (t) => {
  const path = newFile(t);
  const segment = frozen(120);
  await writeSegment(path, segment);
  const whole = readFileSync(path);
  const expected = contentOf(segment);
  let noticed = 0;
  for (let round = 0; round < 400; round++) {
    const at = (round * 7919) % whole.length;
    const damaged = round % 4 === 3 ? whole.subarray(0, at) : Buffer.from(whole);
    if (round % 4 !== 3) damaged[at] = (damaged[at] ?? 0) ^ (1 << (round % 8));
    writeFileSync(path, damaged);
    try {
      const stored = openSegment(path, new FieldBudget(1e9));
      try {
        assert.deepEqual(contentOf(stored.segment), expected);
      } finally {
        stored.close();
      }
    } catch (error) {
      assert.ok(error instanceof DamagedSegment, String(error));
      noticed++;
    }
  }
  assert.equal(noticed, 400);
});

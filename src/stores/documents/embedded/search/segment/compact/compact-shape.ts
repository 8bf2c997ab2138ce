import type { Existence } from "../existence.ts";
import { ShapeField } from "../shape-field.ts";
import type { FieldPart } from "./compact-field.ts";
import { gone } from "./doc-map.ts";

const emptyBox = [0x7fffffff, -0x80000000, 0x7fffffff, -0x80000000] as const;

export function* compactShape(
  parts: readonly FieldPart<ShapeField>[],
  exists: Existence,
  count: number,
  pause: () => Generator<void, void>,
): Generator<void, ShapeField> {
  const field = new ShapeField();
  field.exists = exists;
  field.starts = new Uint32Array(count + 1);
  field.boxes = new Int32Array(count * 4);
  const total = yield* countTriangles(parts, pause);
  field.triangles = new Int32Array(total * 6);
  field.edges = new Uint8Array(total);
  let used = 0;
  let next = 0;
  const reach = (doc: number): void => {
    for (; next <= doc; next++) {
      field.starts[next] = used;
      if (next < count) field.boxes.set(emptyBox, next * 4);
    }
  };
  // New numbers ascend with old ones, from one part to the next.
  for (const { store, map } of parts) {
    const reached = Math.min(map.count, store.count);
    for (let doc = 0; doc < reached; doc++) {
      if ((doc & 1023) === 1023) yield* pause();
      const to = map.numbers[doc] as number;
      if (to === gone || !store.exists.has(doc)) continue;
      reach(to);
      const [start, end] = [store.startOf(doc), store.endOf(doc)];
      field.triangles.set(store.triangles.subarray(start * 6, end * 6), used * 6);
      field.edges.set(store.edges.subarray(start, end), used);
      field.boxes.set(store.boxes.subarray(doc * 4, doc * 4 + 4), to * 4);
      used += end - start;
    }
  }
  reach(count);
  return field;
}

function* countTriangles(
  parts: readonly FieldPart<ShapeField>[],
  pause: () => Generator<void, void>,
): Generator<void, number> {
  let total = 0;
  for (const { store, map } of parts) {
    const reached = Math.min(map.count, store.count);
    for (let doc = 0; doc < reached; doc++) {
      if ((doc & 4095) === 4095) yield* pause();
      if (map.numbers[doc] !== gone) total += store.endOf(doc) - store.startOf(doc);
    }
  }
  return total;
}

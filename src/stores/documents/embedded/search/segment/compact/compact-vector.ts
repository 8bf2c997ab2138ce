import type { Existence } from "../existence.ts";
import { clusterVectors, fewVectors } from "../vector-clusters.ts";
import { VectorField } from "../vector-field.ts";
import type { FieldPart } from "./compact-field.ts";
import { gone } from "./doc-map.ts";

export function* compactVector(
  parts: readonly FieldPart<VectorField>[],
  exists: Existence,
  pause: () => Generator<void, void>,
): Generator<void, VectorField> {
  const dims = parts[0]?.store.dims ?? 0;
  const field = new VectorField(dims);
  field.exists = exists;
  field.docs = new Uint32Array(exists.count);
  field.values = new Float32Array(exists.count * dims);
  let row = 0;
  for (const { store, map } of parts) {
    for (let from = 0; from < store.count; from++) {
      if ((from & 255) === 255) yield* pause();
      const doc = store.docs[from] as number;
      const to = doc < map.count ? (map.numbers[doc] as number) : gone;
      if (to === gone) continue;
      field.docs[row] = to;
      field.values.set(store.values.subarray(from * dims, (from + 1) * dims), row++ * dims);
    }
  }
  if (row > fewVectors) field.clusters = yield* clusterVectors(field.values, dims, pause);
  return field;
}

import type { Existence } from "../existence.ts";
import { GeoField } from "../geo-field.ts";
import { orderPoints } from "../geo-order.ts";
import { growInt32 } from "../growing.ts";
import type { FieldPart } from "./compact-field.ts";
import { gone } from "./doc-map.ts";

export function* compactGeo(
  parts: readonly FieldPart<GeoField>[],
  exists: Existence,
  count: number,
  pause: () => Generator<void, void>,
): Generator<void, GeoField> {
  const field = new GeoField();
  field.exists = exists;
  field.lats = new Int32Array(count);
  field.lons = new Int32Array(count);
  let used = 1;
  for (const { store, map } of parts) {
    for (let doc = 0; doc < map.count; doc++) {
      if ((doc & 4095) === 4095) yield* pause();
      const to = map.numbers[doc] as number;
      const own = to === gone ? 0 : store.countOf(doc);
      if (own === 0) continue;
      field.lats[to] = store.latAt(doc, 0);
      field.lons[to] = store.lonAt(doc, 0);
      if (own === 1) continue;
      if (field.manyStarts.length === 0) field.manyStarts = new Uint32Array(count);
      field.manyStarts[to] = used;
      field.many = growInt32(field.many, used + 2 * own + 1);
      field.many[used++] = own;
      for (let i = 0; i < own; i++) {
        field.many[used++] = store.latAt(doc, i);
        field.many[used++] = store.lonAt(doc, i);
      }
    }
  }
  field.many = field.manyStarts.length === 0 ? new Int32Array(0) : field.many.slice(0, used);
  if (!field.isMultiple) field.order = yield* orderPoints(field.lats, field.lons, exists, pause);
  return field;
}

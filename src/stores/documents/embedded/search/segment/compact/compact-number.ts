import type { Existence } from "../existence.ts";
import { grow64 } from "../growing.ts";
import { blockShift, NumberField } from "../number-field.ts";
import type { FieldPart } from "./compact-field.ts";
import { gone } from "./doc-map.ts";

export function* compactNumber(
  parts: readonly FieldPart<NumberField>[],
  exists: Existence,
  count: number,
  pause: () => Generator<void, void>,
): Generator<void, NumberField> {
  const field = new NumberField();
  const blocks = ((count - 1) >>> blockShift) + 1;
  field.exists = exists;
  field.values = new Float64Array(count).fill(Number.NaN);
  field.blockMin = new Float64Array(blocks).fill(Number.POSITIVE_INFINITY);
  field.blockMax = new Float64Array(blocks).fill(Number.NEGATIVE_INFINITY);
  let used = 1;
  for (const { store, map } of parts) {
    for (let doc = 0; doc < map.count; doc++) {
      if ((doc & 4095) === 4095) yield* pause();
      const to = map.numbers[doc] as number;
      const own = to === gone ? 0 : store.countOf(doc);
      if (own === 0) continue;
      // Several values are in order: the first is the lowest.
      const low = store.valueAt(doc, 0);
      const high = store.valueAt(doc, own - 1);
      const block = to >>> blockShift;
      field.values[to] = low;
      if (low < (field.blockMin[block] as number)) field.blockMin[block] = low;
      if (high > (field.blockMax[block] as number)) field.blockMax[block] = high;
      countFlags(field, store, doc, own);
      if (own === 1) continue;
      if (field.manyStarts.length === 0) field.manyStarts = new Uint32Array(count);
      field.manyStarts[to] = used;
      field.many = grow64(field.many, used + own + 1);
      field.many[used++] = own;
      for (let i = 0; i < own; i++) field.many[used++] = store.valueAt(doc, i);
    }
  }
  field.many = field.manyStarts.length === 0 ? new Float64Array(0) : field.many.slice(0, used);
  return field;
}

/** A document counts once for 0 and once for 1, however often it has them. */
function countFlags({ flags }: NumberField, store: NumberField, doc: number, own: number): void {
  let seen = -1;
  for (let i = 0; i < own; i++) {
    const value = store.valueAt(doc, i);
    if ((value !== 0 && value !== 1) || value === seen) continue;
    seen = value;
    flags[value] = (flags[value] as number) + 1;
  }
}

import { Existence } from "../existence.ts";
import type { FieldStore } from "../field-store.ts";
import type { GeoField } from "../geo-field.ts";
import type { KeywordField } from "../keyword-field.ts";
import type { NumberField } from "../number-field.ts";
import type { ShapeField } from "../shape-field.ts";
import type { TextField } from "../text-field.ts";
import type { VectorField } from "../vector-field.ts";
import { compactGeo } from "./compact-geo.ts";
import { compactKeyword } from "./compact-keyword.ts";
import { compactNumber } from "./compact-number.ts";
import { compactShape } from "./compact-shape.ts";
import { compactText } from "./compact-text.ts";
import { compactVector } from "./compact-vector.ts";
import { type DocMap, gone } from "./doc-map.ts";

/** A field of one source, and where its documents go. */
export interface FieldPart<F extends FieldStore = FieldStore> {
  readonly store: F;
  readonly map: DocMap;
}

/**
 * One field of several segments as one field of a frozen segment of `count` documents, without what is gone; undefined when nothing is left of it.
 * A field has one kind as long as its collection lives: what has another is left out.
 */
export function* compactField(
  parts: readonly FieldPart[],
  count: number,
  pause: () => Generator<void, void>,
): Generator<void, FieldStore | undefined> {
  const [first] = parts;
  if (first === undefined) return undefined;
  const exists = mergeExistence(parts, count);
  if (exists.count === 0) return undefined;
  yield* pause();
  // The casts: the parts are chosen by their kind.
  const alike = parts.filter(({ store }) => store.kind === first.store.kind);
  switch (first.store.kind) {
    case "keyword":
      return yield* compactKeyword(alike as FieldPart<KeywordField>[], exists, count, pause);
    case "text":
      return yield* compactText(alike as FieldPart<TextField>[], exists, count, pause);
    case "number":
      return yield* compactNumber(alike as FieldPart<NumberField>[], exists, count, pause);
    case "geo_point":
      return yield* compactGeo(alike as FieldPart<GeoField>[], exists, count, pause);
    case "vector":
      return yield* compactVector(alike as FieldPart<VectorField>[], exists, pause);
    case "geo_shape":
      return yield* compactShape(alike as FieldPart<ShapeField>[], exists, count, pause);
  }
}

function mergeExistence(parts: readonly FieldPart[], count: number): Existence {
  const merged = new Existence();
  merged.words = new Uint32Array((count + 31) >>> 5);
  for (const { store, map } of parts) {
    const { words } = store.exists;
    for (let i = 0; i < words.length && i << 5 < map.count; i++) {
      let word = words[i] as number;
      while (word !== 0) {
        const doc = (i << 5) + 31 - Math.clz32(word & -word);
        word &= word - 1;
        const to = doc < map.count ? (map.numbers[doc] as number) : gone;
        if (to !== gone) merged.add(to);
      }
    }
  }
  return merged;
}
